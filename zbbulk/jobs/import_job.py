"""Import a file: check it whole, plan, send what passed, give the sheet back with the answers.

Wires the steps and owns their order; the rules are in the steps. Nothing is sent
before every row was checked and the caller agreed to what is about to happen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from zbbulk.errors import SourceError, UsageError, ZbbulkError, ZohoError
from zbbulk.jobs.carrying_out import carried_out
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.findings import Findings, check_report
from zbbulk.jobs.lookups import Beyond
from zbbulk.jobs.noting import noted
from zbbulk.jobs.plan import Plan
from zbbulk.jobs.planning import planned
from zbbulk.jobs.prepare import copy_rest, prepare, with_copy
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.jobs.run import Run, looked_up, missing_made, wanting_nothing, wants_missing
from zbbulk.jobs.run_facts import CHECKED, PLANNED, ROWS, run_facts
from zbbulk.jobs.run_folder import make_run_folder
from zbbulk.jobs.target import Target, pace_of
from zbbulk.journal.journal import Journal
from zbbulk.journal.kept_lists import forget_list, lists_path
from zbbulk.zoho.pace import Pace

Agreed = Callable[[CheckReport], bool]
"""Shown the check, its plan with it, before anything is sent; False ends the job."""


def import_file(  # noqa: PLR0913 - one argument a choice of the user
    path: Path,
    mapping: Path,
    *,
    target: Target,
    runs: Path,
    agreed: Agreed = lambda _: True,
    again: bool = False,
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
        progress: Shows how far it is.
        beyond: What a migration knows of records that are not in Zoho Books yet.
        pace: Of what else is sent to *target*; None when that is nothing.

    Raises:
        SourceError, MappingError: nothing was sent, the input must be mended.
        UsageError: *agreed* said no, or there is no such edition; nothing was sent.
        ZohoError: a list that is needed can't be read; nothing was sent.
        ResultError: folder, journal or result can't be written.
    """
    started, now = target.clock.now(), datetime.now().astimezone()
    prepared = prepare(path, mapping, edition=target.edition)
    folder = make_run_folder(runs, resource=prepared.resource.name, now=now)
    prepared = with_copy(prepared, folder.input(path.suffix.lower()))
    copy_rest(prepared, folder)
    facts = run_facts(prepared, path=path, target=target, started=now)
    with (
        folder.locked(),
        Journal.create(folder.journal, facts) as journal,
        EventLog(folder.log) as log,
    ):
        run = Run(
            prepared=prepared,
            target=target,
            folder=folder,
            runs=runs,
            journal=journal,
            log=log,
            progress=progress,
            pace=pace or pace_of(target),
            again=again,
            beyond=beyond,
        )
        report = imported(run, agreed=agreed)
    return replace(report, took_s=target.clock.now() - started)


def imported(run: Run, *, agreed: Agreed) -> ImportReport:
    """Check, plan and send the rows of *run*, of which nothing was sent yet."""
    run = looked_up(run)
    found = noted(run)
    run.journal.note_fact(ROWS, str(found.rows))
    run.journal.note_fact(CHECKED, "yes")
    run = wanting_nothing(run)
    whole = _refused_whole(found)
    plan, refused = (None, whole) if whole else _plan_or_why_not(run)
    check = checked(run, found, plan)
    if isinstance(refused, ZohoError):
        return carried_out(run, check, refused=refused)
    if not agreed(check):
        run.journal.finish("not agreed")
        raise UsageError("Nothing was sent: you did not agree.", fix="Start again to send.")
    if plan and wants_missing(run):
        run = missing_made(run)
        planned(run)
    run.journal.note_fact(PLANNED, "yes")
    forget_list(lists_path(run.runs, run.target.organization_id), run.prepared.resource.name)
    return carried_out(run, check, refused=refused)


def _plan_or_why_not(run: Run) -> tuple[Plan | None, ZbbulkError | None]:
    """Return the plan, or why what is in Zoho Books already can't be read."""
    try:
        return planned(run), None
    except ZohoError as error:
        return None, error


def checked(run: Run, found: Findings, plan: Plan | None) -> CheckReport:
    """Return what the check of *run* found, and what is planned."""
    told = run.lookups.told if run.lookups else None
    report = check_report(run.prepared, found, result=run.folder.path, took_s=0.0, looked_up=told)
    return replace(report, plan=plan)


def _refused_whole(found: Findings) -> SourceError | None:
    """Return why nothing of the file was sent, None when its rows may be."""
    if not found.whole:
        return None
    why = found.whole[0]
    message = f"Nothing was sent: {why.message}."
    return SourceError(message, why.fix, why.at, why.code)
