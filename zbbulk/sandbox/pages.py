"""One page of a list: which rows, in which order, and what a row shows.

A row of a list shows less than a record on its own: no lines, no addresses of
a contact, a masked account number. It does not know how rows are chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.filters import applied_filter

PER_PAGE = 200


class Order(NamedTuple):
    """How a list is sorted when nothing else is asked for: column, ``A`` or ``D``, columns."""

    column: str
    direction: str
    columns: tuple[str, ...]


_DOCUMENT_COLUMNS = ("customer_name", "date", "due_date", "total", "balance", "created_time")

ORDERS = {
    "items": Order("name", "A", ("name", "rate", "tax_name")),
    "contacts": Order(
        "contact_name",
        "A",
        (
            *("contact_name", "first_name", "last_name", "email", "created_time"),
            *("outstanding_receivable_amount", "last_modified_time"),
        ),
    ),
    "estimates": Order("created_time", "D", ("estimate_number", *_DOCUMENT_COLUMNS)),
    "invoices": Order("created_time", "D", ("invoice_number", *_DOCUMENT_COLUMNS)),
    "bankaccounts": Order("account_name", "A", ("account_name", "account_type", "account_code")),
}

_REPORT_NAMES = {"estimates": "Estimates", "invoices": "Invoices", "bankaccounts": "Bank Accounts"}
_LEFT_OUT = {
    "contacts": frozenset(
        {"billing_address", "shipping_address", "contact_persons", "notes", "default_templates"}
    ),
    "estimates": frozenset({"line_items", "notes", "terms"}),
    "invoices": frozenset({"line_items", "notes", "terms"}),
}
_SHOWN_DIGITS = 4


def page_of(
    resource: Resource, records: Sequence[JsonObject], query: Mapping[str, str]
) -> tuple[list[JsonObject], JsonObject]:
    """Return the rows of the asked page and its page_context.

    Raises:
        Refusal: 2, ``page`` or ``per_page`` is not a number from 1.
    """
    page = _whole(query, "page", default=1)
    per_page = min(_whole(query, "per_page", default=PER_PAGE), PER_PAGE)
    order = ORDERS[resource.name]
    asked = query.get("sort_column", "")
    column = asked if asked in order.columns else order.column
    direction = query.get("sort_order", order.direction if column == order.column else "A")
    ranked = _sorted(resource, records, column=column, is_reversed=direction == "D")
    first = (page - 1) * per_page
    rows = [_row(resource, record) for record in ranked[first : first + per_page]]
    return rows, {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(ranked) > first + per_page,
        "report_name": _REPORT_NAMES.get(resource.name, resource.title.split(" (")[0]),
        "applied_filter": applied_filter(query),
        "custom_fields": [],
        "sort_column": column,
        "sort_order": "D" if direction == "D" else "A",
    }


def _sorted(
    resource: Resource, records: Sequence[JsonObject], *, column: str, is_reversed: bool
) -> list[JsonObject]:
    def key(record: JsonObject) -> tuple[object, str]:
        value = record.get(column, "")
        return (value.casefold() if isinstance(value, str) else value, record[resource.id_field])

    return sorted(records, key=key, reverse=is_reversed)


def _row(resource: Resource, record: JsonObject) -> JsonObject:
    left_out = _LEFT_OUT.get(resource.name)
    row = record
    if left_out:
        row = {name: value for name, value in record.items() if name not in left_out}
    if resource.name == "contacts":
        return row | {"customer_name": row["contact_name"], "vendor_name": row["contact_name"]}
    if resource.name == "items":
        return row | {"item_name": row["name"]}
    if resource.name == "bankaccounts" and row["account_number"]:
        return row | {"account_number": f"xxxx{row['account_number'][-_SHOWN_DIGITS:]}"}
    return row


def _whole(query: Mapping[str, str], name: str, *, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise Refusal("2", field=name)
    return int(text)
