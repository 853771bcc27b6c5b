"""Find out what became of records whose answer was lost, and go on with them.

A record in doubt is looked up by its key and adopted, or sent once more if it is surely
absent, or left ``unknown`` for the user. An update, and an upsert by a unique field, have the
same end however often they arrive: they are simply sent again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from zbbulk.codes import CODES
from zbbulk.jobs.deleting import finish_delete
from zbbulk.jobs.delivery import Delivery
from zbbulk.jobs.evidence import Evidence, Found
from zbbulk.jobs.follow_up import DONE
from zbbulk.jobs.parcels import Parcel
from zbbulk.jobs.run import Run
from zbbulk.jobs.run_facts import BEGAN
from zbbulk.jobs.sending import as_planned, parcels_with, send_pending
from zbbulk.journal.records import RunRecords
from zbbulk.model import Action, Outcome, Status
from zbbulk.zoho.client import ZohoClient

SECOND_LOOK_S = 30.0
"""A request whose answer was lost may still be worked on; Zoho names no time for it."""

ROUNDS = 4
"""So often the records of a run are sent, and its doubts looked into in between."""

IN_DOUBT = (Status.SENDING, Status.UNKNOWN)


class _Doubt(NamedTuple):
    parcel: Parcel
    found: list[Found]


def send_and_settle(
    run: Run, delivery: Delivery, client: ZohoClient, *, only: Collection[int] = ()
) -> None:
    """Settle what is in doubt and send what is pending, until neither is left.

    *only* are the first rows of the records that are sent, () for all. Ends early, with
    ``delivery.stopped`` set, when the run can't go on.
    """
    delivery.attempt(lambda: _finish_follow_ups(run, delivery))
    for _ in range(ROUNDS):
        counts = run.journal.count()
        if any(status in counts for status in IN_DOUBT):
            delivery.attempt(lambda: settle(run, delivery, client))
        if delivery.stopped or not _has_due(run, only):
            return
        send_pending(run, delivery, only=only)


def _has_due(run: Run, only: Collection[int]) -> bool:
    """Tell whether something is pending that is to be sent."""
    if not only:
        return Status.PENDING in run.journal.count()
    found = (RunRecords(run.journal).find(lead) for lead in only)
    return any(each is not None and each.status is Status.PENDING for each in found)


def _finish_follow_ups(run: Run, delivery: Delivery) -> None:
    """Make the status calls of records that an earlier try created and did not come to."""
    names = run.prepared.mapping.after_create
    if not names or Status.CREATED not in run.journal.count():
        return
    records = RunRecords(run.journal)
    for parcel in parcels_with(run, Status.CREATED):
        made = run.journal.status_calls(parcel.rows[0])
        planned = records.find(parcel.rows[0])
        if planned and not all(made.get(name) == DONE for name in names):
            delivery.adopt(parcel, Outcome(status=Status.CREATED, zb_id=planned.zb_id))


def settle(run: Run, delivery: Delivery, client: ZohoClient) -> None:
    """Look into all doubts once; what is surely absent is pending again.

    Raises:
        ZohoError: a list can't be read, or the run must stop.
        ResultError: the journal can't be written.
    """
    records = RunRecords(run.journal)
    doubts = [doubt for parcel in parcels_with(run, *IN_DOUBT) if (doubt := _doubt(run, parcel))]
    repeated = [each for each in doubts if _may_be_repeated(run, each)]
    deletes = [each for each in repeated if each.action is Action.DELETE]
    for parcel in deletes:
        finish_delete(delivery, run, parcel)
    repeated = [each for each in repeated if each not in deletes]
    records.again(parcel.rows[0] for parcel in repeated)
    evidence = evidence_of(run, client)
    open_ones = [each for each in doubts if each not in (*repeated, *deletes)]
    for each in open_ones:
        if not evidence.can_find(each.record):
            _leave(run, each, "Nothing tells it from other records: the mapping has no key for it.")
    absent = _looked_into(
        run, delivery, evidence, [e for e in open_ones if evidence.can_find(e.record)]
    )
    records.again(parcel.rows[0] for parcel in absent)


def evidence_of(run: Run, client: ZohoClient) -> Evidence:
    """Return what looks for records of *run*."""
    facts, mapping = run.prepared.resource, run.prepared.mapping
    numbers = [(facts.number_field,)] if facts.number_field else []
    keys = [mapping.key, *facts.match_keys, *numbers]
    began = run.journal.facts().get(BEGAN, "")
    return Evidence(client, facts, keys=keys, began=began)


def _doubt(run: Run, parcel: Parcel) -> Parcel | None:
    """Return *parcel* as it was sent; None, and it is left, when that can't be known any more."""
    planned = RunRecords(run.journal).find(parcel.rows[0])
    sent = as_planned(run, parcel, planned) if planned else None
    if sent is None:
        _leave(run, parcel, "What was sent can't be made anew: what it looks up has changed.")
    return sent


def _may_be_repeated(run: Run, parcel: Parcel) -> bool:
    is_known = parcel.action in (Action.UPDATE, Action.DELETE)
    return is_known or bool(run.prepared.mapping.policy.upsert_by)


def _looked_into(
    run: Run, delivery: Delivery, evidence: Evidence, parcels: Sequence[Parcel]
) -> list[Parcel]:
    """Adopt what is there, and return what is surely absent: looked for twice."""
    absent = list(parcels)
    for delay_s in (0.0, SECOND_LOOK_S):
        if absent:
            if delay_s:
                run.pace.pause(delay_s)
            found = evidence.look([parcel.record for parcel in absent])
            looked = [_Doubt(*each) for each in zip(absent, found, strict=True)]
            absent = [each.parcel for each in looked if not _judged(run, delivery, each)]
    hidden = [parcel for parcel in absent if not evidence.shows(parcel.record)]
    for parcel in hidden:
        _leave(run, parcel, "Zoho's list does not show its key.")
    return [parcel for parcel in absent if parcel not in hidden]


def _judged(run: Run, delivery: Delivery, doubt: _Doubt) -> bool:
    """Write down what was found of a record in doubt; False when nothing was."""
    records = RunRecords(run.journal)
    free = [found for found in doubt.found if not records.owns(found.zb_id)]
    same = [found for found in free if not found.differs]
    if len(same) == 1:
        delivery.adopt(doubt.parcel, _adopted(same[0].zb_id))
    elif same:
        ids = ", ".join(found.zb_id for found in same)
        _leave(run, doubt.parcel, f"Several records in Zoho Books are the same as this one: {ids}.")
    elif free:
        told = "; ".join(f"{found.zb_id} differs in {', '.join(found.differs)}" for found in free)
        _leave(
            run,
            doubt.parcel,
            f"A record with this key is in Zoho Books, but it is not the same: {told}.",
        )
    return bool(free)


def _adopted(zb_id: str) -> Outcome:
    message = "The answer was lost; the record was found in Zoho Books by its key."
    return Outcome(status=Status.CREATED, zb_id=zb_id, message=message)


def _leave(run: Run, parcel: Parcel, why: str) -> None:
    """Leave a record ``unknown``, and tell the user why."""
    outcome = Outcome(
        status=Status.UNKNOWN,
        code="ZB405",
        message=f"Sent, but the answer was lost. {why}",
        fix=CODES["ZB405"].fix,
    )
    run.journal.outcome(parcel.rows, outcome)
