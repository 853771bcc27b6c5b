"""Do debits and credits balance in rows that travel in one call? Known when all rows are.

What a row adds to its batch is logged as a short text; no Record is held.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

from zbbulk.checks.rules import Sides, sides_of
from zbbulk.jobs.batches import Batching
from zbbulk.jobs.match_keys import KeyLog
from zbbulk.jobs.row_set import RowSet
from zbbulk.model import Fault, Record


class SidesLog:
    """What each Record adds to the two sides of its batch, as text."""

    def __init__(self, batching: Batching, lines: str) -> None:
        """Take how Records are put together and the field that holds the lines."""
        self._batching = batching
        self._lines = lines

    def read(self, records: Sequence[Record]) -> list[str | None]:
        """Return the text for each Record; ``unbalanced`` takes it apart."""
        return [self._text(record) for record in records]

    def _text(self, record: Record) -> str:
        sides = sides_of(record, self._lines)
        accounts = [sorted(sides.accounts[side]) for side in ("debit", "credit")]
        name = self._batching.name_of(record)
        return json.dumps([name, str(sides.debit), str(sides.credit), *accounts])


def unbalanced(
    logs: Sequence[tuple[KeyLog, int]], refused: RowSet, *, lines: str
) -> Iterator[tuple[int, Sequence[int], list[Fault]]]:
    """Yield the first row, the other rows and the faults of each batch Zoho would refuse.

    Args:
        logs: The parts of the log, each with what is added to its row numbers.
        refused: Rows that are refused already: their batches are not judged.
        lines: The field that holds the lines.
    """
    batches: dict[str, tuple[Sides, list[int]]] = {}
    for log, above in logs:
        for text, row in log:
            name, debit, credit, debited, credited = json.loads(text)
            own = str(row + above) if name is None else f"={name}"
            sides, rows = batches.setdefault(own, (Sides(), []))
            accounts = {"debit": set(debited), "credit": set(credited)}
            sides.merge(Sides(Decimal(debit), Decimal(credit), accounts))
            rows.append(row + above)
    for sides, rows in batches.values():
        faults = [] if any(row in refused for row in rows) else sides.faults(lines)
        if faults:
            yield rows[0], rows[1:], faults
