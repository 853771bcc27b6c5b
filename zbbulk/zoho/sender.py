"""A Record is sent once, and comes back as an Outcome.

A create is never repeated once its request may have arrived: it is ``unknown``. An
update writes the same values to the same id, a delete takes the same record away, and an upsert
writes to the record that has the same value in its unique field: they are repeated a few times
first. A record that is gone when a delete is repeated was deleted.
Limits, tokens and the network are ``retry``'s business.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from zbbulk.codes import CODES
from zbbulk.errors import ZohoError
from zbbulk.model import Action, Outcome, Record, Status
from zbbulk.resources import Resource
from zbbulk.zoho.call import call_for, upsert_call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.envelope import Answer
from zbbulk.zoho.retry import Asking, reaction_of
from zbbulk.zoho.rules import Reaction, all_rules, hint_for
from zbbulk.zoho.wire import AnswerLost

UPDATE_TRIES = 4

_AGAIN = "Import the row again: Zoho finds the record by its unique field, if it is there."
_GONE = "The answer to its deletion was lost; the record is not there any more."
NOT_THERE = ("1002", "5")
"""Codes of a record that is not there (https://www.zoho.com/books/api/v3/errors/)."""

_MADE_BY_AN_UPSERT = 201
"""HTTP status by which Zoho tells that it created the record; 200 is an update."""


class Sender:
    """Sends the records of one resource; threads may share it.

    Attributes:
        client: The connection that it sends by.
    """

    def __init__(
        self,
        client: ZohoClient,
        *,
        resource: Resource,
        action: Action,
        upsert_by: str = "",
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Send nothing yet.

        Args:
            client: The connection to the organization.
            resource: What kind of record.
            action: What is done, where a record says nothing else.
            upsert_by: API name of the unique custom field by which Zoho finds the record
                to update, or creates it; "" to create or update as *action* says.
            chance: A number from 0 to 1, to spread waits.
        """
        all_rules()  # a fault in the data file shows before anything is sent
        self.client = client
        self._upsert_by = upsert_by
        self._resource = resource
        self._action = action
        self._chance = chance

    def send(
        self,
        record: Record,
        *,
        leaving: Callable[[], None] | None = None,
        action: Action | None = None,
    ) -> Outcome:
        """Send *record* and return what became of it.

        Args:
            record: The JSON object; for an update with Zoho's id in it. Not changed.
            leaving: Called once, when the turn has come and just before the first
                request leaves: the moment to write ``sending`` into the journal. What
                it raises passes through, and nothing is sent.
            action: For this record, another one than for the others.

        Returns:
            ``created``, ``updated``, ``deleted``, ``failed`` or ``unknown``; ``skipped`` for a
            delete of what is not there. When Zoho says that it
            worked and tells no id, the record is ``created`` all the same, with an
            empty id and, if records of this kind have one, a message that says so.

        Raises:
            ZohoError: the run must stop (AuthError, QuotaSpent, Unavailable, Stopped ...).
                The record was surely not processed, even if ``leaving`` was called.
        """
        done = action or self._action
        if self._upsert_by:
            call = upsert_call(self._resource, record=record, by=self._upsert_by)
        else:
            call = call_for(self._resource, action=done, record=record)
        asking = Asking(self.client, call, leaving=leaving, chance=self._chance)
        is_known = done is not Action.CREATE
        zb_id = str(record.get(self._resource.id_field, "")) if is_known else ""
        outcome = self._once(asking, done, zb_id)
        if is_known or self._upsert_by:
            outcome = self._until_known(asking, done, zb_id, outcome)
        if self._upsert_by and outcome.status is Status.UNKNOWN:
            return replace(outcome, fix=_AGAIN)
        return outcome

    def _until_known(self, asking: Asking, action: Action, zb_id: str, outcome: Outcome) -> Outcome:
        """Repeat what has the same end however often it arrives, until its outcome is known.

        Once unknown, a stop leaves it so.
        """
        tries = 1
        while outcome.status is Status.UNKNOWN and tries < UPDATE_TRIES:
            try:
                asking.rest(tries)
                outcome = _repeated(self._once(asking, action, zb_id))
            except ZohoError:
                return outcome
            tries += 1
        return outcome

    def send_again(self, record: Record, action: Action) -> Outcome:
        """Send *record*, an update or a delete, of which it is not known whether it arrived.

        Raises:
            ZohoError: as ``send``.
        """
        return _repeated(self.send(record, action=action))

    def _once(self, asking: Asking, action: Action, zb_id: str) -> Outcome:
        try:
            answer = asking.answer()
        except AnswerLost as failure:
            words = f"Sent, but {failure}."
            return unknown("ZB405", words, zb_id=zb_id)
        if self._upsert_by and answer.status == _MADE_BY_AN_UPSERT:
            action = Action.CREATE
        elif self._upsert_by and reaction_of(answer) is Reaction.DONE:
            action = Action.UPDATE
        return outcome_of(answer, resource=self._resource, action=action, zb_id=zb_id)


def outcome_of(answer: Answer, *, resource: Resource, action: Action, zb_id: str = "") -> Outcome:
    """Return what *answer* tells about one record; *zb_id* is its id if it is known."""
    zb_id = zb_id or answer.id_of(resource)
    reaction = reaction_of(answer)
    if _is_unsure(answer):
        return unknown("ZB410", _words(answer), zb_id=zb_id)
    if _is_unreadable(answer):
        return unknown("ZB409", _words(answer), zb_id=zb_id)
    if reaction is Reaction.DONE:
        return _done(answer, action, zb_id, has_id=bool(resource.id_field))
    if reaction is Reaction.REACHED and action is Action.UPDATE:
        return Outcome(status=Status.UPDATED, zb_id=zb_id, code=answer.code, message=answer.message)
    failed = _failed(answer, zb_id if action is not Action.CREATE else "")
    if action is Action.DELETE and answer.code in NOT_THERE:
        return replace(failed, status=Status.SKIPPED, fix=CODES["ZB340"].fix)
    return failed


def _repeated(outcome: Outcome) -> Outcome:
    """Return what a repetition tells: a record that is gone by now was deleted."""
    if outcome.status is Status.SKIPPED and outcome.code in NOT_THERE:
        return Outcome(status=Status.DELETED, zb_id=outcome.zb_id, message=_GONE)
    return outcome


def tells_nothing(answer: Answer) -> bool:
    """Tell whether the call of *answer* may have been carried out or not."""
    return _is_unsure(answer) or _is_unreadable(answer)


def _is_unsure(answer: Answer) -> bool:
    return answer.status >= 500 or reaction_of(answer) is Reaction.UNSURE


def _is_unreadable(answer: Answer) -> bool:
    """Tell whether nothing can be concluded from *answer*."""
    if answer.code == "0":
        return not 200 <= answer.status < 300
    is_refusal = answer.status >= 400 and answer.message
    return not answer.code and not is_refusal


_DONE = {
    Action.CREATE: Status.CREATED,
    Action.UPDATE: Status.UPDATED,
    Action.DELETE: Status.DELETED,
}


def _done(answer: Answer, action: Action, zb_id: str, *, has_id: bool) -> Outcome:
    status = _DONE[action]
    if zb_id or not has_id:
        return Outcome(status=status, zb_id=zb_id, message=answer.message)
    told = " Zoho told no id for it."
    fix = "Nothing to repair; look the record up in Zoho Books if you need its id."
    return Outcome(status=status, message=f"{answer.message}{told}".strip(), fix=fix)


def _failed(answer: Answer, zb_id: str) -> Outcome:
    return Outcome(
        status=Status.FAILED,
        zb_id=zb_id,
        code=answer.code or "ZB401",
        message=answer.message or f"Refused without a word (HTTP {answer.status}).",
        fix=hint_for(answer.code, answer.message),
    )


def unknown(code: str, message: str, *, zb_id: str) -> Outcome:
    """Return the outcome of a call of which nothing tells what became of it."""
    return Outcome(
        status=Status.UNKNOWN, zb_id=zb_id, code=code, message=message, fix=CODES[code].fix
    )


def _words(answer: Answer) -> str:
    """Return Zoho's words, else how its body begins."""
    if answer.message:
        return answer.message
    begins = f"; it begins {answer.text!r}" if answer.text else ""
    return f"HTTP {answer.status} without Zoho's words{begins}."
