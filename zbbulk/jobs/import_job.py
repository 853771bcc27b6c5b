"""Import a file: check it whole, send what passed, give the sheet back with the answers.

Wires the steps and owns their order; the rules are in the steps. Nothing is sent
before every row was checked and the caller agreed to what is about to happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from zbbulk.errors import ResultError, SourceError, UsageError, ZbbulkError
from zbbulk.jobs.delivery import Delivery
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.findings import Findings, check_report
from zbbulk.jobs.follow_up import FollowUp
from zbbulk.jobs.interrupts import one_interrupt
from zbbulk.jobs.late_faults import refuse_late
from zbbulk.jobs.lookups import Lookups, lookup_rules, online_lookups
from zbbulk.jobs.make_missing import make_missing
from zbbulk.jobs.matching import Existing, matched
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.parcels import Parcel, parcels_of
from zbbulk.jobs.prepare import Prepared, prepare, with_copy, with_finder
from zbbulk.jobs.progress import Progress, no_progress, rows_in
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.jobs.result_file import write_result
from zbbulk.jobs.run_facts import run_facts
from zbbulk.jobs.run_folder import RunFolder, make_run_folder, work_folder
from zbbulk.jobs.scan import key_logs, scan
from zbbulk.jobs.target import Target, open_sender, pace_of
from zbbulk.jobs.update_lines import LineKeeper
from zbbulk.jobs.zoho_words import pointed
from zbbulk.journal.journal import Journal
from zbbulk.journal.kept_lists import forget_list, lists_path
from zbbulk.model import Block, Outcome, Record, Status
from zbbulk.results import READY, OutcomesInOrder, joined
from zbbulk.zoho.pace import Pace
from zbbulk.zoho.pages import whole_list
from zbbulk.zoho.sender import Sender

Agreed = Callable[[CheckReport], bool]
"""Shown the check before anything is sent; False ends the job."""

_NOTED_AT_ONCE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What all steps of one import share."""

    prepared: Prepared
    target: Target
    folder: RunFolder
    journal: Journal
    progress: Progress
    pace: Pace
    lookups: Lookups | None = None


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

    All is read from a copy in the run's folder: the user may go on working in the sheet.

    Args:
        path: The user's file.
        mapping: The mapping file.
        target: Where to send to.
        runs: Folder of all runs; made if missing.
        agreed: Shown the check before anything is sent; False ends the job.
        progress: Shows how far it is.

    Raises:
        SourceError, MappingError: nothing was sent, the input must be mended.
        UsageError: *agreed* said no, or there is no such edition; nothing was sent.
        ResultError: folder, journal or result can't be written.
    """
    started, now = target.clock.now(), datetime.now().astimezone()
    prepared = prepare(path, mapping, edition=target.edition)
    folder = make_run_folder(runs, resource=prepared.resource.name, now=now)
    prepared = with_copy(prepared, folder.input(path.suffix.lower()))
    facts = run_facts(prepared, path=path, target=target, started=now)
    with Journal.create(folder.journal, facts) as journal:
        run = _Run(
            prepared=prepared,
            target=target,
            folder=folder,
            journal=journal,
            progress=progress,
            pace=pace_of(target),
        )
        with _told_to(journal):
            run = _looked_up(run, runs=runs)
        report = _imported(run, agreed=agreed, runs=runs)
    return replace(report, took_s=target.clock.now() - started)


@contextmanager
def _told_to(journal: Journal) -> Iterator[None]:
    """Write into *journal* why the run ends here, if it does."""
    try:
        yield
    except ZbbulkError as error:
        journal.finish(error.code)
        raise


def _looked_up(run: _Run, *, runs: Path) -> _Run:
    """Return *run* with what its mapping looks up, read before the first row."""
    if not lookup_rules(run.prepared.mapping):
        return run
    with EventLog(run.folder.log) as log:
        lookups = online_lookups(
            run.target, run.prepared.mapping, runs=runs, log=log, pace=run.pace
        )
    return replace(run, prepared=with_finder(run.prepared, lookups), lookups=lookups)


def _missing_made(run: _Run, *, runs: Path) -> _Run:
    """Return *run* with the records that its rows name and that were missing until now."""
    if run.lookups is None or not run.lookups.wanted:
        return run
    with EventLog(run.folder.log) as log, _told_to(run.journal):
        make_missing(
            run.lookups,
            target=run.target,
            journal=run.journal,
            runs=runs,
            log=log,
            pace=run.pace,
        )
    return replace(run, prepared=with_finder(run.prepared, run.lookups))


def _want_anew(run: _Run) -> _Run:
    """Return *run* that wants only what the rows name that will be sent."""
    if run.lookups is None or not run.lookups.wanted:
        return run
    run.lookups.wanted.clear()
    run = replace(run, prepared=with_finder(run.prepared, run.lookups))
    for _ in _parcels(run):
        pass
    return run


def _imported(run: _Run, *, agreed: Agreed, runs: Path) -> ImportReport:
    found = _noted(run)
    run = _want_anew(run)
    told = run.lookups.told if run.lookups else None
    check = check_report(run.prepared, found, result=run.folder.path, took_s=0.0, looked_up=told)
    if not agreed(check):
        run.journal.finish("not agreed")
        raise UsageError("Nothing was sent: you did not agree.", fix="Start again to send.")
    run = run if found.whole else _missing_made(run, runs=runs)
    forget_list(lists_path(runs, run.target.organization_id), run.prepared.resource.name)
    with EventLog(run.folder.log) as log, one_interrupt() as ignore_interrupts:
        delivery, result = _delivered(run, found, log=log, closing=ignore_interrupts)
    outcomes = Outcomes(run.journal, unwritten=delivery.unwritten)
    return ImportReport(
        check=replace(check, result=result),
        counts=outcomes.counts(rows=found.rows),
        failures=outcomes.failures(),
        organization_id=run.target.organization_id,
        api_root=run.target.api_root,
        journal=run.folder.journal,
        calls=log.left,
        stopped=delivery.stopped,
        took_s=0.0,
    )


def _noted(run: _Run) -> Findings:
    """Check every row and write those that will not be sent into the journal."""
    pending: list[tuple[int, Outcome]] = []

    def sink(block: Block, outcomes: Mapping[int, Outcome]) -> None:
        pending.extend((block.first + index, outcome) for index, outcome in outcomes.items())
        if len(pending) >= _NOTED_AT_ONCE:
            _note(run.journal, pending)
            pending.clear()

    with work_folder(run.folder) as work:
        logs = key_logs(run.prepared, work, name="whole")
        blocks = run.progress(run.prepared.sheet.blocks(), label="checking", weigh=rows_in)
        found = scan(run.prepared, blocks, sink=sink, logs=logs)
        _note(run.journal, pending)
        later = refuse_late(run.prepared, [[(log, 0)] for log in logs], found=found)
    noted = OutcomesInOrder(run.journal.outcomes)
    _note(
        run.journal,
        [(row, joined(noted(row) or READY, outcome)) for row, outcome in sorted(later.items())],
    )
    return found


def _note(journal: Journal, outcomes: Sequence[tuple[int, Outcome]]) -> None:
    """Write the outcomes of rows that are not sent; READY ones are sent and have a warning."""
    journal.note_many(each for each in outcomes if each[1].status is not Status.READY)
    journal.warn_many(each for each in outcomes if each[1].status is Status.READY)


def _delivered(
    run: _Run, found: Findings, *, log: EventLog, closing: Callable[[], None]
) -> tuple[Delivery, Path]:
    """Send every row that the journal does not know yet; write the result, whatever happens.

    *closing* is called when nothing more may disturb the writing of the result.
    """
    prepared, target = run.prepared, run.target
    action = prepared.mapping.action
    opened = open_sender(
        target,
        resource=prepared.resource,
        action=action,
        log=log,
        pace=run.pace,
        upsert_by=prepared.mapping.policy.upsert_by,
    )
    with opened as (sender, pace):
        delivery = _delivery(run, sender, pace=pace, log=log)
        reason = "broken off"
        try:
            total = found.by_status().get(Status.READY, 0)
            parcels = () if found.whole else _unmatched(run, sender)
            delivery.run(parcels, workers=target.at_once, total=total, progress=run.progress)
            delivery.stopped = delivery.stopped or _refused_whole(found)
            reason = delivery.stopped.code if delivery.stopped else "done"
        finally:
            closing()
            outcomes = Outcomes(run.journal, unwritten=delivery.unwritten)
            try:
                result = write_result(
                    prepared.sheet, outcomes.in_order(), folder=run.folder, rows=found.rows
                )
                run.journal.finish(reason)
            except ResultError as error:
                result, delivery.stopped = run.folder.path, delivery.stopped or error
        return delivery, result


def _delivery(run: _Run, sender: Sender, *, pace: Pace, log: EventLog) -> Delivery:
    mapping, facts = run.prepared.mapping, run.prepared.resource
    keeper = LineKeeper(sender.client, resource=facts, policy=mapping.policy)
    calls = FollowUp(sender.client, resource=facts, names=mapping.after_create, journal=run.journal)

    def before(parcel: Parcel) -> Record | Outcome:
        action = parcel.action or mapping.action
        is_kept = keeper.is_needed(parcel.record, action)
        return keeper.kept(parcel.record) if is_kept else parcel.record

    return Delivery(
        sender,
        pace=pace,
        journal=run.journal,
        log=log,
        told=lambda outcome: pointed(outcome, run.prepared.program),
        before=before,
        follow_up=calls,
    )


def _unmatched(run: _Run, sender: Sender) -> Iterator[Parcel]:
    """Yield what is sent, without what is in Zoho Books already and stays as it is."""
    mapping, facts = run.prepared.mapping, run.prepared.resource
    on_match = mapping.policy.on_match
    if on_match is None or not mapping.policy.reads_list:
        return _parcels(run)
    return matched(
        _parcels(run),
        whole_list(sender.client, facts),
        Existing(facts, mapping.key),
        on_match=on_match,
        journal=run.journal,
        id_field=facts.id_field,
    )


def _refused_whole(found: Findings) -> SourceError | None:
    """Return why nothing of the file was sent, None when its rows may be."""
    if not found.whole:
        return None
    why = found.whole[0]
    message = f"Nothing was sent: {why.message}."
    return SourceError(message, why.fix, why.at, why.code)


def _parcels(run: _Run) -> Iterator[Parcel]:
    """Yield what is sent in each call, of the rows that the journal does not know yet."""
    noted = OutcomesInOrder(run.journal.outcomes)
    return parcels_of(run.prepared, lambda row: noted(row.number) is None)
