"""Lists whose entries come from a second sheet, in another file or in the same workbook."""

import csv
from threading import Thread

import openpyxl
import pytest

from zbbulk.errors import MappingError, SourceError
from zbbulk.jobs.check_job import check_file
from zbbulk.jobs.other_sheets import KeptSheet
from zbbulk.jobs.preview import Preview
from zbbulk.model import ReadOptions
from zbbulk.rows import open_sheet

MAPPING = """\
zbbulk: 1
resource: contacts
source:
  main: {file: parties.csv}
  people: {file: people.csv}
  empty_words: [NA]
fields:
  contact_name: Party
  contact_persons:
    rows_from: people
    where: {Party Code: Code}
    each_row: {first_name: Name, email: Email, is_primary_contact: Primary}
"""
PARTIES = [["Party", "Code"], ["Acme", "007"], ["Beta", "8"], ["Solo", ""]]
PEOPLE = [["Party Code", "Name", "Email", "Primary"]]


@pytest.fixture
def checked(tmp_path):
    def check(*people, mapping=MAPPING, parties=PARTIES, where="data"):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "maps").mkdir(exist_ok=True)
        sheet, rules = tmp_path / "data" / "parties.csv", tmp_path / "maps" / "m.yml"
        for path, rows in ((sheet, parties), (tmp_path / where / "people.csv", [*PEOPLE, *people])):
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        rules.write_text(mapping, encoding="utf-8")
        report = check_file(sheet, rules, runs=tmp_path / "runs", preview=Preview(show=99))
        with report.result.open(encoding="utf-8-sig", newline="") as file:
            return report, list(csv.DictReader(file))

    return check


def persons(report):
    return {
        each.record["contact_name"]: [
            (person.get("first_name"), person.get("email"))
            for person in each.record.get("contact_persons", [])
        ]
        for each in report.shown
    }


def test_each_record_gets_the_rows_of_the_other_sheet_that_belong_to_it(checked):
    report, _ = checked(
        ["8", "Ben", "", "NA"],
        ["007", "Ann", "ann@acme.example", "yes"],
        ["8", "Bo", "", ""],
        ["", "", "", ""],
        ["007", "NA", "", ""],
    )
    assert report.ready == 3
    assert persons(report) == {
        "Acme": [("Ann", "ann@acme.example")],
        "Beta": [("Ben", None), ("Bo", None)],
        "Solo": [],
    }
    (acme, *_) = [each.record for each in report.shown if each.record["contact_name"] == "Acme"]
    assert acme["contact_persons"][0]["is_primary_contact"] is True
    assert report.warnings == ()


@pytest.mark.parametrize("where", ["data", "maps"])
def test_the_other_file_is_looked_for_beside_the_sheet_and_beside_the_mapping(checked, where):
    report, _ = checked(["8", "Ben", "", ""], where=where)
    assert persons(report)["Beta"] == [("Ben", None)]


def test_what_can_not_be_read_there_is_told_with_its_place_there(checked):
    report, rows = checked(["8", "Ben", "", ""], ["8", "Bo", "", "perhaps"])
    (problem,) = report.problems
    assert (problem.code, problem.at.row, problem.at.column) == ("ZB206", 3, "Code")
    assert "people.csv:3, Primary: " in problem.message
    assert "'perhaps'" in problem.message
    assert [row["zb_status"] for row in rows] == ["ready", "rejected", "ready"]


def test_what_zoho_would_refuse_there_is_told_with_its_place_there(checked):
    report, _ = checked(["8", "Ben", "", ""], ["007", "NA", "", ""], ["8", "x" * 101, "", ""])
    (problem,) = report.problems
    assert (problem.code, problem.at.row, problem.at.column) == ("ZB302", 3, "Code")
    assert "people.csv:4, Name: " in problem.message


def test_a_row_there_with_too_many_cells_is_told(checked):
    report, _ = checked(["8", "Ben", "", "", "more"])
    (problem,) = report.problems
    assert (problem.code, problem.at.row) == ("ZB107", 3)
    assert "people.csv:2" in problem.message


def test_rows_there_that_belong_to_nobody_are_named_once(checked):
    people = [["7", "Ann", "", ""], ["8", "Ben", "", ""], ["", "Cy", "", ""]]
    report, _ = checked(*people, *[["9", f"D{n}", "", ""] for n in range(3)])
    (warning,) = report.warnings
    assert (warning.code, warning.at.row) == ("ZB318", 2)
    assert warning.message.endswith("people.csv belong to no record: 2, 4, 5 and 2 more.")
    assert warning.message.startswith("5 rows of ")
    assert report.ready == 3


def test_a_column_that_is_not_there_is_told_with_the_other_file(checked):
    with pytest.raises(MappingError) as caught:
        checked(mapping=MAPPING.replace("email: Email", "email: Mail"))
    (problem,) = caught.value.problems
    assert problem.code == "ZB209"
    assert problem.at.row == 12
    assert "people.csv has no column 'Mail'" in problem.message


def test_a_column_of_the_sheet_that_is_not_there_is_told_too(checked):
    with pytest.raises(MappingError) as caught:
        checked(mapping=MAPPING.replace("Party Code: Code", "Party Code: No"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.at.row) == ("ZB209", 11)
    assert "parties.csv has no column 'No'" in problem.message


def test_a_file_that_is_not_there_is_told_with_the_line_of_the_mapping(checked):
    with pytest.raises(MappingError) as caught:
        checked(mapping=MAPPING.replace("people.csv", "persons.csv"))
    assert caught.value.code == "ZB226"
    assert (caught.value.at.row, caught.value.at.column) == (5, "11")
    assert "'persons.csv' of the sheet `people`" in caught.value.message


def test_dates_of_the_other_sheet_are_found_out_by_themselves(tmp_path):
    mapping = """\
zbbulk: 1
resource: bankstatements
source: {main: {}, lines: {file: lines.csv}}
fields:
  account_id: Account
  start_date: {value: "2024-01-01"}
  end_date: {value: "2024-12-31"}
  transactions:
    rows_from: lines
    where: {Of: Account}
    each_row: {date: Day, debit_or_credit: {value: credit}, amount: Sum}
"""
    (tmp_path / "p.csv").write_text("Account\n77\n", encoding="utf-8")
    (tmp_path / "m.yml").write_text(mapping, encoding="utf-8")
    for text, read in (("31/03/2024", "2024-03-31"), ("03/31/2024", "2024-03-31")):
        (tmp_path / "lines.csv").write_text(f"Of,Sum,Day\n77,5,{text}\n", encoding="utf-8")
        report = check_file(
            tmp_path / "p.csv", tmp_path / "m.yml", runs=tmp_path / "runs", preview=Preview(show=1)
        )
        assert report.shown[0].record["transactions"][0]["date"] == read
    (tmp_path / "lines.csv").write_text("Of,Sum,Day\n77,5,03/04/2024\n", encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        check_file(tmp_path / "p.csv", tmp_path / "m.yml", runs=tmp_path / "runs")
    assert (caught.value.code, caught.value.at.row) == ("ZB210", 11)


def test_a_second_sheet_of_the_same_workbook(tmp_path):
    book = tmp_path / "parties-2024.xlsx"
    written = openpyxl.Workbook()
    written.active.title = "Parties"
    for cells in (["Party", "Code"], ["Acme", 7], ["Beta", 8]):
        written.active.append(cells)
    people = written.create_sheet("Persons")
    for cells in (*PEOPLE, ["8", "Ben", None, True], [7, "x" * 101, None, None]):
        people.append(cells)
    written.save(book)
    mapping = tmp_path / "m.yml"
    named = "  main: {file: parties.xlsx, sheet: Parties}\n"
    named += "  people: {file: parties.xlsx, sheet: Persons}\n"
    first, rest = MAPPING.split("  main:", maxsplit=1)[0], MAPPING.split("people.csv}\n")[1]
    mapping.write_text(first + named + rest, encoding="utf-8")
    report = check_file(book, mapping, runs=tmp_path / "runs", preview=Preview(show=9))
    (problem,) = report.problems
    assert (problem.code, problem.at.row, problem.at.column) == ("ZB302", 2, "Code")
    assert "parties-2024.xlsx, sheet 'Persons':3, Name: " in problem.message
    assert persons(report)["Beta"] == [("Ben", None)]
    gone = mapping.read_text(encoding="utf-8").replace("Persons", "Person")
    mapping.write_text(gone, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        check_file(book, mapping, runs=tmp_path / "runs")
    assert caught.value.code == "ZB108"


def test_documents_of_many_rows_may_take_a_list_from_another_sheet(checked):
    mapping = MAPPING.replace("fields:", "group_rows_by: [Code]\nfields:", 1)
    mapping += "  notes: {column: Note, rows: join}\n"
    parties = [["Party", "Code", "Note"], ["Acme", "7", "a"], ["Beta", "8", ""], ["", "7", "b"]]
    report, _ = checked(
        ["7", "Ann", "", ""], ["8", "Ben", "", ""], mapping=mapping, parties=parties
    )
    assert [each.record["notes"] for each in report.shown if "notes" in each.record] == ["a, b"]
    assert persons(report) == {"Acme": [("Ann", None)], "Beta": [("Ben", None)]}


def test_two_columns_tell_together_which_rows_belong(checked):
    mapping = MAPPING.replace("{Party Code: Code}", "{Party Code: Code, Name: Party}")
    report, _ = checked(["8", "Beta", "", ""], ["8", "Acme", "", ""], mapping=mapping)
    assert persons(report) == {"Acme": [], "Beta": [("Beta", None)], "Solo": []}
    assert [each.code for each in report.warnings] == ["ZB318"]


def test_a_sheet_may_be_forgotten_in_another_thread(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Code,Name\n7,Ann\n", encoding="utf-8")
    held = [KeptSheet(open_sheet(path, options=ReadOptions()), ["Code"], dates={})]
    thread = Thread(target=held.clear)
    thread.start()
    thread.join()  # what goes wrong in a finalizer is an error of the test run
    assert held == []
