"""Entries that go straight to accounts: journals, opening balances, currency adjustments.

It does not keep the balances of accounts.
"""

from __future__ import annotations

from decimal import Decimal

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.changes import Change, Kit
from zbbulk.sandbox.money import ZERO, cents, number

_LEAST_LINES = 2
_PARTY_OF = {"accounts_receivable": "customer_id", "accounts_payable": "vendor_id"}
"""Type of an account -> field that a journal line on it must have."""


def finish_journal(kit: Kit, change: Change) -> None:
    """Add the lines' ids and the total.

    Raises:
        Refusal: 4, debits and credits differ, one account is on both sides, or there
            are fewer than two lines; 2, a receivable or payable line names nobody.
    """
    record = change.record
    if "line_items" in change.sent:
        record["line_items"] = [_journal_line(kit, line) for line in change.sent["line_items"]]
    lines = record.get("line_items", [])
    if len(lines) < _LEAST_LINES:
        raise Refusal("4", why="lines")
    debit, credit = (_side(lines, side) for side in ("debit", "credit"))
    if _accounts(lines, "debit") & _accounts(lines, "credit"):
        raise Refusal("4", field="Amount")
    if debit != credit:
        raise Refusal("4", why="balance")
    record["line_item_total"] = record["total"] = record["bcy_total"] = debit


def finish_balances(_: Kit, change: Change) -> None:
    """Add the total of the opening balances: debits less credits."""
    accounts = change.record.setdefault("accounts", [])
    change.record["total"] = _side(accounts, "debit") - _side(accounts, "credit")


def finish_adjustment(kit: Kit, change: Change) -> None:
    """Add the accounts that a base currency adjustment is about."""
    record = change.record
    named = str(record.get("account_ids", "")).split(",")
    record["accounts"] = [_account(kit, each.strip()) for each in named if each.strip()]


def _journal_line(kit: Kit, sent: JsonObject) -> JsonObject:
    empty: JsonObject = {"description": "", "customer_id": "", "vendor_id": "", "tags": []}
    line = {**empty, **sent, "line_id": sent.get("line_id") or kit.books.new_id()}
    account = kit.books.find("chartofaccounts", line.get("account_id", "")) or {}
    party = _PARTY_OF.get(account.get("account_type", ""))
    if party and not (line["customer_id"] or line["vendor_id"]):
        raise Refusal("2", field=party)
    return line


def _side(lines: list[JsonObject], side: str) -> Decimal:
    amounts = (number(each.get("amount", 0)) for each in lines if _is_on(each, side))
    return cents(sum(amounts, ZERO))


def _accounts(lines: list[JsonObject], side: str) -> set[str]:
    return {str(each["account_id"]) for each in lines if _is_on(each, side) and _named(each)}


def _is_on(line: JsonObject, side: str) -> bool:
    return line.get("debit_or_credit") == side


def _named(line: JsonObject) -> bool:
    return bool(line.get("account_id"))


def _account(kit: Kit, account_id: str) -> JsonObject:
    for name in ("chartofaccounts", "bankaccounts"):
        found = kit.books.find(name, account_id)
        if found is not None:
            return {"account_id": account_id, "account_name": found["account_name"]}
    raise Refusal("1002", thing="Account")
