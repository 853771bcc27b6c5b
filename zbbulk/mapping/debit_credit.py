"""Debit or credit, and the amount: what a sheet says in one, two or three columns.

Sheets have a column for each side, or the amount beside a word for the side, or a signed
amount. Stands where a formula does and is computed like one; knows no file and no row number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from zbbulk.mapping.cells import CellError, shown
from zbbulk.mapping.formula import Row
from zbbulk.mapping.formula_values import ColumnValue, FormulaValue

SIDES = ("debit", "credit")
"""What Zoho Books calls the two sides of an account."""

SIDE_FIELD, AMOUNT_FIELD = "debit_or_credit", "amount"
"""The two fields that ``debit_credit:`` fills."""

Told: TypeAlias = tuple[str, Decimal]
"""The side, and the amount that is above zero."""


@dataclass(frozen=True, slots=True)
class DebitCredit:
    """One of the two fields, computed from the columns.

    Attributes:
        text: How messages call it.
        columns: The columns it is told from, each once.
        field: SIDE_FIELD or AMOUNT_FIELD.
        words: The words that say the side, in lower case, () where none does.
    """

    text: str
    columns: tuple[str, ...]
    field: str
    _told: Callable[[Row], Told]
    words: tuple[str, ...] = ()

    @property
    def days(self) -> frozenset[str]:
        """The columns that are read as days: none."""
        return frozenset()

    def value(self, row: Row) -> FormulaValue:
        """Return the side or the amount for one row.

        Raises:
            CellError: ZB223, the cells leave it open; another code, one of them can't be read.
        """
        side, amount = self._told(row)
        return side if self.field == SIDE_FIELD else amount


def in_two_columns(debit: str, credit: str) -> Callable[[Row], Told]:
    """Return how a row tells it that has a column for each side; a zero counts as blank."""

    def told(row: Row) -> Told:
        amounts = {side: _amount(row[name]) for side, name in zip(SIDES, names, strict=True)}
        filled = [side for side, amount in amounts.items() if amount]
        if len(filled) == 1:
            return _above_zero(filled[0], amounts[filled[0]])
        cells = " and ".join(f"{name} {shown(row[name].cell)}" for name in names)
        if filled:
            raise CellError("ZB223", f"Both sides are filled in: {cells}.")
        raise CellError("ZB223", f"Neither side has an amount: {cells}.")

    names = (debit, credit)
    return told


def beside_a_word(
    amount: str, word: str, *, debits: frozenset[str], credits_: frozenset[str]
) -> Callable[[Row], Told]:
    """Return how a row tells it that has the side as a word.

    *debits* and *credits_* are the words in lower case; if there are none of one of the
    sides, any other word means that side.
    """

    def told(row: Row) -> Told:
        said = row[word].text()
        if not said:
            raise CellError("ZB223", f"{word} is blank, so the side of {amount} is not known.")
        return _above_zero(_side(said), row[amount].number())

    def _side(said: str) -> str:
        folded = said.casefold()
        if folded in debits or not (debits or folded in credits_):
            return SIDES[0]
        if folded in credits_ or not credits_:
            return SIDES[1]
        known = ", ".join(map(shown, sorted(debits | credits_)))
        raise CellError("ZB223", f"{shown(said)} is neither debit nor credit; known: {known}.")

    return told


def by_its_sign(amount: str, *, negative: str) -> Callable[[Row], Told]:
    """Return how a row tells it whose amounts below zero are of the side *negative*."""
    positive = SIDES[SIDES.index(negative) - 1]

    def told(row: Row) -> Told:
        number = row[amount].number()
        return _above_zero(negative if number < 0 else positive, abs(number))

    return told


def _amount(cell: ColumnValue) -> Decimal:
    return Decimal(0) if cell.is_blank else cell.number()


def _above_zero(side: str, amount: Decimal) -> Told:
    if amount > 0:
        return side, amount
    if not amount:
        raise CellError("ZB223", "The amount is zero.")
    raise CellError("ZB223", f"The amount of the {side} is below zero: {amount:f}.")
