"""Decide what is done with each record of a run, and write it down before anything is sent.

Create, update, skip or reject: by the mapping's action, by what is in Zoho Books already
(``on_match:``) and by what earlier runs created. The decisions stand in the journal.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice

from zbbulk.jobs.deleting import deletable, delete_calls
from zbbulk.jobs.error_logging import NAME as ERROR_LOG
from zbbulk.jobs.matching import Existing, matched
from zbbulk.jobs.parcels import Parcel, parcels_of, record_hash
from zbbulk.jobs.plan import Plan, Total
from zbbulk.jobs.plan_totals import PlanTotals
from zbbulk.jobs.run import Run
from zbbulk.jobs.run_facts import BEGAN
from zbbulk.jobs.sent_earlier import SentEarlier
from zbbulk.jobs.taking_back import kept_forever
from zbbulk.jobs.target import open_client
from zbbulk.jobs.update_reading import before_text, calls_before
from zbbulk.journal.records import Planned, RunRecords
from zbbulk.model import Action, Row, Status
from zbbulk.results import OutcomesInOrder
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pages import whole_list

_AT_ONCE = 1000
_CLOCKS_DIFFER = timedelta(minutes=10)


def planned(run: Run) -> Plan:
    """Return what the rows of *run* that passed will do; the journal holds it afterwards.

    An earlier plan of the run is replaced.

    Raises:
        ZohoError: a list that tells what is there already can't be read.
        ResultError: the journal can't be written.
    """
    records = RunRecords(run.journal)
    records.forget_plan()
    totals, left_out = PlanTotals(), Counter[Status]()
    with open_client(run.target, log=run.log, pace=run.pace) as client:
        parcels = _not_sent_earlier(run, client, _unmatched(run, client, left_out), left_out)
        while some := list(islice(parcels, _AT_ONCE)):
            totals.add(parcel.record for parcel in some)
            records.plan((parcel.rows, _planned(run, parcel)) for parcel in some)
            for parcel in some:
                if parcel.before is not None:
                    records.keep_before(parcel.rows[0], before_text(parcel.record, parcel.before))
        run.journal.note_fact(BEGAN, client.zoho_time or _about_now())
    return plan_of(run, totals=totals.all(), left_out=left_out)


def _about_now() -> str:
    """Return this machine's time, for want of Zoho's; clocks may differ by some minutes."""
    return (datetime.now(UTC) - _CLOCKS_DIFFER).isoformat()


def _planned(run: Run, parcel: Parcel) -> Planned:
    action = parcel.action or run.prepared.mapping.action
    id_field = run.prepared.resource.id_field
    zb_id = str(parcel.record.get(id_field, "")) if action is not Action.CREATE else ""
    mark = record_hash(parcel.record)
    return Planned(parcel.rows[0], Status.PENDING, action, zb_id, parcel.key, mark)


def _parcels(run: Run) -> Iterator[Parcel]:
    """Yield what is sent in each call, of the rows that passed."""
    outcome_of = OutcomesInOrder(run.journal.outcomes)

    def has_passed(row: Row) -> bool:
        outcome = outcome_of(row.number)
        return outcome is None or outcome.status is Status.PENDING

    return parcels_of(run.prepared, has_passed)


def _unmatched(run: Run, client: ZohoClient, left_out: Counter[Status]) -> Iterator[Parcel]:
    """Yield what is sent, without what is in Zoho Books already and stays as it is."""
    mapping, facts = run.prepared.mapping, run.prepared.resource
    if mapping.action is Action.DELETE:
        return deletable(_parcels(run), client, run, left_out=left_out)
    on_match = mapping.policy.on_match
    if on_match is None or not mapping.policy.reads_list:
        return _parcels(run)
    return matched(
        _parcels(run),
        whole_list(client, facts),
        Existing(facts, mapping.key, kept=tuple(mapping.fields.fields)),
        on_match=on_match,
        journal=run.journal,
        left_out=left_out,
    )


def _not_sent_earlier(
    run: Run, client: ZohoClient, parcels: Iterator[Parcel], left_out: Counter[Status]
) -> Iterator[Parcel]:
    """Yield *parcels* without those that earlier runs created; they are skipped."""
    if not creates_anew(run):
        yield from parcels
        return
    with sent_earlier(run, client) as earlier:
        for parcel in parcels:
            is_create = parcel.action in (None, Action.CREATE)
            outcome = earlier.take(record_hash(parcel.record)) if is_create else None
            if outcome is None:
                yield parcel
            else:
                run.journal.note_many((row, outcome) for row in parcel.rows)
                left_out[outcome.status] += 1


def creates_anew(run: Run) -> bool:
    """Tell whether a record that is sent twice would be there twice."""
    mapping = run.prepared.mapping
    return mapping.action is Action.CREATE and not mapping.policy.upsert_by


def sent_earlier(run: Run, client: ZohoClient) -> SentEarlier:
    """Return what the other runs in the folder have sent to the organization of *run*."""
    journals = sorted(run.runs.glob("*/journal.sqlite"))
    others = [path for path in journals if path.parent.name != run.folder.path.name]
    earlier = SentEarlier(client, run.prepared.resource)
    earlier.add(others, run.target.organization_id, only_doubts=run.again)
    return earlier


def plan_of(
    run: Run,
    statuses: tuple[Status, ...] = (Status.PENDING,),
    *,
    totals: tuple[Total, ...] = (),
    left_out: Mapping[Status, int] | None = None,
) -> Plan:
    """Return what the journal of *run* has still to be done.

    Args:
        run: The run.
        statuses: Of the records that are to be sent.
        totals: Their control totals, where they are known.
        left_out: How many records are not sent, by what becomes of them.
    """
    records = RunRecords(run.journal)
    by_action, calls, digest = Counter[str](), Counter[str](), hashlib.sha256()
    for each in records.with_status(*statuses):
        by_action[each.action.value] += 1
        calls[each.action.value] += 1
        is_known = each.action is Action.UPDATE and records.has_before(each.lead)
        calls["read"] += calls_before(run.prepared, each.action, is_known=is_known)
        old = records.before(each.lead) if is_known else ""
        parts = (str(each.lead), each.action.value, each.zb_id, each.record_hash, old)
        digest.update("\x1f".join(parts).encode() + b"\n")
    if deletes := by_action[Action.DELETE.value]:
        calls[Action.DELETE.value] = delete_calls(run.prepared.resource, deletes)
    for name in run.prepared.mapping.after_create:
        calls[name] += by_action[Action.CREATE.value]
    return Plan(
        records=dict(by_action),
        skipped=(left_out or {}).get(Status.SKIPPED, 0),
        rejected=(left_out or {}).get(Status.REJECTED, 0),
        calls={kind: number for kind, number in calls.items() if number},
        at_most={ERROR_LOG: sum(by_action.values())} if run.prepared.mapping.error_log else {},
        new=run.lookups.told.new if run.lookups else {},
        totals=totals,
        kept_forever=kept_forever(run.prepared),
        digest=digest.hexdigest(),
    )
