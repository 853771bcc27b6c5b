"""Rows that travel in one call: one line each in the result, one call, one outcome."""

import os
import random
import sqlite3
import subprocess
import sys

import pytest

from zbbulk.errors import ExitCode
from zbbulk.jobs.target import sandbox_target
from zbbulk.journal.journal import Journal
from zbbulk.journal.records import RunRecords
from zbbulk.model import Action, Status
from zbbulk.resources import resource
from zbbulk.sandbox import Sandbox
from zbbulk.zoho.bulk import delete_many, read_many
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pace import Pace
from zbbulk.zoho.sender import Sender

BANK = "4600000000000330001"
RENT, TRAVEL, EQUITY = (f"46000000000003200{number}" for number in ("07", "14", "08"))
HEADER = "Ref,Date,Account,Side,Amount"

MAPPINGS = {
    "bankstatements": """\
  account_id: Bank
  transactions:
    - {date: Date, debit_or_credit: Side, amount: Amount, reference_number: Ref}
""",
    "journals": """\
  reference_number: Ref
  journal_date: Date
  line_items:
    - {account_id: Account, debit_or_credit: Side, amount: Amount}
""",
    "openingbalances": """\
  date: Date
  accounts:
    - {account_id: Account, debit_or_credit: Side, amount: Amount}
""",
}


def line(ref, account, side, amount, *, day="2024-03-31"):
    return f"{ref},{day},{account},{side},{amount}"


def journal(ref, amount=5):
    """Five rows of one journal, which balance."""
    debits = [line(ref, account, "debit", amount) for account in (RENT, TRAVEL, RENT, TRAVEL)]
    return [*debits, line(ref, BANK, "credit", 4 * amount)]


def statement(lines):
    rows = (f"{BANK},2024-03-31,debit,{number}.25,S{number}" for number in range(1, lines + 1))
    return ["Bank,Date,Side,Amount,Ref", *rows]


@pytest.fixture
def write(tmp_path):
    def written(name, *rows):
        sheet, mapping = tmp_path / "rows.csv", tmp_path / f"{name}.yml"
        sheet.write_text("\n".join([*rows, ""]))
        head = f"zbbulk: 1\nresource: {name}\nsource: {{dates: yyyy-mm-dd}}\nfields:\n"
        mapping.write_text(head + MAPPINGS[name])
        return sheet, mapping

    return written


@pytest.fixture
def send_rows(write, send):
    """Import these rows of a resource into a sandbox that has the accounts of the samples."""

    def sent(name, *rows, **settings):
        sheet, mapping = write(name, *rows)
        return send(sheet, mapping=mapping, has_examples=True, **settings)

    return sent


def posts(done, name):
    path = f"/books/v3{resource(name).path}"
    return [each for each in done.sandbox.requests() if (each.method, each.path) == ("POST", path)]


def test_a_statement_of_1200_lines_is_three_calls(send_rows):
    with send_rows("bankstatements", *statement(1200)) as done:
        assert done.report.calls == done.report.check.calls_needed == 3
        assert len(posts(done, "bankstatements")) == 3
        assert done.statuses == ["created"] * 1200
        assert {row["zb_message"] for row in done.rows} == {done.rows[0]["zb_message"]}
        assert "no id" not in done.rows[0]["zb_message"]
        stored = [each["reference_number"] for each in done.sandbox.records("banktransactions")]
        assert sorted(stored) == sorted(f"S{number}" for number in range(1, 1201))
        assert done.report.exit_code is ExitCode.FINE


def test_the_good_lines_of_a_statement_are_sent_without_the_bad_ones(send_rows):
    rows = statement(600)
    rows[7] = rows[7].replace("7.25", "seven")
    with send_rows("bankstatements", *rows) as done:
        assert done.report.calls == 2
        assert done.statuses == ["created"] * 6 + ["rejected"] + ["created"] * 593
        assert len(done.sandbox.records("banktransactions")) == 599


def test_a_journal_whose_rows_are_not_neighbours_is_one_call(send_rows):
    rows = [row for pair in zip(journal("A"), journal("B", 7), strict=True) for row in pair]
    with send_rows("journals", HEADER, *rows) as done:
        first, second = sorted(
            done.sandbox.records("journals"), key=lambda each: each["reference_number"]
        )
        assert done.report.calls == 2
        assert [row["zb_id"] for row in done.rows] == [
            first["journal_id"],
            second["journal_id"],
        ] * 5
        assert [each["account_id"] for each in first["line_items"]] == [
            RENT,
            TRAVEL,
            RENT,
            TRAVEL,
            BANK,
        ]
        assert (first["total"], second["total"]) == (20, 28)


def test_opening_balances_are_one_call(send_rows):
    rows = [line("", BANK, "debit", 900), line("", EQUITY, "credit", 900)]
    with send_rows("openingbalances", HEADER, *rows) as done:
        (balances,) = done.sandbox.records("openingbalances")
        assert done.report.calls == 1
        assert [each["account_id"] for each in balances["accounts"]] == [BANK, EQUITY]
        assert {row["zb_id"] for row in done.rows} == {balances["opening_balance_id"]}


def test_no_journal_is_sent_without_one_of_its_lines(send_rows):
    bad = journal("B")
    bad[2] = line("B", RENT, "debit", "five")
    with send_rows("journals", HEADER, *journal("A"), *bad, *journal("C")) as done:
        assert done.statuses == ["created"] * 5 + ["rejected"] * 5 + ["created"] * 5
        assert [row["zb_code"] for row in done.rows[5:10]] == ["ZB311"] * 2 + ["ZB204"] + [
            "ZB311"
        ] * 2
        assert done.rows[5]["zb_message"] == "row 9 of the same journal is refused"
        assert {each["reference_number"] for each in done.sandbox.records("journals")} == {"A", "C"}
        assert done.report.exit_code is ExitCode.SOME_ROWS


def test_what_zoho_refuses_fails_for_all_rows_of_the_call(send_rows):
    nowhere = [*journal("B")[:-1], line("B", "460000000000000001", "credit", 20)]
    with send_rows("journals", HEADER, *journal("A"), *nowhere) as done:
        assert done.statuses == ["created"] * 5 + ["failed"] * 5
        (failure,) = done.report.failures
        assert (failure.rows, failure.first_row) == (5, 7)
        assert {(row["zb_code"], row["zb_message"]) for row in done.rows[5:]} == {
            (failure.code, failure.message)
        }


def test_a_lost_answer_leaves_all_rows_of_the_call_unknown(send_rows):
    rows = [row for number in range(3) for row in journal(f"J{number}")]
    with send_rows("journals", HEADER, *rows, faults=["cut-after:at=2:method=POST"]) as done:
        assert len(posts(done, "journals")) == len(done.sandbox.records("journals")) == 3
        lost = [row for row in done.rows if row["zb_status"] == "unknown"]
        assert len(lost) == 5
        assert {row["Ref"] for row in lost} == {lost[0]["Ref"]}
        assert {row["zb_code"] for row in lost} == {"ZB405"}
        assert done.report.counts == {Status.CREATED: 10, Status.UNKNOWN: 5}


def test_a_result_that_is_fed_in_again_sends_no_journal_twice_or_in_part(
    send_rows, send, write, tmp_path
):
    rows = [row for number in range(3) for row in journal(f"J{number}")]
    more = {"store": tmp_path / "books.sqlite", "faults": ["cut-after:at=2:method=POST"]}
    with send_rows("journals", HEADER, *rows, **more) as first:
        result = first.report.check.result
    text = result.read_text(encoding="utf-8-sig").replace("unknown", "", 1)
    result.write_text(text, encoding="utf-8")
    _, mapping = write("journals", HEADER)
    with send(result, mapping=mapping, store=more["store"]) as again:
        told = [row["zb_status_2"] for row in again.rows]
        assert sorted(told) == ["rejected"] + ["skipped"] * 14
        assert again.report.calls == 0


def test_ctrl_c_leaves_whole_journals(send_rows):
    def impatient(steps, *, label, total=None, weigh=None):
        for number, step in enumerate(steps):
            if label == "sending" and number == 7:
                raise KeyboardInterrupt
            yield step

    rows = [row for number in range(60) for row in journal(f"J{number}")]
    with send_rows("journals", HEADER, *rows, progress=impatient) as done:
        by_journal = {}
        for row in done.rows:
            by_journal.setdefault(row["Ref"], set()).add(row["zb_status"])
        stored = {each["reference_number"] for each in done.sandbox.records("journals")}
        assert {ref for ref, found in by_journal.items() if found == {"created"}} == stored
        assert set(map(frozenset, by_journal.values())) == {
            frozenset({"created"}),
            frozenset({"ready"}),
        }


def test_a_killed_run_knows_of_all_rows_of_a_call_or_of_none(write, tmp_path):
    rows = [row for number in range(80) for row in journal(f"J{number}")]
    random.Random(3).shuffle(rows)
    sheet, mapping = write("journals", HEADER, *rows)
    with Sandbox(None, latency_ms=(100, 100), has_examples=True) as sandbox:
        command = [sys.executable, "-m", "zbbulk", "import", sheet, "-m", mapping]
        process = subprocess.Popen(
            [*command, "--api-root", sandbox.api_root, "--yes", "--runs", tmp_path / "runs"],
            env=os.environ
            | {
                "ZBBULK_ACCESS_TOKEN": sandbox.access_token(),
                "ZBBULK_ORGANIZATION_ID": sandbox.organization_id,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        while len(sandbox.records("journals")) < 20:
            assert process.poll() is None, "the import ended too soon"
        process.kill()
        process.communicate()
        stored = {each["reference_number"] for each in sandbox.records("journals")}
    (path,) = tmp_path.glob("runs/*/journal.sqlite")
    with Journal.open(path) as run:
        known = {rows[row - 2].split(",")[0]: set() for row, _ in run.outcomes()}
        for row, outcome in run.outcomes():
            known[rows[row - 2].split(",")[0]].add(outcome.status)
        doubts = {each.match_key for each in RunRecords(run).with_status(Status.SENDING)}
    link = sqlite3.connect(path)
    sizes = link.execute("SELECT count(*) FROM rows GROUP BY match_key").fetchall()
    link.close()
    assert stored <= set(known)
    assert {size for (size,) in sizes} == {5}
    assert all(len(statuses) == 1 for statuses in known.values())
    assert {ref for ref, statuses in known.items() if statuses == {Status.SENDING}} == doubts


@pytest.fixture
def books():
    """A running sandbox, a connection to it, and what makes a record there and returns its id."""
    with Sandbox(None, speed=600, has_examples=True) as sandbox:
        target = sandbox_target(sandbox)
        with ZohoClient(
            api_root=target.api_root,
            organization_id=target.organization_id,
            token=target.token,
            pace=Pace(clock=target.clock),
            clock=target.clock,
        ) as client:

            def make(name, record):
                sender = Sender(client, resource=resource(name), action=Action.CREATE)
                return sender.send(record).zb_id

            yield sandbox, client, make


def test_many_items_are_read_with_few_calls(books):
    sandbox, client, make = books
    ids = [make("items", {"name": f"Thing {number}", "rate": number}) for number in range(130)]
    before = len(sandbox.requests())
    found = list(read_many(client, resource("items"), ids))
    assert [record["item_id"] for record in found] == ids
    assert found[7]["rate"] == 7
    assert len(sandbox.requests()) - before == 2


def test_many_payments_are_deleted_with_one_call(books):
    sandbox, client, make = books
    payment = {
        "customer_id": "4600000000000200001",
        "payment_mode": "cash",
        "date": "2024-03-31",
        "amount": 5,
    }
    kept, *ids = [make("customerpayments", payment) for _ in range(4)]
    (deleted,) = delete_many(client, resource("customerpayments"), ids)
    assert deleted.is_gone
    assert [each["payment_id"] for each in sandbox.records("customerpayments")] == [kept]
    (again,) = delete_many(client, resource("customerpayments"), ids)
    assert (again.is_gone, again.code) == (False, "1002")
