"""Calls about many records at once: read them by their ids, delete them.

Ids go between commas, in portions. A read is repeated until it is answered; so is a
delete, for it has the same end however often it arrives. Knows ids, no Record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zbbulk.errors import ZohoError
from zbbulk.model import JsonObject, Record
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call, filled
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.repeated import Repeated, records_in
from zbbulk.zoho.retry import reaction_of
from zbbulk.zoho.rules import Reaction

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
        answer = Repeated(client, Call(method="GET", path=facts.path, query=query)).answer()
        yield from records_in(answer, resource, path=facts.path)


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
        yield _deleted(portion, Repeated(client, call))


def _portions(ids: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    return (tuple(ids[start : start + most]) for start in range(0, len(ids), most))


def _deleted(ids: tuple[str, ...], repeated: Repeated) -> Deleted:
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
