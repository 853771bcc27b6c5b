"""Know a result file that is fed in again, so that no row of it is sent twice.

A row that an earlier run created, or whose answer it lost, is not sent again: what
stands in ``zb_status`` says so. An update, by id or by a unique field, may be sent as often
as one likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from zbbulk.codes import CODES
from zbbulk.jobs.prepare import Prepared
from zbbulk.journal.records import created_ids
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


@dataclass(frozen=True, slots=True)
class Earlier:
    """The columns that tell what earlier runs did; false when there are none.

    Attributes:
        places: Where each status stands, and Zoho's id beside it (None: nowhere).
        elsewhere: Ids of records that were created in another organization only.
    """

    places: tuple[tuple[int, int | None], ...] = ()
    elsewhere: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.places)


def earlier_outcomes(prepared: Prepared) -> Earlier:
    """Return the columns of *prepared* that tell what earlier runs did."""
    if prepared.mapping.action is not Action.CREATE or prepared.mapping.policy.upsert_by:
        return Earlier()
    places = {name: place for place, name in enumerate(prepared.sheet.header)}
    found = (
        (place, places.get(name.replace("status", "id")))
        for name, place in places.items()
        if _STATUS_COLUMN.fullmatch(name)
    )
    return Earlier(tuple(found), prepared.elsewhere)


def sent_before(cells: Sequence[Cell], earlier: Earlier) -> Outcome | None:
    """Return the outcome of a row that must not be sent again, None for any other row.

    What was created in another organization is sent to this one.
    """
    for place, beside in earlier.places:
        told = cells[place] if place < len(cells) else None
        zb_id = cells[beside] if beside is not None and beside < len(cells) else None
        if isinstance(told, str) and told in _SENT and zb_id not in earlier.elsewhere:
            return _SENT[told]
    return None


def with_elsewhere(prepared: Prepared, journals: Iterable[Path], organization_id: str) -> Prepared:
    """Return *prepared* with the ids that only runs to other organizations created.

    Nothing is read where the sheet is no result of an earlier run.
    """
    if not earlier_outcomes(prepared):
        return prepared
    here: set[str] = set()
    there: set[str] = set()
    for path in journals:
        organization, ids = created_ids(path)
        (here if organization == organization_id else there).update(ids)
    return replace(prepared, elsewhere=frozenset(there - here))
