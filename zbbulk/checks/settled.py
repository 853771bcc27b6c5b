"""Leave out of a schema what the mapping has settled before a Record is checked.

A mapping makes every number field a Decimal or an int, or tells why it can't;
`blank: clear` sends "" to empty it. To ask again is a third of the time of a check.
"""

from __future__ import annotations

from typing import Any

from zbbulk.model import JsonObject

_NUMBER_TYPES = ("number", ["number", "string"], ["string", "number"])


def without_number_types(schema: JsonObject) -> JsonObject:
    """Return *schema* without the rule that a number field holds a number.

    Only the properties of objects are looked at; limits, conditions and the types of
    all else stay. *schema* is not changed.
    """
    return {word: _within(word, rule) for word, rule in schema.items()}


def _within(word: str, rule: Any) -> Any:  # noqa: ANN401 - a schema's word may hold anything
    if word == "properties":
        return {name: _field(inner) for name, inner in rule.items()}
    if word == "items" and isinstance(rule, dict):
        return without_number_types(rule)
    return rule


def _field(rule: JsonObject) -> JsonObject:
    if rule.get("type") in _NUMBER_TYPES:
        return {word: kept for word, kept in rule.items() if word != "type"}
    return without_number_types(rule)
