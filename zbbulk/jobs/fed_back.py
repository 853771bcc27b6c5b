"""Know a result file that is fed in again, so that no row of it is sent twice.

A row that an earlier run created, or whose answer it lost, is not sent again: what
stands in ``zb_status`` says so. An update, by id or by a unique field, may be sent as often
as one likes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zbbulk.codes import CODES
from zbbulk.jobs.prepare import Prepared
from zbbulk.model import Action, Cell, Outcome, Status

_STATUS_COLUMN = re.compile(r"zb_status(_[0-9]+)?")

CREATED_BEFORE = Outcome(
    status=Status.SKIPPED,
    code="ZB310",
    message="An earlier run created this row's record.",
    fix=CODES["ZB310"].fix,
)
UNKNOWN_BEFORE = Outcome(
    status=Status.SKIPPED,
    code="ZB310",
    message="An earlier run sent this row and lost the answer; it may be in Zoho Books.",
    fix="Look the record up in Zoho Books. If it is not there, clear the row's zb_status cell.",
)
_SENT = {
    Status.CREATED.value: CREATED_BEFORE,
    Status.UPDATED.value: CREATED_BEFORE,
    Status.UNKNOWN.value: UNKNOWN_BEFORE,
}


def earlier_outcomes(prepared: Prepared) -> list[int]:
    """Return the places of the columns that tell what earlier runs did; [] for none."""
    if prepared.mapping.action is not Action.CREATE or prepared.mapping.policy.upsert_by:
        return []
    header = enumerate(prepared.sheet.header)
    return [place for place, name in header if _STATUS_COLUMN.fullmatch(name)]


def sent_before(cells: Sequence[Cell], places: Sequence[int]) -> Outcome | None:
    """Return the outcome of a row that must not be sent again, None for any other row."""
    told = (cells[place] for place in places if place < len(cells))
    return next((_SENT[cell] for cell in told if isinstance(cell, str) and cell in _SENT), None)
