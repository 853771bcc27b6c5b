"""Check a sheet; nothing is sent."""

from __future__ import annotations

from pathlib import Path

from zbbulk.api.given import PathLike, mapping_path
from zbbulk.api.targets import refuse_no_target
from zbbulk.jobs import check_job
from zbbulk.jobs.preview import NO_PREVIEW, Preview
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import CheckReport
from zbbulk.jobs.target import Target
from zbbulk.settings import RUNS


def check_file(  # noqa: PLR0913 - one argument a choice of the user
    path: PathLike,
    mapping: PathLike,
    *,
    target: Target | None = None,
    runs: PathLike = RUNS,
    edition: str | None = None,
    organization_id: str = "",
    workers: int | None = 1,
    progress: Progress = no_progress,
    preview: Preview = NO_PREVIEW,
) -> CheckReport:
    """Check every row of *path* and write the result file; nothing is sent.

    Args:
        path: The sheet.
        mapping: The mapping.
        target: Where the ids of lookups are read now; None takes them from earlier runs.
        runs: Folder of all runs; made if missing.
        edition: Country edition of the organization; None takes the mapping's.
        organization_id: Whose earlier runs; "" those of the only one there is.
        workers: 1 or 2 processes; None takes 2 where that pays. A second one is forked: leave it
            at 1 where other threads run.
        progress: Shows how far it is.
        preview: Which Records are shown as they would be sent.

    Raises:
        SourceError, MappingError: the input must be mended first.
        UsageError: there is no such mapping or edition, or the sheet is a mirror (ZB250).
        ResultError: the result can't be written.
    """
    if target is not None:
        refuse_no_target(target)
    return check_job.check_file(
        Path(path),
        mapping_path(mapping),
        runs=Path(runs),
        edition=edition,
        target=target,
        organization_id=organization_id,
        workers=workers,
        progress=progress,
        preview=preview,
    )
