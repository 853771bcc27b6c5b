"""Payments and the invoices or bills they pay: balances go down, and up again.

What is left decides the status: ``paid``, ``partially_paid``, or the one before.
It does not know requests.
"""

from __future__ import annotations

from decimal import Decimal

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resource
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.changes import Change, Kit
from zbbulk.sandbox.documents import add_balance
from zbbulk.sandbox.money import ZERO, number
from zbbulk.sandbox.traits import Settles, traits, variant

_PAID = frozenset({"paid", "partially_paid"})
_PARTY = {"invoices": "customer_id", "bills": "vendor_id"}
"""Field of a document, and of its payment, that tells who owes or is owed."""

_UNPAID = {"invoices": "sent", "bills": "open"}
"""Status of a document once no payment is left."""


def finish_payment(kit: Kit, change: Change) -> None:
    """Add dates, what was not used, and the documents' numbers and balances.

    Raises:
        Refusal: 4, more is applied than was paid or than a document has left, or a document
            is another's; 1002, there is no such document.
    """
    record = change.record
    settles = traits(change.resource.name).settles
    record["date"] = record.get("date") or kit.today()
    applied = record[settles.list]
    total = sum((number(each.get("amount_applied", 0)) for each in applied), ZERO)
    left = number(record.get("amount", 0)) - total
    if left < 0:
        raise Refusal("4", why="applied")
    record["unused_amount"] = record["balance"] = left
    before = _amounts(change.old.get(settles.list, ()), settles)
    for document_id, amount in _amounts(applied, settles).items():
        document = kit.books.find(settles.resource, document_id)
        if document is None:
            raise Refusal("1002", thing=settles.resource[:-1].capitalize())
        party = _PARTY[settles.resource]
        if record.get(party) and record[party] != document.get(party):
            raise Refusal("4", why=f"other {party}")
        if amount > document["balance"] + before.get(document_id, ZERO):
            raise Refusal("4", why="applied")


def settle(kit: Kit, payment: Resource, *, old: JsonObject, new: JsonObject) -> None:
    """Take what *old* paid off the documents back, and pay what *new* does; {} is nothing."""
    settles = traits(payment.name).settles
    if not settles.list:
        return
    before = _amounts(old.get(settles.list, ()), settles)
    after = _amounts(new.get(settles.list, ()), settles)
    for document_id in {**before, **after}:
        more = after.get(document_id, ZERO) - before.get(document_id, ZERO)
        document = kit.books.find(settles.resource, document_id)
        if document is not None and more:
            _pay(kit, settles.resource, document, more=more, day=new.get("date", ""))


def _pay(kit: Kit, name: str, document: JsonObject, *, more: Decimal, day: str) -> None:
    changed = document | {"payment_made": number(document["payment_made"]) + more}
    changed["last_payment_date"] = day
    add_balance(changed)
    if changed["balance"] <= 0:
        changed["status"] = "paid"
    elif changed["payment_made"] > 0:
        changed["status"] = "partially_paid"
    elif changed["status"] in _PAID:
        changed["status"] = _UNPAID[name]
    kit.books.keep(variant(name, changed), changed)


def _amounts(applied: list[JsonObject], settles: Settles) -> dict[str, Decimal]:
    field = resource(settles.resource).id_field
    amounts: dict[str, Decimal] = {}
    for each in applied:
        document_id = str(each.get(field, ""))
        amount = number(each.get("amount_applied", 0))
        amounts[document_id] = amounts.get(document_id, ZERO) + amount
    return amounts
