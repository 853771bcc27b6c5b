"""Calls about one record that is there: read it whole, change its status."""

from __future__ import annotations

from typing import NamedTuple

from zbbulk.codes import CODES
from zbbulk.model import Action, JsonObject, Outcome, Record
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call, filled
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.repeated import Repeated
from zbbulk.zoho.retry import reaction_of
from zbbulk.zoho.rules import Reaction, hint_for
from zbbulk.zoho.sender import outcome_of, unknown


class NotDone(NamedTuple):
    """Why a status call did not do its work.

    Attributes:
        code: Zoho's code, or ours when no answer came.
        message: Zoho's words.
        fix: What to do.
    """

    code: str
    message: str
    fix: str


def read_record(client: ZohoClient, resource: Resource, record: Record) -> JsonObject | Outcome:
    """Return the record in Zoho Books that *record* is about, or why it can't be had.

    Args:
        client: The connection to the organization.
        resource: What kind of record.
        record: Holds its id, and the fields that stand in the path.

    Raises:
        ZohoError: the run must stop.
    """
    template = resource.record_path("read")
    path = filled(template, dict(record), id_field=resource.id_field)
    answer = Repeated(client, Call(method="GET", path=path, route=template)).answer()
    zb_id = str(record.get(resource.id_field, ""))
    if answer is None:
        return unknown("ZB410", "Zoho Books gave no answer.", zb_id=zb_id)
    if reaction_of(answer) is not Reaction.DONE:
        return outcome_of(answer, resource=resource, action=Action.UPDATE, zb_id=zb_id)
    return answer.record(resource.single_key)


def change_status(
    client: ZohoClient, resource: Resource, name: str, record: Record, *, zb_id: str
) -> NotDone | None:
    """Make the status call *name*; None when the record has that status now.

    That it had the status already (1049) is fine.

    Args:
        client: The connection to the organization.
        resource: What kind of record.
        name: One of its ``actions``.
        record: Holds the fields that stand in the path.
        zb_id: Zoho's id of the record.

    Raises:
        ZohoError: the run must stop; the call was surely not carried out.
    """
    template = f"{resource.record_path('update')}/{resource.actions[name]}"
    fields = {**record, resource.id_field: zb_id}
    path = filled(template, fields, id_field=resource.id_field)
    call = Call(method="POST", path=path, route=template, body={})  # Zoho wants a body
    answer = Repeated(client, call).answer()
    if answer is None:
        return NotDone("ZB405", "Sent, but the answer was lost.", CODES["ZB405"].fix)
    if reaction_of(answer) in (Reaction.DONE, Reaction.REACHED):
        return None
    words = answer.message or f"Refused without a word (HTTP {answer.status})."
    return NotDone(answer.code or "ZB401", words, hint_for(answer.code, answer.message))
