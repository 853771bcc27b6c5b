"""Outcomes on their way to the result file: two of one row joined, many read in order.

Knows neither columns nor files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from zbbulk.model import Outcome, Status

READY = Outcome(status=Status.READY)
"""A row that our checks accepted. Use this very object: writers know its text beforehand."""

BETWEEN = " | "
"""Stands between two messages, or two fixes, of one row."""

Lookup: TypeAlias = Callable[[int], Outcome | None]
"""Row number, as the spreadsheet shows it, to what became of the row; None: nothing is known."""


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

    def __init__(self, read: Callable[[], Iterable[tuple[int, Outcome]]]) -> None:
        """Take *read*, which starts the (row number, Outcome) pairs anew, in rising order."""
        self._read = read
        self._asked = 0
        self._pairs: Iterator[tuple[int, Outcome]] = iter(read())
        self._next = next(self._pairs, None)

    def __call__(self, number: int) -> Outcome | None:
        """Return what became of the row *number*, None if there is no pair for it."""
        if number < self._asked:
            self._pairs = iter(self._read())
            self._next = next(self._pairs, None)
        self._asked = number
        while self._next is not None and self._next[0] < number:
            self._next = next(self._pairs, None)
        if self._next is None or self._next[0] != number:
            return None
        return self._next[1]
