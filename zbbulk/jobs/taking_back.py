"""What can be taken back of a run, and what can't: the facts, before anything is sent."""

from __future__ import annotations

from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.update_reading import can_be_read
from zbbulk.model import Action

_SENDS_MAIL = ("users",)


def kept_forever(prepared: Prepared) -> tuple[str, ...]:
    """Return in words what an undo will not be able to take back."""
    facts, mapping = prepared.resource, prepared.mapping
    found = []
    if mapping.action is Action.CREATE and not facts.undo:
        found.append(f"Zoho Books has no call that takes {facts.title} back.")
    if mapping.action is Action.DELETE:
        found.append("What is deleted can't be taken back.")
    if mapping.action is Action.UPDATE and not can_be_read(facts):
        found.append(f"Zoho Books does not show one record of {facts.title}: old values are lost.")
    if mapping.policy.upsert_by:
        found.append("Zoho finds the records to update by itself: their old values are lost.")
    if facts.name in _SENDS_MAIL:
        found.append("Zoho Books may write to the new users by e-mail.")
    return tuple(found)
