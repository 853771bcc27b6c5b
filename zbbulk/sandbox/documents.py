"""What Zoho Books makes of an invoice or estimate: lines, discounts, totals.

All in Decimal, rounded half up to the cents of the currency. Inclusive tax is
not computed. It does not know how a document is stored.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.organization import PRICE_PRECISION, Organization

_CENT = Decimal(1).scaleb(-PRICE_PRECISION)
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_MOST_DAYS = 100_000
_FROM_ITEM = ("name", "description", "rate", "unit", "account_id", "tax_id")


class LineMaker:
    """Completes the lines of one document."""

    def __init__(self, books: Books, organization: Organization, *, discount_type: str) -> None:
        self._books = books
        self._organization = organization
        self._is_item_level = discount_type == "item_level"

    def complete(self, sent: JsonObject, *, order: int, kept: dict[str, JsonObject]) -> JsonObject:
        """Return the whole line for one that was sent.

        Args:
            sent: As in the body.
            order: Place in the document, the first being 1.
            kept: The document's lines so far, by line_item_id.

        Raises:
            Refusal: 1002 for an unknown item or tax, 110802, 110942.
        """
        old = kept.get(str(sent.get("line_item_id", "")))
        line = {**self._defaults(sent, order), **(old or {}), **sent}
        line["line_item_id"] = old["line_item_id"] if old else self._books.new_id()
        line["item_order"] = sent.get("item_order", order)
        self._add_tax(line)
        self.add_total(line)
        return line

    def add_total(self, line: JsonObject) -> None:
        """Set the line's discount and total from quantity and rate."""
        gross = _product(line["quantity"], line["rate"])
        off = _discount(line["discount"], gross) if self._is_item_level else _ZERO
        line["discount_amount"] = cents(off)
        line["item_total"] = cents(gross - off)

    def _defaults(self, sent: JsonObject, order: int) -> JsonObject:
        line: JsonObject = {
            "line_item_id": "",
            "item_id": "",
            "item_order": order,
            "name": "",
            "description": "",
            "unit": "",
            "quantity": 1,
            "rate": 0,
            "discount": 0,
            "account_id": "",
            "tax_id": "",
            "item_custom_fields": [],
            "tags": [],
        }
        if sent.get("item_id"):
            stocked = self._books.find("items", sent["item_id"])
            if stocked is None:
                raise Refusal("1002", thing="Item")
            line |= {name: stocked[name] for name in _FROM_ITEM if name in stocked}
        return line

    def _add_tax(self, line: JsonObject) -> None:
        if not line["tax_id"]:
            if self._organization.edition == "in" and not line.get("tax_exemption_id"):
                raise Refusal("110802")
            line |= {"tax_name": "", "tax_type": "tax", "tax_percentage": 0}
            return
        tax = self._organization.tax(line["tax_id"])
        line |= {
            "tax_name": tax.tax_name,
            "tax_type": tax.tax_type,
            "tax_percentage": tax.tax_percentage,
        }


def add_totals(document: JsonObject) -> None:
    """Set the document's totals from its lines, discount, shipping charge and adjustment."""
    lines = document["line_items"]
    sub_total = sum((line["item_total"] for line in lines), _ZERO)
    is_entity_level = document["discount_type"] == "entity_level"
    off = cents(_discount(document["discount"], sub_total)) if is_entity_level else _ZERO
    share = Decimal(1)
    if sub_total and document["is_discount_before_tax"]:
        share = (sub_total - off) / sub_total
    tax_total = sum((_tax_of(line, share) for line in lines), _ZERO)
    extras = cents(Decimal(document["shipping_charge"]) + Decimal(document["adjustment"]))
    item_discounts = sum((line["discount_amount"] for line in lines), _ZERO)
    document |= {
        "sub_total": sub_total,
        "discount_total": cents(off + item_discounts),
        "tax_total": tax_total,
        "total": cents(sub_total - off + tax_total + extras),
    }


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


def cents(amount: Decimal) -> Decimal:
    """Return *amount* rounded half up to the cents of the currency."""
    try:
        return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
    except InvalidOperation as error:
        raise Refusal("4", field="Amount") from error


def _tax_of(line: JsonObject, share: Decimal) -> Decimal:
    return cents(line["item_total"] * share * Decimal(line["tax_percentage"]) / _HUNDRED)


def _product(quantity: int | Decimal, rate: int | Decimal) -> Decimal:
    try:
        return Decimal(quantity) * Decimal(rate)
    except ArithmeticError as error:
        raise Refusal("4", field="Amount") from error


def _discount(discount: str | int | Decimal, of: Decimal) -> Decimal:
    """Return the amount of a discount: a number is an amount, ``12.5%`` a share of *of*."""
    text = str(discount).strip()
    try:
        number = Decimal(text.removesuffix("%").strip() or 0)
    except InvalidOperation as error:
        raise Refusal("2", field="discount") from error
    if not number.is_finite():
        raise Refusal("2", field="discount")
    return of * number / _HUNDRED if text.endswith("%") else number
