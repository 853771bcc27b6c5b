"""Take a run back, as far as the books allow: the last record first, and only what nobody changed.

An undo that was broken off is gone on with by the same command.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from zbbulk.errors import ResultError, UsageError, ZbbulkError
from zbbulk.jobs.interrupts import one_interrupt
from zbbulk.jobs.open_run import opened_run
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.result_file import write_result
from zbbulk.jobs.row_outcomes import ROWS
from zbbulk.jobs.run import Run
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.jobs.target import Target, open_client
from zbbulk.jobs.undo_plan import UndoStep, Way, undo_steps
from zbbulk.jobs.undo_reports import UndoPreview, UndoReport
from zbbulk.jobs.undoing import Undoing
from zbbulk.zoho.bulk import DELETED_AT_ONCE


def undo_run(
    folder: Path,
    *,
    target: Target,
    runs: Path,
    agreed: Callable[[UndoPreview], bool] = lambda _: True,
    progress: Progress = no_progress,
) -> UndoReport:
    """Take the run in *folder* back.

    Args:
        folder: Of the run.
        target: Where it went to; must be the same organization.
        runs: Folder of all runs.
        agreed: Shown what would be done; False ends the job.
        progress: Shows how far it is.

    Raises:
        UsageError: the run is in use, was changed, or went to another organization; or
            *agreed* said no.
        ZohoError: what is there can't be read; nothing was changed.
        ResultError: the journal can't be read or written.
    """
    opened = opened_run(RunFolder(folder), target=target, runs=runs, progress=progress)
    with opened as run, open_client(target, log=run.log, pace=run.pace) as client:
        steps = undo_steps(run, client)
        preview = preview_of(run, steps)
        if not agreed(preview):
            raise UsageError("Nothing was undone: you did not agree.", fix="Start again to undo.")
        undoing = Undoing(run, client)
        again = f"zbbulk undo {run.folder.path.name}"
        with one_interrupt(again) as ignore_interrupts:
            stopped = undoing.carry_out(steps)
            ignore_interrupts()
            return _report(run, preview, undoing, stopped=stopped)


def preview_undo(
    folder: Path, *, target: Target, runs: Path, progress: Progress = no_progress
) -> UndoPreview:
    """Return what taking the run in *folder* back would do; arguments as ``undo_run``.

    Raises:
        UsageError, ZohoError, ResultError: as ``undo_run``.
    """
    opened = opened_run(RunFolder(folder), target=target, runs=runs, progress=progress)
    with opened as run, open_client(target, log=run.log, pace=run.pace) as client:
        return preview_of(run, undo_steps(run, client))


def preview_of(run: Run, steps: Sequence[UndoStep]) -> UndoPreview:
    """Return what *steps* would do."""
    stays: dict[str, list[int]] = {}
    for step in steps:
        if step.why:
            stays.setdefault(step.why, []).append(step.lead)
    counts = Counter(step.way for step in steps)
    bulk = [step for step in steps if step.way is Way.TAKE_BACK and step.resource.bulk_delete]
    calls = (
        counts[Way.TAKE_BACK] - len(bulk) + -(-len(bulk) // DELETED_AT_ONCE) + counts[Way.RESTORE]
    )
    return UndoPreview(
        run=run.folder.path.name,
        counts={way: counts[way] for way in Way if counts[way]},
        stays={why: sorted(rows) for why, rows in stays.items()},
        calls=calls,
    )


def _report(
    run: Run, preview: UndoPreview, undoing: Undoing, *, stopped: ZbbulkError | None
) -> UndoReport:
    rows = int(run.journal.facts().get(ROWS, 0))
    outcomes = Outcomes(run.journal, unwritten={})
    result, unwritten = run.folder.path, None
    try:
        sheet = run.prepared.own_sheet
        result = write_result(sheet, outcomes.in_order(), folder=run.folder, rows=rows)
        if preview.counts:
            run.journal.finish(stopped.code if stopped else "undone")
    except ResultError as error:
        unwritten = error
    return UndoReport(
        preview=preview,
        done=dict(undoing.done),
        refused=undoing.refused,
        counts=outcomes.counts(rows=rows),
        result=result,
        calls=run.log.left,
        stopped=stopped,
        unwritten=unwritten,
    )
