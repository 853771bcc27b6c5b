"""What a field takes, read from the resource's JSON Schema.

Types are never written in a mapping: this is where they come from. Follows
``$ref`` inside the schema; a node without a type counts as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zbbulk.mapping.rules import Kind
from zbbulk.model import JsonObject

_KINDS = {
    "string": Kind.TEXT,
    "number": Kind.NUMBER,
    "integer": Kind.INTEGER,
    "boolean": Kind.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One node of a JSON Schema, with the whole schema for its references."""

    node: JsonObject
    root: JsonObject

    @property
    def type(self) -> str:
        """``object``, ``array`` or ``scalar``."""
        name = self.node.get("type")
        if name in ("object", "array"):
            return str(name)
        return "object" if "properties" in self.node else "scalar"

    @property
    def kind(self) -> Kind:
        """What a scalar takes."""
        types = self.node.get("type", "string")
        names = [types] if isinstance(types, str) else [name for name in types if name != "null"]
        if "number" in names and "string" in names:
            return Kind.NUMBER_OR_PERCENT
        if names[:1] == ["string"] and self.node.get("format") == "date":
            return Kind.DATE
        return _KINDS.get(names[0], Kind.TEXT) if names else Kind.TEXT

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of an object."""
        return tuple(self.node.get("properties", {}))

    def field(self, name: str) -> Shape | None:
        """Return the field *name* of an object, None if the schema has none."""
        node = self.node.get("properties", {}).get(name, self._named_alike(name))
        return None if node is None else shape_of(node, self.root)

    def _named_alike(self, name: str) -> JsonObject | None:
        alike = self.node.get("patternProperties", {}).items()
        return next((node for pattern, node in alike if re.search(pattern, name)), None)

    @property
    def entry(self) -> Shape:
        """One entry of an array."""
        node = self.node.get("items", {})
        return shape_of(node if isinstance(node, dict) else {}, self.root)

    @property
    def refers(self) -> tuple[str, ...]:
        """The resources whose ids this field takes, () when it takes none."""
        named = self.node.get("x-resource", ())
        return (named,) if isinstance(named, str) else tuple(named)

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions that have this field, () when all have it."""
        return tuple(self.node.get("x-editions", ()))

    def required_in(self, edition: str | None) -> tuple[str, ...]:
        """Return the fields that *edition* alone refuses a new object without."""
        return tuple(self.node.get("x-required-in", {}).get(edition, ()))

    def required(self, *, on_update: bool) -> tuple[str, ...]:
        """Return the fields that Zoho refuses an object without."""
        return tuple(self.node.get("x-required-on-update" if on_update else "required", ()))


def shape_of(node: JsonObject, root: JsonObject) -> Shape:
    """Return *node* as a Shape, its ``$ref`` followed; what stands beside a ``$ref`` stays."""
    seen = 0
    while isinstance(reference := node.get("$ref"), str) and seen < 10:
        beside = {word: rule for word, rule in node.items() if word != "$ref"}
        node, seen = _target(reference, root) | beside, seen + 1
    return Shape(node, root)


def _target(reference: str, root: JsonObject) -> JsonObject:
    found: JsonObject = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        found = found.get(step, {})
    return found
