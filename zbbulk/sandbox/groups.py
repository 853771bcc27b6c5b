"""``filter_by``: a group and a value of it, such as ``Status.Active``.

Which values a resource takes stands in its traits. Periods of time, such as
``Date.ThisMonth``, are not known (see docs/sandbox.md).
"""

from __future__ import annotations

from collections.abc import Callable

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.traits import traits

_FAMILIES = {
    "Asset": ("asset", "cash", "bank", "stock", "receivable"),
    "Liability": ("liability", "credit_card", "payable"),
    "Equity": ("equity",),
    "Income": ("income",),
    "Expense": ("expense", "cost_of_goods_sold"),
}
"""Value of AccountType -> what account types of that family have in their name."""

_Asked = Callable[[JsonObject, str], bool]


def group_test(resource: Resource, wanted: str) -> Callable[[JsonObject], bool]:
    """Return what a record must pass. Raises Refusal 2 for a value the resource does not take."""
    group, _, value = wanted.partition(".")
    known = {"Status": (), **traits(resource.name).filter_by}
    if group not in known or value not in ("All", *known[group]):
        raise Refusal("2", field="filter_by")
    if value == "All":
        return lambda _: True
    fits = _GROUPS[group]
    return lambda record: fits(record, value)


def _has_status(record: JsonObject, value: str) -> bool:
    if "is_active" in record and value in {"Active", "Inactive"}:
        return bool(record["is_active"]) == (value == "Active")
    told = str(record.get("status") or record.get("billed_status", ""))
    return told.replace("_", "") == value.lower()


def _has_type(record: JsonObject, value: str) -> bool:
    if value in _FAMILIES:
        return any(part in str(record.get("account_type", "")) for part in _FAMILIES[value])
    return _has_status(record, value)


_GROUPS: dict[str, _Asked] = {
    "Status": _has_status,
    "AccountType": _has_type,
    "PaymentMode": lambda record, value: record.get("payment_mode", "") == value.lower(),
    "Type": lambda record, value: str(record.get("type", "")).replace("_", "") == value.lower(),
    "Currencies": lambda record, _: not record["is_base_currency"],
}
"""Group -> whether a record fits a value of it."""
