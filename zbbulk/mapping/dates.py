"""Read dates as people write them, in one style declared for the whole file.

A style is made of ``d dd m mm mmm mmmm yy yyyy`` and the signs between them, e.g.
``dd/mm/yyyy`` or ``dd-mmm-yy``. ISO dates are read in every style. Dates become
ISO text, as Zoho takes them. Two-digit years: 00-69 are 2000-2069, 70-99 are 1970-1999.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from zbbulk.mapping.cells import CellError, shown

EARLIEST, LATEST = 1900, 2199
"""A year outside is a slip of the pen: 0204 for 2024."""

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH_NUMBERS = {name: i for i, name in enumerate(_MONTHS, 1)}
_MONTH_NUMBERS |= {name[:3]: number for name, number in _MONTH_NUMBERS.items()} | {"sept": 9}

_PIECE = re.compile(r"d{1,2}|m{1,4}|yyyy|yy")
_STYLE = re.compile(rf"(?:{_PIECE.pattern})(?:[-/. ,]*(?:{_PIECE.pattern})){{2}}")
_BETWEEN = re.compile(r"[-/.]|, ?| ")
_MIDNIGHT = r"(?:[ T](?:0{1,2}:00(?::00(?:\.0{1,9})?)?(?:Z|\+00:?00)?|12:00(?::00)? ?[Aa][Mm]))?"
_TIME = re.compile(r"(.+?)(?: |T)[0-9]{1,2}:[0-9]{2}[0-9:.]*(?: ?[AaPp][Mm])?(?:Z|[+-][0-9:]+)?")
_READS = {
    "d": "(?P<d>[0-9]{1,2})",
    "dd": "(?P<d>[0-9]{1,2})",
    "m": "(?P<m>[0-9]{1,2})",
    "mm": "(?P<m>[0-9]{1,2})",
    "mmm": r"(?P<m>[A-Za-z]{3,9})\.?",
    "mmmm": r"(?P<m>[A-Za-z]{3,9})\.?",
    "yy": "(?P<y>[0-9]{2})",
    "yyyy": "(?P<y>[0-9]{4})",
}
_FIXED_WIDTH = {"dd": 2, "mm": 2, "yy": 2, "yyyy": 4}


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How dates are written in one file.

    Attributes:
        example: As declared, e.g. ``dd/mm/yyyy``.
        pattern: The shape, with the groups d, m and y.
    """

    example: str
    pattern: re.Pattern[str]

    def day(self, text: str) -> str | None:
        """Return *text* as ISO date; None if it is no date of this style or no day at all."""
        found = self.pattern.fullmatch(text)
        return _iso(found) if found else None


ISO = DateStyle(
    "yyyy-mm-dd",
    re.compile(rf"(?P<y>[0-9]{{4}})-(?P<m>[0-9]{{1,2}})-(?P<d>[0-9]{{1,2}}){_MIDNIGHT}"),
)


@cache
def date_style(example: str) -> DateStyle:
    """Return the style that *example* names.

    Raises:
        ValueError: it is not made of one day, one month and one year.
    """
    text = " ".join(example.lower().split())
    pieces = _PIECE.findall(text)
    between = _PIECE.split(text)[1:-1]
    kinds = sorted(piece[0] for piece in pieces)
    if not _STYLE.fullmatch(text) or kinds != ["d", "m", "y"]:
        raise ValueError(f"{example!r} is not a date style")
    if between == ["", ""]:
        return DateStyle(example, _packed(example, pieces))
    if not all(_BETWEEN.fullmatch(sign) for sign in between):
        raise ValueError(f"{example!r} is not a date style")
    signs = [re.escape(sign) for sign in between]
    shape = _READS[pieces[0]] + signs[0] + _READS[pieces[1]] + signs[1] + _READS[pieces[2]]
    return DateStyle(example, re.compile(shape + _MIDNIGHT))


def _packed(example: str, pieces: list[str]) -> re.Pattern[str]:
    if not all(piece in _FIXED_WIDTH for piece in pieces):
        raise ValueError(f"{example!r} needs dd, mm and yyyy when nothing stands between them")
    shape = "".join(f"(?P<{piece[0]}>[0-9]{{{_FIXED_WIDTH[piece]}}})" for piece in pieces)
    return re.compile(shape + _MIDNIGHT)


def read_date(text: str, style: DateStyle | None) -> str:
    """Return the date in *text* as ISO text; *style* None reads ISO dates only.

    Raises:
        CellError: it is not a date of the style, no day of the calendar, or has a time of day.
    """
    for known in (ISO, style):
        day = known.day(text) if known else None
        if day is not None:
            return day
    raise _refusal(text, style)


def _iso(found: re.Match[str]) -> str | None:
    year = int(found["y"])
    if len(found["y"]) == 2:
        year += 2000 if year < 70 else 1900
    month = _MONTH_NUMBERS.get(found["m"].lower()) if found["m"].isalpha() else int(found["m"])
    if not month or not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, int(found["d"])).isoformat()
    except ValueError:
        return None


def _refusal(text: str, style: DateStyle | None) -> CellError:
    wanted = style.example if style else ISO.example
    if ISO.pattern.fullmatch(text) or (style and style.pattern.fullmatch(text)):
        return CellError(
            "ZB205",
            f"{shown(text)} is no day of the calendar between {EARLIEST} and {LATEST}.",
            f"Correct the cell; dates are read as {wanted}.",
        )
    timed = _TIME.fullmatch(text)
    if timed and any(known and known.day(timed[1]) for known in (ISO, style)):
        return CellError(
            "ZB205",
            f"{shown(text)} has a time of day, and Zoho takes only the date.",
            'Delete the time, or let the mapping take the date: `part: {split: " ", take: 1}`.',
        )
    fix = "" if style is None else f"Write the date as {wanted}."
    return CellError("ZB205", f"{shown(text)} is not a date like {wanted}.", fix)
