"""Rows of which no Record is made: blank ones, and those that ``only_rows:`` leaves out."""

from __future__ import annotations

from zbbulk.jobs.prepare import Prepared
from zbbulk.model import Outcome, Row, Status
from zbbulk.rows import padded

BLANK = Outcome(status=Status.SKIPPED, message="The row is blank.")
NOT_TAKEN = Outcome(status=Status.SKIPPED, message="The row is not one of `only_rows:`.")


def passed_over(prepared: Prepared, row: Row) -> Outcome | None:
    """Return the outcome of a row of which no Record is made, None for any other."""
    if not any(cell.strip() if isinstance(cell, str) else True for cell in row.cells):
        return BLANK
    cells = padded(row.cells, len(prepared.sheet.header))
    return NOT_TAKEN if prepared.program.takes(cells) is False else None
