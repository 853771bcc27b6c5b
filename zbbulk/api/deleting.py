"""Delete the records that a sheet names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zbbulk.api.given import PathLike, in_order, mapping_path, yes
from zbbulk.api.targets import refuse_no_target
from zbbulk.jobs import delete_job
from zbbulk.jobs.import_job import Agreed
from zbbulk.jobs.notifying import declared, notified
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import ImportReport
from zbbulk.jobs.target import Target
from zbbulk.jobs.waiting import Waits
from zbbulk.settings import RUNS


def delete_file(  # noqa: PLR0913 - one argument a choice of the user
    path: PathLike,
    mapping: PathLike,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: Agreed = yes,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Delete the records that the rows of *path* name by their ids or by the mapping's key.

    Args:
        path: The sheet.
        mapping: A mapping of which ``action: delete`` is the action; ``write_delete_mapping``
            makes one.
        target: Where they are deleted.
        runs: Folder of all runs; made if missing.
        agreed: Shown the check and its plan before anything is deleted; False ends the job.
        notify: Address of a webhook that is told how it ended; "" as the mapping says.
        waits: Told before the run waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        SourceError, MappingError, UsageError, ZohoError, ResultError: as ``import_file``.
    """
    refuse_no_target(target)
    found = mapping_path(mapping)

    def job() -> ImportReport:
        return delete_job.delete_file(
            Path(path),
            found,
            target=target,
            runs=Path(runs),
            agreed=agreed,
            waits=waits,
            progress=progress,
        )

    return in_order(notified(job, url=notify or declared(found), target=target, file=Path(path)))


def write_delete_mapping(resource: str, by: Sequence[str], *, runs: PathLike = RUNS) -> Path:
    """Write a mapping that deletes records told as *by* says, and return where it is.

    Args:
        resource: What is deleted.
        by: Texts such as ``sku=Code``: a field and its column; ``id`` is Zoho's id.
        runs: Folder that gets it.

    Raises:
        UsageError: there is no such resource, or one of *by* is no field and column.
    """
    return delete_job.write_delete_mapping(Path(runs), resource, by)
