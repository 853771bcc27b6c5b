"""From a field in Zoho's files to a rule in ours: kind, limits, allowed values, editions.

Also what a field's name alone settles: ids are digits, dates have a format. Does not know
resources, and copies no sentence.
"""

from __future__ import annotations

from zbbulk.model import JsonObject
from zoho_schemas.openapi import Node
from zoho_schemas.prose import allowed_values, is_time_of_day, longest

ID = {"type": "string", "pattern": "^[0-9]{1,20}$"}
DATE = {"type": "string", "format": "date", "pattern": "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"}
TIME = {"type": "string", "pattern": "^[0-9]{1,2}[:][0-9]{2}$"}

EDITIONS = {
    "us": "us",
    "in": "in",
    "uk": "uk",
    "ca": "ca",
    "au": "au",
    "gcc": "gcc",
    "uae": "gcc",
    "mx": "mx",
    "ke": "ke",
    "za": "za",
    "eu": "eu",
    "global": "global",
}
"""Zoho's words for editions and ours; what else the files name there is an integration."""


def rule_of(name: str, node: Node) -> JsonObject:
    """Return the rule for the field *name*, with all that stands below it."""
    kind = node.facts.get("type", "string")
    return (settled_by_name(name, kind) or _kind(name, node)) | _editions(node)


def object_rule(node: Node) -> JsonObject:
    """Return the rule for an object; what each action needs stands beside it."""
    rule: JsonObject = {"type": "object"}
    required = [name for name in node.facts.get("required", []) if name in node.fields]
    if required:
        rule["required"] = required
    return rule | {"properties": {name: rule_of(name, each) for name, each in node.fields.items()}}


def settled_by_name(name: str, kind: str) -> JsonObject:
    """Return the rule that the name of a field settles, {} for most names.

    Args:
        name: Of the field.
        kind: Its JSON type.
    """
    if name.endswith("_ids") and kind == "array":
        return {"type": "array", "items": dict(ID)}
    if name.endswith("_id"):
        return dict(ID)
    if name == "date" or name.endswith("_date"):
        return dict(DATE)
    return {}


def _kind(name: str, node: Node) -> JsonObject:
    kind = node.facts.get("type", "string")
    if kind == "array":
        entry = node.entry
        below = object_rule(entry) if entry.fields else _kind(name, entry)
        return {"type": "array", "items": below}
    if node.fields:
        return object_rule(node)
    return _text(node) if kind == "string" else {"type": kind}


def _text(node: Node) -> JsonObject:
    told = node.facts.get("description", "")
    if is_time_of_day(told):
        return dict(TIME)
    rule: JsonObject = {"type": "string"}
    if not _editions(node) and (values := node.facts.get("enum") or allowed_values(told)):
        rule["enum"] = list(values)
    if (most := longest(told)) is not None:
        rule["maxLength"] = most
    return rule


def _editions(node: Node) -> JsonObject:
    """Return where the field exists, {} for everywhere.

    Country fields have no list of values: each edition takes more than are documented.
    """
    named = node.facts.get("x-node_available_in", [])
    found = {EDITIONS[word] for word in named if word in EDITIONS}
    without = {EDITIONS[word] for word in node.facts.get("x-node_unavailable_in", [])}
    if without:
        found = set(EDITIONS.values()) - without
    ours = dict.fromkeys(EDITIONS.values())
    return {"x-editions": [code for code in ours if code in found]} if found else {}
