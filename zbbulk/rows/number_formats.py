"""What a user sees in a cell whose number format adds something that must not be lost.

Two kinds count: formats that fill up with zeros (00000 shows 123 as 00123, which is
the code that is meant), and percent formats (0% shows 0.18 as 18%). Everything else,
such as thousands separators and currency signs, leaves the number as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from zbbulk.model import Cell

Shown = Callable[[Cell], Cell]
"""Turns the value of a cell into what is shown; a value that is no number stays."""

PERCENT_FORMATS = frozenset({9, 10})
"""The built-in formats 0% and 0.00% (ECMA-376 part 1, 18.8.30); none fills up with zeros."""

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(.)', re.DOTALL)
_PLAIN = frozenset("0#- ()/+:'")
_EXCEL_DIGITS = 15
_TOO_LONG = 10**_EXCEL_DIGITS  # left a number: its last digits are lost already


def shown_by(code: str) -> Shown | None:
    """Return what the number format *code* does to a value, None if nothing that counts."""
    mask = _mask(code)
    if mask is None:
        return None
    if "%" in mask:
        return percent_text
    zeros = mask.count("0")
    if zeros < 2 or any(not quoted and mark not in _PLAIN for quoted, mark in _marks(code)):
        return None
    return _filler([mark if quoted or mark != "0" else "" for quoted, mark in _marks(code)])


@lru_cache(maxsize=1024, typed=True)  # a sheet has few tax rates and many rows
def percent_text(cell: Cell) -> Cell:
    """Return 0.18 as ``18%``. Digits that the format would round away are kept."""
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        return cell
    per_cent = Decimal(f"{cell:.{_EXCEL_DIGITS}g}") * 100
    text = f"{per_cent:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def _marks(code: str) -> list[tuple[bool, str]]:
    """Return the marks of the format's first section, each with whether it is literal text."""
    marks: list[tuple[bool, str]] = []
    for quoted, escaped, bracket, plain in _TOKEN.findall(code):
        if plain == ";":
            break
        if quoted or escaped:
            marks.append((True, quoted or escaped))
        elif plain and plain != "#":
            marks.append((False, plain))
        elif bracket and bracket[0] in "<>=":
            marks.append((False, "?"))  # a condition: what is shown depends on the value
    return marks


def _mask(code: str) -> str | None:
    """Return the marks of *code* that are not literal; None for a date or text format."""
    mask = "".join(mark for quoted, mark in _marks(code) if not quoted)
    return None if re.search(r"[dmyhs@]|general", mask, re.IGNORECASE) else mask


def _filler(pieces: list[str]) -> Shown:
    """Return a function that puts digits into the places of *pieces* that are ``""``."""
    places = pieces.count("")

    def filled(cell: Cell) -> Cell:
        if not isinstance(cell, int | float) or isinstance(cell, bool):
            return cell
        if abs(cell) >= _TOO_LONG or cell != int(cell):
            return cell
        sign = "-" if cell < 0 else ""
        digits = f"{abs(int(cell)):0{places}d}"
        if len(pieces) == places:
            return sign + digits
        # The first place takes all digits that are too many.
        takes = iter([digits[: len(digits) - places + 1], *digits[len(digits) - places + 1 :]])
        return sign + "".join(piece or next(takes) for piece in pieces)

    return filled
