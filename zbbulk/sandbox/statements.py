"""A bank statement: many lines in one call, each an uncategorized bank transaction.

It does not know the endpoint.
"""

from __future__ import annotations

from zbbulk.model import JsonObject
from zbbulk.resources import resource
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.keeping import add


def import_statement(kit: Kit, statement: JsonObject) -> None:
    """Keep the lines of a statement, and count them in the account."""
    transactions, accounts = resource("banktransactions"), resource("bankaccounts")
    lines = statement["transactions"]
    for line in lines:
        told = {name: value for name, value in line.items() if name != "transaction_id"}
        fields = {
            "account_id": statement["account_id"],
            "status": "uncategorized",
            "imported_transaction_id": line.get("transaction_id", ""),
        }
        add(kit, transactions, told | fields)
    account = kit.books.find(accounts.name, statement["account_id"])
    if account is not None:
        counted = account["uncategorized_transactions"] + len(lines)
        kit.books.keep(accounts, account | {"uncategorized_transactions": counted})
