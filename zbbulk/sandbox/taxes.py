"""Taxes and tax groups as records, and what they make of an amount.

A group is the sum of its taxes, each rounded by itself. A compound tax is
computed like any other (an assumption, see docs/sandbox.md).
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.changes import Change, Kit
from zbbulk.sandbox.money import HUNDRED, ZERO, cents, number


class Tax(NamedTuple):
    """A tax or a group of them.

    Attributes:
        tax_name: As the user named it.
        tax_type: ``tax``, ``compound_tax`` or ``tax_group``.
        parts: Name and percentage of each tax in it.
    """

    tax_name: str
    tax_type: str
    parts: tuple[tuple[str, Decimal], ...]

    @property
    def percentage(self) -> Decimal:
        """The sum of the parts."""
        return sum((share for _, share in self.parts), ZERO)


NO_TAX = Tax("", "tax", ())


def is_tax_allowed(kit: Kit) -> bool:
    """Tell whether a tax_id may be used: GST is on, or there are taxes and nobody said no."""
    told = kit.organization.is_gst_enabled
    if told is not None:
        return told
    return bool(kit.books.all("taxes") or kit.books.all("taxgroups"))


def find_tax(kit: Kit, tax_id: object) -> Tax:
    """Return a tax or tax group. Raises Refusal 110942 without GST, 1002 for an unknown one."""
    if not is_tax_allowed(kit):
        raise Refusal("110942")
    one = kit.books.find("taxes", tax_id)
    if one is not None:
        part = (one["tax_name"], number(one["tax_percentage"]))
        return Tax(one["tax_name"], one["tax_type"], (part,))
    group = kit.books.find("taxgroups", tax_id)
    if group is None:
        raise Refusal("1002", thing="Tax")
    parts = tuple((each["tax_name"], number(each["tax_percentage"])) for each in group["taxes"])
    return Tax(group["tax_group_name"], "tax_group", parts)


def tax_amounts(tax: Tax, amount: Decimal, *, is_inside: bool) -> dict[str, Decimal]:
    """Return what each tax makes of *amount*, which holds them already if *is_inside*."""
    whole = HUNDRED + tax.percentage if is_inside else HUNDRED
    return {name: cents(amount * share / whole) for name, share in tax.parts}


def as_tax(group: JsonObject) -> JsonObject:
    """Return a tax group as the list of taxes shows it."""
    return {
        "tax_id": group["tax_group_id"],
        "tax_name": group["tax_group_name"],
        "tax_percentage": group["tax_group_percentage"],
        "tax_type": "tax_group",
    }


def finish_tax_group(kit: Kit, change: Change) -> None:
    """Put the taxes of a group in the place of their ids, which come between commas."""
    record = change.record
    if "taxes" in change.sent:
        ids = str(change.sent["taxes"]).split(",")
        record["taxes"] = [_part(kit, tax_id.strip()) for tax_id in ids]
    shares = (number(each["tax_percentage"]) for each in record["taxes"])
    record["tax_group_percentage"] = sum(shares, ZERO)


def _part(kit: Kit, tax_id: str) -> JsonObject:
    tax = kit.books.find("taxes", tax_id)
    if tax is None:
        raise Refusal("1002", thing="Tax")
    return {name: tax[name] for name in ("tax_id", "tax_name", "tax_percentage", "tax_type")}
