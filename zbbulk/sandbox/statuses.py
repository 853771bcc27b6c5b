"""Status calls: what ``status/sent``, ``active``, ``approve`` and the like make of a record.

It does not know how a record is stored.
"""

from __future__ import annotations

from typing import NamedTuple

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.documents import add_balance
from zbbulk.sandbox.money import number
from zbbulk.sandbox.traits import traits

_STATUS_OF = {
    "stop": "stopped",
    "resume": "active",
    "publish": "published",
    "submit": "pending_approval",
    "approve": "approved",
    "writeoff": "paid",
    "invite": "invited",
}
"""Last word of the call -> status, where it is not the word itself."""

_FLAG_OF = {"primary": "is_primary_contact", "markasprimary": "is_primary"}
"""Calls that give one record a flag and take it from the others."""

_REPEATABLE = frozenset({"invite"})
VOID = "void"


class Acted(NamedTuple):
    """What a status call leads to.

    Attributes:
        record: As it is then.
        message: As sent.
        flag: Field that no other record may have set then, or "".
    """

    record: JsonObject
    message: str
    flag: str = ""


def act(resource: Resource, record: JsonObject, action: str) -> Acted:
    """Return what the status call *action* makes of a record.

    Raises:
        Refusal: 1049, the record is in that status already; 5, it has no such call.
    """
    if action not in resource.actions.values():
        raise Refusal("5")
    word = action.rpartition("/")[2]
    thing = traits(resource.name).thing
    if word in _FLAG_OF:
        flag = _FLAG_OF[word]
        return Acted(
            record | {flag: True}, f"The {thing.lower()} has been marked as primary.", flag
        )
    status = _STATUS_OF.get(word, word)
    if _status(record) == status and word not in _REPEATABLE:
        raise Refusal("1049", thing=thing.lower(), value=status)
    changed = record | _changes(record, status)
    if word == "writeoff":
        _write_off(changed)
    shown = status.replace("_", " ")
    return Acted(changed, f"The {thing.lower()} has been marked as {shown}.")


def check_open(resource: Resource, record: JsonObject) -> None:
    """Refuse to change a void document. Raises Refusal 36023."""
    if record.get("status") == VOID:
        raise Refusal("36023", why="void", thing=traits(resource.name).thing.lower())


def _status(record: JsonObject) -> str:
    if "is_active" in record:
        return "active" if record["is_active"] else "inactive"
    return str(record.get("status", ""))


def _changes(record: JsonObject, status: str) -> JsonObject:
    return {"is_active": status == "active"} if "is_active" in record else {"status": status}


def _write_off(document: JsonObject) -> None:
    document["write_off_amount"] = number(document["write_off_amount"]) + document["balance"]
    add_balance(document)
