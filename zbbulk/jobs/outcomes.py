"""What became of the rows of an import, as the user is told it.

The journal knows it; what it could not write any more is overlaid. A row whose
request left and whose answer was never written is unknown, whatever the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from heapq import merge
from itertools import groupby
from operator import itemgetter

from zbbulk.codes import CODES
from zbbulk.jobs.failure import Failure
from zbbulk.journal.journal import Journal
from zbbulk.model import Outcome, Status
from zbbulk.results import READY, Lookup, OutcomesInOrder, joined

_FOUND_WHILE_SENDING = ("ZB324", "ZB325")
"""Codes of rows that were refused by what is in Zoho Books."""


class Outcomes:
    """The outcomes of one run; rows without one are READY."""

    def __init__(self, journal: Journal, *, unwritten: Mapping[int, Outcome]) -> None:
        """Take *journal*, and by row what it could not take any more."""
        self._journal = journal
        self._unwritten = unwritten

    def __iter__(self) -> Iterator[tuple[int, Outcome]]:
        """Yield row number and outcome, warnings with it, in the order of the rows."""
        both = merge(self._without_warnings(), self._journal.warnings(), key=itemgetter(0))
        for row, told in groupby(both, key=itemgetter(0)):
            outcome, *warning = [each for _, each in told]
            yield row, (_warned(outcome, warning[0]) if warning else outcome)

    def _without_warnings(self) -> Iterator[tuple[int, Outcome]]:
        for row, outcome in self._journal.outcomes():
            yield row, _told(self._unwritten.get(row, outcome))

    def in_order(self) -> Lookup:
        """Return what to ask for the outcome of a row."""
        return OutcomesInOrder(self.__iter__)

    def counts(self, *, rows: int) -> dict[Status, int]:
        """Return the number of rows of each status that has any, of *rows* in all."""
        found = Counter(outcome.status for _, outcome in self)
        found[Status.READY] += rows - found.total()
        return {status: found[status] for status in Status if found[status]}

    def failures(self) -> tuple[Failure, ...]:
        """Return why rows failed or are unknown, one entry a code, the commonest first."""
        found: dict[str, Failure] = {}
        for row, outcome in self._without_warnings():
            is_bad = outcome.status in (Status.FAILED, Status.UNKNOWN)
            is_late = outcome.code in _FOUND_WHILE_SENDING
            if is_bad or (is_late and outcome.status is Status.REJECTED) or _is_unfinished(outcome):
                new = Failure(outcome.code, 0, row, outcome.message, outcome.fix)
                known = found.get(outcome.code, new)
                found[outcome.code] = known._replace(rows=known.rows + 1)
        return tuple(sorted(found.values(), key=lambda failure: -failure.rows))


def _is_unfinished(outcome: Outcome) -> bool:
    """Tell whether the record is there, and a status call that was to follow failed."""
    return outcome.status is Status.CREATED and bool(outcome.code)


def _warned(outcome: Outcome, warning: Outcome) -> Outcome:
    return replace(joined(outcome, warning), status=outcome.status)


def _told(outcome: Outcome) -> Outcome:
    if outcome.status is Status.PENDING:
        return READY
    if outcome.status is not Status.SENDING:
        return outcome
    return replace(
        outcome,
        status=Status.UNKNOWN,
        code="ZB405",
        message="Sent, but the run ended before its answer was written down.",
        fix=CODES["ZB405"].fix,
    )
