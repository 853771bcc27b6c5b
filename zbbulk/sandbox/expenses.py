"""What an expense comes to: its amount or that of its lines, and the tax.

It does not know how an expense is stored.
"""

from __future__ import annotations

from decimal import Decimal

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.changes import Change, Kit
from zbbulk.sandbox.money import ZERO, cents, number
from zbbulk.sandbox.taxes import NO_TAX, find_tax, tax_amounts


def finish_expense(kit: Kit, change: Change) -> None:
    """Add tax and totals; an itemised expense is the sum of its lines."""
    record = change.record
    if "line_items" in change.sent:
        sent = enumerate(change.sent["line_items"], start=1)
        record["line_items"] = [_line(kit, line, order) for order, line in sent]
    parts = record["line_items"] or [record]
    if not all("amount" in part for part in parts):
        raise Refusal("2", field="amount")
    is_inside = record["is_inclusive_tax"] is True
    tax_total = sum((_tax(kit, part, is_inside=is_inside) for part in parts), ZERO)
    amount = cents(sum((number(part["amount"]) for part in parts), ZERO))
    record |= {
        "is_itemized_expense": bool(record["line_items"]),
        "amount": amount if record["line_items"] else record["amount"],
        "tax_amount": tax_total,
        "sub_total": amount - tax_total if is_inside else amount,
        "total": amount if is_inside else amount + tax_total,
    }


def _line(kit: Kit, sent: JsonObject, order: int) -> JsonObject:
    empty: JsonObject = {"description": "", "tax_id": "", "item_order": order}
    line_id = sent.get("line_item_id") or kit.books.new_id()
    return {**empty, **sent, "line_item_id": line_id}


def _tax(kit: Kit, part: JsonObject, *, is_inside: bool) -> Decimal:
    """Add the tax of an expense or of one of its lines; return the amount of it."""
    tax_id = part.get("tax_id")
    tax = find_tax(kit, tax_id) if tax_id else NO_TAX
    part["tax_percentage"] = tax.percentage
    return sum(tax_amounts(tax, number(part["amount"]), is_inside=is_inside).values(), ZERO)
