"""Send the rows of a sheet."""

from __future__ import annotations

from pathlib import Path

from zbbulk.api.given import PathLike, in_order, mapping_path, yes
from zbbulk.api.targets import refuse_no_target
from zbbulk.jobs import import_job
from zbbulk.jobs.notifying import declared, notified
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import ImportReport
from zbbulk.jobs.target import Target
from zbbulk.jobs.waiting import Waits
from zbbulk.settings import RUNS


def import_file(  # noqa: PLR0913 - one argument a choice of the user
    path: PathLike,
    mapping: PathLike,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: import_job.Agreed = yes,
    again: bool = False,
    trial: int = 0,
    goes_on: import_job.GoesOn = lambda _: False,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Check *path*, send the rows that pass to *target*, and write the result file.

    Args:
        path: The sheet.
        mapping: The mapping.
        target: Where to send to.
        runs: Folder of all runs; made if missing.
        agreed: Shown the check and its plan before anything is sent; False ends the job.
        again: Create records once more that an earlier run created.
        trial: Send so many records first, as different as can be; 0 for no trial.
        goes_on: Asked after the trial.
        notify: Address of a webhook that is told how it ended; "" as the mapping says.
        waits: Told before the run waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Returns:
        What became of it; ``stopped`` tells why it ended early, if it did.

    Raises:
        SourceError, MappingError: nothing was sent, the input must be mended.
        UsageError: *agreed* said no, or there is no such mapping or edition; nothing was sent.
        ZohoError: a list that is needed can't be read; nothing was sent.
        ResultError: folder, journal or result can't be written.
    """
    refuse_no_target(target)
    found = mapping_path(mapping)

    def job() -> ImportReport:
        return import_job.import_file(
            Path(path),
            found,
            target=target,
            runs=Path(runs),
            agreed=agreed,
            again=again,
            trial=trial,
            goes_on=goes_on,
            waits=waits,
            progress=progress,
        )

    return in_order(notified(job, url=notify or declared(found), target=target, file=Path(path)))
