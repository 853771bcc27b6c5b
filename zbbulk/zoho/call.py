"""What is asked of Zoho Books: method, path, query and body of one call.

Pure: a Record and an Action become a Call. No e-mail is ever asked for. It does not
know the organization, the token or the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from zbbulk.errors import ZohoError
from zbbulk.model import CUSTOM, Action, JsonObject, Record, field_value
from zbbulk.resources import Resource

_OWN_NUMBER = "ignore_auto_number_generation"
_IN_BRACES = re.compile(r"\{(\w+)\}")
_NO_PLACE = ("", ".", "..")
"""What would lead a path elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One API call.

    Attributes:
        method: ``GET``, ``POST``, ``PUT`` or ``DELETE``.
        path: Below the API root, e.g. ``/items``.
        headers: Headers besides the usual ones.
        route: The path as it may be logged, an id in it left out; "" when it has none.
        query: Parameters besides ``organization_id``.
        body: The JSON object to send, None for none.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: JsonObject | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    route: str = ""


def call_for(resource: Resource, *, action: Action, record: Record) -> Call:
    """Return the call that creates, updates or deletes one record; *record* is not changed.

    Fields that stand in the path or the query are taken out of the body. A record with
    its own document number switches Zoho's numbering off for this call, in the query or,
    for contacts, in the body (https://www.zoho.com/books/api/v3/invoices/#create-an-invoice).

    Raises:
        ZohoError: a field that stands in the path is missing; the checks ask for it.
    """
    if action is Action.DELETE:
        template = resource.record_path("delete")
        path = filled(template, dict(record), id_field=resource.id_field)
        return Call(method="DELETE", path=path, route=template)
    body, query = _body_and_query(resource, record)
    if action is Action.CREATE:
        method, template = "POST", resource.path
        query |= {
            name: _query_text(body.pop(name)) for name in resource.query_fields if name in body
        }
    else:
        method, template = "PUT", resource.record_path("update")
    path = filled(template, body, id_field=resource.id_field)
    route = template if path != template else ""
    return Call(method=method, path=path, query=query, body=body, route=route)


def upsert_call(resource: Resource, *, record: Record, by: str) -> Call:
    """Return the call that updates the record with the same value in the field *by*.

    Zoho creates it if there is none. *by* is the API name of a custom field that allows no
    duplicates; it is in the body too, so that a new record has it. Its value must fit into
    a header, which the checks see to (https://www.zoho.com/books/api/v3/items/).
    """
    body, query = _body_and_query(resource, record)
    headers = {
        "X-Unique-Identifier-Key": by,
        "X-Unique-Identifier-Value": str(field_value(record, f"{CUSTOM}{by}")),
        "X-Upsert": "true",
    }
    return Call(method="PUT", path=resource.path, query=query, body=body, headers=headers)


def _body_and_query(resource: Resource, record: Record) -> tuple[JsonObject, dict[str, str]]:
    body = {**record, **resource.constants}
    query: dict[str, str] = {}
    if resource.number_field and record.get(resource.number_field):
        if resource.number_flag == "query":
            query[_OWN_NUMBER] = "true"
        else:
            body.setdefault(_OWN_NUMBER, True)
    return body, query


def filled(template: str, fields: JsonObject, *, id_field: str = "") -> str:
    """Return the path *template* with its fields in it; they are taken out of *fields*.

    ``{id}`` is the field *id_field*.

    Raises:
        ZohoError: a field is missing, or can't stand in a path.
    """

    def put(found: re.Match[str]) -> str:
        name = id_field if found[1] == "id" else found[1]
        value = str(fields.pop(name, ""))
        if value in _NO_PLACE:
            raise ZohoError(f"{name} is missing; {template} needs it.", code="ZB301")
        return quote(value, safe="")

    return _IN_BRACES.sub(put, template)


def _query_text(value: object) -> str:
    """Return *value* as it stands in a query; a list between commas."""
    if isinstance(value, list):
        return ",".join(map(_query_text, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
