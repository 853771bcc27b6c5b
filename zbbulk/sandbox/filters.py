"""Which records a list call means: filters, their variants, filter_by, search_text.

A filter that Zoho does not document is ignored without a word, as Zoho does it,
so a misspelt one returns everything. Text is compared without regard to case
(an assumption, see docs/sandbox.md). It does not know pages or sorting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.answers import Refusal

Test = Callable[[JsonObject], bool]

_NUMBERS = frozenset({"rate", "total", "balance"})
_DATES = frozenset({"date", "due_date", "expiry_date", "created_date"})
_LINE_FIELDS = {"item_id": "item_id", "item_name": "name", "item_description": "description"}
_SEARCHED = {
    "items": ("name", "description", "sku"),
    "contacts": ("contact_name", "company_name", "notes"),
    "estimates": ("estimate_number", "reference_number", "customer_name"),
    "invoices": ("invoice_number", "reference_number", "customer_name"),
}
_SEARCH_LIMIT = 100

_ALWAYS = ("All", "Active", "Inactive")
_FILTER_BY = {
    "items": _ALWAYS,
    "bankaccounts": _ALWAYS,
    "contacts": (*_ALWAYS, "Duplicate", "PortalEnabled", "PortalDisabled", "Crm"),
    "estimates": ("All", "Sent", "Draft", "Invoiced", "Accepted", "Declined", "Expired"),
    "invoices": (
        *("All", "Sent", "Draft", "OverDue", "Paid", "Void", "Unpaid"),
        *("PartiallyPaid", "Viewed"),
    ),
}
"""What follows ``Status.`` in filter_by."""

_TEXT_VARIANTS: dict[str, Callable[[str, str], bool]] = {
    "": lambda held, wanted: held == wanted,
    "_startswith": lambda held, wanted: held.startswith(wanted),
    "_contains": lambda held, wanted: wanted in held,
}
_NUMBER_VARIANTS: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda held, wanted: held == wanted,
    "_less_than": lambda held, wanted: held < wanted,
    "_less_equals": lambda held, wanted: held <= wanted,
    "_greater_than": lambda held, wanted: held > wanted,
    "_greater_equals": lambda held, wanted: held >= wanted,
}
_DATE_VARIANTS: dict[str, Callable[[str, str], bool]] = {
    "": lambda held, wanted: held == wanted,
    "_start": lambda held, wanted: held >= wanted,
    "_end": lambda held, wanted: held <= wanted,
    "_before": lambda held, wanted: held < wanted,
    "_after": lambda held, wanted: held > wanted,
}


def tests_of(resource: Resource, query: Mapping[str, str]) -> list[Test]:
    """Return what a record must pass to be listed.

    Raises:
        Refusal: 2 for a filter_by or a number that is not one, 15 for a long search_text.
    """
    tests = []
    for name, wanted in query.items():
        test = _test_of(resource, name, wanted)
        if test is not None:
            tests.append(test)
    return tests


def applied_filter(query: Mapping[str, str]) -> str:
    """Return what page_context names as the applied filter."""
    return query.get("filter_by", "Status.All")


def _test_of(resource: Resource, name: str, wanted: str) -> Test | None:
    if name == "filter_by":
        return _status_test(resource, wanted)
    if name == "search_text":
        return _search_test(resource, wanted)
    if name == "last_modified_time" and name in resource.filters:
        return lambda record: _instant(record[name]) >= _instant(wanted)
    for field in resource.filters:
        variants = _variants(field)
        if name.startswith(field) and name[len(field) :] in variants:
            return _field_test(field, variants[name[len(field) :]], wanted)
    return None


def _variants(field: str) -> dict[str, Callable[[Any, Any], bool]]:
    if field in _NUMBERS:
        return _NUMBER_VARIANTS
    return _DATE_VARIANTS if field in _DATES else _TEXT_VARIANTS


def _field_test(field: str, passes: Callable[[Any, Any], bool], wanted: str) -> Test:
    if field in _NUMBERS:
        number = _number(field, wanted)
        return lambda record: passes(Decimal(record[field]), number)
    folded = wanted.casefold()

    def test(record: JsonObject) -> bool:
        return any(passes(value, folded) for value in _values(record, field))

    return test


def _values(record: JsonObject, field: str) -> list[str]:
    if field in _LINE_FIELDS:
        found = [line.get(_LINE_FIELDS[field], "") for line in record["line_items"]]
    elif field == "custom_field":
        found = list(record["custom_field_hash"].values())
    elif field == "address":
        found = [*record["billing_address"].values(), *record["shipping_address"].values()]
    else:
        found = [record.get(field, "")]
    return [_as_text(value) for value in found]


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).casefold()


def _number(field: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise Refusal("2", field=field) from error
    if not number.is_finite():
        raise Refusal("2", field=field)
    return number


def _status_test(resource: Resource, wanted: str) -> Test:
    group, _, status = wanted.partition(".")
    if group != "Status" or status not in _FILTER_BY[resource.name]:
        raise Refusal("2", field="filter_by")
    if status == "All":
        return lambda _: True
    if resource.name == "bankaccounts":
        return lambda record: record["is_active"] == (status == "Active")
    folded = "partially_paid" if status == "PartiallyPaid" else status.lower()
    return lambda record: record["status"] == folded


def _search_test(resource: Resource, wanted: str) -> Test:
    if len(wanted) > _SEARCH_LIMIT:
        raise Refusal("15", field="search_text", limit=_SEARCH_LIMIT)
    folded = wanted.casefold()
    fields = _SEARCHED.get(resource.name)
    if fields is None:
        return lambda _: True
    return lambda record: any(folded in str(record.get(field, "")).casefold() for field in fields)


def _instant(text: str) -> float:
    from datetime import datetime  # noqa: PLC0415 - only this filter

    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except ValueError as error:
        raise Refusal("2", field="last_modified_time") from error
