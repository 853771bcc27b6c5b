"""Forget what was deleted: no later run may find its id by a name or a legacy key."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from zbbulk.jobs.parcels import Parcel
from zbbulk.jobs.run import Run
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.model import Outcome, Status


def forgetting(run: Run) -> Callable[[Parcel, Outcome], None]:
    """Return what takes a deleted record out of the crosswalk of *run*; threads may share it.

    What it returns raises ResultError when the crosswalk can't be written.
    """
    path = crosswalk_path(run.runs, run.target.organization_id)
    lock = Lock()

    def forget(_: Parcel, outcome: Outcome) -> None:
        if outcome.status is Status.DELETED and path.is_file():
            with lock, Crosswalk.open(path) as crosswalk:
                crosswalk.forget(outcome.zb_id)

    return forget
