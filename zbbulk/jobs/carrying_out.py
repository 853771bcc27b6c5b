"""Carry out what the journal of a run has planned, and give the sheet back, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

from zbbulk.errors import ResultError, ZbbulkError, ZohoError
from zbbulk.jobs.created_ids import CreatedIds
from zbbulk.jobs.deleting import delete_together
from zbbulk.jobs.delivery import Delivery
from zbbulk.jobs.error_logging import log_failures
from zbbulk.jobs.interrupts import one_interrupt
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.jobs.result_file import write_result
from zbbulk.jobs.run import Run
from zbbulk.jobs.sending import delivery_of
from zbbulk.jobs.settling import send_and_settle
from zbbulk.jobs.target import open_sender, pace_of
from zbbulk.jobs.waiting import waited
from zbbulk.model import Action, Outcome


def carried_out(
    run: Run,
    check: CheckReport,
    *,
    refused: ZbbulkError | None = None,
    only: Collection[int] = (),
) -> ImportReport:
    """Send what is pending, settle what is in doubt, and write the result file.

    Ends with a report, not an error, when the run must stop: ``stopped`` tells why.

    Args:
        run: The run, all that it sends planned.
        check: What was found.
        refused: Why nothing is sent, if so.
        only: The first rows of the records that are sent; () for all.
    """
    again = f"zbbulk resume {run.folder.path.name}"
    with one_interrupt(again) as ignore_interrupts:
        delivery, result, unwritten = _delivered(
            run, check.rows, refused=refused, only=only, closing=ignore_interrupts
        )
    logged = log_failures(run, is_stopped=delivery.stopped is not None)
    outcomes = Outcomes(run.journal, unwritten=delivery.unwritten)
    return ImportReport(
        check=replace(check, result=result),
        counts=outcomes.counts(rows=check.rows),
        failures=outcomes.failures(),
        organization_id=run.target.organization_id,
        api_root=run.target.api_root,
        journal=run.folder.journal,
        calls=run.log.left,
        stopped=delivery.stopped,
        unwritten=unwritten,
        unheld=delivery.unwritten,
        logged=logged,
        took_s=0.0,
    )


def _delivered(
    run: Run,
    rows: int,
    *,
    refused: ZbbulkError | None,
    only: Collection[int],
    closing: Callable[[], None],
) -> tuple[Delivery, Path, ZbbulkError | None]:
    """Send, and write the result whatever happens; *rows* is how many the sheet has.

    *closing* is called when nothing more may disturb the writing of the result.
    """
    reason, unheld = "broken off", dict[int, Outcome]()
    try:
        delivery = _sent(run, unheld, refused=refused, only=only)
        while _waits(run, delivery):
            run = replace(run, pace=pace_of(run.target))
            delivery = _sent(run, unheld, refused=refused, only=only)
        reason = delivery.stopped.code if delivery.stopped else "trial" if only else "done"
    finally:
        closing()
        result, unwritten = _closed(run, unheld, rows, reason=reason)
    return delivery, result, unwritten


def _sent(
    run: Run,
    unheld: dict[int, Outcome],
    *,
    refused: ZbbulkError | None,
    only: Collection[int],
) -> Delivery:
    """Send what is pending by a new connection.

    *unheld* gets what becomes of rows and the journal can't take any more.
    """
    mapping = run.prepared.mapping
    opened = open_sender(
        run.target,
        resource=run.prepared.resource,
        action=mapping.action,
        log=run.log,
        pace=run.pace,
        upsert_by=mapping.policy.upsert_by,
    )
    with opened as (sender, _):
        delivery = delivery_of(run, sender)
        delivery.unwritten = unheld
        if refused is None:
            delivery.attempt(CreatedIds(run).catch_up)
        is_delete = mapping.action is Action.DELETE
        if refused is None and is_delete and not only and not delivery.stopped:
            delivery.attempt(lambda: delete_together(run, delivery, sender.client))
        if refused is None and not delivery.stopped:
            send_and_settle(run, delivery, sender.client, only=only)
        delivery.stopped = delivery.stopped or refused
        return delivery


def _waits(run: Run, delivery: Delivery) -> bool:
    """Wait for the calls of the next day, if that is wanted; tell whether to go on."""
    try:
        return waited(run.target, delivery.stopped, run.waits)
    except KeyboardInterrupt:
        delivery.stopped = ZohoError("You stopped the run.", code="ZB414")
        return False


def _closed(
    run: Run, unheld: Mapping[int, Outcome], rows: int, *, reason: str
) -> tuple[Path, ZbbulkError | None]:
    """Write the result file and the end of the run; return where it is, or why it is not.

    *unheld* is what became of rows and the journal could not take any more.
    """
    outcomes = Outcomes(run.journal, unwritten=unheld)
    try:
        sheet = run.prepared.own_sheet
        result = write_result(sheet, outcomes.in_order(), folder=run.folder, rows=rows)
        run.journal.finish(reason)
    except ResultError as error:
        return run.folder.path, error
    return result, None
