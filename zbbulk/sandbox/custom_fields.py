"""Custom fields: named by label or API name, merged, and shown as a hash as well.

It does not know which of them must be unique.
"""

from __future__ import annotations

from zbbulk.model import JsonObject
from zbbulk.sandbox.organization import Organization, api_name


def add_custom_fields(organization: Organization, record: JsonObject) -> None:
    """Complete the custom fields of a record; those that are not declared are dropped."""
    known = organization.custom_fields
    named = None if known is None else {api_name(name) for name in known}
    fields: dict[str, JsonObject] = {}
    if not record["custom_fields"]:
        record["custom_field_hash"] = {}
        return
    for sent in record["custom_fields"]:
        name = _name(sent)
        if named is None or name in named:
            label = sent.get("label", name)
            fields[name] = {**fields.get(name, {}), **sent, "api_name": name, "label": label}
    record["custom_fields"] = list(fields.values())
    record["custom_field_hash"] = {name: entry.get("value", "") for name, entry in fields.items()}


def _name(entry: JsonObject) -> str:
    for name in ("api_name", "label"):
        if entry.get(name):
            return api_name(str(entry[name]))
    told = ("customfield_id", "custom_field_id", "index")
    return str(next((entry[name] for name in told if entry.get(name)), ""))
