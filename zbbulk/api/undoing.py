"""Take runs back, and say before what that would do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from zbbulk.api.given import PathLike, yes
from zbbulk.api.targets import target_or
from zbbulk.errors import ExitCode
from zbbulk.jobs import undo_job
from zbbulk.jobs.interrupts import pass_on
from zbbulk.jobs.open_run import LAST, find_run, find_runs
from zbbulk.jobs.opening import where_it_went
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.target import Target
from zbbulk.jobs.undo_reports import UndoPreview, UndoReport
from zbbulk.settings import RUNS


def preview_undo(
    run: PathLike = LAST,
    *,
    target: Target | None = None,
    runs: PathLike = RUNS,
    progress: Progress = no_progress,
) -> UndoPreview:
    """Return what taking a run back would do; the records are read, nothing is changed.

    Args:
        run: Its folder, the name of it, or ``last``.
        target: Where it went to; None opens that again.
        runs: Folder of all runs.
        progress: Shows how far it is.

    Raises:
        UsageError, ZohoError, ResultError: as ``undo_run``.
    """
    folder = find_run(Path(runs), os.fspath(run))
    with target_or(target, where_it_went(folder)) as opened:
        return undo_job.preview_undo(folder.path, target=opened, runs=Path(runs), progress=progress)


def undo_run(
    run: PathLike = LAST,
    *,
    target: Target | None = None,
    runs: PathLike = RUNS,
    agreed: Callable[[UndoPreview], bool] = yes,
    progress: Progress = no_progress,
) -> UndoReport:
    """Take a run back as far as the books allow, the last record first.

    Args:
        run: Its folder, the name of it, or ``last``.
        target: Where it went to; None opens that again.
        runs: Folder of all runs.
        agreed: Shown what would be done; False ends the job.
        progress: Shows how far it is.

    Raises:
        UsageError: there is no such run, it is in use, was changed, or went to another
            organization; its embedded books are gone (ZB010); or *agreed* said no.
        ZohoError: what is there can't be read; nothing was changed.
        ResultError: the journal can't be read or written.
    """
    folder = find_run(Path(runs), os.fspath(run))
    with target_or(target, where_it_went(folder)) as opened:
        report = undo_job.undo_run(
            folder.path, target=opened, runs=Path(runs), agreed=agreed, progress=progress
        )
    pass_on(report.stopped, f"zbbulk.undo_run({str(folder.path)!r}, target=...)")
    return report


def undo_runs(
    run: PathLike,
    *,
    target: Target | None = None,
    runs: PathLike = RUNS,
    agreed: Callable[[UndoPreview], bool] = yes,
    told: Callable[[UndoReport], None] = lambda _: None,
    progress: Progress = no_progress,
) -> tuple[UndoReport, ...]:
    """Take all runs of a migration back, the last one first; any other name is one run.

    Ends with the first run that is stopped midway: an earlier run is what a later one hangs on.

    Args:
        run: The folder of the migration, or its name.
        target: Where it went to; None opens that again.
        runs: Folder of all runs.
        agreed: Shown what would be done, for each run; False ends the job.
        told: Is told of each run when it was taken back.
        progress: Shows how far it is.

    Raises:
        UsageError, ZohoError, ResultError: as ``undo_run``; the runs before are taken back.
    """
    reports: list[UndoReport] = []
    for folder in find_runs(Path(runs), os.fspath(run)):
        report = undo_run(folder.path, target=target, runs=runs, agreed=agreed, progress=progress)
        reports.append(report)
        told(report)
        if report.exit_code is ExitCode.STOPPED:
            break
    return tuple(reports)
