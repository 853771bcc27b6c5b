"""The corrections file: what Zoho's files get wrong or leave out, each with its source.

Reads ``tools/schema_corrections.yml`` and mends the schema of one resource. A correction
that changes nothing is refused: it is misspelt or no longer needed.

Under ``everywhere`` a field is named alone and is meant wherever it stands; under ``shared``
(for the resources that stand in ``in``) and ``resources`` it is named by its place,
``line_items.rate``; ``line_items[]`` is an entry of that list. The words of a correction:
``set`` changes words of a rule (null takes one away), ``add`` makes a field, ``ensure`` does
whichever is needed, ``drop`` takes fields away, ``required`` and ``optional`` say what a
create needs, ``schema`` sets words of the schema itself. ``notes`` are our descriptions and
``refers`` what an id points to, both by the name of the field.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from zbbulk.model import JsonObject
from zoho_schemas.rules import ID, settled_by_name

Correction: TypeAlias = JsonObject
"""``source`` and one or more of the words above."""


class CorrectionError(Exception):
    """A correction that changes nothing or names a field that is not there."""


class Corrections:
    """The file, and which of its entries for every resource have been of use."""

    def __init__(self, loaded: JsonObject) -> None:
        self.everywhere: list[Correction] = loaded["everywhere"]
        self.shared: list[Correction] = loaded["shared"]
        self.resources: dict[str, list[Correction]] = loaded["resources"]
        self.notes: dict[str, str] = loaded["notes"]
        self.refers: dict[str, Any] = loaded["refers"]
        self.differences: list[JsonObject] = loaded["differences"]
        self.used: set[tuple[str, str]] = set()

    def mend(self, name: str, schema: JsonObject) -> None:
        """Change the *schema* of the resource *name*. Raises CorrectionError."""
        for correction in self.everywhere:
            for fields in objects(schema):
                self._mend_by_name(correction, fields)
        shared = [each for each in self.shared if name in each["in"]]
        for correction in [*shared, *self.resources.get(name, [])]:
            try:
                _apply(correction, schema)
            except CorrectionError as error:
                raise CorrectionError(f"{name}: {error}") from error

    def describe(self, schema: JsonObject) -> None:
        """Give every field of *schema* our description and what it refers to."""
        for fields in objects(schema):
            for name, rule in fields["properties"].items():
                if name in self.notes:
                    rule.setdefault("description", self.notes[name])
                    self.used.add(("notes", name))
                if name in self.refers and (told := _id_rule(rule)) is not None:
                    told.setdefault("x-resource", self.refers[name])
                    self.used.add(("refers", name))

    def _mend_by_name(self, correction: Correction, fields: JsonObject) -> None:
        for name, words in correction.get("set", {}).items():
            if name in fields["properties"]:
                _reword(fields["properties"][name], words)
                self.used.add(("set", name))
        for name in correction.get("drop", ()):
            if name in fields["properties"]:
                _drop(fields, [name])
                self.used.add(("drop", name))

    @property
    def unused(self) -> set[tuple[str, str]]:
        """What has met no field in any schema mended so far: (word, name of the field)."""
        told = {("notes", name) for name in self.notes} | {("refers", name) for name in self.refers}
        for correction in self.everywhere:
            told |= {("set", name) for name in correction.get("set", {})}
            told |= {("drop", name) for name in correction.get("drop", ())}
        return told - self.used


def read_corrections(path: Path) -> Corrections:
    """Read the corrections file *path*."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Corrections(yaml.load(path.read_text("utf-8"), Loader=loader))  # noqa: S506 - safe


def objects(rule: JsonObject) -> Iterator[JsonObject]:
    """Yield every rule that has fields: *rule* and those below it."""
    if "properties" in rule:
        yield rule
        for below in list(rule["properties"].values()):
            yield from objects(below)
    if "items" in rule:
        yield from objects(rule["items"])


def _id_rule(rule: JsonObject) -> JsonObject | None:
    """Return the rule of the id in *rule*: itself, or that of each entry of a list of ids."""
    entry: JsonObject = rule.get("items", rule)
    return entry if entry.get("pattern") == ID["pattern"] else None


def _holder(schema: JsonObject, place: str) -> tuple[JsonObject, str]:
    """Return the object that the field at *place* stands in, and the field's name."""
    *above, name = place.split(".")
    fields = schema
    for step in above:
        if step not in fields["properties"]:
            raise CorrectionError(f"{place}: no field {step}")
        fields = fields["properties"][step]
        fields = fields.get("items", fields)
    return fields, name


def _existing(schema: JsonObject, place: str) -> tuple[JsonObject, str]:
    fields, name = _holder(schema, place)
    if name not in fields["properties"]:
        raise CorrectionError(f"{place}: no such field")
    return fields, name


def _apply(correction: Correction, schema: JsonObject) -> None:
    for word, change in CHANGES.items():
        if word in correction:
            change(schema, correction[word])


def _set(schema: JsonObject, changes: dict[str, JsonObject]) -> None:
    for place, words in changes.items():
        fields, name = _existing(schema, place.removesuffix("[]"))
        rule = fields["properties"][name]
        if place.endswith("[]"):
            rule = rule["items"]
        before = dict(rule)
        _reword(rule, words)
        if rule == before:
            raise CorrectionError(f"{place}: is so already")


def _reword(rule: JsonObject, words: JsonObject) -> None:
    """Give *rule* new words; another type leaves nothing of the old one but its editions."""
    if words.get("type", rule.get("type")) != rule.get("type"):
        kept = {word: rule[word] for word in ("x-editions",) if word in rule}
        rule.clear()
        rule.update(kept)
    for word, value in copy.deepcopy(words).items():
        if value is None:
            rule.pop(word, None)
        else:
            rule[word] = value


def _add(schema: JsonObject, new: dict[str, JsonObject]) -> None:
    for place, words in new.items():
        fields, name = _holder(schema, place)
        if name in fields["properties"]:
            raise CorrectionError(f"{place}: is there already")
        settled = settled_by_name(name, words.get("type", "string")) or {"type": "string"}
        fields["properties"][name] = settled | copy.deepcopy(words)


def _ensure(schema: JsonObject, wanted: dict[str, JsonObject]) -> None:
    for place, words in wanted.items():
        fields, name = _holder(schema, place)
        if name in fields["properties"]:
            _reword(fields["properties"][name], words)
        else:
            _add(schema, {place: words})


def _drop(schema: JsonObject, places: list[str]) -> None:
    for place in places:
        fields, name = _existing(schema, place)
        del fields["properties"][name]
        if name in fields.get("required", ()):
            _optional(fields, [name])


def _required(schema: JsonObject, places: list[str]) -> None:
    for place in places:
        fields, name = _existing(schema, place)
        if name in fields.get("required", ()):
            raise CorrectionError(f"{place}: is required already")
        fields["required"] = [*fields.get("required", []), name]


def _optional(schema: JsonObject, places: list[str]) -> None:
    for place in places:
        fields, name = _holder(schema, place)
        if name not in fields.get("required", ()):
            raise CorrectionError(f"{place}: is not required")
        fields["required"] = [other for other in fields["required"] if other != name]
        if not fields["required"]:
            del fields["required"]


def _schema(schema: JsonObject, words: JsonObject) -> None:
    schema.update(copy.deepcopy(words))


CHANGES: dict[str, Callable[[JsonObject, Any], None]] = {
    "drop": _drop,
    "add": _add,
    "ensure": _ensure,
    "set": _set,
    "required": _required,
    "optional": _optional,
    "schema": _schema,
}
