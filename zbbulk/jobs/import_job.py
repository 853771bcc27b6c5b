"""Import a file: check it whole, plan, send what passed, give the sheet back with the answers.

Wires the steps and owns their order; the rules are in the steps. Nothing is sent
before every row was checked and the caller agreed to what is about to happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from zbbulk.errors import SourceError, UsageError, ZbbulkError, ZohoError
from zbbulk.jobs.carrying_out import carried_out
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.fed_back import with_elsewhere
from zbbulk.jobs.findings import Findings, check_report
from zbbulk.jobs.lookups import Beyond
from zbbulk.jobs.mirroring import reduced, with_reduced
from zbbulk.jobs.noting import noted
from zbbulk.jobs.plan import Plan
from zbbulk.jobs.planning import planned
from zbbulk.jobs.preflight import preflighted, with_preflight
from zbbulk.jobs.prepare import Prepared, copy_rest, prepare, with_copy
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.jobs.row_outcomes import ROWS
from zbbulk.jobs.run import Run, missing_made, wanting_nothing, wants_missing
from zbbulk.jobs.run_facts import PLANNED, run_facts
from zbbulk.jobs.run_folder import make_run_folder
from zbbulk.jobs.saved_plan import SavedPlan, save_plan
from zbbulk.jobs.target import Target, pace_of
from zbbulk.jobs.trial import chosen_for_variety
from zbbulk.jobs.waiting import Waits
from zbbulk.journal.journal import Journal
from zbbulk.journal.kept_lists import forget_list, lists_path
from zbbulk.zoho.pace import Pace

Agreed = Callable[[CheckReport], bool]
"""Shown the check, its plan with it, before anything is sent; False ends the job."""


class Made(Protocol):
    """Brings a file and a mapping together, as ``prepare``."""

    def __call__(self, path: Path, mapping_path: Path, *, edition: str | None = None) -> Prepared:
        """Return both, ready for the first row."""
        ...


GoesOn = Callable[[ImportReport], bool]
"""Shown what became of a trial; False leaves the rest to be resumed."""


class Prospect(NamedTuple):
    """What an import is about to do.

    Attributes:
        run: The run, its lookups filled.
        check: What was found, and the plan.
        refused: Why nothing is sent, None when something may be.
    """

    run: Run
    check: CheckReport
    refused: ZbbulkError | None


def import_file(  # noqa: PLR0913 - one argument a choice of the user
    path: Path,
    mapping: Path,
    *,
    target: Target,
    runs: Path,
    agreed: Agreed = lambda _: True,
    again: bool = False,
    trial: int = 0,
    goes_on: GoesOn = lambda _: False,
    expected: SavedPlan | None = None,
    waits: Waits | None = None,
    progress: Progress = no_progress,
    beyond: Beyond | None = None,
    pace: Pace | None = None,
) -> ImportReport:
    """Check *path*, send the rows that pass to *target*, and write the result file.

    All is read from a copy in the run's folder: the user may go on working in the sheet.

    Args:
        path: The user's file.
        mapping: The mapping file.
        target: Where to send to.
        runs: Folder of all runs; made if missing.
        agreed: Shown the check before anything is sent; False ends the job.
        again: Create records once more that an earlier run created.
        trial: Send so many records first, chosen for variety; 0 for no trial.
        goes_on: Asked after the trial.
        expected: The plan that must still hold.
        waits: Told before the run waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.
        beyond: What a migration knows of records that are not in Zoho Books yet.
        pace: Of what else is sent to *target*; None when that is nothing.

    Raises:
        SourceError, MappingError: nothing was sent, the input must be mended.
        UsageError: *agreed* said no, the plan does not hold any more (ZB518), or there is
            no such edition; nothing was sent.
        ZohoError: a list that is needed can't be read; nothing was sent.
        ResultError: folder, journal or result can't be written.
    """
    started = target.clock.now()
    begun = begun_run(path, mapping, target=target, runs=runs, again=again, progress=progress)
    with begun as opened:
        run = replace(opened, waits=waits, beyond=beyond, pace=pace or opened.pace)
        report = imported(run, agreed=agreed, trial=trial, goes_on=goes_on, expected=expected)
    return replace(report, took_s=target.clock.now() - started)


@contextmanager
def begun_run(  # noqa: PLR0913 - one argument a choice of the user
    path: Path,
    mapping: Path,
    *,
    target: Target,
    runs: Path,
    again: bool = False,
    progress: Progress = no_progress,
    made: Made = prepare,
) -> Iterator[Run]:
    """Make the folder of a new run, with copies of all that it reads, and open it.

    *made* brings file and mapping together.

    Raises:
        SourceError, MappingError, UsageError, ResultError: as ``import_file``.
    """
    now = datetime.now().astimezone()
    prepared = made(path, mapping, edition=target.edition)
    folder = make_run_folder(runs, resource=prepared.resource.name, now=now)
    prepared = with_copy(prepared, folder.input(path.suffix.lower()))
    copy_rest(prepared, folder)
    journals = sorted(runs.glob("*/journal.sqlite"))
    prepared = with_elsewhere(prepared, journals, target.organization_id)
    facts = run_facts(prepared, path=path, target=target, started=now)
    with (
        folder.locked(),
        Journal.create(folder.journal, facts) as journal,
        EventLog(folder.log) as log,
    ):
        yield Run(
            prepared=prepared,
            target=target,
            folder=folder,
            runs=runs,
            journal=journal,
            log=log,
            progress=progress,
            pace=pace_of(target),
            again=again,
        )


def prospect_of(run: Run) -> Prospect:
    """Look up, check and plan the rows of *run*, of which nothing was sent yet.

    Raises:
        ZohoError: a list that the mapping looks up can't be read.
        SourceError: a row can't be read.
        ResultError: the journal can't be written.
    """
    run, changed = reduced(preflighted(run))
    found = noted(run)
    if changed is not None:
        with_reduced(found, changed, run)
    run.journal.note_fact(ROWS, str(found.rows))
    run = wanting_nothing(run)
    whole = _refused_whole(found)
    plan, refused = (None, whole) if whole else _plan_or_why_not(run)
    told = run.lookups.told if run.lookups else None
    check = check_report(run.prepared, found, result=run.folder.path, took_s=0.0, looked_up=told)
    check = replace(check, plan=plan, mirror=changed.report if changed else None)
    return Prospect(run, with_preflight(check, run), refused)


def imported(
    run: Run,
    *,
    agreed: Agreed,
    trial: int = 0,
    goes_on: GoesOn = lambda _: False,
    expected: SavedPlan | None = None,
) -> ImportReport:
    """Check, plan and send the rows of *run*, of which nothing was sent yet.

    Raises:
        UsageError: *agreed* said no, or *expected* does not hold any more.
        ZohoError, SourceError, ResultError: as ``prospect_of``.
    """
    run, check, refused = prospect_of(run)
    plan = check.plan
    if isinstance(refused, ZohoError):
        return carried_out(run, check, refused=refused)
    if expected is not None and plan is not None:
        expected.refuse_other(run, plan)
    if not agreed(check):
        run.journal.finish("not agreed")
        raise UsageError("Nothing was sent: you did not agree.", fix="Start again to send.")
    if plan is not None:
        save_plan(run, plan, run.folder.plan)
        run = _with_missing(run)
    run.journal.note_fact(PLANNED, "yes")
    forget_list(lists_path(run.runs, run.target.organization_id), run.prepared.resource.name)
    if trial and plan is not None and plan.n_records > trial:
        tried = carried_out(run, check, only=chosen_for_variety(run, trial))
        if tried.stopped or not goes_on(tried):
            return tried
    return carried_out(run, check, refused=refused)


def _with_missing(run: Run) -> Run:
    """Return *run* with what its rows name and is missing created, and the plan made anew."""
    if not wants_missing(run):
        return run
    run = missing_made(run)
    planned(run)
    return run


def _plan_or_why_not(run: Run) -> tuple[Plan | None, ZbbulkError | None]:
    """Return the plan, or why Zoho can't be asked, or what is there already not be read."""
    if run.preflight is not None and run.preflight.failure is not None:
        return None, run.preflight.failure
    try:
        return planned(run), None
    except ZohoError as error:
        return None, error


def _refused_whole(found: Findings) -> SourceError | None:
    """Return why nothing of the file was sent, None when its rows may be."""
    if not found.whole:
        return None
    why = found.whole[0]
    message = f"Nothing was sent: {why.message}."
    return SourceError(message, why.fix, why.at, why.code)
