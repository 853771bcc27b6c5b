"""Carry the steps of an undo out, each known to the journal before its call leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from zbbulk.codes import CODES
from zbbulk.errors import ZbbulkError, ZohoError
from zbbulk.jobs.old_values import restored
from zbbulk.jobs.run import Run
from zbbulk.jobs.sending import parcels_with
from zbbulk.jobs.undo_plan import UNDO, UndoStep, Way
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.journal.kept_lists import forget_list, lists_path
from zbbulk.journal.records import RunRecords
from zbbulk.model import Action, Outcome, Record, Status
from zbbulk.zoho.bulk import DELETED_AT_ONCE, delete_many
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.one_record import NotDone
from zbbulk.zoho.sender import Sender
from zbbulk.zoho.taking_back import take_back


class Undoing:
    """Carries the steps of one undo out.

    Attributes:
        done: How the records were taken back.
        refused: What Zoho refused, and of which rows.
    """

    def __init__(self, run: Run, client: ZohoClient) -> None:
        self.done: Counter[str] = Counter()
        self.refused: dict[str, list[int]] = {}
        self._run, self._client = run, client
        self._records = RunRecords(run.journal)
        self._crosswalk = crosswalk_path(run.runs, run.target.organization_id)

    def carry_out(self, steps: Sequence[UndoStep]) -> ZbbulkError | None:
        """Do all *steps*; return why it ended early, None when it did not."""
        due = [step for step in steps if step.way not in (Way.KEEP, Way.CANNOT)]
        fields = self._path_fields(due)
        try:
            together = _together(due, fields)
            for some in self._run.progress(together, label="undoing", weigh=len):
                self._do(some, fields)
        except KeyboardInterrupt:
            return ZohoError("You stopped the undo.", code="ZB414")
        except ZbbulkError as error:
            return error
        return None

    def _path_fields(self, steps: Sequence[UndoStep]) -> dict[int, Record]:
        """Return by lead the Records whose fields stand in the path of their calls."""
        if not any("{" in step.resource.path for step in steps):
            return {}
        parcels = parcels_with(self._run, Status.CREATED, Status.UPDATED)
        return {parcel.rows[0]: parcel.record for parcel in parcels}

    def _do(self, steps: Sequence[UndoStep], fields: dict[int, Record]) -> None:
        first = steps[0]
        if first.way is Way.GONE:
            self._note(first, "gone already", None)
        elif first.way is Way.RESTORE:
            self._restore(first)
        elif first.resource.bulk_delete:
            self._delete_many(steps, fields.get(first.lead, {}))
        else:
            self._take_back(first, fields.get(first.lead, {}))

    def _delete_many(self, steps: Sequence[UndoStep], record: Record) -> None:
        for step in steps:
            self._leave(step)
        by_id = {step.zb_id: step for step in steps}
        told = delete_many(self._client, steps[0].resource, list(by_id), record=record)
        for portion in told:
            failed = None if portion.is_gone else NotDone(portion.code, portion.message, "")
            for zb_id in portion.ids:
                if failed is None:
                    self._note(by_id[zb_id], "delete", None)
                else:  # one may spoil the call for all: each by itself
                    self._take_back(by_id[zb_id], record)

    def _take_back(self, step: UndoStep, record: Record) -> None:
        """Try the ways of the resource one after the other."""
        self._leave(step)
        failed = NotDone("ZB507", "Zoho Books has no call for that.", "")
        for way in step.resource.undo:
            tried = take_back(self._client, step.resource, way, record, zb_id=step.zb_id)
            if tried is None:
                self._note(step, way, None)
                return
            failed = tried
            if tried.code == "ZB405":
                break  # nothing tells whether it is done: the next undo looks
        self._note(step, "", failed)

    def _restore(self, step: UndoStep) -> None:
        self._leave(step)
        record = restored(step.resource, step.before, step.zb_id)
        sender = Sender(self._client, resource=step.resource, action=Action.UPDATE)
        outcome = sender.send(record)
        is_done = outcome.status is Status.UPDATED
        self._note(
            step,
            "restore",
            None if is_done else NotDone(outcome.code, outcome.message, outcome.fix),
        )

    def _leave(self, step: UndoStep) -> None:
        """Write that a call about the record leaves now."""
        self._run.log.check()
        if step.lead:
            self._run.journal.acting(self._records.rows_of(step.lead), UNDO)

    def _note(self, step: UndoStep, way: str, failed: NotDone | None) -> None:
        """Write what became of one step."""
        if failed is not None:
            self.refused.setdefault(f"{failed.code} {failed.message}", []).append(step.lead)
        else:
            self.done[way] += 1
            self._forget(step)
        if step.lead:
            self._note_rows(step, way, failed)
        elif failed is None:
            self._forget_made(step)

    def _note_rows(self, step: UndoStep, way: str, failed: NotDone | None) -> None:
        rows, journal = self._records.rows_of(step.lead), self._run.journal
        if failed is None:
            words = {"restore": "The old values are back.", "gone already": "It was gone already."}
            message = words.get(way, f"Taken back: {way}.")
            journal.outcome(rows, Outcome(status=Status.UNDONE, zb_id=step.zb_id, message=message))
            return
        planned = self._records.find(step.lead)
        status = planned.status if planned else Status.CREATED
        message = f"Not undone: {failed.message}"
        fix = failed.fix or CODES["ZB507"].fix
        told = Outcome(status=status, zb_id=step.zb_id, code=failed.code, message=message, fix=fix)
        journal.outcome(rows, told)

    def _forget(self, step: UndoStep) -> None:
        if step.way is not Way.RESTORE and self._crosswalk.is_file():
            with Crosswalk.open(self._crosswalk) as crosswalk:
                crosswalk.forget(step.zb_id)
        lists = lists_path(self._run.runs, self._run.target.organization_id)
        forget_list(lists, step.resource.name)

    def _forget_made(self, step: UndoStep) -> None:
        """Write that a record that rows named is gone: another undo does not look for it."""
        for name, value in self._run.journal.facts().items():
            if name.startswith("made ") and value == f"created {step.zb_id}":
                self._run.journal.note_fact(name, f"undone {step.zb_id}")


def _together(steps: Iterable[UndoStep], fields: Mapping[int, Record]) -> list[list[UndoStep]]:
    """Return *steps* one by one, but those that one call deletes together.

    *fields* hold what stands in their paths: one call has one path.
    """
    found: list[list[UndoStep]] = []
    for step in steps:
        last = found[-1] if found else []
        if last and _fits(last, step) and _place(last[0], fields) == _place(step, fields):
            last.append(step)
        else:
            found.append([step])
    return found


def _fits(some: Sequence[UndoStep], step: UndoStep) -> bool:
    """Tell whether one call can delete *step* with *some*."""
    is_bulk = step.way is Way.TAKE_BACK and bool(step.resource.bulk_delete)
    return is_bulk and some[0].way is Way.TAKE_BACK and len(some) < DELETED_AT_ONCE


def _place(step: UndoStep, fields: Mapping[int, Record]) -> tuple[str, ...]:
    """Return what the path of a record's collection hangs on."""
    record = fields.get(step.lead, {})
    named = (str(record.get(name, "")) for name in step.resource.path_fields)
    return (step.resource.name, *named)
