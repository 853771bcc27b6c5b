"""What a person should know about each field of a resource, read from its JSON Schema.

Plain values, and the words for them that the command line and templates share. Knows
no mapping and no sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zbbulk.checks.conditions import alternatives, required_when
from zbbulk.checks.explain import ID_PATTERN
from zbbulk.checks.words import allowed, either
from zbbulk.editions import edition_name
from zbbulk.mapping.shapes import Shape, shape_of
from zbbulk.model import JsonObject

GROUP, LIST, IDENTIFIER = "group", "list", "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFacts:
    """One field.

    Attributes:
        path: Its name and those of the groups around it; a list's ends in ``[]``.
        kind: ``text``, ``number``, ``date`` ...; ``group`` and ``list`` hold fields.
        required: Actions that can't be without it, or without it in the group around it:
            ``create``, ``update``.
        required_in: Editions that require it beyond that, to create.
        required_when: When else it is required, e.g. ``when a is given``, or "".
        one_of: Of a group or a list: the fields of which it needs one.
        editions: The editions that have it, () for all.
        at_most: Characters, None for no known limit.
        allowed: The values that Zoho takes, () for any.
        refers_to: The resources whose id it holds.
        goes_into: ``body``, ``path`` or ``query`` of the request.
        about: In a few words what it is, or "".
    """

    path: tuple[str, ...]
    kind: str
    required: tuple[str, ...] = ()
    required_in: tuple[str, ...] = ()
    required_when: str = ""
    one_of: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    at_most: int | None = None
    allowed: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    goes_into: str = "body"
    about: str = ""

    @property
    def name(self) -> str:
        """Return the whole name, e.g. ``billing_address.city`` or ``line_items[].rate``."""
        return ".".join(self.path)

    @property
    def holds_fields(self) -> bool:
        """Return whether other fields stand below it."""
        return self.kind in (GROUP, LIST)

    def described(self, *, with_allowed: bool = True) -> str:
        """Return kind, need, limits, editions and what it is, in one line."""
        words = [f"{self.kind} of {either(self.refers_to)}" if self.refers_to else self.kind]
        words += filter(None, [self.needed()])
        if self.at_most is not None:
            words.append(f"at most {self.at_most} characters")
        if self.allowed and with_allowed:
            words.append(f"one of {allowed(self.allowed)}")
        if self.one_of:
            words.append(f"needs one of {allowed(self.one_of)}")
        if self.editions:
            plural = "s" if len(self.editions) > 1 else ""
            words.append(f"only edition{plural} {', '.join(self.editions)}")
        return ", ".join(words) + (f". {self.about}" if self.about else "")

    def needed(self) -> str:
        """Return when it is required, e.g. ``required to create``, or ""."""
        if len(self.required) > 1:
            return "required"
        words = [f"to {' and to '.join(self.required)}"] if self.required else []
        words += [f"to create in {edition_name(code)}" for code in self.required_in]
        words += filter(None, [self.required_when])
        return f"required {', '.join(words)}" if words else ""

    def to_json(self) -> JsonObject:
        """Return the facts under the names that ``--format json`` prints."""
        return {
            "field": self.name,
            "type": self.kind,
            "required": list(self.required),
            "required_in": list(self.required_in),
            "required_when": self.required_when,
            "one_of": list(self.one_of),
            "editions": list(self.editions),
            "at_most": self.at_most,
            "allowed": list(self.allowed),
            "refers_to": list(self.refers_to),
            "goes_into": self.goes_into,
            "about": self.about,
        }


def field_facts(rules: JsonObject, *, edition: str | None = None) -> Iterator[FieldFacts]:
    """Yield every field of the schema *rules*, each followed by those below it.

    With an *edition*, only the fields that it has, and only what it requires itself.
    """
    yield from _below(shape_of(rules, rules), (), edition=edition)


def _below(shape: Shape, within: tuple[str, ...], *, edition: str | None) -> Iterator[FieldFacts]:
    for name in shape.names:
        field = shape.field(name)
        if field is None or (edition and field.editions and edition not in field.editions):
            continue
        facts = facts_of(shape, name, within=within, edition=edition)
        yield facts
        if facts.holds_fields:
            yield from _below(_entry(field), facts.path, edition=edition)


def facts_of(
    shape: Shape, name: str, *, within: tuple[str, ...] = (), edition: str | None = None
) -> FieldFacts:
    """Return the facts of the field *name* of the object *shape*; it must have it."""
    field = shape.field(name)
    if field is None:
        raise KeyError(name)
    kind, node, entry = _kind(field), field.node, _entry(field)
    refers_to = entry.node.get("x-resource") or node.get("x-resource") or ()
    actions = {"create": shape.required(on_update=False), "update": shape.required(on_update=True)}
    if within:  # what a group needs, it needs in an update too
        actions["update"] = actions["create"]
    return FieldFacts(
        path=(*within, f"{name}[]" if kind == LIST else name),
        kind=kind,
        required=tuple(action for action, names in actions.items() if name in names),
        required_in=_requiring(shape, name, edition=edition),
        required_when=required_when(shape.node).get(name, ""),
        one_of=alternatives(entry.node) if kind in (GROUP, LIST) else (),
        editions=field.editions,
        at_most=entry.node.get("maxLength"),
        allowed=tuple(map(str, entry.node.get("enum", ()))),
        refers_to=(refers_to,) if isinstance(refers_to, str) else tuple(refers_to),
        goes_into=node.get("x-in", "body"),
        about=node.get("description", ""),
    )


def _entry(field: Shape) -> Shape:
    return field.entry if field.type == "array" else field


def _requiring(shape: Shape, name: str, *, edition: str | None) -> tuple[str, ...]:
    codes = shape.node.get("x-required-in", ())
    found = (code for code in codes if name in shape.required_in(code))
    return tuple(code for code in found if edition in (None, code))


def _kind(field: Shape) -> str:
    if field.type == "object":
        return GROUP
    if field.type == "array":
        inner = _kind(field.entry)
        return LIST if inner == GROUP else f"list of {inner}"
    if field.node.get("pattern") == ID_PATTERN:
        return IDENTIFIER
    return field.kind.value
