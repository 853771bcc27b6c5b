"""What is asked of Zoho Books: method, path, query and body of one call.

Pure: a Record and an Action become a Call. No e-mail is ever asked for. It does not
know the organization, the token or the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from zbbulk.model import Action, JsonObject, Record
from zbbulk.resources import Resource

_OWN_NUMBER = "ignore_auto_number_generation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One API call.

    Attributes:
        method: ``GET``, ``POST``, ``PUT`` or ``DELETE``.
        path: Below the API root, e.g. ``/items``.
        route: The path as it may be logged, an id in it left out; "" when it has none.
        query: Parameters besides ``organization_id``.
        body: The JSON object to send, None for none.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: JsonObject | None = None
    route: str = ""


def call_for(resource: Resource, *, action: Action, record: Record) -> Call:
    """Return the call that creates or updates one record; *record* is not changed.

    A record with its own document number switches Zoho's numbering off for this call,
    in the query or, for contacts, in the body
    (https://www.zoho.com/books/api/v3/invoices/#create-an-invoice).

    Raises:
        KeyError: an update without the record's id; the checks ask for it.
    """
    body = dict(record)
    query: dict[str, str] = {}
    if resource.number_field and record.get(resource.number_field):
        if resource.number_flag == "query":
            query[_OWN_NUMBER] = "true"
        else:
            body.setdefault(_OWN_NUMBER, True)
    if action is Action.CREATE:
        return Call(method="POST", path=resource.path, query=query, body=body)
    zb_id = quote(str(body.pop(resource.id_field)), safe="")
    return Call(
        method="PUT",
        path=f"{resource.path}/{zb_id}",
        query=query,
        body=body,
        route=f"{resource.path}/{{id}}",
    )
