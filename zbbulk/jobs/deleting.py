"""Delete records: find those that the rows mean, and take many away in one call where Zoho can.

What is deleted is gone, so a row whose record is not certain is refused. A delete has the same
end however often it arrives: what is in doubt is simply deleted once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from zbbulk.codes import CODES
from zbbulk.jobs.delivery import Delivery
from zbbulk.jobs.keys import shown
from zbbulk.jobs.matching import Existing
from zbbulk.jobs.parcels import Parcel
from zbbulk.jobs.run import Run
from zbbulk.jobs.sending import parcels_with
from zbbulk.journal.records import RunRecords
from zbbulk.model import Action, Outcome, Record, Status
from zbbulk.resources import Resource
from zbbulk.zoho.bulk import DELETED_AT_ONCE, delete_many
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pages import whole_list


def delete_calls(resource: Resource, records: int) -> int:
    """Return how many calls it takes at least to delete so many *records*."""
    return -(-records // DELETED_AT_ONCE) if resource.bulk_delete else records


def deletable(
    parcels: Iterator[Parcel], client: ZohoClient, run: Run, *, left_out: Counter[Status]
) -> Iterator[Parcel]:
    """Yield those of *parcels* whose record is certain; the journal gets why others are not sent.

    By their ids they are taken as they are; by a key they are looked for in the whole list.

    Raises:
        ZohoError: the list can't be read, or does not show the key.
    """
    facts, mapping = run.prepared.resource, run.prepared.mapping
    by_id = facts.id_field in mapping.fields.fields
    existing = Existing(facts, mapping.key)
    if not by_id:
        existing.add(whole_list(client, facts))
    for parcel in parcels:
        found = _ids(parcel.record, facts) if by_id else existing.find(parcel.record)
        refusal = _refusal(parcel, found, by_id=by_id)
        if refusal is None:
            record = {**parcel.record, facts.id_field: found[0]}
            yield parcel._replace(record=record, action=Action.DELETE)
        else:
            run.journal.note_many((row, refusal) for row in parcel.rows)
            left_out[refusal.status] += 1


def _ids(record: Record, facts: Resource) -> list[str]:
    zb_id = str(record.get(facts.id_field) or "")
    return [zb_id] if zb_id else []


def _refusal(parcel: Parcel, found: Sequence[str], *, by_id: bool) -> Outcome | None:
    """Return why the record of a row is not deleted, None when it is."""
    if len(found) > 1:
        message = f"{shown(parcel.key)} is there {len(found)} times: {', '.join(found)}."
        return _told(Status.REJECTED, "ZB341", message)
    if found:
        return None
    if by_id or not parcel.key:
        return _told(Status.REJECTED, "ZB301", "Nothing tells which record is meant.")
    message = f"{shown(parcel.key)} is not in Zoho Books."
    return _told(Status.SKIPPED, "ZB340", message)


def _told(status: Status, code: str, message: str) -> Outcome:
    return Outcome(status=status, code=code, message=message, fix=CODES[code].fix)


def delete_together(run: Run, delivery: Delivery, client: ZohoClient) -> None:
    """Delete what is pending by as few calls as Zoho offers.

    Records of a call that was refused, or not answered, stay pending: each goes by itself then.

    Raises:
        ZohoError: the run must stop.
        ResultError: the journal can't be written.
    """
    facts, records = run.prepared.resource, RunRecords(run.journal)
    if not facts.bulk_delete:
        return
    parcels = parcels_with(run, Status.PENDING)
    while some := list(islice(parcels, DELETED_AT_ONCE)):
        by_id: dict[str, Parcel] = {}
        for parcel in some:
            if planned := records.find(parcel.rows[0]):
                by_id[planned.zb_id] = parcel
                mark = planned.record_hash
                run.journal.sending(parcel.rows, key=parcel.key, record_hash=mark)
        for told in delete_many(client, facts, list(by_id), record=some[0].record):
            for zb_id in told.ids:
                if told.is_gone:
                    outcome = Outcome(status=Status.DELETED, zb_id=zb_id, message=told.message)
                    delivery.adopt(by_id[zb_id], outcome)
                else:
                    records.again([by_id[zb_id].rows[0]])


def finish_delete(delivery: Delivery, run: Run, parcel: Parcel) -> None:
    """Delete once more what may have been deleted already, and write down what became of it.

    Raises:
        ZohoError: the run must stop.
    """
    outcome = delivery.repeat(parcel, Action.DELETE)
    run.log.check()
    delivery.adopt(parcel, outcome)
