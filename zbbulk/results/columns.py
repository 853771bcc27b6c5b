"""The five columns that zbbulk puts behind the user's own, and the texts in them.

The one rule: a text of ours never becomes a formula. Knows no file and no kind
of file; ``csv_layout.py`` and ``sheet_xml.py`` write what is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from zbbulk.model import Outcome, Status

OWN_COLUMNS = ("zb_status", "zb_id", "zb_code", "zb_message", "zb_fix")
"""What is appended to the header."""

READY = Outcome(status=Status.READY)
"""A row that our checks accepted. Use this very object: writers know its text beforehand."""

BETWEEN = " | "
"""Stands between two messages, or two fixes, of one row."""

Lookup: TypeAlias = Callable[[int], Outcome | None]
"""Row number, as the spreadsheet shows it, to what became of the row; None: nothing is known."""

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


def joined(first: Outcome, second: Outcome) -> Outcome:
    """Return one Outcome that tells both; the status is that of *second*."""
    return Outcome(
        status=second.status,
        zb_id=second.zb_id or first.zb_id,
        code=" ".join(_once((*first.code.split(), *second.code.split()))),
        message=BETWEEN.join(_once((first.message, second.message))),
        fix=BETWEEN.join(_once((*first.fix.split(BETWEEN), *second.fix.split(BETWEEN)))),
    )


def _once(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(filter(None, texts))


class OutcomesInOrder:
    """A Lookup over a long ordered source, such as a journal, of which one Outcome is held.

    Row numbers must be asked for in rising order; to ask for a smaller one is
    allowed and reads the source from its start.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[tuple[int, Outcome]]],
        *,
        default: Outcome | None = None,
    ) -> None:
        """Take *read*, which starts the (row number, Outcome) pairs anew, in rising order.

        *default* stands for a row that has no pair.
        """
        self._read = read
        self._default = default
        self._asked = 0
        self._pairs: Iterator[tuple[int, Outcome]] = iter(read())
        self._next = next(self._pairs, None)

    def __call__(self, number: int) -> Outcome | None:
        """Return what became of the row *number*."""
        if number < self._asked:
            self._pairs = iter(self._read())
            self._next = next(self._pairs, None)
        self._asked = number
        while self._next is not None and self._next[0] < number:
            self._next = next(self._pairs, None)
        if self._next is None or self._next[0] != number:
            return self._default
        return self._next[1]
