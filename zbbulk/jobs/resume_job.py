"""Go on with a run that was broken off, or send its failed records once more.

By record, never by position: the journal knows what each row is planned to become and
what became of it. What is in doubt is looked up first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from zbbulk.errors import UsageError
from zbbulk.jobs.carrying_out import carried_out
from zbbulk.jobs.findings import Findings, check_report
from zbbulk.jobs.import_job import Agreed, imported
from zbbulk.jobs.lookups import Beyond
from zbbulk.jobs.open_run import opened_run
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.planning import creates_anew, plan_of, sent_earlier
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.jobs.row_outcomes import ROWS
from zbbulk.jobs.run import Run, looked_up
from zbbulk.jobs.run_facts import PLANNED
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.jobs.target import Target, open_client
from zbbulk.jobs.waiting import Waits
from zbbulk.journal.records import RunRecords
from zbbulk.model import Action, Status
from zbbulk.zoho.pace import Pace


def resume_run(  # noqa: PLR0913 - one argument a choice of the user
    folder: Path,
    *,
    target: Target,
    runs: Path,
    again: Iterable[Status] = (),
    agreed: Agreed = lambda _: True,
    waits: Waits | None = None,
    progress: Progress = no_progress,
    beyond: Beyond | None = None,
    pace: Pace | None = None,
) -> ImportReport:
    """Go on with the run in *folder* where it stood.

    A run that was broken off before anything was sent begins anew.

    Args:
        folder: Of the run.
        target: Where it went to; must be the same organization.
        runs: Folder of all runs.
        again: Records with one of these statuses are sent once more; ``(FAILED,)`` is a retry.
        agreed: Shown what is about to happen; False ends the job.
        waits: Told before the run waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.
        beyond: What a migration knows of records that are not in Zoho Books yet.
        pace: Of what else is sent to *target*; None when that is nothing.

    Raises:
        UsageError: the run is in use, was changed, or went to another organization.
        ResultError: its journal can't be read or written.
        ZohoError: a list that is needed can't be read; nothing was sent.
    """
    started = target.clock.now()
    opened = opened_run(RunFolder(folder), target=target, runs=runs, progress=progress)
    with opened as found:
        run = replace(found, waits=waits, beyond=beyond, pace=pace or found.pace)
        run.journal.begin_again()
        if run.journal.facts().get(PLANNED) != "yes":
            RunRecords(run.journal).forget_rows()
            report = imported(run, agreed=agreed)
        else:
            report = _gone_on_with(looked_up(run), again=tuple(again), agreed=agreed)
    return replace(report, took_s=target.clock.now() - started)


def _gone_on_with(run: Run, *, again: tuple[Status, ...], agreed: Agreed) -> ImportReport:
    records = RunRecords(run.journal)
    _leave_out_sent(run, records)
    check = _check(run, (Status.PENDING, *again))
    if not agreed(check):
        raise UsageError("Nothing was sent: you did not agree.", fix="Start again to send.")
    if again:
        records.again([each.lead for each in records.with_status(*again)])
    return carried_out(run, check)


def _check(run: Run, statuses: tuple[Status, ...]) -> CheckReport:
    """Return what is known of the run: its rows as they stand, and what is still to be sent."""
    rows = int(run.journal.facts()[ROWS])
    report = check_report(run.prepared, Findings(rows=rows), result=run.folder.path, took_s=0.0)
    counts = Outcomes(run.journal, unwritten={}).counts(rows=rows)
    return replace(report, counts=counts, plan=plan_of(run, statuses))


def _leave_out_sent(run: Run, records: RunRecords) -> None:
    """Note what another run created since this one was broken off: it is not sent again."""
    if not creates_anew(run):
        return
    with (
        open_client(run.target, log=run.log, pace=run.pace) as client,
        sent_earlier(run, client) as earlier,
    ):
        for each in records.with_status(Status.PENDING):
            if each.action is Action.CREATE:
                outcome = earlier.take(each.record_hash)
                if outcome is not None:
                    records.note(each.lead, outcome)
