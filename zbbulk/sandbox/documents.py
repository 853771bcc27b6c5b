"""What Zoho Books makes of a document with lines: party, totals, due date, balance.

Totals are the lines without tax, less the discount, and tax, shipping charge
and adjustment. It does not know how a document is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.changes import Change, Kit
from zbbulk.sandbox.lines import LineMaker
from zbbulk.sandbox.money import ZERO, cents, discount_of, number
from zbbulk.sandbox.traits import traits

ADDRESS = ("attention", "address", "street2", "city", "state", "zip", "country", "phone", "fax")
_MOST_DAYS = 100_000
TaxesAfter = Callable[[JsonObject, Decimal], dict[str, Decimal]]
_DUE_FROM = frozenset({"date", "payment_terms"})


def finish_document(kit: Kit, change: Change) -> None:
    """Add the party, the date, the lines and the totals."""
    record = change.record
    _add_party(kit, change)
    record["date"] = record.get("date") or kit.today()
    record["created_date"] = record["created_time"][:10]
    record["discount_type"] = _discount_type(change)
    maker = LineMaker(kit, change)
    if "line_items" in change.sent:
        sent = enumerate(change.sent["line_items"], start=1)
        record["line_items"] = [maker.complete(line, order=order) for order, line in sent]
    for line in record["line_items"]:
        maker.add_total(line)
    add_totals(record, maker.taxes_after)


def add_totals(document: JsonObject, taxes_after: TaxesAfter) -> None:
    """Set the document's totals from its lines, discount, shipping charge and adjustment.

    Args:
        document: With whole lines.
        taxes_after: What each tax of a line comes to when a share of its total is left.
    """
    lines = document["line_items"]
    sub_total = sum((line["item_total"] for line in lines), ZERO)
    is_entity_level = document["discount_type"] == "entity_level"
    off = cents(discount_of(document["discount"], sub_total)) if is_entity_level else ZERO
    is_taxed_less = sub_total and document["is_discount_before_tax"]
    share = (sub_total - off) / sub_total if is_taxed_less else Decimal(1)
    taxes = _sums([taxes_after(line, share) for line in lines])
    tax_total = sum(taxes.values(), ZERO)
    extras = number(document["shipping_charge"]) + number(document["adjustment"])
    item_discounts = sum((line["discount_amount"] for line in lines), ZERO)
    document |= {
        "sub_total": sub_total,
        "discount_total": cents(off + item_discounts),
        "taxes": [{"tax_name": name, "tax_amount": amount} for name, amount in taxes.items()],
        "tax_total": tax_total,
        "total": cents(sub_total - off + tax_total + cents(extras)),
    }


def finish_due_date(_: Kit, change: Change) -> None:
    """Add the words for the payment terms, and the day they lead to if none was sent."""
    record, sent = change.record, change.sent
    add_terms_label(record, sent)
    if "due_date" not in sent and (not change.old or _DUE_FROM & sent.keys()):
        record["due_date"] = due_date(record["date"], record["payment_terms"])


def finish_balance(_: Kit, change: Change) -> None:
    """Add what is left to be paid."""
    add_balance(change.record)


def add_balance(document: JsonObject) -> None:
    """Set what is left of a document's total after payments, credits and write-off."""
    settled = ("payment_made", "credits_applied", "write_off_amount")
    done = sum((number(document[name]) for name in settled), ZERO)
    document["balance"] = document["total"] - done


def _discount_type(change: Change) -> str:
    """Return the level of the discount: a discount of the whole document says it by itself."""
    told: str = change.record.get("discount_type") or "item_level"
    is_silent = "discount_type" not in change.sent
    return "entity_level" if is_silent and change.sent.get("discount") else told


def add_terms_label(record: JsonObject, sent: JsonObject) -> None:
    """Put the payment terms in words, unless they were sent or stand there already."""
    has_label = bool(record["payment_terms_label"])
    if sent.get("payment_terms_label") or ("payment_terms" not in sent and has_label):
        return
    days = record["payment_terms"]
    record["payment_terms_label"] = f"Net {days}" if days else "Due on Receipt"


def due_date(day: str, payment_terms: int) -> str:
    """Return the day on which an invoice of *day* is due, both ``yyyy-mm-dd``.

    A negative number of days is one of Zoho's terms like "end of month": the day itself.
    """
    if payment_terms > _MOST_DAYS:
        raise Refusal("2", field="Payment Terms")
    try:
        return (date.fromisoformat(day) + timedelta(days=max(int(payment_terms), 0))).isoformat()
    except OverflowError as error:
        raise Refusal("2", field="Payment Terms") from error


def _add_party(kit: Kit, change: Change) -> None:
    record, field = change.record, traits(change.resource.name).party
    party = kit.books.find("contacts", record.get(field, ""))
    if party is None:
        raise Refusal("1002", thing=field.removesuffix("_id").capitalize())
    if field == "customer_id":
        record["company_name"] = party["company_name"]
        record["email"] = change.sent.get("email") or party["email"]
    if change.old and field not in change.sent:
        return
    for name in ("billing_address", "shipping_address"):
        held = {part: party[name].get(part, "") for part in ADDRESS}
        record[name] = held | change.sent.get(name, {})


def _sums(parts: list[dict[str, Decimal]]) -> dict[str, Decimal]:
    whole: dict[str, Decimal] = {}
    for part in parts:
        for name, amount in part.items():
            whole[name] = whole.get(name, ZERO) + amount
    return whole
