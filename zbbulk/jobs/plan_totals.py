"""Add up what records are worth, by month and currency: the control totals of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from zbbulk.jobs.plan import Total
from zbbulk.model import JsonObject, Record

_DATES = ("date", "journal_date", "start_date")
_CURRENCIES = ("currency_code", "currency_id")


class PlanTotals:
    """Sums of the records that were added; records without an amount are left out."""

    def __init__(self) -> None:
        """Add nothing yet."""
        self._sums: dict[tuple[str, str], tuple[int, Decimal]] = {}

    def add(self, records: Iterable[Record]) -> None:
        """Add what *records* are worth."""
        for record in records:
            amount = amount_of(record)
            if amount is not None:
                key = (_first(record, _DATES)[:7], _first(record, _CURRENCIES))
                number, total = self._sums.get(key, (0, Decimal(0)))
                self._sums[key] = (number + 1, total + amount)

    def all(self) -> tuple[Total, ...]:
        """Return the sums by month and currency, in their order."""
        return tuple(Total(*key, *self._sums[key]) for key in sorted(self._sums))


def amount_of(record: Record) -> Decimal | None:
    """Return what a record is worth before discount and tax, None when it has no amount.

    Of a journal it is what is debited.
    """
    lines = record.get("line_items")
    if isinstance(lines, list) and lines:
        amounts = [_line_amount(line) for line in lines]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known else None
    amount = record.get("amount")
    return _number(amount)


def _line_amount(line: JsonObject) -> Decimal | None:
    if "debit_or_credit" in line:
        return _number(line.get("amount")) if line["debit_or_credit"] == "debit" else Decimal(0)
    rate = _number(line.get("rate"))
    if rate is None:
        return _number(line.get("amount"))
    quantity = _number(line.get("quantity"))
    return rate * (Decimal(1) if quantity is None else quantity)


def _number(value: object) -> Decimal | None:
    is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else None


def _first(record: Record, names: Iterable[str]) -> str:
    return next((str(record[name]) for name in names if record.get(name)), "")
