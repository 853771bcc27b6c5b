"""Calls about many records at once: read them by their ids, delete them.

Ids go between commas, in portions. A read is repeated until it is answered; so is a
delete, for it has the same end however often it arrives. Knows ids, no Record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from zbbulk.errors import ZohoError
from zbbulk.model import JsonObject, Record
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call, filled
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.envelope import Answer
from zbbulk.zoho.retry import Asking, reaction_of
from zbbulk.zoho.rules import Reaction, hint_for
from zbbulk.zoho.sender import tells_nothing
from zbbulk.zoho.wire import AnswerLost

TRIES = 4

DELETED_AT_ONCE = 100
"""Zoho names no limit (https://www.zoho.com/books/api/v3/customer-payments/); assumption:
what is the custom for reading (100 ids a call) goes for deleting too."""


class Deleted(NamedTuple):
    """What became of the records of one call.

    Attributes:
        ids: Zoho's ids.
        is_gone: None when no answer told it.
        code: Zoho's code, or ours when no answer came.
        message: Zoho's words.
    """

    ids: tuple[str, ...]
    is_gone: bool | None
    code: str
    message: str


def read_many(client: ZohoClient, resource: Resource, ids: Sequence[str]) -> Iterator[JsonObject]:
    """Yield the records with these *ids* in the order in which Zoho gives them.

    A record that Zoho does not know may simply be missing: compare the ids.

    Raises:
        ZohoError: Zoho refused a call or did not answer it, or the run must stop.
        ValueError: the resource has no such call.
    """
    facts = resource.many_at_once
    if facts is None:
        raise ValueError(f"{resource.name} can't be read many at once")
    for portion in _portions(ids, facts.most):
        query = {facts.parameter: ",".join(portion)}
        answer = _Repeated(client, Call(method="GET", path=facts.path, query=query)).answer()
        yield from _records(answer, resource, path=facts.path)


def delete_many(
    client: ZohoClient, resource: Resource, ids: Sequence[str], *, record: Record | None = None
) -> Iterator[Deleted]:
    """Delete the records with these *ids*; yield what became of each portion.

    Args:
        client: The connection to the organization.
        resource: What kind of records.
        ids: Zoho's ids.
        record: Holds the fields that stand in the path, if any do.

    Raises:
        ZohoError: the run must stop; the portion that was to come is untouched.
        ValueError: the resource has no such call.
    """
    if not resource.bulk_delete:
        raise ValueError(f"{resource.name} can't be deleted many at once")
    path = filled(resource.path, dict(record or {}))
    for portion in _portions(ids, DELETED_AT_ONCE):
        query = {resource.bulk_delete: ",".join(portion), "bulk_delete": "true"}
        call = Call(method="DELETE", path=path, query=query, route=resource.path)
        yield _deleted(portion, _Repeated(client, call))


class _Repeated:
    """A call that does no harm when it is repeated.

    Attributes:
        lost: How often nothing told what became of it.
    """

    def __init__(self, client: ZohoClient, call: Call) -> None:
        self.lost = 0
        self._asking = Asking(client, call)

    def answer(self) -> Answer | None:
        """Return the answer, None when there is none however often it is asked for.

        Raises:
            ZohoError: the run must stop.
        """
        while self.lost < TRIES:
            if self.lost:
                self._asking.rest(self.lost)
            with suppress(AnswerLost):
                answer = self._asking.answer()
                if not tells_nothing(answer):
                    return answer
            self.lost += 1
        return None


def _portions(ids: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    return (tuple(ids[start : start + most]) for start in range(0, len(ids), most))


def _records(answer: Answer | None, resource: Resource, *, path: str) -> list[JsonObject]:
    if answer is None:
        raise ZohoError(f"Zoho Books gave no answer to {path} in {TRIES} tries.", code="ZB410")
    if reaction_of(answer) is not Reaction.DONE:
        raise ZohoError(
            f"Zoho Books refused {path}: {answer.message}",
            fix=hint_for(answer.code, answer.message),
            zoho_code=answer.code,
            zoho_message=answer.message,
        )
    found = (answer.body or {}).get(resource.list_key)
    return found if isinstance(found, list) else []


def _deleted(ids: tuple[str, ...], repeated: _Repeated) -> Deleted:
    """Return what became of *ids*; a refusal after a lost answer leaves it open."""
    try:
        answer = repeated.answer()
    except ZohoError:
        if not repeated.lost:
            raise
        answer = None
    if answer is None:
        return Deleted(ids, None, "ZB405", "Sent, but the answer was lost.")
    is_gone = True if reaction_of(answer) is Reaction.DONE else None if repeated.lost else False
    return Deleted(ids, is_gone, answer.code, answer.message)
