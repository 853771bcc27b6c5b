"""Calls that take one record back: delete it, or give it a status that counts for nothing.

Both have the same end however often they arrive, so they are repeated until they are
answered; that a record is not there any more after a lost answer means that it is done.
"""

from __future__ import annotations

from zbbulk.codes import CODES
from zbbulk.model import Record
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call, filled
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.one_record import NotDone, change_status
from zbbulk.zoho.repeated import Repeated
from zbbulk.zoho.retry import reaction_of
from zbbulk.zoho.rules import Reaction, hint_for
from zbbulk.zoho.sender import NOT_THERE

DELETE = "delete"


def take_back(
    client: ZohoClient, resource: Resource, way: str, record: Record, *, zb_id: str
) -> NotDone | None:
    """Take a record back in one *way* of ``resource.undo``; None when that is done.

    Args:
        client: The connection to the organization.
        resource: What kind of record.
        way: ``delete``, or what an action's path ends with, e.g. ``void``.
        record: Holds the fields that stand in the path.
        zb_id: Zoho's id of the record.

    Raises:
        ZohoError: the run must stop; the call was surely not carried out.
    """
    if way == DELETE:
        return _deleted(client, resource, record, zb_id=zb_id)
    name = next(
        (name for name, path in resource.actions.items() if path.split("/")[-1].startswith(way)), ""
    )
    if not name:
        return NotDone("ZB507", f"Zoho Books has no call {way!r} for {resource.name}.", "")
    return change_status(client, resource, name, record, zb_id=zb_id)


def _deleted(
    client: ZohoClient, resource: Resource, record: Record, *, zb_id: str
) -> NotDone | None:
    template = resource.record_path("delete")
    fields = {**record, resource.id_field: zb_id}
    path = filled(template, fields, id_field=resource.id_field)
    call = Repeated(client, Call(method="DELETE", path=path, route=template))
    answer = call.answer()
    if answer is None:
        return NotDone("ZB405", "Sent, but the answer was lost.", CODES["ZB405"].fix)
    if reaction_of(answer) is Reaction.DONE or (call.lost and answer.code in NOT_THERE):
        return None
    words = answer.message or f"Refused without a word (HTTP {answer.status})."
    return NotDone(answer.code or "ZB401", words, hint_for(answer.code, answer.message))
