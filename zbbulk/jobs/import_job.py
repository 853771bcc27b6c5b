"""Import a file: check it whole, send what passed, give the sheet back with the answers.

Wires the steps and owns their order; the rules are in the steps. Nothing is sent
before every row was checked and the caller agreed to what is about to happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from zbbulk.errors import UsageError
from zbbulk.jobs.check_job import check_report, refuse_duplicates, work_folder
from zbbulk.jobs.delivery import Delivery, Parcel
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.prepare import Prepared, prepare
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import CheckReport, Failure, ImportReport
from zbbulk.jobs.result_file import write_result
from zbbulk.jobs.run_facts import run_facts
from zbbulk.jobs.run_folder import RunFolder, make_run_folder
from zbbulk.jobs.scan import Findings, key_logs, key_reader, scan
from zbbulk.jobs.target import Target, open_sender
from zbbulk.jobs.zoho_words import pointed
from zbbulk.journal.journal import Journal
from zbbulk.model import Outcome, Row, Status
from zbbulk.results import READY, OutcomesInOrder, joined
from zbbulk.rows import padded

Agreed = Callable[[CheckReport], bool]
"""Shown the check before anything is sent; False ends the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What all steps of one import share."""

    prepared: Prepared
    target: Target
    folder: RunFolder
    journal: Journal
    progress: Progress


def import_file(
    path: Path,
    mapping: Path,
    *,
    target: Target,
    runs: Path,
    agreed: Agreed = lambda _: True,
    progress: Progress = no_progress,
) -> ImportReport:
    """Check *path*, send the rows that pass to *target*, and write the result file.

    Args:
        path: The user's file.
        mapping: The mapping file.
        target: Where to send to.
        runs: Folder of all runs; made if missing.
        agreed: Shown the check before anything is sent; False ends the job.
        progress: Shows how far it is.

    Raises:
        SourceError, MappingError: nothing was sent, the input must be mended.
        UsageError: *agreed* said no; nothing was sent.
        ResultError: folder, journal or result can't be written.
    """
    started, now = target.clock.now(), datetime.now().astimezone()
    prepared = prepare(path, mapping)
    folder = make_run_folder(runs, resource=prepared.resource.name, now=now)
    facts = run_facts(prepared, path=path, target=target, started=now)
    with Journal.create(folder.journal, facts) as journal:
        run = _Run(
            prepared=prepared, target=target, folder=folder, journal=journal, progress=progress
        )
        report = _imported(run, agreed=agreed)
    return replace(report, took_s=target.clock.now() - started)


def _imported(run: _Run, *, agreed: Agreed) -> ImportReport:
    found = _noted(run)
    check = check_report(run.prepared, found, result=run.folder.path, took_s=0.0)
    if not agreed(check):
        run.journal.finish("not agreed")
        raise UsageError("Nothing was sent: you did not agree.", fix="Start again to send.")
    delivery, calls = _delivered(run, total=check.ready)
    outcomes = OutcomesInOrder(run.journal.outcomes)
    result = write_result(run.prepared.sheet, outcomes, folder=run.folder, rows=found.rows)
    run.journal.finish(delivery.stopped.code if delivery.stopped else "done")
    return ImportReport(
        check=replace(check, result=result),
        counts=_counts(found, run.journal),
        failures=failures_of(run.journal),
        organization_id=run.target.organization_id,
        api_root=run.target.api_root,
        journal=run.folder.journal,
        calls=calls,
        stopped=delivery.stopped,
        took_s=0.0,
    )


def _noted(run: _Run) -> Findings:
    """Check every row and write those that will not be sent into the journal."""

    def sink(block: Sequence[Row], outcomes: Mapping[int, Outcome]) -> None:
        if outcomes:
            run.journal.note_many(
                (block[index].number, outcome) for index, outcome in outcomes.items()
            )

    with work_folder(run.folder) as work:
        logs = key_logs(run.prepared, work, name="whole")
        rows = run.progress(run.prepared.sheet.rows(), label="checking")
        found = scan(run.prepared, rows, sink=sink, logs=logs)
        later = refuse_duplicates(run.prepared, [[(log, 0)] for log in logs], found=found)
    noted = OutcomesInOrder(run.journal.outcomes, default=READY)
    run.journal.note_many(
        [(row, joined(noted(row) or READY, outcome)) for row, outcome in sorted(later.items())]
    )
    return found


def _delivered(run: _Run, *, total: int) -> tuple[Delivery, int]:
    """Send every row that the journal does not know yet; return the number of calls too."""
    prepared, target = run.prepared, run.target
    with (
        EventLog(run.folder.log) as log,
        open_sender(
            target, resource=prepared.resource, action=prepared.mapping.action, log=log
        ) as (sender, client),
    ):
        delivery = Delivery(
            sender,
            pace=client.pace,
            journal=run.journal,
            workers=target.at_once,
            told=lambda outcome: pointed(outcome, prepared.program),
        )
        delivery.run(_parcels(run), total=total, progress=run.progress)
        return delivery, log.written


def _parcels(run: _Run) -> Iterator[Parcel]:
    """Yield the Record of each row that passed; made anew, as it was when it was checked."""
    program, width = run.prepared.program, len(run.prepared.sheet.header)
    noted = OutcomesInOrder(run.journal.outcomes)
    read_key = key_reader(program.keys[0] if program.keys else ())
    for row in run.prepared.sheet.rows():
        if noted(row.number) is None:
            record, _ = program.convert(padded(row.cells, width))
            yield Parcel(row.number, read_key([record])[0] or "", record)


def _counts(found: Findings, journal: Journal) -> dict[Status, int]:
    told = journal.count()
    ready = found.rows - sum(told.values()) + told.get(Status.READY, 0)
    return {
        status: number
        for status in Status
        if (number := ready if status is Status.READY else told.get(status, 0))
    }


def failures_of(journal: Journal) -> tuple[Failure, ...]:
    """Return why rows failed or are unknown, one entry a code, the commonest first."""
    found: dict[str, Failure] = {}
    for row, outcome in journal.outcomes():
        if outcome.status in (Status.FAILED, Status.UNKNOWN):
            first = found.get(outcome.code) or Failure(
                outcome.code, 0, row, outcome.message, outcome.fix
            )
            found[outcome.code] = first._replace(rows=first.rows + 1)
    return tuple(sorted(found.values(), key=lambda failure: -failure.rows))
