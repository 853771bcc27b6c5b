"""What every converter shares: the refusal of one cell, and a cell as text.

Excel shows 15 significant digits of a number, so that is what its text has:
the float behind 19.99 is 19.989999... and was never meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from zbbulk.model import Cell, Sought

EXCEL_ERRORS = frozenset(
    ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!")
)
"""What a workbook shows where a formula failed."""

_SHOWN_LENGTH = 60
_TOO_LONG_FOR_EXCEL = 1e15


class CellError(ValueError):
    """One cell can't be read; caught where the field is known and made a Fault.

    Attributes:
        code: ``ZBnnn``.
        message: What is wrong, with the cell's text.
        fix: What to do; "" takes the code's general fix.
        sought: What was looked up in vain, if that is what is wrong.
    """

    def __init__(
        self, code: str, message: str, fix: str = "", *, sought: Sought | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix
        self.sought = sought


def shown(cell: Cell) -> str:
    """Return the cell in quotes for a message, shortened beyond 60 characters."""
    text = cell if isinstance(cell, str) else str(cell)
    if len(text) > _SHOWN_LENGTH:
        text = text[: _SHOWN_LENGTH - 1] + "…"
    return repr(text)


def excel_error(text: str) -> CellError:
    """Return the refusal of a cell that holds an Excel error."""
    return CellError("ZB115", f"The cell holds the Excel error {text}.")


def decimal_of(number: float) -> Decimal:
    """Return what Excel shows of *number*: 15 significant digits, never an exponent.

    Raises:
        CellError: it is not finite.
    """
    text = format(number, ".15g")
    if "n" in text:  # nan and inf
        raise CellError("ZB204", f"{shown(number)} is not a number.")
    return Decimal(format(Decimal(text), "f")) if "e" in text else Decimal(text)


def cell_text(cell: Cell) -> str:
    """Return any cell as text: 7.0 is ``7``, a date ``2024-03-31``, a yes ``TRUE``.

    Raises:
        CellError: a number so long that Excel has lost its last digits.
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if _is_midnight(cell) else cell.isoformat(sep=" ")
    if isinstance(cell, timedelta):
        return _duration_text(cell)
    return cell.isoformat()


def day_of(cell: date) -> str | None:
    """Return a date cell as ``2024-03-31``; None if it has a time of day as well."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if _is_midnight(cell) else None
    return cell.isoformat()


def _number_text(number: float) -> str:
    if abs(number) >= _TOO_LONG_FOR_EXCEL:
        raise CellError(
            "ZB114", f"{number:.0f} has more digits than Excel keeps: the last ones are lost."
        )
    text = format(decimal_of(number), "f")
    return "0" if text == "-0" else text


def _is_midnight(moment: datetime) -> bool:
    return moment.time() == time()


def _duration_text(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def key_text(cell: Cell) -> str:
    """Return what a cell says where only same and different count, "" for a blank one."""
    try:
        return cell_text(cell)
    except CellError:  # a number too long for Excel; told when the cell is converted
        return str(cell)


def row_key(cells: Sequence[Cell], places: Iterable[int]) -> tuple[str, ...] | None:
    """Return what the cells at *places* say together, None when one of them is blank."""
    texts = tuple(key_text(cells[place]) for place in places)
    return texts if all(texts) else None
