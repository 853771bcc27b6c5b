"""What an undo would do with each record of a run: taken back, restored, kept, or why not.

A record that somebody has changed since is kept. What is there is read in whole lists
where that is cheaper than record by record. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from zbbulk.errors import ZohoError
from zbbulk.jobs.evidence import FEW
from zbbulk.jobs.run import Run
from zbbulk.jobs.settling import IN_DOUBT
from zbbulk.journal.records import Planned, RunRecords
from zbbulk.model import Action, JsonObject, Outcome, Record, Status
from zbbulk.resources import Resource, resource
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.one_record import read_record
from zbbulk.zoho.pages import whole_list
from zbbulk.zoho.sender import NOT_THERE

UNDO = "undo"
"""Name under which the journal keeps how far an undo of a record is."""

_A_MOMENT = timedelta(seconds=2)
"""Zoho's times are whole seconds."""

_GONE: JsonObject = {}


class Way(StrEnum):
    """What becomes of a record."""

    TAKE_BACK = "take back"
    RESTORE = "restore"
    GONE = "gone already"
    KEEP = "keep"
    CANNOT = "cannot"


class UndoStep(NamedTuple):
    """One record of a run.

    Attributes:
        resource: Its kind.
        zb_id: Zoho's id.
        way: What becomes of it.
        lead: Its first row, 0 for one that no row stands for.
        why: Why it stays as it is, "" when it does not.
        before: As JSON, what is restored.
    """

    resource: Resource
    zb_id: str
    way: Way
    lead: int = 0
    why: str = ""
    before: str = ""


def undo_steps(run: Run, client: ZohoClient) -> list[UndoStep]:
    """Return what becomes of each record of *run*, the last one first.

    Raises:
        ZohoError: what is there can't be read.
        ResultError: the journal can't be read.
    """
    records, facts = RunRecords(run.journal), run.prepared.resource
    done = list(records.with_status(Status.CREATED, Status.UPDATED))
    gone = [
        UndoStep(facts, each.zb_id, Way.CANNOT, each.lead, "a deletion can't be taken back")
        for each in records.with_status(Status.DELETED)
    ]
    there = _there(client, facts, [each.zb_id for each in done if each.zb_id])
    steps = [_step(run, records, each, there) for each in done]
    doubts = [
        UndoStep(
            facts, each.zb_id, Way.KEEP, each.lead, "its answer was lost: resume the run first"
        )
        for each in records.with_status(*IN_DOUBT)
    ]
    return [*_last_first(steps, doubts, gone), *_made_first(run, client)]


def _last_first(*steps: Sequence[UndoStep]) -> list[UndoStep]:
    return sorted((step for some in steps for step in some), key=lambda step: -step.lead)


def _step(
    run: Run, records: RunRecords, done: Planned, there: Mapping[str, JsonObject] | None
) -> UndoStep:
    facts = run.prepared.resource
    step = UndoStep(facts, done.zb_id, Way.TAKE_BACK, done.lead)
    if done.action is Action.UPDATE or done.status is Status.UPDATED:
        return _restoring(step, records.before(done.lead), there, done, _was_begun(run, done.lead))
    if not facts.undo:
        return step._replace(way=Way.CANNOT, why="Zoho Books has no call for that")
    if not done.zb_id and not facts.is_single:
        return step._replace(way=Way.CANNOT, why="Zoho told no id for it")
    return _unless_changed(step, there, done, is_begun=_was_begun(run, done.lead))


def _was_begun(run: Run, lead: int) -> bool:
    return UNDO in run.journal.status_calls(lead)


def _restoring(
    step: UndoStep,
    before: str,
    there: Mapping[str, JsonObject] | None,
    done: Planned,
    is_begun: bool,  # noqa: FBT001 - told by the journal
) -> UndoStep:
    if not before:
        return step._replace(way=Way.CANNOT, why="what it was before is not known")
    restored = _unless_changed(step, there, done, is_begun=is_begun)
    if restored.way is Way.GONE:
        return step._replace(way=Way.CANNOT, why="it is not there any more")
    is_kept = restored.way is Way.KEEP
    return restored if is_kept else restored._replace(way=Way.RESTORE, before=before)


def _unless_changed(
    step: UndoStep, there: Mapping[str, JsonObject] | None, done: Planned, *, is_begun: bool
) -> UndoStep:
    """Return *step*, or why the record is left alone: gone, or changed by somebody since."""
    if there is None:
        return step
    now = there.get(step.zb_id, _GONE)
    if now is _GONE:
        return step._replace(way=Way.GONE)
    changed, ours = _moment(now.get("last_modified_time")), _moment(done.zoho_time)
    if not is_begun and changed and ours and changed > ours + _A_MOMENT:
        return step._replace(way=Way.KEEP, why="somebody has changed it since")
    return step


def _there(client: ZohoClient, facts: Resource, ids: Sequence[str]) -> dict[str, JsonObject] | None:
    """Return the records that are there by their ids; None when Zoho does not show them."""
    wanted = set(ids)
    if "{" in facts.list_path or not facts.id_field:
        return None
    if len(wanted) <= FEW and "read" in facts.can and not facts.is_single:
        return dict(_read_each(client, facts, ids))
    if not facts.list_key:
        return None
    listed = ((str(each.get(facts.id_field, "")), each) for each in whole_list(client, facts))
    return {zb_id: record for zb_id, record in listed if zb_id in wanted}


def _read_each(
    client: ZohoClient, facts: Resource, ids: Sequence[str]
) -> Iterator[tuple[str, JsonObject]]:
    for zb_id in ids:
        record: Record = {facts.id_field: zb_id}
        found = read_record(client, facts, record)
        if not isinstance(found, Outcome):
            yield zb_id, found
        elif found.code not in NOT_THERE:
            raise ZohoError(f"The record {zb_id} can't be read: {found.message}", code="ZB410")


def _made_first(run: Run, client: ZohoClient) -> Iterator[UndoStep]:
    """Yield the records that were created because rows named them, the last one first."""
    made = [
        (name.split(" ")[1], value.removeprefix("created "))
        for name, value in run.journal.facts().items()
        if name.startswith("made ") and value.startswith("created ")
    ]
    for name, zb_id in reversed(made):
        facts = resource(name)
        there = _there(client, facts, [zb_id])
        is_there = there is None or zb_id in there
        yield UndoStep(facts, zb_id, Way.TAKE_BACK if is_there else Way.GONE)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
