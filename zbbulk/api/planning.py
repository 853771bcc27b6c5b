"""Plan an import, and do what a saved plan says."""

from __future__ import annotations

from pathlib import Path

from zbbulk.api.given import PathLike, in_order, mapping_path, yes
from zbbulk.api.targets import refuse_no_target, target_or
from zbbulk.jobs import plan_job
from zbbulk.jobs.import_job import Agreed
from zbbulk.jobs.notifying import declared, notified
from zbbulk.jobs.opening import where_it_goes
from zbbulk.jobs.plan_job import PlanReport
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import ImportReport
from zbbulk.jobs.saved_plan import SavedPlan
from zbbulk.jobs.target import Target
from zbbulk.jobs.waiting import Waits
from zbbulk.settings import RUNS


def plan_file(  # noqa: PLR0913 - one argument a choice of the user
    path: PathLike,
    mapping: PathLike,
    *,
    target: Target,
    runs: PathLike = RUNS,
    save: PathLike | None = None,
    reserve: int = 0,
    again: bool = False,
    progress: Progress = no_progress,
) -> PlanReport:
    """Return what an import of *path* would do; nothing is sent.

    Args:
        path: The sheet.
        mapping: The mapping.
        target: Whose lists are read.
        runs: Folder of all runs.
        save: Where the plan is saved for ``apply_plan``; None for the run's folder alone.
        reserve: Calls of each day that are left to other apps.
        again: Records that an earlier run created would be created once more.
        progress: Shows how far it is.

    Raises:
        SourceError, MappingError, UsageError, ZohoError, ResultError: as ``import_file``.
    """
    refuse_no_target(target)
    return plan_job.plan_file(
        Path(path),
        mapping_path(mapping),
        target=target,
        runs=Path(runs),
        save=None if save is None else Path(save),
        reserve=reserve,
        again=again,
        progress=progress,
    )


def apply_plan(  # noqa: PLR0913 - one argument a choice of the user
    plan: PathLike,
    *,
    target: Target | None = None,
    runs: PathLike = RUNS,
    agreed: Agreed = yes,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Do exactly what the saved *plan* says, or nothing.

    Args:
        plan: The file that ``plan_file(save=...)`` wrote.
        target: What it was made for; None opens that again.
        runs: Folder of all runs.
        agreed: Shown the check and its plan before anything is sent; False ends the job.
        notify: Address of a webhook that is told how it ended; "" as the mapping says.
        waits: Told before the run waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        UsageError: sheet, mapping, organization or what is in Zoho Books has changed since
            it was made (ZB516, ZB518), or its embedded books are gone (ZB010); nothing was sent.
        SourceError, MappingError, ZohoError, ResultError: as ``import_file``.
    """
    saved = SavedPlan.read(Path(plan))
    saved.refuse_changed_files()
    url = notify or declared(saved.mapping)
    with target_or(target, where_it_goes(saved)) as opened:

        def job() -> ImportReport:
            return plan_job.apply_plan(
                saved,
                target=opened,
                runs=Path(runs),
                agreed=agreed,
                waits=waits,
                progress=progress,
            )

        return in_order(notified(job, url=url, target=opened, file=saved.file))
