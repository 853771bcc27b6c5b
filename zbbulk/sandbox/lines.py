"""The lines of a document: what a line takes from its item, its discount, tax and total.

All in Decimal, rounded half up to the cents of the currency. It does not know
the document around them.
"""

from __future__ import annotations

from decimal import Decimal

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.changes import Change, Kit
from zbbulk.sandbox.money import ZERO, cents, discount_of, number
from zbbulk.sandbox.taxes import NO_TAX, Tax, find_tax, tax_amounts
from zbbulk.sandbox.traits import traits

_FROM_ITEM = {
    "customer_id": {
        "name": "name",
        "description": "description",
        "rate": "rate",
        "unit": "unit",
        "account_id": "account_id",
        "tax_id": "tax_id",
    },
    "vendor_id": {
        "name": "name",
        "description": "purchase_description",
        "rate": "purchase_rate",
        "unit": "unit",
        "account_id": "purchase_account_id",
        "tax_id": "purchase_tax_id",
    },
}
"""Party of the document -> field of a line -> field of the item."""

_EMPTY_LINE: JsonObject = {
    "line_item_id": "",
    "item_id": "",
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


class LineMaker:
    """Completes the lines of one document."""

    def __init__(self, kit: Kit, change: Change) -> None:
        facts = traits(change.resource.name)
        self._kit = kit
        self._from_item = _FROM_ITEM[facts.party]
        self._is_item_level = change.record["discount_type"] == "item_level"
        self._is_tax_inside = change.record["is_inclusive_tax"] is True
        self._kept = {line["line_item_id"]: line for line in change.old.get("line_items", ())}
        wants = kit.organization.edition == "in" and kit.asks_for_tax
        self._wants_tax = wants and not facts.is_untaxed

    def complete(self, sent: JsonObject, *, order: int) -> JsonObject:
        """Return the whole line for one that was sent.

        Args:
            sent: As in the body.
            order: Place in the document, the first being 1.

        Raises:
            Refusal: 1002 for an unknown item or tax, 110802, 110942.
        """
        old = self._kept.get(str(sent.get("line_item_id", "")))
        line = {**self._defaults(sent), "item_order": order, **(old or {}), **sent}
        line["line_item_id"] = old["line_item_id"] if old else self._kit.books.new_id()
        line["item_order"] = sent.get("item_order", order)
        tax = self._tax_of(line)
        line |= {
            "tax_name": tax.tax_name,
            "tax_type": tax.tax_type,
            "tax_percentage": tax.percentage,
        }
        return line

    def add_total(self, line: JsonObject) -> None:
        """Set the line's discount and its total without tax, from quantity and rate."""
        rate = number(line["rate"], field="rate")
        gross = number(line["quantity"], field="quantity") * rate
        off = discount_of(line["discount"], gross) if self._is_item_level else ZERO
        amount = cents(gross - off)
        inside = sum(self.taxes_of(line, amount).values(), ZERO) if self._is_tax_inside else ZERO
        line["discount_amount"] = cents(off)
        line["item_total"] = amount - inside
        line["item_total_inclusive_of_tax"] = amount if self._is_tax_inside else ZERO

    def taxes_of(self, line: JsonObject, amount: Decimal) -> dict[str, Decimal]:
        """Return what each tax of the line makes of *amount*."""
        tax = find_tax(self._kit, line["tax_id"]) if line["tax_id"] else NO_TAX
        return tax_amounts(tax, amount, is_inside=self._is_tax_inside)

    def taxes_after(self, line: JsonObject, share: Decimal) -> dict[str, Decimal]:
        """Return the line's taxes when *share* of its total is left after a discount."""
        told = "item_total_inclusive_of_tax" if self._is_tax_inside else "item_total"
        return self.taxes_of(line, line[told] * share)

    def _defaults(self, sent: JsonObject) -> JsonObject:
        line = dict(_EMPTY_LINE)
        if not sent.get("item_id"):
            return line
        stocked = self._kit.books.find("items", sent["item_id"])
        if stocked is None:
            raise Refusal("1002", thing="Item")
        return line | {
            mine: stocked[theirs] for mine, theirs in self._from_item.items() if theirs in stocked
        }

    def _tax_of(self, line: JsonObject) -> Tax:
        if line["tax_id"]:
            return find_tax(self._kit, line["tax_id"])
        if self._wants_tax and not line.get("tax_exemption_id"):
            raise Refusal("110802")
        return NO_TAX
