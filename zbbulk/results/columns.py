"""The five columns that zbbulk puts behind the user's own, and the texts in them.

The one rule: a text of ours never becomes a formula. Knows no file and no kind
of file; ``csv_layout.py`` and ``sheet_xml.py`` write what is made here.
"""

from __future__ import annotations

from collections.abc import Iterable

from zbbulk.model import Outcome

OWN_COLUMNS = ("zb_status", "zb_id", "zb_code", "zb_message", "zb_fix")
"""What is appended to the header."""

_FORMULA_SIGNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""First letters that make a spreadsheet take a text for a formula; the last four are
the full-width forms that Excel reads alike
(https://owasp.org/www-community/attacks/CSV_Injection)."""


def own_columns(header: Iterable[str]) -> tuple[str, ...]:
    """Return the names of our five columns beside the user's *header*.

    When one of them is taken, because a result file is fed in again, all five get
    the next free number (``zb_status_2`` ...): the old outcomes stay as they are.
    """
    taken = {name.strip().casefold() for name in header}
    names: tuple[str, ...] = OWN_COLUMNS
    number = 1
    while taken.intersection(names):
        number += 1
        names = tuple(f"{name}_{number}" for name in OWN_COLUMNS)
    return names


def own_cells(outcome: Outcome) -> tuple[str, ...]:
    """Return the texts of our five columns, none of which is taken for a formula."""
    texts = (outcome.status.value, outcome.zb_id, outcome.code, outcome.message, outcome.fix)
    return tuple(map(harmless, texts))


def harmless(text: str) -> str:
    """Return *text* with an apostrophe before it if a spreadsheet would calculate it.

    Half of a surrogate pair, which no file can hold, becomes a question mark.
    """
    whole = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    return f"'{whole}" if whole.startswith(_FORMULA_SIGNS) else whole


def harmed(text: str) -> str:
    """Return a text of our columns as it was before ``harmless``."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_SIGNS) else text
