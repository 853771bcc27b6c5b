"""Exports from a real sandbox over a real socket: what is written, by how many calls, resumed."""

import csv
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from mirrors import writes
from openpyxl import load_workbook

from zbbulk.assets import asset_path
from zbbulk.errors import ResultError, UsageError
from zbbulk.jobs.export_job import export_records, resume_export
from zbbulk.jobs.export_request import ExportRequest
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.prepare import find_mapping
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.jobs.runs_job import known_runs
from zbbulk.jobs.target import sandbox_edition, sandbox_target
from zbbulk.model import ReadOptions
from zbbulk.resources import resource, resources
from zbbulk.rows import open_sheet
from zbbulk.sandbox import Sandbox

LISTED = [
    name
    for name, each in resources().items()
    if "list" in each.can and asset_path("samples", f"{name}.csv").is_file()
]


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=600) as running:
        yield running


@pytest.fixture
def shop(sandbox):
    sandbox.enter("items", [item(number) for number in range(1, 451)])
    return sandbox


def item(number):
    return {"name": f"Thing {number:04}", "sku": f"{number:05}", "rate": Decimal(f"{number}.50")}


@pytest.fixture
def export(sandbox, tmp_path):
    """Export from *sandbox*; return the report and the calls that it took."""

    def run(name, file="out.csv", books=None, **words):
        books = books or sandbox
        before = len(books.requests())
        agreed = words.pop("agreed", lambda _: True)
        request = ExportRequest(resource=name, output=tmp_path / file, **words)
        report = export_records(
            request, target=sandbox_target(books), runs=tmp_path / "runs", agreed=agreed
        )
        return report, calls(books.requests()[before:])

    return run


def calls(requests):
    return [each for each in requests if "/oauth/" not in each.path]


def rows_in(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_is_read_by_200_a_call(shop, export):
    report, made = export("items")
    assert (len(made), report.calls, report.needed) == (3, 3, {"list": 3})
    assert (report.records, report.rows, report.exit_code) == (450, 450, 0)
    assert [row["SKU"] for row in rows_in(report.file)] == [f"{n:05}" for n in range(1, 451)]


def test_details_of_items_come_by_100_a_call_and_cost_is_said_first(shop, export):
    told = []
    report, made = export("items", details=True, agreed=lambda cost: told.append(cost) or True)
    assert [each.path.rpartition("/")[2] for each in made] == ["items"] * 3 + ["itemdetails"] * 5
    (cost,) = told
    assert (cost.records, cost.calls) == (450, 5)
    assert report.needed == {"list": 3, "records": 5}


def test_who_does_not_agree_to_the_cost_gets_no_details(shop, export):
    with pytest.raises(UsageError) as caught:
        export("items", details=True, agreed=lambda _: False)
    assert "--no-details" in caught.value.fix
    assert [each.path.rpartition("/")[2] for each in calls(shop.requests())] == ["items"] * 3


def test_a_column_that_the_list_shows_needs_no_details(shop, export):
    report, made = export("items", columns=("name", "rate"))
    assert len(made) == 3
    shown = list(rows_in(report.file)[0])
    assert shown == ["_id", "Name", "Rate", "_last_modified", "_row_hash"]


def test_a_column_that_the_list_does_not_show_needs_them(sandbox, export):
    city = {"city": "Leeds"}
    sandbox.enter("contacts", [{"contact_name": "Acme", "billing_address": city}])
    report, made = export("contacts", columns=("contact_name", "billing_address.city"))
    assert report.needed == {"list": 1, "records": 1}
    assert rows_in(report.file)[0]["Billing address: City"] == "Leeds"
    plain, made = export("contacts", "plain.csv")
    assert (len(made), "Billing address: City" in rows_in(plain.file)[0]) == (1, False)


def test_json_lines_are_the_records_digit_for_digit(shop, export):
    report, _ = export("items", "out.jsonl", where=("name=Thing 0002",))
    (line,) = Path(report.file).read_text(encoding="utf-8").splitlines()
    assert '"rate": 2.50' in line
    assert isinstance(json.loads(line)["item_id"], str)
    assert not (Path(report.file).parent / "out.mirror.yml").exists()


def test_a_workbook_holds_ids_as_text_and_money_as_numbers(shop, export):
    report, _ = export("items", "out.xlsx")
    sheet = open_sheet(report.file, options=ReadOptions())
    first = dict(zip(sheet.header, next(sheet.rows()).cells, strict=False))
    assert isinstance(first["_id"], str)
    assert (first["SKU"], first["Rate"]) == ("00001", 1.5)


@pytest.mark.parametrize("name", LISTED)
@pytest.mark.parametrize("file", ["out.csv", "out.xlsx"])
def test_an_export_that_was_not_changed_sends_nothing(tmp_path, export, name, file):
    mapping = find_mapping(name)
    edition = sandbox_edition(mapping, edition=None)
    with Sandbox(None, speed=600, has_examples=True, edition=edition) as books:
        target = sandbox_target(books)
        import_file(
            asset_path("samples", f"{name}.csv"), mapping, target=target, runs=tmp_path / "first"
        )
        where = parents(books, name)
        report, _ = export(name, file, books=books, where=where)
        assert report.rows >= report.records > 0
        before = len(books.requests())
        again = import_file(report.file, report.mapping, target=target, runs=tmp_path / "again")
        assert writes(books.requests()[before:]) == []
        assert again.counts == {"skipped": report.rows}
        assert again.check.problems == again.check.warnings == ()


def parents(books, name):
    """Return the filters without which Zoho has no list, for the parent of the first record."""
    record = books.records(name)[0]
    return tuple(f"{field}={record[field]}" for field in resource(name).list_fields)


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (("sku=00007",), ["Thing 0007"]),
        (("name_startswith=Thing 000",), [f"Thing {n:04}" for n in range(1, 10)]),
        (("rate_greater_than=448",), ["Thing 0448", "Thing 0449", "Thing 0450"]),
        (("rate_less_than=3", "name_contains=2"), ["Thing 0002"]),
        (("status=inactive",), []),
    ],
)
def test_filters_take_what_was_asked_for(shop, export, where, names):
    report, _ = export("items", where=where)
    assert [row["Name"] for row in rows_in(report.file)] == names


def test_a_filter_that_zoho_does_not_document_is_made_here_and_told(shop, export):
    report, made = export("items", where=("sku=00007",))
    assert (len(made), report.records, report.passed_over) == (3, 1, 449)


def test_a_documented_filter_saves_pages(shop, export):
    report, made = export("items", where=("name=Thing 0007",))
    assert (len(made), report.records, report.passed_over) == (1, 1, 0)
    assert "name=Thing" in made[0].query


@pytest.mark.parametrize(
    ("where", "code", "hint"),
    [
        (("nmae=x",), "ZB531", "'name'"),
        (("name",), "ZB531", "field=value"),
    ],
)
def test_a_filter_that_would_choose_nothing_is_refused(shop, export, where, code, hint):
    with pytest.raises(UsageError) as caught:
        export("items", where=where)
    assert (caught.value.code, hint in str(caught.value)) == (code, True)


def test_a_filter_on_what_the_list_does_not_show_is_refused(sandbox, export):
    sandbox.enter("contacts", [{"contact_name": "Acme", "notes": "x"}])
    with pytest.raises(UsageError) as caught:
        export("contacts", where=("notes=x",))
    assert (caught.value.code, "does not show notes" in caught.value.message) == ("ZB531", True)


def test_since_is_sent_where_zoho_documents_it_and_looked_at_everywhere(sandbox, export):
    sandbox.enter("items", [item(1)])
    report, made = export("items", since="2020-01-01")
    assert (report.records, "last_modified_time" in made[0].query) == (1, False)
    report, _ = export("items", "later.csv", since="2199-01-01")
    assert (report.records, report.passed_over) == (0, 1)
    accounts = [{"account_name": "Rent", "account_type": "expense"}]
    sandbox.enter("chartofaccounts", accounts)
    report, made = export("chartofaccounts", "c.csv", since="2199-01-01T00:00:00+0000")
    assert "last_modified_time=2199" in made[0].query
    assert report.records == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"since": "soon"}, "ZB531"),
        ({"file": "out.txt"}, "ZB530"),
        ({"file": "no/out.csv"}, "ZB530"),
        ({"columns": ("nmae",)}, "ZB535"),
    ],
)
def test_what_can_not_be_is_refused(shop, export, words, code):
    with pytest.raises(UsageError) as caught:
        export("items", **words)
    assert caught.value.code == code


def test_a_list_that_hangs_on_a_parent_asks_for_it(sandbox, export):
    with pytest.raises(UsageError) as caught:
        export("contactpersons")
    assert (caught.value.code, "contact_id" in caught.value.fix) == ("ZB532", True)


def test_what_has_no_list_is_told(export):
    with pytest.raises(UsageError) as caught:
        export("bankstatements")
    assert caught.value.code == "ZB532"


def test_a_file_that_is_there_is_not_replaced_unasked(shop, export, tmp_path):
    export("items")
    with pytest.raises(UsageError) as caught:
        export("items")
    assert caught.value.code == "ZB530"
    assert export("items", force=True)[0].rows == 450


def test_an_export_that_the_day_ends_is_gone_on_with_and_asks_nothing_twice(tmp_path, export):
    with Sandbox(None, speed=600, per_day=4) as books:
        books.enter("invoices", [invoice(books, number) for number in range(6)])
        report, made = export("invoices", books=books)
        assert (report.exit_code, report.stopped.code, report.file) == (4, "ZB407", None)
        assert len([each for each in made if each.status == 200]) == 4
        books.clock.skip(86_400)
        again = resume_export(RunFolder(report.folder), target=sandbox_target(books))
        assert (again.exit_code, again.rows) == (0, 6)
        answered = [each for each in calls(books.requests()) if each.status == 200]
        assert len(answered) == 7


def invoice(books, number):
    if not books.records("contacts"):
        books.enter("contacts", [{"contact_name": "Acme"}])
    customer = books.records("contacts")[0]["contact_id"]
    line = {"name": "Pen", "rate": 2, "quantity": number + 1}
    return {"customer_id": customer, "invoice_number": f"I-{number}", "line_items": [line]}


def test_a_record_that_is_gone_meanwhile_is_told_and_the_others_are_written(sandbox, export):
    sandbox.enter("invoices", [invoice(sandbox, number) for number in range(3)])
    sandbox.add_fault("answer:1002:at=2:path=/invoices")
    report, _ = export("invoices")
    assert (report.exit_code, report.rows) == (1, 3)
    ((zb_id, why),) = report.refused
    assert zb_id in {row["_id"] for row in rows_in(report.file)}
    assert "does not exist" in why


def test_a_killed_export_is_resumed_and_asks_nothing_twice(tmp_path):
    with Sandbox(None, speed=1, latency_ms=(20, 20), per_minute=0) as books:
        books.enter("invoices", [invoice(books, number) for number in range(60)])
        command = [sys.executable, "-m", "zbbulk", "export", "invoices", "-o", "out.csv", "-y"]
        process = subprocess.Popen(
            [*command, "--api-root", books.api_root],
            cwd=tmp_path,
            env=os.environ
            | {
                "ZBBULK_ACCESS_TOKEN": books.access_token(),
                "ZBBULK_ORGANIZATION_ID": books.organization_id,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while len(books.requests()) < 30:
            assert process.poll() is None
        process.kill()
        process.wait()
        assert not (tmp_path / "out.csv").exists()
        (folder,) = (tmp_path / "zbbulk-runs").glob("*-export-invoices")
        os.chdir(tmp_path)
        report = resume_export(RunFolder(folder), target=sandbox_target(books))
        asked = [each.path for each in calls(books.requests()) if each.status == 200]
        assert (report.exit_code, report.rows) == (0, 60)
        twice = len(asked) - len(set(asked))
        assert twice <= 10, "only what was in flight when it was killed"


def test_a_long_workbook_has_every_record(shop, export):
    report, _ = export("items", "out.xlsx")
    (page,) = load_workbook(report.file).worksheets
    header, *rows = page.iter_rows(values_only=True)
    skus = [row[header.index("SKU")] for row in rows]
    assert (report.rows, skus) == (450, [f"{number:05}" for number in range(1, 451)])


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.jsonl"])
def test_a_file_that_cannot_be_written_is_written_later_without_a_call(
    shop, export, tmp_path, name
):
    folder = tmp_path / "stick"
    folder.mkdir()

    def pull_out(_):
        folder.rmdir()
        return True

    with pytest.raises(ResultError) as caught:
        export("items", f"stick/{name}", details=True, agreed=pull_out)
    assert (caught.value.code, caught.value.at.file) == ("ZB537", str(folder / name))
    (run_folder,) = (tmp_path / "runs").iterdir()
    assert f"zbbulk resume {run_folder.name}" in caught.value.fix
    (summary,) = known_runs(tmp_path / "runs")
    assert (summary.ending, summary.result) == ("ZB537", None)
    folder.mkdir()
    before = len(shop.requests())
    report = resume_export(RunFolder(run_folder), target=sandbox_target(shop))
    assert (report.exit_code, report.rows, len(shop.requests())) == (0, 450, before)
    assert (folder / name).is_file()


def test_an_export_on_the_command_line(shop, run, tmp_path, monkeypatch):
    target = ["--api-root", shop.api_root, "--organization", shop.organization_id]
    monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", shop.access_token())
    ran = run("export", "items", "-o", "items.csv", *target)
    assert (ran.code, ran.err) == (0, "")
    assert "calls    3 made, 3 needed: 3 for the list" in ran.out
    assert "next     change cells, then zbbulk import items.csv -m items.mirror.yml" in ran.out
    assert "done         450 fetched" in run("runs").out
    assert "exports  items" in run("runs", "show", "last").out
    for words in (("undo", "last", "--yes"), ("retry", "last")):
        told = run(*words)
        assert (told.code, told.err[:5]) == (2, "ZB536")
    told = run("export", "items", "-o", "items.jsonl", "--format", "json", *target)
    assert json.loads(told.out)["calls_needed"] == {"list": 3}


def test_no_formula_leaves_in_a_csv_file_and_all_come_back(sandbox, export, tmp_path):
    names = ["=1+1", "+49 30 1", "-5", "@home", "'=1", "#N/A", "<clear>"]
    sandbox.enter("items", [{"name": name, "rate": 1} for name in names])
    for file in ("out.csv", "out.xlsx"):
        report, _ = export("items", file, force=True)
        if file == "out.csv":
            assert [row["Name"] for row in rows_in(report.file) if row["Name"][0] in "=+-@"] == []
        again = import_file(
            report.file, report.mapping, target=sandbox_target(sandbox), runs=tmp_path / "again"
        )
        assert again.counts == {"skipped": len(names)}
