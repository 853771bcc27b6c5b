"""What is wrong with rows that travel in one call, known only when all rows are.

Rows of one batch must agree in all but their entries, and a batch that must be whole is
refused when one of its rows is. Holds the row numbers of all batches, and no Record.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

from zbbulk.jobs.batches import Batching, parted
from zbbulk.jobs.fed_back import earlier_outcomes, sent_before
from zbbulk.jobs.match_keys import KeyLog
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.row_set import RowSet
from zbbulk.model import Fault
from zbbulk.rows import padded

_NAMED = 3
"""After so many rows only the number of further ones is told."""


class Batches:
    """All batches of a sheet.

    Attributes:
        batching: How they are put together.
    """

    def __init__(self, batching: Batching, logs: Sequence[tuple[KeyLog, int]]) -> None:
        """Gather them from the parts of the log, each with what is added to its row numbers."""
        self.batching = batching
        self._rows: dict[str, dict[str, array[int]]] = {}
        self._entries: dict[int, int] = {}
        for text, row in _logged(logs):
            name, shared, entries = parted(text)
            self._rows.setdefault(name, {}).setdefault(shared, array("Q")).append(row)
            if entries != 1:
                self._entries[row] = entries

    def names(self) -> dict[int, int]:
        """Return for each row a number that only the rows of its batch have."""
        batches = enumerate(self._rows.values())
        return {row: number for number, batch in batches for rows in batch.values() for row in rows}

    def spared(self, refused: RowSet) -> int:
        """Return how many rows that are not *refused* need no call of their own."""
        batches = [_kept(rows, refused) for batch in self._rows.values() for rows in batch.values()]
        return sum(len(rows) - self._calls_for(rows) for rows in batches)

    def _calls_for(self, rows: Sequence[int]) -> int:
        calls, entries = 0, 0
        for row in rows:
            more = self._entries.get(row, 1)
            if not calls or not self.batching.has_room(entries, more):
                calls, entries = calls + 1, 0
            entries += more
        return calls

    def faults(
        self, refused: RowSet, *, sent: Mapping[str, Sequence[int]], thing: str
    ) -> Iterator[tuple[int, Fault]]:
        """Yield row and fault of each row that can't be sent because of another one.

        Args:
            refused: The rows that are refused already.
            sent: By the batch's name, the rows that an earlier run has sent.
            thing: What the rows of a batch make together, e.g. ``journal``.
        """
        for name, batch in self._rows.items():
            groups = sorted((kept, text) for text in batch if (kept := _kept(batch[text], refused)))
            for rows, shared in groups[1:]:
                faults = _unlike(shared, groups[0], thing=thing)
                yield from ((row, fault) for row in rows for fault in faults)
            if self.batching.facts.whole and groups:
                bad = [row for rows in batch.values() for row in rows if row in refused]
                bad += [row for rows, _ in groups[1:] for row in rows]
                faults = list(incomplete(sorted(bad), sent.get(name, ()), thing=thing))
                yield from ((row, fault) for row in groups[0][0] for fault in faults)


def sent_rows(prepared: Prepared, batching: Batching) -> dict[str, list[int]]:
    """Return by the name of their batch the rows that an earlier run has sent.

    Reads the sheet once more, but only the result of an earlier run.
    """
    places = earlier_outcomes(prepared)
    found: dict[str, list[int]] = {}
    for row in prepared.sheet.rows() if places else ():
        if sent_before(row.cells, places):
            record, _ = prepared.program.convert(padded(row.cells, len(prepared.sheet.header)))
            if (name := batching.name_of(record)) is not None:
                found.setdefault(name, []).append(row.number)
    return found


def _logged(logs: Sequence[tuple[KeyLog, int]]) -> Iterator[tuple[str, int]]:
    for log, above in logs:
        yield from ((text, row + above) for text, row in log)


def _kept(rows: Iterable[int], refused: RowSet) -> list[int]:
    return sorted({row for row in rows if row not in refused})


def _unlike(shared: str, first: tuple[list[int], str], *, thing: str) -> list[Fault]:
    """Return a fault for each field that is not as in the first rows of the batch."""
    (row, *_), text = first
    here, there = json.loads(shared), json.loads(text)
    return [
        Fault(
            code="ZB312",
            message=f"{field} is {_shown(here.get(field))}, and {_shown(there.get(field))} "
            f"in row {row} of the same {thing}",
            path=(field,),
        )
        for field in sorted({*here, *there})
        if here.get(field) != there.get(field)
    ]


def incomplete(bad: Sequence[int], sent: Sequence[int], *, thing: str) -> Iterator[Fault]:
    """Yield why no row of a *thing* is sent that has *bad* rows, or rows *sent* before."""
    if bad:
        be = "is" if len(bad) == 1 else "are"
        yield Fault("ZB311", f"{_rows_named(bad)} of the same {thing} {be} refused")
    if sent:
        be = "was" if len(sent) == 1 else "were"
        fix = (
            f"Look the {thing} up in Zoho Books. To send it anew, clear zb_status in all its rows."
        )
        message = f"{_rows_named(sent)} of the same {thing} {be} sent by an earlier run"
        yield Fault("ZB311", message, fix=fix)


def _rows_named(rows: Sequence[int]) -> str:
    """Return e.g. ``row 7``, ``rows 7 and 9`` or ``rows 7, 9, 12 and 5 more``."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    more = len(rows) - _NAMED
    named = [str(row) for row in rows[:_NAMED]] + ([f"{more} more"] if more > 0 else [])
    return f"rows {', '.join(named[:-1])} and {named[-1]}"


def _shown(value: object) -> str:
    return "blank" if value is None else repr(value)
