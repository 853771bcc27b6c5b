"""What a formula gives, as the field takes it: a number, a whole one, a day, yes or no, a text.

The refusals are those of a cell. Knows the kinds of fields; ``formula.py`` does not.
"""

from __future__ import annotations

from collections.abc import Callable

from zbbulk.mapping.cells import CellError, shown
from zbbulk.mapping.debit_credit import DebitCredit
from zbbulk.mapping.formula import Formula, Row
from zbbulk.mapping.formula_values import (
    FormulaValue,
    as_day,
    as_number,
    as_text,
    is_true,
    rounded,
)
from zbbulk.mapping.literals import read_text, whole
from zbbulk.mapping.rules import NOTHING, Kind


def computed(formula: Formula | DebitCredit, row: Row, kind: Kind) -> object:
    """Return what *formula* gives for one row as a field of *kind* takes it.

    A text that is empty is no value, whatever the field takes.

    Raises:
        CellError: ZB221, it can't be computed or gives something else; what a DebitCredit raises.
    """
    value = formula.value(row)
    if value == "":
        return NOTHING
    try:
        typed = _KINDS[kind](value)
    except CellError as error:
        told = "yes or no" if isinstance(value, bool) else shown(as_text(value))
        message = f"The formula {formula.text} gives {told}, and the field takes a {kind}."
        raise CellError("ZB221", message, error.fix) from error
    return NOTHING if typed == "" else typed


def _whole(value: FormulaValue) -> int:
    number = as_number(value)
    return whole(number, f"{number:f}")


def _number_or_percent(value: FormulaValue) -> object:
    text = as_text(value) if isinstance(value, str) else ""
    if text.endswith("%"):
        return read_text(text, Kind.NUMBER_OR_PERCENT)
    return rounded(as_number(value))


_KINDS: dict[Kind, Callable[[FormulaValue], object]] = {
    Kind.TEXT: as_text,
    Kind.NUMBER: lambda value: rounded(as_number(value)),
    Kind.NUMBER_OR_PERCENT: _number_or_percent,
    Kind.INTEGER: _whole,
    Kind.BOOLEAN: is_true,
    Kind.DATE: lambda value: str(read_text(as_day(value).isoformat(), Kind.DATE)),
}
