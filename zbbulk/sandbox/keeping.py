"""Putting records into the books and out of them, with all that hangs on a record.

Numbers, children and what payments settle change together with the record. It
does not know requests.
"""

from __future__ import annotations

from collections.abc import Mapping

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resources
from zbbulk.sandbox.answers import to_json
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.children import carry_over, forget_children, keep_children
from zbbulk.sandbox.numbering import set_number
from zbbulk.sandbox.payments import settle
from zbbulk.sandbox.shapes import new_record


def add(
    kit: Kit,
    resource: Resource,
    sent: JsonObject,
    *,
    record_id: str = "",
    query: Mapping[str, str] | None = None,
) -> tuple[JsonObject, str]:
    """Complete, number and keep a new record; return it and its JSON.

    Args:
        kit: The books; the caller holds their lock.
        resource: What it is.
        sent: What Zoho takes of the body.
        record_id: Its id, "" for the next one.
        query: Of the request.

    Raises:
        Refusal: it can't be made, or there is such a record already.
    """
    record = new_record(kit, resource, sent, record_id=record_id)
    kit.books.check_unique(resource, record)
    set_number(kit.books, resource, record, sent=sent, query=query or {})
    return record, keep(kit, resource, record, old={})


def keep(kit: Kit, resource: Resource, record: JsonObject, *, old: JsonObject) -> str:
    """Keep a new or changed record, and what hangs on it; return its JSON. Raises Refusal."""
    kit.books.check_unique(resource, record)
    keep_children(kit, resource, record)
    settle(kit, resource, old=old, new=record)
    text = kit.books.keep(resource, record)
    if carry_over(kit, resource, record):
        return to_json(kit.books.find(resource.name, record[resource.id_field]))
    return text


def forget(kit: Kit, resource: Resource, record: JsonObject) -> None:
    """Forget a record, its children, and what it paid."""
    forget_children(kit, resource, record)
    settle(kit, resource, old=record, new={})
    kit.books.delete(resource, record[resource.id_field])
    carry_over(kit, resource, record)


def adopt_customer(kit: Kit, sent: JsonObject, known: JsonObject) -> None:
    """Create the contact when a stale customer_id comes with a name: Zoho's own trap."""
    name = sent.get("customer_name")
    customer_id = known.get("customer_id")
    if not name or not customer_id or kit.books.find("contacts", customer_id):
        return
    contact, _ = add(kit, resources()["contacts"], {"contact_name": str(name)})
    known["customer_id"] = contact["contact_id"]
