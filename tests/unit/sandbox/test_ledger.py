"""Journals, opening balances, currency adjustments, bank statements."""

from decimal import Decimal

import pytest

SALES, SUPPLIES, RENT = "4600000000000320001", "4600000000000320004", "4600000000000320007"
RECEIVABLE, PAYABLE = "4600000000000320005", "4600000000000320006"
BANK, OTHER_BANK = "4600000000000330001", "4600000000000330002"


def _line(account, side, amount, **more):
    return {"account_id": account, "debit_or_credit": side, "amount": amount, **more}


def _journal(client, *lines):
    body = client.minimal("journals", line_items=list(lines))
    return client.send("POST", "journals", body)[:2]


def test_a_journal_of_many_lines_is_in_balance(stocked):
    lines = [_line(SUPPLIES, "debit", Decimal("0.01")) for _ in range(100)]
    status, answer = _journal(stocked, *lines, _line(BANK, "credit", 1))
    journal = answer["journal"]
    assert (status, journal["total"], journal["line_item_total"]) == (201, 1, 1)
    assert (journal["status"], len(journal["line_items"])) == ("published", 101)
    assert journal["line_items"][0]["account_name"] == "Office Supplies"
    assert len({line["line_id"] for line in journal["line_items"]}) == 101


@pytest.mark.parametrize(
    ("lines", "code", "gist"),
    [
        ([_line(SALES, "debit", 1), _line(BANK, "credit", 2)], 4, "must be equal"),
        ([_line(SALES, "debit", 1)], 4, "two lines"),
        ([_line(BANK, "debit", 1), _line(BANK, "credit", 1)], 4, "Amount"),
        ([_line(RECEIVABLE, "debit", 1), _line(BANK, "credit", 1)], 2, "customer_id"),
        ([_line(PAYABLE, "credit", 1), _line(BANK, "debit", 1)], 2, "vendor_id"),
    ],
)
def test_a_journal_that_does_not_hold_is_refused(stocked, lines, code, gist):
    status, answer = _journal(stocked, *lines)
    assert (status, answer["code"], gist in answer["message"]) == (400, code, True)


def test_a_receivable_line_names_its_customer(stocked):
    line = _line(RECEIVABLE, "debit", 5, customer_id="4600000000000200001")
    status, answer = _journal(stocked, line, _line(SALES, "credit", 5))
    assert status == 201
    assert answer["journal"]["line_items"][0]["customer_name"] == "Riverside Studio"


def test_an_update_without_lines_keeps_a_journal_and_a_wrong_one_is_refused(stocked):
    journal = stocked.make("journals")
    path = f"/journals/{journal['journal_id']}"
    body = {"journal_date": "2024-01-01", "notes": "n"}
    assert stocked.call("PUT", path, body)[1]["journal"]["total"] == journal["total"]
    body["line_items"] = [_line(SALES, "debit", 1), _line(BANK, "credit", 2)]
    assert stocked.call("PUT", path, body)[1]["code"] == 4


def test_there_is_one_set_of_opening_balances(opened):
    client = opened(has_examples=True)
    path = "/settings/openingbalances"
    assert client.call("GET", path)[1]["code"] == 1002
    accounts = [_line(BANK, "debit", 100), _line(PAYABLE, "credit", Decimal("30.50"))]
    body = {"date": "2024-01-01", "accounts": accounts}
    status, answer, headers = client.call("POST", path, body)
    assert (status, headers["Location"]) == (201, f"/api/v3{path}")
    first = answer["opening_balance"]
    assert (first["total"], len(first["accounts"])) == (Decimal("69.50"), 2)
    again = client.call("POST", path, body | {"accounts": accounts[:1]})[1]["opening_balance"]
    assert (again["opening_balance_id"], len(again["accounts"])) == (
        first["opening_balance_id"],
        1,
    )
    changed = client.call("PUT", path, {"date": "2024-02-01"})[1]["opening_balance"]
    assert (changed["date"], changed["total"]) == ("2024-02-01", 100)
    assert client.call("DELETE", path)[0] == 200
    assert client.call("GET", path)[0] == 404


def test_a_currency_adjustment_names_its_accounts(stocked):
    body = stocked.minimal("basecurrencyadjustments", account_ids=f"{BANK},{SALES}")
    adjustment = stocked.send("POST", "basecurrencyadjustments", body)[1]["data"]
    assert [each["account_name"] for each in adjustment["accounts"]] == [
        "Checking Account",
        "Sales",
    ]
    assert adjustment["currency_code"] == "EUR"
    body["account_ids"] = f"{BANK},1"
    assert stocked.send("POST", "basecurrencyadjustments", body)[1]["code"] == 1002
    del body["account_ids"]
    assert stocked.send("POST", "basecurrencyadjustments", body)[1]["code"] == 2


def test_a_statement_makes_uncategorized_transactions(opened):
    client = opened(has_examples=True)
    lines = [
        {"date": f"2024-01-{day:02d}", "debit_or_credit": "credit", "amount": day, "payee": "P"}
        for day in range(1, 31)
    ]
    body = {
        "account_id": BANK,
        "start_date": "2024-01-01",
        "end_date": "2024-01-31",
        "transactions": lines,
    }
    status, answer, headers = client.call("POST", "/bankstatements", body)
    assert (status, set(answer), "Location" in headers) == (201, {"code", "message"}, False)
    query = {"filter_by": "Status.Uncategorized", "account_id": BANK}
    told = client.call("GET", "/banktransactions", query=query)[1]["banktransactions"]
    assert {row["date"] for row in told} == {line["date"] for line in lines}
    assert client.names("banktransactions", "date", account_id=OTHER_BANK) == []
    account = client.call("GET", f"/bankaccounts/{BANK}")[1]["bankaccount"]
    assert account["uncategorized_transactions"] == 30


def test_a_statement_with_one_bad_line_is_refused_whole(opened):
    client = opened(has_examples=True)
    good = {"date": "2024-01-01", "debit_or_credit": "credit", "amount": 1}
    for bad in ({"amount": "x"}, {"debit_or_credit": "plus"}, {"date": ""}):
        body = {"account_id": BANK, "transactions": [good, good | bad]}
        assert client.call("POST", "/bankstatements", body)[0] == 400
    assert client.sandbox.records("banktransactions") == []
    body = {"account_id": "1", "transactions": [good]}
    assert client.call("POST", "/bankstatements", body)[1]["code"] == 1002
