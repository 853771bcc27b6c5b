"""One resource's schema, put together: Zoho's files, the table of resources, the corrections."""

from __future__ import annotations

from typing import Any

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zoho_schemas.corrections import Corrections
from zoho_schemas.layout import in_order
from zoho_schemas.openapi import OpenApi
from zoho_schemas.rules import ID, object_rule, settled_by_name

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MADE = "Made by tools/build_schemas.py. To change it, change tools/schema_corrections.yml."


def schema_of(resource: Resource, zoho: OpenApi, corrections: Corrections) -> JsonObject:
    """Return the schema of *resource*, its words in order."""
    schema: JsonObject = _documented(resource, zoho)
    corrections.mend(resource.name, schema)
    _from_the_table(schema, resource)
    corrections.describe(schema)
    _without_repeated_editions(schema)
    head = {
        "$schema": _DIALECT,
        "$id": f"urn:zbbulk:schema:{resource.name}",
        "title": resource.title,
        "$comment": _MADE,
        "x-required-on-update": _needed_on_update(resource),
    }
    return in_order(head | {"required": []} | schema)


def _documented(resource: Resource, zoho: OpenApi) -> JsonObject:
    """Return the fields of a create, and behind them those that only an update has."""
    create, update = zoho.request(resource, "create"), zoho.request(resource, "update")
    schema: JsonObject = object_rule(create) if create else {"type": "object", "properties": {}}
    if update:
        _join(schema, object_rule(update))
    return schema


def _join(rule: JsonObject, other: JsonObject) -> None:
    for name, below in other.get("properties", {}).items():
        mine = rule["properties"].setdefault(name, below)
        for word in ("properties", "items"):
            if word in mine and word in below and mine is not below:
                _join_below(mine, below, word)


def _join_below(mine: JsonObject, below: JsonObject, word: str) -> None:
    if word == "properties":
        _join(mine, below)
    elif "properties" in mine["items"] and "properties" in below["items"]:
        _join(mine["items"], below["items"])


def _from_the_table(schema: JsonObject, resource: Resource) -> None:
    """Add what stands in no body: the id, fields of the path and of the query."""
    fields: dict[str, Any] = schema["properties"]
    for name in resource.constants:
        fields.pop(name, None)
    schema["required"] = [
        name for name in schema.get("required", []) if name not in resource.constants
    ]
    first: dict[str, Any] = {}
    if "update" in resource.can:
        first[resource.id_field] = ID | {"description": "Zoho's id; only for an update"}
    for place, names in (("path", resource.path_fields), ("query", resource.query_fields)):
        for name in names:
            first[name] = fields.get(name, settled_by_name(name, "string")) | {"x-in": place}
            if name not in schema["required"]:
                schema["required"].insert(0, name)
    schema["properties"] = first | {k: v for k, v in fields.items() if k not in first}


def _needed_on_update(resource: Resource) -> list[str]:
    """Return what an update can't be without: fields that are left out stay as they are."""
    return [resource.id_field, *resource.path_fields] if "update" in resource.can else []


def _without_repeated_editions(rule: JsonObject, above: list[str] | None = None) -> None:
    own = rule.get("x-editions")
    if own is not None and own == above:
        del rule["x-editions"]
    below = [*rule.get("properties", {}).values(), *([rule["items"]] if "items" in rule else [])]
    for each in below:
        _without_repeated_editions(each, own or above)
