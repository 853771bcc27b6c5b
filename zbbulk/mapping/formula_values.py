"""The values of a formula, and what its signs and functions do with them.

A value is a number (Decimal, never float), a day, a text, yes or no, or what a cell
says, which is read as what is asked for. Refusals are CellErrors that a bookkeeper
can read; ``formula.py`` adds which formula it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow
from typing import TypeAlias

from zbbulk.mapping.amounts import PLAIN, NumberStyle
from zbbulk.mapping.cells import CellError, cell_text, day_of, decimal_of, shown
from zbbulk.mapping.dates import DateStyle, read_date
from zbbulk.mapping.literals import read_yes_no
from zbbulk.model import Cell

CONTEXT = Context(prec=28, rounding=ROUND_HALF_UP, traps=[InvalidOperation, Overflow])
"""28 digits, halves rounded up, as bookkeepers do."""

DECIMALS = 12
"""A number that a formula gives has at most so many: a third has no end."""

_MOST_DECIMALS = 12
_MANY = 99
_SHARE = Decimal(1).scaleb(-DECIMALS)


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """What one cell says, in the source's styles.

    Attributes:
        cell: As it stands in the sheet.
        is_blank: Empty, or one of the empty words.
        numbers, dates: How the source writes them; without dates only ISO is read.
    """

    cell: Cell
    is_blank: bool
    numbers: NumberStyle = PLAIN
    dates: DateStyle | None = None

    def number(self) -> Decimal:
        """Return the cell as a number. Raises CellError."""
        if self.is_blank:
            raise CellError("ZB221", "a number is wanted and the cell is blank")
        if isinstance(self.cell, int | float) and not isinstance(self.cell, bool):
            return decimal_of(self.cell)
        return self.numbers.read(cell_text(self.cell))

    def day(self) -> date:
        """Return the cell as a day. Raises CellError."""
        if self.is_blank:
            raise CellError("ZB221", "a date is wanted and the cell is blank")
        told = day_of(self.cell) if isinstance(self.cell, date) else None
        return date.fromisoformat(told or str(read_date(cell_text(self.cell), self.dates)))

    def text(self) -> str:
        """Return the cell as text, "" when it is blank."""
        return "" if self.is_blank else cell_text(self.cell)


FormulaValue: TypeAlias = Decimal | date | str | bool | ColumnValue


def as_number(value: FormulaValue) -> Decimal:
    """Return *value* as a number. Raises CellError."""
    if isinstance(value, ColumnValue):
        return value.number()
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        return PLAIN.read(value)
    raise CellError("ZB221", f"{_told(value)} is not a number")


def as_day(value: FormulaValue) -> date:
    """Return *value* as a day. Raises CellError."""
    if isinstance(value, ColumnValue):
        return value.day()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return date.fromisoformat(str(read_date(value, None)))
    raise CellError("ZB221", f"{_told(value)} is not a date")


def as_text(value: FormulaValue) -> str:
    """Return *value* as text; a number plainly, a day as ``2024-03-31``."""
    if isinstance(value, ColumnValue):
        return value.text()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(rounded(value), "f")
    return value if isinstance(value, str) else value.isoformat()


def is_true(value: FormulaValue) -> bool:
    """Return whether a condition holds; a cell may say yes or no. Raises CellError."""
    if isinstance(value, bool):
        return value
    if isinstance(value, ColumnValue):
        return not value.is_blank and read_yes_no(value.text())
    raise CellError("ZB221", f"{_told(value)} is neither yes nor no")


def rounded(number: Decimal) -> Decimal:
    """Return *number* with at most DECIMALS decimals and never an exponent."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMALS:
        number = number.quantize(_SHARE, context=CONTEXT).normalize(CONTEXT)
    return Decimal(format(number, "f"))


def compared(left: FormulaValue, sign: str, right: FormulaValue) -> bool:
    """Return whether the comparison holds.

    Two cells are numbers if both are, else days if both are, else texts; beside a text,
    a number or a day a cell is the same. Case and outer spaces of texts make no
    difference. A blank cell is equal to '' only, and neither above nor below anything.
    """
    kind = _kind(left) or _kind(right)
    has_blank = _is_blank(left) or _is_blank(right)
    if kind is not None and kind is not str and has_blank:
        return sign == "<>"
    read = _READERS[kind] if kind else _folded if has_blank else _common(left, right)
    return _COMPARE[sign](read(left), read(right))


def _common(left: FormulaValue, right: FormulaValue) -> Callable[[FormulaValue], object]:
    """Return the first way in which both cells can be read: number, day, text."""
    for read in (as_number, as_day):
        try:
            read(left), read(right)
        except CellError:
            continue
        return read
    return _folded


def _kind(value: FormulaValue) -> type | None:
    return None if isinstance(value, ColumnValue) else type(value)


def _is_blank(value: FormulaValue) -> bool:
    return isinstance(value, ColumnValue) and value.is_blank


def _folded(value: FormulaValue) -> str:
    return as_text(value).strip().casefold()


_READERS: dict[type, Callable[[FormulaValue], object]] = {
    Decimal: as_number,
    date: as_day,
    str: _folded,
    bool: is_true,
}

_COMPARE: dict[str, Callable[..., bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _is_day(value: FormulaValue) -> bool:
    """Tell whether *value* counts as a day: what can be read as a number does not."""
    if not isinstance(value, ColumnValue):
        return isinstance(value, date)
    if isinstance(value.cell, date):
        return True
    for read in (value.number, value.day):
        try:
            read()
        except CellError:
            continue
        return read == value.day
    return False


def _add(left: FormulaValue, right: FormulaValue) -> FormulaValue:
    if _is_day(left):
        return _later(as_day(left), as_number(right))
    if _is_day(right):
        return _later(as_day(right), as_number(left))
    return as_number(left) + as_number(right)


def _subtract(left: FormulaValue, right: FormulaValue) -> FormulaValue:
    if _is_day(left) and _is_day(right):
        return Decimal((as_day(left) - as_day(right)).days)
    if _is_day(left):
        return _later(as_day(left), -as_number(right))
    return as_number(left) - as_number(right)


def _divide(left: FormulaValue, right: FormulaValue) -> Decimal:
    number, by = as_number(left), as_number(right)
    if not by:
        raise ZeroDivisionError
    return number / by


def _later(day: date, days: Decimal) -> date:
    if days != days.to_integral_value():
        raise CellError("ZB221", f"{days} is not a whole number of days")
    try:
        return day + timedelta(days=int(days))
    except OverflowError as error:
        raise CellError("ZB221", f"{days} days from {day} is no day of the calendar") from error


def _round(value: FormulaValue, places: FormulaValue = Decimal(0)) -> Decimal:
    decimals = _whole(places)
    if not -_MOST_DECIMALS <= decimals <= _MOST_DECIMALS:
        raise CellError("ZB221", f"round takes -{_MOST_DECIMALS} to {_MOST_DECIMALS} decimals")
    number = as_number(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return Decimal(format(number, "f"))


def _whole(value: FormulaValue) -> int:
    number = as_number(value)
    if number != number.to_integral_value():
        raise CellError("ZB221", f"{number} is not a whole number")
    return int(number)


def _least(*values: FormulaValue) -> FormulaValue:
    return min(map(as_day, values)) if any(map(_is_day, values)) else min(map(as_number, values))


def _most(*values: FormulaValue) -> FormulaValue:
    return max(map(as_day, values)) if any(map(_is_day, values)) else max(map(as_number, values))


def _left(value: FormulaValue, length: FormulaValue) -> str:
    return as_text(value)[: max(_whole(length), 0)]


def _right(value: FormulaValue, length: FormulaValue) -> str:
    many = max(_whole(length), 0)
    return as_text(value)[-many:] if many else ""


def _mid(value: FormulaValue, start: FormulaValue, length: FormulaValue) -> str:
    first = max(_whole(start), 1) - 1
    return as_text(value)[first : first + max(_whole(length), 0)]


def _told(value: FormulaValue) -> str:
    return "yes or no" if isinstance(value, bool) else shown(as_text(value))


SIGNS: dict[str, Callable[..., FormulaValue]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": lambda left, right: as_number(left) * as_number(right),
    "divide": _divide,
    "negate": lambda value: -as_number(value),
    "join": lambda left, right: as_text(left) + as_text(right),
}
"""What stands between two values, or before one."""

FUNCTIONS: dict[str, tuple[Callable[..., FormulaValue], int, int]] = {
    "round": (_round, 1, 2),
    "min": (_least, 1, _MANY),
    "max": (_most, 1, _MANY),
    "abs": (lambda value: abs(as_number(value)), 1, 1),
    "left": (_left, 2, 2),
    "right": (_right, 2, 2),
    "mid": (_mid, 3, 3),
    "trim": (lambda value: " ".join(as_text(value).split()), 1, 1),
    "upper": (lambda value: as_text(value).upper(), 1, 1),
    "lower": (lambda value: as_text(value).lower(), 1, 1),
    "replace": (lambda text, old, new: as_text(text).replace(as_text(old), as_text(new)), 3, 3),
    "len": (lambda value: Decimal(len(as_text(value))), 1, 1),
    "date": (as_day, 1, 1),
}
"""Name -> what it does, and the least and most values it takes; ``if`` is the formula's own."""
