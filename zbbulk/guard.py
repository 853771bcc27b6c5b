"""Keep a spreadsheet from taking a text for a formula, and take the guard off again.

An apostrophe before the text keeps a program from calculating it, as OWASP advises
(https://owasp.org/www-community/attacks/CSV_Injection). It also marks a text that happens to
be a word with a meaning: ``<clear>``, or what Excel shows where a formula failed. A text that
would be mistaken for a guarded one gets one more, so that the way back is exact.
"""

from __future__ import annotations

import re

CLEAR = "<clear>"
"""A cell that empties its field."""

_SIGN = r"[=+\-@\t\r]"
_WORD = r"(?:<clear>|#[A-Z][A-Z0-9/_]*[!?]?)\Z"
_CALCULATED = re.compile(rf"'*(?:{_SIGN}|(?i:{_WORD}))")
_MISTAKEN = re.compile(rf"'+{_SIGN}|'*(?i:{_WORD})")
_GUARDED = re.compile(rf"'+{_SIGN}")
_MARKED = re.compile(rf"'+(?i:{_WORD})")
_SIGNS = tuple("=+-@\t\r")


def guarded(text: str) -> str:
    """Return *text* so that no spreadsheet calculates it, for a CSV file."""
    return f"'{text}" if _CALCULATED.match(text) else text


def marked(text: str) -> str:
    """Return *text* for a text cell of a workbook, where nothing is calculated."""
    return f"'{text}" if _MISTAKEN.match(text) else text


def without_guard(text: str) -> str:
    """Return a cell of a CSV file without the apostrophe that kept it from being calculated."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def without_mark(text: str) -> str:
    """Return a text without the apostrophe that told it from a word with a meaning."""
    return text[1:] if text[:1] == "'" and _MARKED.match(text) else text


def may_hold_guards(text: str) -> bool:
    """Tell whether a guard may stand somewhere in *text*; every file is looked through.

    To go from one apostrophe to the next was measured to be five times as fast as to look for
    each guard: few texts have many.
    """
    place = text.find("'")
    while place >= 0:
        if text[place + 1 : place + 2] in _SIGNS:
            return True
        place = text.find("'", place + 1)
    return False
