"""Go on with a run, or take it back."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from zbbulk.api.given import RUNS, PathLike, in_order, yes
from zbbulk.jobs import resume_job, undo_job
from zbbulk.jobs.import_job import Agreed
from zbbulk.jobs.interrupts import pass_on
from zbbulk.jobs.notifying import declared, notified
from zbbulk.jobs.open_run import LAST, find_run
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import ImportReport
from zbbulk.jobs.target import Target
from zbbulk.jobs.undo_reports import UndoPreview, UndoReport
from zbbulk.jobs.waiting import Waits
from zbbulk.model import Status


def resume_run(  # noqa: PLR0913 - one argument a choice of the user
    run: PathLike = LAST,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: Agreed = yes,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Go on with a run where it stood: its folder, the name of it, or ``last``.

    What is in doubt is looked up first; nothing is sent twice.

    Raises:
        UsageError: there is no such run (ZB514), it is an export (ZB536), is in use, was changed,
            or went to another organization.
        ResultError: its journal can't be read or written.
        ZohoError: a list that is needed can't be read; nothing was sent.
    """
    folder = find_run(Path(runs), os.fspath(run))
    url = notify or declared(folder.mapping)

    def job() -> ImportReport:
        return resume_job.resume_run(
            folder.path,
            target=target,
            runs=Path(runs),
            agreed=agreed,
            waits=waits,
            progress=progress,
        )

    return in_order(notified(job, url=url, target=target, file=folder.path))


def retry_run(  # noqa: PLR0913 - one argument a choice of the user
    run: PathLike = LAST,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: Agreed = yes,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Send once more the rows of a run that Zoho Books refused, and those not sent yet.

    Raises:
        UsageError, ResultError, ZohoError: as ``resume_run``.
    """
    folder = find_run(Path(runs), os.fspath(run))
    url = notify or declared(folder.mapping)

    def job() -> ImportReport:
        return resume_job.resume_run(
            folder.path,
            target=target,
            runs=Path(runs),
            again=(Status.FAILED,),
            agreed=agreed,
            waits=waits,
            progress=progress,
        )

    return in_order(notified(job, url=url, target=target, file=folder.path))


def undo_run(
    run: PathLike = LAST,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: Callable[[UndoPreview], bool] = yes,
    progress: Progress = no_progress,
) -> UndoReport:
    """Take a run back as far as the books allow, the last record first.

    Raises:
        UsageError: there is no such run, it is in use, was changed, or went to another
            organization; or *agreed* said no.
        ZohoError: what is there can't be read; nothing was changed.
        ResultError: the journal can't be read or written.
    """
    folder = find_run(Path(runs), os.fspath(run)).path
    report = undo_job.undo_run(
        folder, target=target, runs=Path(runs), agreed=agreed, progress=progress
    )
    pass_on(report.stopped, f"zbbulk.undo_run({str(folder)!r}, target=...)")
    return report
