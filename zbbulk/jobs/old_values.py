"""The values that a record had before an update, as they can be sent again."""

from __future__ import annotations

from zbbulk.model import JsonObject, Record
from zbbulk.resources import Resource, schema


def restored(resource: Resource, before: str, zb_id: str) -> Record:
    """Return the update that puts the values of *before* back.

    Args:
        resource: What kind of record.
        before: As JSON, what Zoho showed in the fields that were sent.
        zb_id: Zoho's id of the record.

    What Zoho shows and does not take, totals of a line for instance, is left out.
    """
    import simplejson  # noqa: PLC0415 - heavy: only who restores pays

    old: JsonObject = simplejson.loads(before, use_decimal=True)
    root = schema(resource.name)
    known = {
        name: _taken(old[name], root["properties"][name], root)
        for name in old
        if name in root["properties"]
    }
    return {**known, resource.id_field: zb_id}


def _taken(value: object, node: JsonObject, root: JsonObject) -> object:
    """Return of *value* what the schema *node* knows."""
    if "$ref" in node:
        node = root["$defs"][node["$ref"].rpartition("/")[2]]
    if isinstance(value, dict) and "properties" in node:
        known = node["properties"]
        return {
            name: _taken(each, known[name], root) for name, each in value.items() if name in known
        }
    if isinstance(value, list) and isinstance(node.get("items"), dict):
        return [_taken(each, node["items"], root) for each in value]
    return value
