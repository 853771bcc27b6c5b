"""What ``import zbbulk`` gives, and what the command line calls: a function for each command.

Nothing is printed and nobody is asked: *agreed* is called with what is about to happen, and
without one it happens. Files and mappings may be given as text or as Path, a mapping also by the
name of one that ships. What goes wrong as a whole is raised, a ZbbulkError with code, place and
fix; what is wrong with rows is in the report and in the result file. Several jobs may run at
once in threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from zbbulk.jobs import (
    check_job,
    delete_job,
    export_job,
    import_job,
    migrate_job,
    plan_job,
    resume_job,
    runs_job,
    undo_job,
)
from zbbulk.jobs.accounts import Asked, account
from zbbulk.jobs.export_report import Cost, ExportReport
from zbbulk.jobs.export_request import ExportRequest
from zbbulk.jobs.migration_reports import MigrationReport, StepCheck, StepReport
from zbbulk.jobs.migration_steps import open_migration
from zbbulk.jobs.notifying import declared, notified
from zbbulk.jobs.open_run import LAST, find_run, find_run_or_export, find_runs
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.plan_job import PlanReport
from zbbulk.jobs.prepare import find_mapping
from zbbulk.jobs.preview import NO_PREVIEW, Preview
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.jobs.runs_job import RunSummary
from zbbulk.jobs.saved_plan import SavedPlan
from zbbulk.jobs.target import Target, sandbox_target
from zbbulk.jobs.undo_reports import UndoPreview, UndoReport
from zbbulk.jobs.waiting import Waits
from zbbulk.journal.journal import Journal
from zbbulk.model import Outcome, Status
from zbbulk.sandbox import Sandbox

PathLike: TypeAlias = str | os.PathLike[str]
"""A file or folder; for a mapping also the name of one that ships."""

RUNS = Path("zbbulk-runs")
"""Where runs are kept unless told otherwise."""


def _yes(_: object) -> bool:
    return True


def _mapping(mapping: PathLike) -> Path:
    return find_mapping(os.fspath(mapping))


def open_organization(
    *,
    profile: str = "",
    region: str | None = None,
    api_root: str | None = None,
    organization_id: str | None = None,
    edition: str | None = None,
) -> Target:
    """Return a real organization: of a profile signed in to, or of the environment's variables.

    Args:
        profile: As ``zbbulk auth login --profile``; "" is the environment, else ``default``.
        region: Data centre, e.g. ``eu``.
        api_root: Another root of the API; https or this machine.
        organization_id: Zoho's number of it, where the account has several.
        edition: Country edition; None takes the mapping's.

    Raises:
        AuthError: nobody has signed in, or the settings contradict themselves.
        UsageError: there is no such profile or region.
    """
    asked = Asked(
        profile=profile,
        region=region,
        api_root=api_root,
        organization_id=organization_id,
        edition=edition,
    )
    return account(asked, os.environ)


@contextmanager
def open_sandbox(
    store: PathLike | None = None,
    *,
    edition: str | None = None,
    has_examples: bool = True,
    speed: float = 60.0,
) -> Iterator[Target]:
    """Run a Zoho Books of its own on 127.0.0.1 inside a ``with`` block, and yield it.

    Args:
        store: The file that keeps its books; None forgets them at the end.
        edition: Country edition, e.g. ``in``; None is the United States'.
        has_examples: New books begin with the records that the samples refer to.
        speed: Its clock; 60 makes a minute of Zoho's limits last one second.

    Raises:
        UsageError: there is no such edition, or the file can't be opened.
    """
    books = Sandbox(
        None if store is None else Path(store),
        edition=edition or Sandbox.edition,
        has_examples=has_examples,
        speed=speed,
    )
    with books as running:
        yield sandbox_target(running, edition=edition)


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
    return check_job.check_file(
        Path(path),
        _mapping(mapping),
        runs=Path(runs),
        edition=edition,
        target=target,
        organization_id=organization_id,
        workers=workers,
        progress=progress,
        preview=preview,
    )


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
    return plan_job.plan_file(
        Path(path),
        _mapping(mapping),
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
    target: Target,
    runs: PathLike = RUNS,
    agreed: import_job.Agreed = _yes,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Do exactly what the saved *plan* says, or nothing.

    Raises:
        UsageError: sheet, mapping, organization or what is in Zoho Books has changed since
            it was made (ZB516, ZB518); nothing was sent.
        SourceError, MappingError, ZohoError, ResultError: as ``import_file``.
    """
    saved = SavedPlan.read(Path(plan))

    def job() -> ImportReport:
        return plan_job.apply_plan(
            saved,
            target=target,
            runs=Path(runs),
            agreed=agreed,
            waits=waits,
            progress=progress,
        )

    return notified(job, url=notify or declared(saved.mapping), target=target, file=saved.file)


def import_file(  # noqa: PLR0913 - one argument a choice of the user
    path: PathLike,
    mapping: PathLike,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: import_job.Agreed = _yes,
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
    found = _mapping(mapping)

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

    return notified(job, url=notify or declared(found), target=target, file=Path(path))


def delete_file(  # noqa: PLR0913 - one argument a choice of the user
    path: PathLike,
    mapping: PathLike,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: import_job.Agreed = _yes,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Delete the records that the rows of *path* name by their ids or by the mapping's key.

    ``write_delete_mapping`` makes a mapping for it. Arguments and errors as ``import_file``.
    """
    found = _mapping(mapping)

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

    return notified(job, url=notify or declared(found), target=target, file=Path(path))


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
    agreed: Callable[[Cost], bool] = _yes,
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
    request = ExportRequest(
        resource=resource,
        output=Path(output),
        columns=tuple(columns),
        where=tuple(where),
        since=since,
        details=details,
        laid_out_by=None if laid_out_by is None else _mapping(laid_out_by),
        force=force,
    )
    return export_job.export_records(
        request, target=target, runs=Path(runs), agreed=agreed, waits=waits, progress=progress
    )


def resume_run(  # noqa: PLR0913 - one argument a choice of the user
    run: PathLike = LAST,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: import_job.Agreed = _yes,
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

    return notified(job, url=url, target=target, file=folder.path)


def retry_run(  # noqa: PLR0913 - one argument a choice of the user
    run: PathLike = LAST,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: import_job.Agreed = _yes,
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

    return notified(job, url=url, target=target, file=folder.path)


def resume_export(
    run: PathLike = LAST,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: Callable[[Cost], bool] = _yes,
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ExportReport:
    """Go on with an export where it stood; what it has is not asked for again.

    Raises:
        UsageError: there is no such export (ZB514), or as ``export_records``.
        ResultError: its store can't be read or written.
    """
    return export_job.resume_export(
        find_run_or_export(Path(runs), os.fspath(run)),
        target=target,
        agreed=agreed,
        waits=waits,
        progress=progress,
    )


def undo_run(
    run: PathLike = LAST,
    *,
    target: Target,
    runs: PathLike = RUNS,
    agreed: Callable[[UndoPreview], bool] = _yes,
    progress: Progress = no_progress,
) -> UndoReport:
    """Take a run back as far as the books allow, the last record first.

    Raises:
        UsageError: there is no such run, it is in use, was changed, or went to another
            organization; or *agreed* said no.
        ZohoError: what is there can't be read; nothing was changed.
        ResultError: the journal can't be read or written.
    """
    return undo_job.undo_run(
        find_run(Path(runs), os.fspath(run)).path,
        target=target,
        runs=Path(runs),
        agreed=agreed,
        progress=progress,
    )


def migrate_files(  # noqa: PLR0913 - one argument a choice of the user
    migration: PathLike,
    *,
    target: Target,
    runs: PathLike = RUNS,
    only_check: bool = False,
    anew: bool = False,
    agreed: Callable[[MigrationReport], bool] = _yes,
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

    return notified(job, url=url, target=target, file=Path(migration))


def known_runs(runs: PathLike = RUNS) -> list[RunSummary]:
    """Return all runs and exports, the last one first; one that can't be read says so."""
    return runs_job.known_runs(Path(runs))


def runs_of(run: PathLike, *, runs: PathLike = RUNS) -> list[Path]:
    """Return the folders of the runs of a migration, the last one first; or of one run.

    Raises:
        UsageError: there is no such run (ZB514).
        ResultError: the migration's state can't be read.
    """
    return [folder.path for folder in find_runs(Path(runs), os.fspath(run))]


def outcomes(run: PathLike = LAST, *, runs: PathLike = RUNS) -> Iterator[tuple[int, Outcome]]:
    """Yield row number and outcome of each row of a run that something became of, in order.

    Rows that were accepted and not sent, because the run stopped, are not among them.

    Raises:
        UsageError: there is no such run (ZB514).
        ResultError: its journal can't be read.
    """
    with Journal.open(find_run(Path(runs), os.fspath(run)).journal) as journal:
        yield from Outcomes(journal, unwritten={})
