"""Load how an id is looked up: ``find_by``, ``find_in``, ``where``, ``if_missing``, ``if_many``.

Which resource an id belongs to, and which fields its records have, is told by the JSON
Schemas that ship; a slip in a name shows here, with its line.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from zbbulk import resources
from zbbulk.errors import UsageError
from zbbulk.mapping.gst import GST_RATE, WITHIN
from zbbulk.mapping.lookup import Lookup
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.words import LOOKUP_WORDS, Blank, IfMany, IfMissing, did_you_mean
from zbbulk.mapping.yaml_nodes import Block, Node, Text, scalar
from zbbulk.model import LEGACY_KEY, LookupRule

_Choice = TypeVar("_Choice", bound=StrEnum)

_OF_A_GROUP = {"tax_group_name": "tax_name", "tax_group_percentage": "tax_percentage"}
"""The list of taxes shows a group of taxes as a tax."""


_NO_FIELDS = {"filter_by", "search_text", "custom_field"}
"""Filters of lists that are no fields of the records."""


def load_lookup(block: Block, refers: tuple[str, ...], faults: MappingFaults) -> Lookup | None:
    """Return the lookup of the field rule *block*, None when it has none or a fault.

    Args:
        block: The rule; its words are known.
        refers: The resources whose ids the field takes, () when the schema names none.
        faults: Takes what is wrong.
    """
    find_by = block.get("find_by")
    if find_by is None:
        _refuse_lonely(block, faults)
        return None
    return _LookupBlock(block, refers, faults).load(find_by)


def _refuse_lonely(block: Block, faults: MappingFaults) -> None:
    for key, _ in block.pairs:
        if key.text in LOOKUP_WORDS:
            message = f"`{key.text}:` says how an id is looked up, so it needs `find_by:`."
            faults.add("ZB227", key, message, "Add `find_by:` with a field, or delete it.")


class _LookupBlock:
    def __init__(self, block: Block, refers: tuple[str, ...], faults: MappingFaults) -> None:
        self._block = block
        self._refers = refers
        self._faults = faults

    def load(self, find_by: Node) -> Lookup | None:
        field = scalar(find_by) or ""
        if field == LEGACY_KEY:
            return self._legacy(find_by)
        names = self._resources(find_by)
        if field == GST_RATE and "taxes" in names:
            return self._gst(find_by)
        if not names or not self._is_known(field, names, find_by, word="find_by"):
            return None
        is_first = self._choice("if_many", IfMany) is IfMany.FIRST_ACTIVE
        rule = LookupRule(names, _OF_A_GROUP.get(field, field), self._where(names), is_first)
        use = self._use()
        is_use = isinstance(self._block.get("if_missing"), Block)
        missing = IfMissing.ERROR if is_use else self._choice("if_missing", IfMissing)
        if missing is IfMissing.CREATE:
            self._refuse_incomplete(rule)
        self._refuse_kept_blanks()
        return Lookup(line=find_by.line, at=find_by.at, rule=rule, if_missing=missing, use=use)

    def _gst(self, find_by: Node) -> Lookup:
        """Return the lookup of a rate of GST; the state is all that narrows it."""
        for word in ("where", "if_missing", "if_many"):
            node = self._block.get(word)
            if node is not None:
                message = f"`{word}:` has no meaning beside `find_by: {GST_RATE}`."
                self._faults.add("ZB211", node, message, "Delete it.")
        return Lookup(line=find_by.line, at=find_by.at, rule=WITHIN[0], is_gst=True)

    def _legacy(self, find_by: Node) -> Lookup | None:
        """Return the lookup by the key of the old system, which the crosswalk alone answers."""
        for word in ("where", "if_many"):
            node = self._block.get(word)
            if node is not None:
                message = f"`{word}:` has no meaning beside `find_by: {LEGACY_KEY}`."
                fix = "Delete it: a key of the old system means one record."
                self._faults.add("ZB211", node, message, fix)
        names = self._resources(find_by, is_listed=False)
        use = self._use()
        is_use = isinstance(self._block.get("if_missing"), Block)
        missing = IfMissing.ERROR if is_use else self._choice("if_missing", IfMissing)
        if missing is IfMissing.CREATE:
            message = "A new record needs more than a key of the old system, which Zoho never sees."
            fix = "Import these records first, with `legacy_key:` in their mapping."
            self._faults.add("ZB229", self._block.get("if_missing") or find_by, message, fix)
        self._refuse_kept_blanks()
        if not names:
            return None
        rule = LookupRule(names, LEGACY_KEY)
        return Lookup(line=find_by.line, at=find_by.at, rule=rule, if_missing=missing, use=use)

    def _resources(self, find_by: Node, *, is_listed: bool = True) -> tuple[str, ...]:
        """Return where to look, () with a fault noted; they have a list if *is_listed*."""
        node = self._block.get("find_in")
        if node is None and not self._refers:
            message = "`find_by:` looks up an id, and no resource is known for this field."
            fix = "Delete `find_by:`, or say with `find_in:` which resource's id it takes."
            self._faults.add("ZB227", find_by, message, fix)
            return ()
        if node is None:
            return self._listable(self._refers, find_by) if is_listed else self._refers
        name = scalar(node) or ""
        if len(self._refers) == 1 or (self._refers and name not in self._refers):
            message = f"`find_in: {name}`: this field takes an id of {' or '.join(self._refers)}."
            fix = "Delete `find_in:`." if len(self._refers) == 1 else "Name one of them."
            self._faults.add("ZB227", node, message, fix)
            return ()
        try:
            names = (resources.resource(name).name,)
            return self._listable(names, node) if is_listed else names
        except UsageError as error:
            self._faults.add(error.code, node, error.message, error.fix)
            return ()

    def _listable(self, names: tuple[str, ...], place: Node) -> tuple[str, ...]:
        """Return those of *names* that have a list of all records."""
        known = [resources.resource(name) for name in names]
        kept = [each.name for each in known if "list" in each.can and "{" not in each.list_path]
        if "taxgroups" in names and "taxes" not in kept:
            kept.append("taxes")
        if not kept:
            message = f"Zoho Books has no list of all {' or '.join(names)} to look up an id in."
            self._faults.add("ZB228", place, message, "Map the id itself.")
        return tuple(kept)

    def _is_known(self, field: str, names: tuple[str, ...], place: Node, *, word: str) -> bool:
        known = fields_of(names)
        if field in known or field.startswith("cf_"):
            return True
        message = f"`{word}: {field}`: {' or '.join(names)} have no such field."
        fix = f"{did_you_mean(field, known)}`zbbulk resources {names[0]}` lists the fields."
        self._faults.add("ZB228", place, message, fix)
        return False

    def _where(self, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        node = self._block.get("where")
        if node is None:
            return ()
        if not isinstance(node, Block) or not node.pairs:
            message = "`where:` takes a map, e.g. `{contact_type: vendor}`."
            self._faults.add("ZB212", node, message)
            return ()
        found = []
        for key, value in node.pairs:
            self._is_known(key.text, names, key, word="where")
            text = scalar(value)
            if text is None or not text.strip():
                self._faults.add("ZB212", value, f"`{key.text}` of `where:` takes one value.")
            else:
                found.append((_OF_A_GROUP.get(key.text, key.text), text.strip()))
        return tuple(found)

    def _use(self) -> str:
        """Return the text of ``if_missing: {use: X}``, "" when it says something else."""
        node = self._block.get("if_missing")
        if not isinstance(node, Block):
            return ""
        self._faults.unknown_words(node, ("use",), where="`if_missing:`")
        text = scalar(node.get("use")) or ""
        if not text.strip():
            message = "`if_missing:` takes a word, or `{use: X}` with the text to look up instead."
            self._faults.add("ZB212", node, message)
        return text.strip()

    def _choice(self, word: str, choices: type[_Choice]) -> _Choice:
        node = self._block.get(word)
        text = scalar(node) or "" if node is not None else next(iter(choices)).value
        if text in tuple(choices):
            return choices(text)
        message = f"`{word}: {text}` is not known."
        fix = f"{did_you_mean(text, choices)}Use one of: {', '.join(choices)}."
        self._faults.add("ZB202", node or self._block, message, fix)
        return next(iter(choices))

    def _refuse_incomplete(self, rule: LookupRule) -> None:
        """Note that a record with the looked-up field and those of ``where`` is not enough."""
        target = resources.resource(rule.resources[0])
        needed = resources.schema(target.name).get("required", ())
        given = {rule.field, *(name for name, _ in rule.where)}
        lacking = [name for name in needed if name not in given]
        place = self._block.get("if_missing") or self._block
        if len(rule.resources) > 1 or "create" not in target.can:
            message = (
                f"`if_missing: create` can't tell what to create: {', '.join(rule.resources)}."
            )
            self._faults.add(
                "ZB229", place, message, "Say with `find_in:` which resource is meant."
            )
        elif lacking:
            message = f"A new record of {target.name} also needs {', '.join(lacking)}."
            fix = f"Add it to `where:`, or import {target.name} first."
            self._faults.add("ZB229", place, message, fix)

    def _refuse_kept_blanks(self) -> None:
        node = self._block.get("blank")
        if isinstance(node, Text) and node.text == Blank.KEEP:
            message = "`blank: keep` sends the cell as it is, and a blank is no id."
            self._faults.add("ZB211", node, message, "Delete it: a blank cell is then not sent.")


def fields_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields that records of the resources *names* have."""
    found: dict[str, None] = {}
    for name in names:
        shape = resources.schema(name)
        found |= dict.fromkeys(shape.get("properties", {}))
        facts = resources.resource(name)
        listed = (each for each in facts.filters if each not in _NO_FIELDS)
        found |= dict.fromkeys((facts.id_field, *listed))  # what can be asked for is shown
    if "taxes" in names:
        found |= dict.fromkeys(_OF_A_GROUP)
    return tuple(field for field in found if field)
