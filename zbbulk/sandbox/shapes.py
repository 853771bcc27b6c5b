"""How a record of each resource looks once Zoho Books has completed it.

Defaults and steps come from the resource's traits; fields that no client needs
are left out. It does not know paths or messages.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema
from zbbulk.sandbox.changes import Change, Kit
from zbbulk.sandbox.children import give_ids
from zbbulk.sandbox.custom_fields import add_custom_fields
from zbbulk.sandbox.documents import (
    finish_balance,
    finish_document,
    finish_due_date,
)
from zbbulk.sandbox.expenses import finish_expense
from zbbulk.sandbox.ledger import finish_adjustment, finish_balances, finish_journal
from zbbulk.sandbox.masters import finish_contact, finish_item, finish_money
from zbbulk.sandbox.payments import finish_payment
from zbbulk.sandbox.references import add_names
from zbbulk.sandbox.taxes import finish_tax_group
from zbbulk.sandbox.traits import traits

_COMPUTED = frozenset(
    {"ignore_auto_number_generation", "created_time", "last_modified_time", "custom_field_hash"}
)

STEPS: dict[str, Callable[[Kit, Change], None]] = {
    "money": finish_money,
    "item": finish_item,
    "contact": finish_contact,
    "document": finish_document,
    "due": finish_due_date,
    "balance": finish_balance,
    "expense": finish_expense,
    "payment": finish_payment,
    "journal": finish_journal,
    "balances": finish_balances,
    "adjustment": finish_adjustment,
    "tax_group": finish_tax_group,
}
"""Name in ``schemas/sandbox.yml`` -> what completes a record."""


def new_record(
    kit: Kit, resource: Resource, sent: JsonObject, *, record_id: str = ""
) -> JsonObject:
    """Return the whole record for one that was sent.

    Args:
        kit: The books.
        resource: What it is.
        sent: What Zoho takes of the body.
        record_id: Its id, "" for the next one.

    Raises:
        Refusal: what it refers to is not there, or its amounts do not fit.
    """
    record = deepcopy(traits(resource.name).defaults)
    if resource.status and "is_active" not in record:
        record["status"] = resource.status
    record |= _writable(resource, sent)
    record[resource.id_field] = record_id or kit.books.new_id()
    record["created_time"] = kit.now()
    _finish(kit, Change(resource, record, sent, {}))
    return record


def changed_record(kit: Kit, resource: Resource, old: JsonObject, sent: JsonObject) -> JsonObject:
    """Return the record after an update: what was not sent stays, lists are replaced."""
    record = deepcopy(old)
    for name, value in _writable(resource, sent).items():
        held: Any = record.get(name)
        is_part = isinstance(held, dict) and isinstance(value, dict)
        record[name] = held | value if is_part else value
    if "custom_fields" in sent:
        record["custom_fields"] = [*old.get("custom_fields", ()), *sent["custom_fields"]]
    _finish(kit, Change(resource, record, sent, old))
    return record


def _finish(kit: Kit, change: Change) -> None:
    resource, record = change.resource, change.record
    record["last_modified_time"] = kit.now()
    give_ids(kit, resource, record)
    for step in traits(resource.name).steps:
        STEPS[step](kit, change)
    add_names(kit, record, schema(resource.name), own=resource.id_field)
    if "custom_fields" in record:
        add_custom_fields(kit.organization, record)


def _writable(resource: Resource, sent: JsonObject) -> JsonObject:
    barred = _COMPUTED | {resource.id_field, resource.number_field}
    return {name: value for name, value in sent.items() if name not in barred}
