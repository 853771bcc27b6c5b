"""Leave out of a schema what the mapping has settled before a Record is checked.

A mapping makes of every cell the type that the schema asks for, or tells why it
can't; ``blank: clear`` sends "" to empty a field, whatever its type. To ask again is
a third of the time of a check.
"""

from __future__ import annotations

from typing import Any

from zbbulk.model import JsonObject

_SCALARS = {"string", "number", "integer", "boolean"}
_ABOUT_DATES = {"format", "pattern"}
_ANNOTATIONS = {"$comment", "description", "title", "x-editions"}


def without_types(schema: JsonObject) -> JsonObject:
    """Return *schema* without the types of scalar fields and the form of dates.

    Only the properties of objects and lists are looked at; lengths, lists of values,
    limits, conditions and all else stay. *schema* is not changed.
    """
    return {word: _within(word, rule) for word, rule in schema.items()}


def _within(word: str, rule: Any) -> Any:  # noqa: ANN401 - a schema's word may hold anything
    if word == "properties":
        fields = {name: _field(inner) for name, inner in rule.items()}
        return {name: inner for name, inner in fields.items() if inner}
    if word == "items" and isinstance(rule, dict):
        return without_types(rule)
    return rule


def _field(rule: JsonObject) -> JsonObject:
    named = rule.get("type", [])
    types = {named} if isinstance(named, str) else set(named)
    if not types or not types <= _SCALARS:
        return without_types(rule)
    settled = {"type"} | (_ABOUT_DATES if rule.get("format") == "date" else set())
    return {word: kept for word, kept in rule.items() if word not in settled | _ANNOTATIONS}
