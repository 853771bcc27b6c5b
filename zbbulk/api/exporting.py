"""Write records of Zoho Books to a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from zbbulk.api.given import PathLike, mapping_path, yes
from zbbulk.api.targets import refuse_no_target, target_or
from zbbulk.jobs import export_job
from zbbulk.jobs.export_report import Cost, ExportReport
from zbbulk.jobs.export_request import ExportRequest
from zbbulk.jobs.interrupts import pass_on
from zbbulk.jobs.open_run import LAST, find_run_or_export
from zbbulk.jobs.opening import where_it_went
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.target import Target
from zbbulk.jobs.waiting import Waits
from zbbulk.settings import RUNS


def export_records(  # noqa: PLR0913 - one argument a choice of the user
    resource: str,
    output: PathLike,
    *,
    target: Target,
    runs: PathLike = RUNS,
    columns: Sequence[str] = (),
    where: Sequence[str] = (),
    since: str | None = None,
    details: bool | None = None,
    laid_out_by: PathLike | None = None,
    force: bool = False,
    agreed: Callable[[Cost], bool] = yes,
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ExportReport:
    """Write the records of *resource* to *output*.

    Args:
        resource: What is exported.
        output: A file that ends in ``.csv``, ``.xlsx`` or ``.jsonl``.
        target: Whose records.
        runs: Folder of all runs; made if missing.
        columns: Fields that are wanted, dotted where one stands in another; () for all.
        where: Filters such as ``status=active``.
        since: Only records that were changed since then, None for all.
        details: Read each record by itself; None where the columns need it.
        laid_out_by: A mapping whose columns the sheet gets; None writes a mirror.
        force: Replace a file that is there already.
        agreed: Shown what it costs before records are read one by one; False ends the job.
        waits: Told before the job waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        UsageError: the file is there already or can't be (ZB530), a filter or a column is
            none (ZB531, ZB532, ZB535), or *agreed* said no.
        ResultError: the store or the file can't be written.
    """
    refuse_no_target(target)
    request = ExportRequest(
        resource=resource,
        output=Path(output),
        columns=tuple(columns),
        where=tuple(where),
        since=since,
        details=details,
        laid_out_by=None if laid_out_by is None else mapping_path(laid_out_by),
        force=force,
    )
    report = export_job.export_records(
        request, target=target, runs=Path(runs), agreed=agreed, waits=waits, progress=progress
    )
    return _in_order(report)


def resume_export(
    run: PathLike = LAST,
    *,
    target: Target | None = None,
    runs: PathLike = RUNS,
    agreed: Callable[[Cost], bool] = yes,
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ExportReport:
    """Go on with an export where it stood; what it has is not asked for again.

    Args:
        run: The export: its folder, the name of it, or ``last``.
        target: Whose records; None opens that again.
        runs: Folder of all runs.
        agreed: Shown what it costs before records are read one by one; False ends the job.
        waits: Told before the job waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        UsageError: there is no such export (ZB514), its embedded books are gone (ZB010), or as
            ``export_records``.
        ResultError: its store can't be read or written.
    """
    folder = find_run_or_export(Path(runs), os.fspath(run))
    with target_or(target, where_it_went(folder)) as opened:
        report = export_job.resume_export(
            folder, target=opened, agreed=agreed, waits=waits, progress=progress
        )
    return _in_order(report)


def _in_order(report: ExportReport) -> ExportReport:
    pass_on(report.stopped, f"zbbulk.resume_export({str(report.folder)!r}, target=...)")
    return report
