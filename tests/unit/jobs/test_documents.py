"""Rows that make one document, wherever they stand in the sheet."""

import csv
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zbbulk.jobs.check_job import check_file
from zbbulk.jobs.preview import Preview

MAPPING = """\
zbbulk: 1
resource: invoices
group_rows_by: [No]
fields:
  customer_id: Customer
  invoice_number: No
  date: Date
  notes: {column: Note, rows: join}
  shipping_charge: {column: Freight, rows: sum}
  reference_number: {column: Ref, rows: first}
  line_items:
    each_row:
      name: Item
      quantity: {column: Qty, default: 1}
      rate: Price
"""
HEADER = ["No", "Customer", "Date", "Note", "Freight", "Ref", "Item", "Qty", "Price"]
COLUMNS = {name: place for place, name in enumerate(HEADER)}


def row(number, item, price="2.50", **cells):
    told = dict.fromkeys(HEADER, "") | {"Customer": "77", "Date": "2024-03-31"} | cells
    return [{**told, "No": number, "Item": item, "Price": price}[name] for name in HEADER]


@pytest.fixture
def checked(tmp_path):
    def check(*rows, mapping=MAPPING):
        sheet, rules = tmp_path / "sales.csv", tmp_path / "m.yml"
        with sheet.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])
        rules.write_text(mapping, encoding="utf-8")
        report = check_file(sheet, rules, runs=tmp_path / "runs", preview=Preview(show=99))
        with report.result.open(encoding="utf-8-sig", newline="") as file:
            told = [(each["zb_status"], each["zb_code"]) for each in csv.DictReader(file)]
        return report, told

    return check


def test_rows_with_the_same_key_make_one_document_wherever_they_stand(checked):
    report, told = checked(row("A", "Pen"), row("B", "Cup"), row("A", "Ink"), row("A", "Pad"))
    assert told == [("ready", "")] * 4
    assert [(each.rows, each.record["invoice_number"]) for each in report.shown] == [
        ((2, 4, 5), "A"),
        ((3,), "B"),
    ]
    lines = [[line["name"] for line in each.record["line_items"]] for each in report.shown]
    assert lines == [["Pen", "Ink", "Pad"], ["Cup"]]
    assert report.calls_needed == 2


def test_values_above_the_lines_are_taken_as_the_mapping_says(checked):
    rows = [
        row("A", "Pen", Note="red", Freight="4.50", Ref="X"),
        row("A", "Ink", Note="blue", Freight="0.75", Ref="Y", Customer=""),
        row("A", "", "", Note="red", Date=""),
    ]
    report, told = checked(*rows)
    assert told == [("ready", "")] * 3
    (shown,) = report.shown
    assert shown.record["notes"] == "red, blue"
    assert str(shown.record["shipping_charge"]) == "5.25"
    assert shown.record["reference_number"] == "X"
    assert [line["name"] for line in shown.record["line_items"]] == ["Pen", "Ink"]


def test_one_bad_row_refuses_its_document_and_no_other(checked):
    report, told = checked(
        row("A", "Pen"), row("B", "Cup"), row("A", "Ink", "abc"), row("A", "Pad")
    )
    assert told == [
        ("rejected", "ZB311"),
        ("ready", ""),
        ("rejected", "ZB204"),
        ("rejected", "ZB311"),
    ]
    places = {(each.code, each.at.row, each.at.column) for each in report.problems}
    assert places == {("ZB311", 2, None), ("ZB204", 4, "Price"), ("ZB311", 5, None)}
    (first, *_) = [each for each in report.problems if each.code == "ZB311"]
    assert first.message == "row 4 of the same invoice is refused"


def test_a_value_that_differs_within_a_document_names_both_rows(checked):
    report, told = checked(row("A", "Pen"), row("A", "Ink", Date="2024-04-01"))
    assert told == [("rejected", "ZB311"), ("rejected", "ZB312")]
    (problem,) = [each for each in report.problems if each.code == "ZB312"]
    assert (problem.at.row, problem.at.column) == (3, "Date")
    assert problem.message == "'2024-04-01' here, and '2024-03-31' in row 2 of the same invoice"


def test_a_fault_of_a_line_is_told_at_its_row(checked):
    report, told = checked(row("A", "Pen"), row("A", "x" * 101), row("A", "Ink"))
    assert [code for _, code in told] == ["ZB311", "ZB302", "ZB311"]
    (problem,) = [each for each in report.problems if each.code == "ZB302"]
    assert (problem.at.row, problem.at.column) == (3, "Item")


def test_what_a_document_lacks_is_told_at_its_first_row_once(checked):
    rows = [row("A", "Pen", Customer=""), row("A", "Ink", Customer="")]
    report, told = checked(*rows)
    assert told == [("rejected", "ZB301"), ("rejected", "ZB311")]
    (problem,) = [each for each in report.problems if each.code == "ZB301"]
    assert (problem.at.row, problem.at.column) == (2, "Customer")


def test_a_row_without_a_key_is_refused_and_guessed_for_nothing(checked):
    report, told = checked(row("A", "Pen"), row("", "Ink"), row("A", "Pad"))
    assert told == [("ready", ""), ("rejected", "ZB317"), ("ready", "")]
    (problem,) = report.problems
    assert (problem.code, problem.at.row, problem.at.column) == ("ZB317", 3, "No")


def test_two_documents_with_one_number_are_told_and_each_whole(checked):
    by_voucher = MAPPING.replace("[No]", "[No, Ref]").replace("rows: first", "rows: same")
    rows = [row("A", "Pen", Ref="1"), row("A", "Ink", Ref="2"), row("A", "Pad", Ref="2")]
    report, told = checked(*rows, mapping=by_voucher)
    assert told == [("ready", ""), ("rejected", "ZB307"), ("rejected", "ZB311")]
    assert report.calls_needed == 1


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=8), seed=st.integers(0, 99))
def test_any_order_of_the_rows_gives_the_same_documents(checked, sizes, seed):
    rows = [row(f"N{n}", f"line {n}.{m}") for n, size in enumerate(sizes) for m in range(size)]
    mixed = random.Random(seed).sample(rows, len(rows))
    sorted_ones, _ = checked(*rows)
    mixed_ones, told = checked(*mixed)

    def documents(report):
        return {
            each.record["invoice_number"]: sorted(
                line["name"] for line in each.record["line_items"]
            )
            for each in report.shown
        }

    assert documents(mixed_ones) == documents(sorted_ones)
    assert sorted(number for each in mixed_ones.shown for number in each.rows) == list(
        range(2, len(rows) + 2)
    )
    assert [each.rows[0] for each in mixed_ones.shown] == sorted(
        each.rows[0] for each in mixed_ones.shown
    )
    assert told == [("ready", "")] * len(rows)
