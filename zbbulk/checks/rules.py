"""Rules about a whole document: does a journal balance, what do the lines add up to.

Pure: a Record in, Faults out. What Zoho adds by itself, such as the rate of an item or
the percentage of a tax that is only named, is not known here and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from zbbulk.model import Fault, JsonObject, Record

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_SIDES = ("debit", "credit")


@dataclass(slots=True)
class Sides:
    """The debits and credits of a journal, line after line.

    Attributes:
        debit, credit: What they add up to.
        accounts: By side, the accounts that are named there.
    """

    debit: Decimal = _ZERO
    credit: Decimal = _ZERO
    accounts: dict[str, set[str]] = field(default_factory=lambda: {side: set() for side in _SIDES})

    def add(self, lines: Iterable[JsonObject]) -> None:
        """Take in *lines* with ``debit_or_credit``, ``amount`` and ``account_id``."""
        for line in lines:
            side = line.get("debit_or_credit")
            if side == "debit":
                self.debit += number(line.get("amount"))
            elif side == "credit":
                self.credit += number(line.get("amount"))
            else:
                continue
            if account := line.get("account_id"):
                self.accounts[side].add(str(account))

    def merge(self, other: Sides) -> None:
        """Take in the lines of *other* too."""
        self.debit += other.debit
        self.credit += other.credit
        for side in _SIDES:
            self.accounts[side] |= other.accounts[side]

    def faults(self, lines_field: str) -> list[Fault]:
        """Return what Zoho would refuse the journal for; *lines_field* holds its lines."""
        found: list[Fault] = []
        if self.debit != self.credit:
            off = abs(self.debit - self.credit)
            message = f"debits are {self.debit:f}, credits {self.credit:f}: {off:f} apart"
            found.append(Fault("ZB320", message, (lines_field,)))
        twice = sorted(self.accounts["debit"] & self.accounts["credit"])
        if twice:
            be = "is" if len(twice) == 1 else "are"
            message = f"{', '.join(map(repr, twice))} {be} debited and credited"
            found.append(Fault("ZB321", message, (lines_field,)))
        return found


def sides_of(record: Record, lines_field: str) -> Sides:
    """Return the debits and credits of the lines of *record*."""
    found = Sides()
    found.add(record.get(lines_field, ()))
    return found


def document_total(record: Record) -> Decimal | None:
    """Return what the lines of a document come to; None when a line has no rate.

    Counted are quantity (1 if there is none) times rate, the discount of a line or of the
    document as an amount or a percentage, taxes of which ``tax_percentage`` is known,
    ``shipping_charge`` and ``adjustment``. Every line, the discount and each line's tax
    is rounded half up to two decimals.
    """
    lines = record.get("line_items", ())
    if any("rate" not in line for line in lines):
        return None
    is_of_lines = not _is_of_document(record)
    totals = [_line_total(line, is_discounted=is_of_lines) for line in lines]
    sub_total = sum(totals, _ZERO)
    off = _ZERO if is_of_lines else cents(discount_of(record.get("discount"), sub_total))
    extras = number(record.get("shipping_charge")) + number(record.get("adjustment"))
    return sub_total - off + _tax_of(record, lines, totals, off=off) + cents(extras)


def uncounted_taxes(record: Record) -> int:
    """Return how many lines name a tax whose percentage is not known."""
    lines = record.get("line_items", ())
    return sum(1 for line in lines if line.get("tax_id") and "tax_percentage" not in line)


def total_faults(record: Record, said: Decimal, *, within: Decimal, column: str) -> list[Fault]:
    """Return the Fault when the lines of *record* do not come to what the sheet *said*."""
    total = document_total(record)
    if total is None:
        message = "the lines can't be added up: one of them has no rate"
        return [Fault("ZB322", message, (), column, "Map `rate:` for every line.")]
    if abs(total - said) <= within:
        return []
    count = uncounted_taxes(record)
    taxes = f" without the tax of {count} lines, whose percentage is not known" if count else ""
    message = f"the lines come to {total:f}{taxes}, the sheet says {said:f}"
    return [Fault("ZB322", message, (), column)]


def _is_of_document(record: Record) -> bool:
    """Tell where Zoho looks for the discount: in the document, or in its lines."""
    told = record.get("discount_type")
    return told == "entity_level" if told else bool(record.get("discount"))


def _line_total(line: JsonObject, *, is_discounted: bool) -> Decimal:
    gross = number(line.get("quantity", 1)) * number(line["rate"])
    off = discount_of(line.get("discount"), gross) if is_discounted else _ZERO
    return cents(gross - off)


def _tax_of(
    record: Record, lines: Sequence[JsonObject], totals: Sequence[Decimal], *, off: Decimal
) -> Decimal:
    """Return the taxes that come on top of the lines; none when prices include them."""
    if record.get("is_inclusive_tax"):
        return _ZERO
    sub_total = sum(totals, _ZERO)
    is_taxed_less = sub_total and record.get("is_discount_before_tax", True)
    share = (sub_total - off) / sub_total if is_taxed_less else Decimal(1)
    shares = [number(line.get("tax_percentage")) * share / _HUNDRED for line in lines]
    taxes = (cents(total * each) for total, each in zip(totals, shares, strict=True))
    return sum(taxes, _ZERO)


def cents(amount: Decimal) -> Decimal:
    """Return *amount* rounded half up to two decimals."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def number(value: object) -> Decimal:
    """Return a number of a Record; blank is 0, and so is what the schema refuses anyway."""
    try:
        found = Decimal(str(value).strip()) if value not in (None, "") else _ZERO
    except InvalidOperation:
        return _ZERO
    return found if found.is_finite() else _ZERO


def discount_of(given: object, amount: Decimal) -> Decimal:
    """Return what a discount takes off: a number is an amount, ``12.5%`` a share of *amount*."""
    text = str(given or "").strip()
    told = number(text.removesuffix("%"))
    return amount * told / _HUNDRED if text.endswith("%") else told
