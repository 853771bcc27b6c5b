"""Leave out of a schema what the mapping has settled before a Record is checked.

A mapping makes of every cell the type that the schema asks for, or tells why it
can't; ``blank: clear`` sends "" to empty a field, whatever its type. And no Record has
a field that is not mapped. To ask again is half of the time of the gate.
"""

from __future__ import annotations

from typing import Any

from zbbulk.model import FieldNames, JsonObject

_SCALARS = {"string", "number", "integer", "boolean"}
_ABOUT_DATES = {"format", "pattern"}
_ANNOTATIONS = {"$comment", "description", "title", "x-doubt", "x-editions", "x-in", "x-resource"}
_NO_RULE: tuple[JsonObject, ...] = ({}, {"type": "object"}, {"type": "array"})


def unsettled(schema: JsonObject, mapped: FieldNames) -> JsonObject:
    """Return what of *schema* a Record that has only the *mapped* fields may still break."""
    return _of_mapped(without_types(schema), mapped)


def _of_mapped(rules: JsonObject, mapped: FieldNames) -> JsonObject:
    """Return *rules* without those about fields that are not mapped; all else stays."""
    kept = {word: rule for word, rule in rules.items() if word != "properties"}
    fields = {
        name: _of_mapped(rule, mapped[name])
        for name, rule in rules.get("properties", {}).items()
        if name in mapped
    }
    if fields := {name: rule for name, rule in fields.items() if rule not in _NO_RULE}:
        kept["properties"] = fields
    if isinstance(kept.get("items"), dict) and "properties" in kept["items"]:
        kept["items"] = _of_mapped(kept["items"], mapped)
        if kept["items"] in _NO_RULE:
            del kept["items"]
    return kept


def without_rules_for(schema: JsonObject, fields: FieldNames) -> JsonObject:
    """Return *schema* without what it asks of the values of *fields*; that they are there stays."""
    if not fields:
        return {}
    properties = {
        name: without_rules_for(rule, fields[name]) if name in fields else rule
        for name, rule in schema.get("properties", {}).items()
    }
    kept = schema | ({"properties": properties} if properties else {})
    if isinstance(schema.get("items"), dict):
        kept["items"] = without_rules_for(schema["items"], fields)
    return kept


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
        return {w: kept for w, kept in without_types(rule).items() if w not in _ANNOTATIONS}
    settled = {"type"} | (_ABOUT_DATES if rule.get("format") == "date" else set())
    return {word: kept for word, kept in rule.items() if word not in settled | _ANNOTATIONS}
