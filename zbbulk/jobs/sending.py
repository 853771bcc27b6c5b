"""Send what the journal of a run has as pending, in the order of the rows.

Whatever is sent is what was planned: a record that would be another one now, because
something it looks up has changed, is not sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zbbulk.codes import CODES
from zbbulk.jobs.created_ids import CreatedIds
from zbbulk.jobs.deleted_ids import forgetting
from zbbulk.jobs.delivery import Delivery
from zbbulk.jobs.follow_up import FollowUp
from zbbulk.jobs.parcels import Parcel, parcels_of, record_hash
from zbbulk.jobs.run import Run
from zbbulk.jobs.update_reading import UpdateReader
from zbbulk.jobs.zoho_words import pointed
from zbbulk.journal.records import Planned, RunRecords
from zbbulk.model import Action, Outcome, Record, Row, Status
from zbbulk.results import OutcomesInOrder
from zbbulk.zoho.sender import Sender

CHANGED = Outcome(
    status=Status.REJECTED,
    code="ZB505",
    message="The record would be another one than was planned: what it looks up has changed.",
    fix=CODES["ZB505"].fix,
)


def delivery_of(run: Run, sender: Sender) -> Delivery:
    """Return what sends the records of *run* by *sender*; nothing has left yet."""
    mapping, facts = run.prepared.mapping, run.prepared.resource
    reader = UpdateReader(sender.client, prepared=run.prepared, records=RunRecords(run.journal))
    follow_up = FollowUp(
        sender.client, resource=facts, names=mapping.after_create, journal=run.journal
    )

    def before(parcel: Parcel) -> Record | Outcome:
        return reader.ready(parcel)

    return Delivery(
        sender,
        pace=run.pace,
        journal=run.journal,
        log=run.log,
        told=lambda outcome: pointed(outcome, run.prepared.program),
        before=before,
        follow_up=follow_up,
        known=CreatedIds(run).note if mapping.action is not Action.DELETE else forgetting(run),
    )


def send_pending(run: Run, delivery: Delivery, *, only: Collection[int] = ()) -> None:
    """Send every record that is pending; ``delivery.stopped`` tells why it ended early.

    *only* are the first rows of the records that are sent, () for all.
    """
    total = len(only) or run.journal.count().get(Status.PENDING, 0)
    parcels = _due(run, RunRecords(run.journal), only)
    delivery.run(parcels, workers=_workers(run), total=total, progress=run.progress)


def _workers(run: Run) -> int:
    """Return how many are sent at once: one where Zoho numbers, so that it keeps the order."""
    facts, fields = run.prepared.resource, run.prepared.mapping.fields.fields
    is_numbered = facts.number_flag == "query" and facts.number_field not in fields
    is_create = run.prepared.mapping.action is Action.CREATE
    return 1 if is_numbered and is_create else run.target.at_once


def parcels_with(run: Run, *statuses: Status) -> Iterator[Parcel]:
    """Yield the parcels of *run* whose rows have one of *statuses*, their Records made anew."""
    outcome_of = OutcomesInOrder(run.journal.outcomes)
    records = RunRecords(run.journal)

    def has_status(row: Row) -> bool:
        outcome = outcome_of(row.number)
        return outcome is not None and outcome.status in statuses

    return parcels_of(run.prepared, has_status, lead_of=records.lead_of)


def as_planned(run: Run, parcel: Parcel, planned: Planned) -> Parcel | None:
    """Return *parcel* as it was planned, None when it would be another record now."""
    record = parcel.record
    if planned.action is not Action.CREATE and planned.zb_id:
        record = {**record, run.prepared.resource.id_field: planned.zb_id}
    if record_hash(record) != planned.record_hash:
        return None
    return parcel._replace(record=record, action=planned.action)


def _due(run: Run, records: RunRecords, only: Collection[int]) -> Iterator[Parcel]:
    for parcel in parcels_with(run, Status.PENDING):
        if only and parcel.rows[0] not in only:
            continue
        planned = records.find(parcel.rows[0])
        if planned is None or planned.status is not Status.PENDING:
            continue
        due = as_planned(run, parcel, planned)
        if due is None:
            records.note(planned.lead, CHANGED)
        else:
            yield due
