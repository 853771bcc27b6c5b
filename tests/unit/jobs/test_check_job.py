"""Two processes tell the same as one."""

import csv
import json

import pytest

from zbbulk.jobs import match_keys, parts
from zbbulk.jobs.check_job import check_file
from zbbulk.jobs.preview import Preview

MAPPING = """\
zbbulk: 1
resource: items
source: {header_row: %d}
fields: {name: Item, sku: Code, rate: Price, description: Note}
"""


@pytest.fixture
def told(tmp_path):
    """Return what a check of a sheet tells with so many workers."""

    def check(text, *, workers, header_row=1):
        sheet, mapping = tmp_path / "shop.csv", tmp_path / "m.yml"
        sheet.write_text(text, encoding="utf-8", newline="")
        mapping.write_text(MAPPING % header_row, encoding="utf-8")
        report = check_file(sheet, mapping, runs=tmp_path / "runs", workers=workers)
        story = report.to_json()
        with report.result.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        return json.dumps([story["counts"], story["problems"], story["problem_counts"]]), rows

    return check


def sheet_of(rows, *, above=""):
    lines = [f"Thing {number},{number},{number}.5,plain" for number in range(rows)]
    lines[rows // 4] = "Thing x,7,abc,wrong price and a code that is there already"
    lines[rows - 2] = f"Thing {rows},{rows // 3},1,a code of the first half"
    lines[rows // 2] = ""
    return f"{above}Item,Code,Price,Note\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("header_row", [1, 3])
def test_two_processes_tell_the_same_as_one(told, header_row):
    text = sheet_of(400, above='Price list,"of\nus"\n,\n' if header_row == 3 else "")
    one = told(text, workers=1, header_row=header_row)
    two = told(text, workers=2, header_row=header_row)
    assert one == two
    assert json.loads(one[0])[2] == {"ZB204": 1, "ZB307": 2}


def test_a_cut_inside_a_quoted_cell_is_noticed_and_nothing_is_told_twice(told, monkeypatch):
    monkeypatch.setattr(match_keys, "_IN_MEMORY", 2)
    lines = [f"Thing {number},{number},{number}.5,plain" for number in range(200)]
    lines[100] = 'Thing 100,100,1,"' + "a long note\n" * 150 + '"'
    text = "Item,Code,Price,Note\n" + "\n".join(lines) + "\n"
    one, two = told(text, workers=1), told(text, workers=2)
    assert one == two
    assert json.loads(two[0])[0] == {"ready": 200}


def test_a_second_process_that_dies_is_replaced_by_one_that_does_it_all(told, monkeypatch):
    def dies(*_, **__):
        raise SystemExit(1)

    one = told(sheet_of(100), workers=1)
    monkeypatch.setattr(parts, "_half", dies)
    assert told(sheet_of(100), workers=2) == one


def test_no_folder_of_work_is_left(told, tmp_path):
    told(sheet_of(100), workers=2)
    (run,) = (tmp_path / "runs").iterdir()
    assert [path.name for path in run.iterdir()] == ["result.csv"]


def test_a_row_of_spaces_is_blank_like_an_empty_one(told):
    story, rows = told("Item,Code,Price,Note\nChair,1,2.50,x\n  , ,\t,\n,,,\n", workers=1)
    assert json.loads(story)[0] == {"ready": 1, "skipped": 2}
    assert [row[4] for row in rows[1:]] == ["ready", "skipped", "skipped"]


def test_a_cell_that_feeds_two_fields_is_told_once(tmp_path):
    sheet, mapping = tmp_path / "shop.csv", tmp_path / "m.yml"
    sheet.write_text("Item,Price\nChair,abc\n", encoding="utf-8")
    fields = "{name: Item, rate: Price, purchase_rate: Price}"
    mapping.write_text(f"zbbulk: 1\nresource: items\nfields: {fields}\n", encoding="utf-8")
    (problem,) = check_file(sheet, mapping, runs=tmp_path / "runs").problems
    assert (problem.code, problem.at.row, problem.at.column) == ("ZB204", 2, "Price")


SALES = """\
zbbulk: 1
resource: invoices
only_rows: "[Type] = 'Sale' and [Qty] > 0"
fields:
  customer_id: Customer
  date: Date
  due_date: {formula: "[Date] + [Days]"}
  line_items:
    - {name: Item, quantity: Qty, rate: {formula: "[Amount] / [Qty]"}}
"""


def test_only_rows_skips_the_others_and_formulas_read_cells_in_the_style_of_the_sheet(tmp_path):
    sheet, mapping = tmp_path / "sales.csv", tmp_path / "m.yml"
    rows = ["1,Sale,31/01/2024,30,Pen,2,5", "1,Return,01/02/2024,30,Pen,2,5", ",,,,,,"]
    rows += ["1,Sale,02/02/2024,x,Pen,2,5", "1,Sale,03/02/2024,30,Pen,two,5"]
    header = "Customer,Type,Date,Days,Item,Qty,Amount"
    sheet.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    mapping.write_text(SALES, encoding="utf-8")
    report = check_file(sheet, mapping, runs=tmp_path / "runs")
    with report.result.open(encoding="utf-8-sig", newline="") as file:
        told = [(row["zb_status"], row["zb_message"]) for row in csv.DictReader(file)]
    assert [status for status, _ in told] == ["ready", "skipped", "skipped", "rejected", "rejected"]
    assert told[1][1] == "The row is not one of `only_rows:`."
    assert told[2][1] == "The row is blank."
    places = {(each.code, each.at.row, each.at.column) for each in report.problems}
    assert places == {
        ("ZB221", 5, "Date, Days"),
        ("ZB221", 6, "Type, Qty"),
        ("ZB221", 6, "Amount, Qty"),
        ("ZB204", 6, "Qty"),
    }


def test_rows_that_are_not_taken_are_not_shown_either(tmp_path):
    sheet, mapping = tmp_path / "shop.csv", tmp_path / "m.yml"
    sheet.write_text("Item,Price,Kind\nPen,1,Sale\nCup,2,Loan\n", encoding="utf-8")
    rules = "only_rows: \"[Kind] = 'Sale'\"\nfields: {name: Item, rate: Price}\n"
    mapping.write_text(f"zbbulk: 1\nresource: items\n{rules}", encoding="utf-8")
    report = check_file(sheet, mapping, runs=tmp_path / "runs", preview=Preview(show=5))
    assert [(each.rows, each.record["name"]) for each in report.shown] == [((2,), "Pen")]
