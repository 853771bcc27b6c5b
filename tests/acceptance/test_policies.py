"""What follows a create, and what becomes of records that are in Zoho Books already."""

import csv
from decimal import Decimal
from types import SimpleNamespace

import pytest

from zbbulk.errors import ExitCode
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.target import sandbox_target
from zbbulk.journal.journal import Journal
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox

ITEMS = "zbbulk: 1\nresource: items\n{more}fields: {{name: Item, sku: Code, rate: Price}}\n"
INVOICES = """\
zbbulk: 1
resource: invoices
fields:
  customer_id: {value: "4600000000000200001"}
  invoice_number: No
  line_items:
    - {name: Item, rate: Price}
"""


@pytest.fixture
def books():
    with Sandbox(None, speed=600, seed=7, has_examples=True, unique_fields=["cf_code"]) as sandbox:
        yield sandbox


@pytest.fixture
def put(tmp_path, books):
    """Import rows by a mapping into the books; more than once if asked."""

    def imported(mapping, *rows):
        sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
        sheet.write_text("\n".join([*rows, ""]), encoding="utf-8")
        rules.write_text(mapping, encoding="utf-8")
        before = len(books.requests())
        report = import_file(sheet, rules, target=sandbox_target(books), runs=tmp_path / "runs")
        with report.check.result.open(encoding="utf-8-sig", newline="") as file:
            told = list(csv.DictReader(file))
        calls = [
            (each.method, each.path.removeprefix("/books/v3"))
            for each in books.requests()[before:]
            if each.path.startswith("/books/v3")
        ]
        return SimpleNamespace(
            report=report,
            rows=told,
            calls=calls,
            statuses=[row["zb_status"] for row in told],
            codes=[row["zb_code"] for row in told],
        )

    return imported


def items_named(books, *names):
    return {each["name"]: each for each in books.records("items") if each["name"] in names}


def invoice(books, number):
    return next(each for each in books.records("invoices") if each["invoice_number"] == number)


def test_a_status_call_follows_each_create_and_both_are_counted(put, books):
    done = put(f"{INVOICES}after_create: [mark_sent]\n", "No,Item,Price", "A,Pen,5", "B,Ink,6")
    assert done.statuses == ["created"] * 2
    assert done.codes == ["", ""]
    assert {invoice(books, number)["status"] for number in "AB"} == {"sent"}
    assert done.report.calls == done.report.check.calls_needed == 4
    assert [path.endswith("/status/sent") for _, path in done.calls].count(True) == 2
    with Journal.open(done.report.journal) as journal:
        assert [journal.status_calls(row) for row in (2, 3)] == [{"mark_sent": "done"}] * 2
    log = (done.report.journal.parent / "log.jsonl").read_text(encoding="utf-8")
    assert done.rows[0]["zb_id"] not in log


def test_a_status_that_is_reached_already_is_fine(put, books):
    done = put(f"{INVOICES}after_create: [mark_sent, mark_sent]\n", "No,Item,Price", "A,Pen,5")
    assert (done.statuses, done.codes) == (["created"], [""])
    assert done.report.exit_code is ExitCode.FINE


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        (["answer:1002:at=2:path=/invoices"], "1002"),
        (["cut-before:at=2:path=/invoices"] * 4, "ZB405"),
    ],
)
def test_a_status_call_that_fails_leaves_the_row_created(tmp_path, faults, code):
    with Sandbox(None, speed=6000, seed=7, has_examples=True, faults=faults) as sandbox:
        sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
        sheet.write_text("No,Item,Price\nA,Pen,5\n")
        rules.write_text(f"{INVOICES}after_create: [mark_sent]\n")
        report = import_file(sheet, rules, target=sandbox_target(sandbox), runs=tmp_path / "runs")
        made = invoice(sandbox, "A")
    with report.check.result.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["zb_status"], row["zb_id"]) == ("created", made["invoice_id"])
    assert row["zb_code"] == code
    assert "mark_sent: " in row["zb_message"]
    assert "repeat only mark_sent" in row["zb_fix"]
    assert report.counts == {Status.CREATED: 1}
    assert [each.code for each in report.failures] == [code]
    assert report.exit_code is ExitCode.SOME_ROWS
    with Journal.open(report.journal) as journal:
        assert journal.status_calls(2) == {"mark_sent": code}


def test_a_status_call_whose_answer_was_lost_is_made_again_and_found_done(tmp_path):
    sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
    sheet.write_text("No,Item,Price\nA,Pen,5\n")
    rules.write_text(f"{INVOICES}after_create: [mark_sent]\n")
    faults = ["cut-after:at=2:path=/invoices"]
    with Sandbox(None, speed=6000, seed=7, has_examples=True, faults=faults) as sandbox:
        report = import_file(sheet, rules, target=sandbox_target(sandbox), runs=tmp_path / "runs")
        assert "1049" in [each.code for each in sandbox.requests()]
        assert invoice(sandbox, "A")["status"] == "sent"
    assert report.exit_code is ExitCode.FINE


def test_a_run_that_stops_before_a_status_call_tells_that_it_was_not_made(tmp_path):
    with Sandbox(None, speed=600, seed=7, has_examples=True, per_day=1) as sandbox:
        sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
        sheet.write_text("No,Item,Price\nA,Pen,5\n")
        rules.write_text(f"{INVOICES}after_create: [mark_sent]\n")
        report = import_file(sheet, rules, target=sandbox_target(sandbox), runs=tmp_path / "runs")
    assert report.stopped.code == "ZB407"
    assert report.counts == {Status.CREATED: 1}
    assert [each.code for each in report.failures] == ["ZB417"]


ROWS = ("Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2", "Cap,,3")
AGAIN = ("Item,Code,Price", "Pencil, k-1 ,1.50", "Nib,K-3,4", "Tin,,5")


@pytest.fixture
def stocked(put):
    return put(ITEMS.format(more=""), *ROWS)


def keyed(on_match):
    return ITEMS.format(more=f"key: {{fields: [sku], on_match: {on_match}}}\n")


def test_on_match_error_rejects_the_row_and_names_the_id(put, books, stocked):
    done = put(keyed("error"), *AGAIN)
    assert done.statuses == ["rejected", "created", "created"]
    assert done.codes == ["ZB324", "", ""]
    assert done.rows[0]["zb_id"] == stocked.rows[0]["zb_id"]
    assert [each.code for each in done.report.failures] == ["ZB324"]
    assert done.report.exit_code is ExitCode.SOME_ROWS


def test_on_match_skip_skips_the_row_and_is_fine(put, books, stocked):
    done = put(keyed("skip"), *AGAIN)
    assert done.statuses == ["skipped", "created", "created"]
    assert done.rows[0]["zb_id"] == stocked.rows[0]["zb_id"]
    assert done.report.exit_code is ExitCode.FINE
    assert [call for call in done.calls if call[0] == "GET"] == [("GET", "/items")]
    assert done.report.calls == 3


def test_on_match_update_changes_the_record_that_is_there(put, books, stocked):
    done = put(keyed("update"), *AGAIN)
    assert done.statuses == ["updated", "created", "created"]
    assert done.rows[0]["zb_id"] == stocked.rows[0]["zb_id"]
    assert items_named(books, "Pencil")["Pencil"]["rate"] == Decimal("1.50")
    assert not items_named(books, "Pen")
    assert ("PUT", f"/items/{stocked.rows[0]['zb_id']}") in done.calls


def test_on_match_create_looks_nothing_up(put, books, stocked):
    done = put(keyed("create"), *AGAIN)
    assert [method for method, _ in done.calls] == ["POST"] * 3


def test_without_on_match_nothing_is_looked_up(put, books, stocked):
    done = put(ITEMS.format(more="key: {fields: [sku]}\n"), *AGAIN)
    assert [method for method, _ in done.calls] == ["POST"] * 3


def test_a_list_of_many_pages_is_read_once(put, books):
    put(ITEMS.format(more=""), "Item,Code,Price", *(f"T{n},C{n},1" for n in range(450)))
    again = put(keyed("skip"), "Item,Code,Price", *(f"T{n},C{n},1" for n in range(450)))
    assert again.statuses == ["skipped"] * 450
    held = len(books.records("items"))
    assert again.calls == [("GET", "/items")] * (held // 200 + 1)


def test_two_records_with_the_key_are_never_chosen_from(put, books):
    notes = INVOICES.replace("  line", "  reference_number: Ref\n  line")
    first = put(notes, "No,Ref,Item,Price", "A,R,Pen,5", "B,R,Pen,5")
    key = "key: {fields: [reference_number], on_match: update}\n"
    done = put(notes.replace("fields:", f"{key}fields:"), "No,Ref,Item,Price", "C,r,Pen,5")
    assert (done.statuses, done.codes) == (["rejected"], ["ZB324"])
    assert all(row["zb_id"] in done.rows[0]["zb_message"] for row in first.rows)


UPSERT = """\
zbbulk: 1
resource: items
upsert_by: cf_code
fields:
  name: Item
  rate: Price
  custom_fields: {cf_code: Code}
"""


def test_upsert_creates_or_updates_as_zoho_says(put, books):
    first = put(UPSERT, "Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2")
    assert first.statuses == ["created"] * 2
    done = put(UPSERT, "Item,Code,Price", "Pencil,K-1,1.50", "Nib,K-3,4")
    assert done.statuses == ["updated", "created"]
    assert done.rows[0]["zb_id"] == first.rows[0]["zb_id"]
    assert items_named(books, "Pencil")["Pencil"]["rate"] == Decimal("1.50")
    assert done.calls == [("PUT", "/items")] * 2


def test_a_lost_answer_of_an_upsert_is_sent_again_and_nothing_is_in_doubt(tmp_path):
    sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
    sheet.write_text("Item,Code,Price\nPen,K-1,1\nInk,K-2,2\n")
    rules.write_text(UPSERT)
    faults = ["cut-after:at=1:method=PUT"]
    with Sandbox(None, speed=600, seed=7, unique_fields=["cf_code"], faults=faults) as sandbox:
        report = import_file(sheet, rules, target=sandbox_target(sandbox), runs=tmp_path / "runs")
        assert report.counts == {Status.CREATED: 1, Status.UPDATED: 1}
        assert sorted(each["name"] for each in sandbox.records("items")) == ["Ink", "Pen"]


def test_an_upsert_that_is_never_answered_may_be_imported_again(tmp_path, put):
    sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
    sheet.write_text("Item,Code,Price\nPen,K-1,1\n")
    rules.write_text(UPSERT)
    faults = ["cut-after:at=1:method=PUT"] * 16
    with Sandbox(None, speed=6000, seed=7, unique_fields=["cf_code"], faults=faults) as sandbox:
        target = sandbox_target(sandbox)
        lost = import_file(sheet, rules, target=target, runs=tmp_path / "runs")
        assert lost.counts == {Status.UNKNOWN: 1}
        assert lost.failures[0].fix.startswith("Import the row again")
        again = import_file(lost.check.result, rules, target=target, runs=tmp_path / "runs")
        assert again.counts == {Status.UPDATED: 1}
        assert [each["name"] for each in sandbox.records("items")] == ["Pen"]


def test_a_value_that_no_header_can_hold_is_refused_with_its_column(put, books):
    done = put(
        UPSERT,
        "Item,Code,Price",
        "Pen,\u0b95,1",
        "Ink,,2",
        "Nib,\u00e9t\u00e9,3",
        "Cap,K,4",
        "Tin,K,5",
    )
    assert done.codes == ["ZB304", "ZB301", "", "", "ZB307"]
    places = [(each.at.row, each.at.column) for each in done.report.check.problems]
    assert places == [(2, "Code"), (3, "Code"), (6, "Code")]


CHANGE = INVOICES.replace("fields:", "action: update\n{key}fields:\n  invoice_id: Id")


def changed(key, **more):
    mapping = CHANGE.replace("{key}", f"key: {{{key}}}\n" if key else "")
    return mapping.replace("- {name", "- {line_item_id: Line, name")


@pytest.fixture
def billed(put, books):
    put(INVOICES + "    - {name: Item 2, rate: Price}\n", "No,Item,Item 2,Price", "A,Pen,Ink,5")
    return invoice(books, "A")


def names(books):
    return [line["name"] for line in invoice(books, "A")["line_items"]]


def test_an_update_that_would_drop_a_line_is_rejected(put, books, billed):
    first = billed["line_items"][0]["line_item_id"]
    done = put(changed(""), "Id,No,Line,Item,Price", f"{billed['invoice_id']},A,{first},Cap,7")
    assert (done.statuses, done.codes) == (["rejected"], ["ZB325"])
    assert "'Ink'" in done.rows[0]["zb_message"]
    assert [method for method, _ in done.calls] == ["GET"]
    assert names(books) == ["Pen", "Ink"]
    assert done.report.check.calls_needed == 2


def test_lines_missing_delete_lets_it(put, books, billed):
    mapping = changed("lines_missing: delete")
    done = put(mapping, "Id,No,Line,Item,Price", f"{billed['invoice_id']},A,,Cap,7")
    assert done.statuses == ["updated"]
    assert [method for method, _ in done.calls] == ["GET", "PUT"]
    assert names(books) == ["Cap"]
    assert done.report.check.calls_needed == 2


def test_lines_append_keeps_what_is_there(put, books, billed):
    last = billed["line_items"][1]["line_item_id"]
    rows = [f"{billed['invoice_id']},A,,Cap,7"]
    done = put(changed("lines: append"), "Id,No,Line,Item,Price", *rows)
    assert done.statuses == ["updated"]
    assert [method for method, _ in done.calls] == ["GET", "PUT"]
    assert names(books) == ["Pen", "Ink", "Cap"]
    assert invoice(books, "A")["total"] == Decimal("17.00")
    put(changed("lines: append"), "Id,No,Line,Item,Price", f"{billed['invoice_id']},A,{last},Tin,1")
    assert names(books) == ["Pen", "Cap", "Tin"]
    assert invoice(books, "A")["line_items"][2]["line_item_id"] == last


def test_an_update_of_a_document_that_is_not_there_fails_in_zohos_words(put, books):
    done = put(changed(""), "Id,No,Line,Item,Price", "460000000000000001,A,,Cap,7")
    assert (done.statuses, done.codes) == (["failed"], ["1002"])


def test_a_custom_field_may_be_the_key(put, books):
    mapping = UPSERT.replace("upsert_by: cf_code\n", "{key}")
    first = put(mapping.replace("{key}", ""), "Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2")
    key = "key: {fields: [custom_fields.cf_code], on_match: skip}\n"
    done = put(mapping.replace("{key}", key), "Item,Code,Price", "Pencil,k-1,1", "Nib,K-3,4")
    assert done.statuses == ["skipped", "created"]
    assert done.rows[0]["zb_id"] == first.rows[0]["zb_id"]


def test_a_key_that_zohos_list_does_not_show_stops_the_run_before_anything_is_sent(put, books):
    contacts = "zbbulk: 1\nresource: contacts\n{key}fields: {contact_name: Name, notes: Notes}\n"
    key = "key: {fields: [notes], on_match: skip}\n"
    done = put(contacts.replace("{key}", key), "Name,Notes", "Somebody,Nothing")
    assert done.report.stopped.code == "ZB324"
    assert "does not show 'notes'" in done.report.stopped.message
    assert done.statuses == ["ready"]
    assert [method for method, _ in done.calls] == ["GET"]


def test_a_journal_of_several_rows_is_skipped_as_one(put, books):
    mapping = """\
zbbulk: 1
resource: journals
source: {dates: yyyy-mm-dd}
key: {fields: [reference_number], on_match: skip}
fields:
  journal_date: Date
  reference_number: Ref
  line_items:
    - {account_id: Account, debit_or_credit: Side, amount: Amount}
"""
    rent, bank = "4600000000000320007", "4600000000000330001"
    header = "Ref,Date,Account,Side,Amount"
    rows = [f"JV 1,2024-03-31,{rent},debit,5", f"JV 1,2024-03-31,{bank},credit,5"]
    assert put(mapping, header, *rows).statuses == ["created"] * 2
    more = [row.replace("JV 1", "JV 2") for row in rows]
    done = put(mapping, header, *(row.replace("JV 1", "jv  1") for row in rows), *more)
    assert done.statuses == ["skipped"] * 2 + ["created"] * 2


def test_a_document_found_by_its_key_keeps_its_lines_too(put, books, billed):
    key = "key: {fields: [invoice_number], on_match: update}\n"
    done = put(INVOICES.replace("fields:", f"{key}fields:"), "No,Item,Price", "A,Cap,7", "B,Tin,1")
    assert done.statuses == ["rejected", "created"]
    assert done.rows[0]["zb_id"] == billed["invoice_id"]
    assert names(books) == ["Pen", "Ink"]
