"""What became of each row, as a report tells it: every row, once and in order."""

import csv
import tracemalloc
from collections import Counter
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zbbulk
from zbbulk.assets import asset_path
from zbbulk.jobs.row_outcomes import outcomes_of_run
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.journal.journal import Journal
from zbbulk.results import harmed, harmless

MAPPING = "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"
ROWS = [
    ("Pen", "1", "1.50"),
    ("", "", ""),
    ("Ink", "2", "dear"),
    ("Cap", "3", "@2"),
    ("Nib", "4", "4"),
]
OWN = ("zb_status", "zb_id", "zb_code", "zb_message", "zb_fix")
Status = zbbulk.Status


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "items.yml").write_text(MAPPING)


def sheet_of(kind, rows=ROWS):
    """Write *rows* as a file of *kind* and return its name."""
    table = [("Item", "Code", "Price"), *rows]
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in table:
            book.active.append(row)
        book.save("shop.xlsx")
        return "shop.xlsx"
    text = "\n".join(kind.join(row) for row in table)
    Path("shop.csv").write_text(f"{text}\n", encoding="utf-8", newline="")
    return "shop.csv"


def in_sheet(result, end=""):
    """Return our columns of a CSV result, by row."""
    with result.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return {n: [row[f"{name}{end}"] for name in OWN] for n, row in enumerate(rows, 2)}


def texts(outcomes):
    return {row: list(map(str, asdict(outcome).values())) for row, outcome in outcomes}


@pytest.mark.parametrize("kind", [",", ";", "xlsx"])
def test_a_check_tells_every_row_in_order(kind):
    told = list(zbbulk.check_file(sheet_of(kind), "items.yml").outcomes())
    assert [row for row, _ in told] == [2, 3, 4, 5, 6]
    statuses = [outcome.status.value for _, outcome in told]
    assert statuses == ["ready", "skipped", "rejected", "rejected", "ready"]
    problems = zbbulk.check_file(sheet_of(kind), "items.yml").problems
    for (row, outcome), problem in zip(told[2:4], problems, strict=True):
        assert (row, outcome.code, outcome.fix) == (problem.at.row, problem.code, problem.fix)
        assert problem.message in outcome.message


def test_a_check_tells_what_its_result_file_tells():
    report = zbbulk.check_file(sheet_of(","), "items.yml")
    assert texts(report.outcomes()) == in_sheet(report.result)
    again = zbbulk.check_file(report.result, "items.yml")
    assert texts(again.outcomes()) == in_sheet(again.result, "_2")


def test_a_result_that_was_changed_is_told():
    result = zbbulk.check_file(sheet_of(","), "items.yml").result
    report = zbbulk.check_file(sheet_of(","), "items.yml")
    whole = report.result.read_text(encoding="utf-8")
    for text, row in ((whole.replace("zb_fix", "fix"), None), (whole.replace("skipped", "so"), 3)):
        report.result.write_text(text, encoding="utf-8")
        with pytest.raises(zbbulk.UsageError) as caught:
            list(report.outcomes())
        assert (caught.value.code, caught.value.at.row) == ("ZB012", row)
    report.result.unlink()
    with pytest.raises(zbbulk.SourceError):
        list(report.outcomes())
    assert result.is_file()


@pytest.mark.parametrize("kind", [",", "xlsx"])
def test_a_run_tells_every_row_while_it_asks_afterwards_and_when_it_is_undone(kind):
    asked = []

    def agreed(check):
        asked.append([outcome.status for _, outcome in check.outcomes()])
        return True

    sheet = sheet_of(kind)
    with zbbulk.open_sandbox("books.sqlite", speed=600) as books:
        report = zbbulk.import_file(sheet, "items.yml", target=books, agreed=agreed)
    bad = [Status.SKIPPED, Status.REJECTED, Status.REJECTED]
    assert asked == [[Status.READY, *bad, Status.READY]]
    told = list(report.outcomes())
    assert [outcome.status for _, outcome in told] == [Status.CREATED, *bad, Status.CREATED]
    assert told == list(report.check.outcomes()) == list(zbbulk.outcomes(report.journal.parent))
    assert told == list(zbbulk.describe_run().outcomes())
    if kind == ",":
        assert texts(told) == in_sheet(report.check.result)
    undone = zbbulk.undo_run()
    assert [each.status for _, each in undone.outcomes()] == [Status.UNDONE, *bad, Status.UNDONE]


@pytest.mark.parametrize("sheet", [[], ROWS[:1], [*ROWS, ROWS[0]]])
def test_rows_that_a_stop_left_are_ready(sheet):
    with zbbulk.open_sandbox(speed=600, per_day=0, faults=["401"]) as books:
        path = sheet_of(",", sheet)
        report = zbbulk.import_file(path, "items.yml", target=books)
    assert texts(report.outcomes()) == in_sheet(report.check.result)
    assert len(list(report.outcomes())) == len(sheet)


def test_rows_of_a_file_that_is_refused_as_a_whole_are_told():
    Path("items.yml").write_text(
        f"{MAPPING}checks: [{{rule: control_total, column: Price, expect: 9}}]\n"
    )
    with zbbulk.open_sandbox(speed=600) as books:
        report = zbbulk.import_file(sheet_of(",", ROWS[:1]), "items.yml", target=books)
    assert report.check.refused_whole
    assert texts(report.outcomes()) == in_sheet(report.check.result)


def test_a_header_further_down_moves_the_rows():
    Path("shop.csv").write_text("Shop;;\n;;\nItem;Code;Price\nPen;1;1\nInk;2;dear\n")
    Path("items.yml").write_text(f"{MAPPING}source: {{header_row: 3}}\n")
    checked = zbbulk.check_file("shop.csv", "items.yml")
    assert [row for row, _ in checked.outcomes()] == [4, 5]
    with zbbulk.open_sandbox(speed=600) as books:
        report = zbbulk.import_file("shop.csv", "items.yml", target=books)
    told = [(row, outcome.status) for row, outcome in report.outcomes()]
    assert told == [(4, Status.CREATED), (5, Status.REJECTED)]


def test_what_the_journal_could_not_take_any_more_is_told(tmp_path):
    created = zbbulk.Outcome(status=Status.CREATED, zb_id="9")
    facts = {"header_row": "1", "rows": "3"}
    with Journal.create(tmp_path / "journal.sqlite", facts) as journal:
        journal.sending([3])
        journal.sending([4])
    told = dict(outcomes_of_run(RunFolder(tmp_path), unheld={3: created}))
    assert [told[row].status for row in (2, 3, 4)] == [Status.READY, Status.CREATED, Status.UNKNOWN]
    assert told[3] == created


@pytest.mark.parametrize(
    "name", ["invoices.csv", "journals.csv", "items.xlsx", "items-demo.csv", "bankstatements.csv"]
)
def test_a_sample_has_as_many_rows_of_each_status_as_are_counted(name):
    mapping = name.partition(".")[0].removesuffix("-demo")
    report = zbbulk.check_file(asset_path("samples", name), mapping)
    assert Counter(outcome.status for _, outcome in report.outcomes()) == report.counts


def test_a_long_sheet_is_read_row_by_row():
    report = zbbulk.check_file(sheet_of(",", ROWS * 8000), "items.yml")
    tracemalloc.start()
    try:
        assert len(list(islice(report.outcomes(), 10))) == 10
        assert sum(1 for _ in report.outcomes()) == 40_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@given(st.text())
def test_a_text_of_ours_comes_back_from_its_cell(text):
    assert harmed(harmless(text)) == text.encode("utf-8", "replace").decode() or text[:1] == "'"
