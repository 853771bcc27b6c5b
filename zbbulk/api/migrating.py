"""Send several files in the order that they need."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zbbulk.api.given import PathLike, yes
from zbbulk.api.targets import refuse_no_target
from zbbulk.jobs import migrate_job
from zbbulk.jobs.interrupts import pass_on
from zbbulk.jobs.migration_reports import MigrationReport, StepCheck, StepReport
from zbbulk.jobs.migration_steps import open_migration
from zbbulk.jobs.notifying import notified
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.target import Target
from zbbulk.jobs.waiting import Waits
from zbbulk.settings import RUNS


def migrate_files(  # noqa: PLR0913 - one argument a choice of the user
    migration: PathLike,
    *,
    target: Target,
    runs: PathLike = RUNS,
    only_check: bool = False,
    anew: bool = False,
    agreed: Callable[[MigrationReport], bool] = yes,
    told: Callable[[StepCheck | StepReport], None] = lambda _: None,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> MigrationReport:
    """Send the files that a migration file lists, in the order that their lookups need.

    Args:
        migration: The migration file.
        target: Where to send to.
        runs: Folder of all runs; made if missing.
        only_check: Check all steps and send nothing.
        anew: Begin anew, whatever an earlier start has done.
        agreed: Shown the checked steps before anything is sent; False ends the job.
        told: Is told of each step when it was checked, and when it has ended.
        notify: Address of a webhook that is told how it ended; "" as the file says.
        waits: Told before a step waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        SourceError, MappingError, UsageError, ZohoError, ResultError: as ``import_file``.
    """
    refuse_no_target(target)
    opened = open_migration(Path(migration), edition=target.edition)
    url = notify or opened.says.notify

    def job() -> MigrationReport:
        return migrate_job.migrate(
            opened,
            target=target,
            runs=Path(runs),
            only_check=only_check,
            anew=anew,
            agreed=agreed,
            told=told,
            waits=waits,
            progress=progress,
        )

    report = notified(job, url=url, target=target, file=Path(migration))
    for step in report.steps:
        pass_on(step.error, "starting the migration again")
    return report
