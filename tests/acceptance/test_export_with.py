"""Exports laid out by a mapping: the user's own sheet, and a list of what can't go back."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

import zbbulk
from zbbulk.jobs.target import sandbox_target
from zbbulk.sandbox import Sandbox

ITEMS = """\
zbbulk: 1
resource: items
source: {numbers: "1.234,56"}
key: {fields: [sku], on_match: skip}
fields:
  name: Artikel
  sku: Nr
  rate: Preis
  description: {template: "{A} / {B}"}
  account_id: {find_by: account_code, column: Konto}
"""


@pytest.fixture
def books():
    with Sandbox(None, speed=600, has_examples=True) as running:
        accounts = running.records("chartofaccounts")
        sales = next(each for each in accounts if each["account_code"] == "4000")
        running.enter(
            "items",
            [
                {
                    "name": f"+Ding {number}",
                    "sku": f"{number:03}",
                    "rate": Decimal(f"-{number}.50"),
                    "description": "x / y",
                    "account_id": sales["account_id"],
                }
                for number in range(1, 4)
            ],
        )
        yield running


@pytest.fixture
def export(books, tmp_path):
    def run(text=ITEMS, file="out.csv", name="items", **words):
        (tmp_path / "m.yml").write_text(text)
        return zbbulk.export_records(
            name,
            tmp_path / file,
            target=sandbox_target(books),
            runs=tmp_path / "runs",
            laid_out_by=tmp_path / "m.yml",
            **words,
        )

    return run


def rows_in(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sheet_has_the_columns_of_the_mapping_in_its_style(export):
    report = export(where=("name_contains=Ding",))
    assert rows_in(report.file)[0] == {
        "Artikel": "'+Ding 1", "Nr": "001", "Preis": "-1,50", "A": "", "B": "", "Konto": "4000",
    }  # fmt: skip
    assert report.mapping is None


def test_what_can_not_go_back_is_told(export):
    report = export()
    assert report.left_out["description (line 9)"] == "it is put together of several columns"


def test_names_are_read_by_the_list_and_only_where_the_record_does_not_show_them(export):
    report = export()
    assert report.needed == {"list": 1, "names": 1}
    by_name = ITEMS.replace("account_code", "account_name")
    assert export(by_name, "two.csv").needed == {"list": 1, "names": 0}


@pytest.mark.parametrize("file", ["out.csv", "out.xlsx"])
def test_the_mapping_reads_its_sheet_back(export, books, tmp_path, file):
    export(file=file)
    again = zbbulk.plan_file(
        tmp_path / file, tmp_path / "m.yml", target=sandbox_target(books), runs=tmp_path / "runs"
    )
    assert again.check.problems == ()
    assert again.check.plan.skipped == len(books.records("items"))


def test_documents_go_back_into_rows(export, books):
    text = (
        "zbbulk: 1\nresource: invoices\nsource: {dates: dd/mm/yyyy}\ngroup_rows_by: [No]\n"
        "fields:\n  customer_id: {find_by: contact_name, column: Who}\n  invoice_number: No\n"
        "  date: Day\n  line_items:\n    each_row: {name: Item, quantity: Qty, rate: Price}\n"
    )
    report = export(text, name="invoices")
    first = rows_in(report.file)[0]
    assert set(first) == {"No", "Who", "Day", "Item", "Qty", "Price"}
    assert first["Day"][2] == first["Day"][5] == "/"
    assert report.left_out == {}


def test_a_value_that_no_word_means_is_told(export, books):
    text = ITEMS + "  product_type: {column: Art, values: {Ware: service}}\n"
    report = export(text)
    assert "read back otherwise" in report.left_out["product_type"]
    assert "'goods' there" in report.left_out["product_type"]


def test_a_name_that_two_records_have_is_told(export, books):
    two = [{"contact_name": name, "company_name": "Twins"} for name in ("Castor", "Pollux")]
    (first, _) = books.enter("contacts", two)
    line = [{"name": "Pen", "rate": 1, "quantity": 1}]
    books.enter("invoices", [{"customer_id": first["contact_id"], "line_items": line}])
    text = (
        "zbbulk: 1\nresource: invoices\nfields:\n"
        "  customer_id: {find_by: company_name, column: Who}\n  line_items: [{name: Item}]\n"
    )
    assert "'Twins'" in export(text, name="invoices").left_out["names"]


def test_a_mapping_of_another_resource_is_refused(export):
    with pytest.raises(zbbulk.MappingError) as caught:
        export(name="contacts")
    assert caught.value.code == "ZB244"


@pytest.mark.parametrize("words", [{"file": "out.jsonl"}, {"columns": ("name",)}])
def test_what_contradicts_a_mapping_is_refused(export, words):
    with pytest.raises(zbbulk.UsageError) as caught:
        export(**words)
    assert caught.value.code == "ZB530"


def test_one_that_was_broken_off_is_gone_on_with_by_its_own_copy_of_the_mapping(
    export, books, tmp_path
):
    def broken(steps, *, label, **_):
        for step in steps:
            if label == "writing":
                raise KeyboardInterrupt
            yield step

    with pytest.raises(KeyboardInterrupt):
        export(progress=broken)
    (half,) = zbbulk.known_runs(tmp_path / "runs")
    (tmp_path / "m.yml").write_text("changed since")
    again = zbbulk.resume_export(half.path, target=sandbox_target(books), runs=tmp_path / "runs")
    assert again.rows == len(books.records("items"))


def test_on_the_command_line(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("export", "items", "-o", "out.csv", "--with", "items", "--sandbox")
    assert (ran.code, ran.err) == (0, "")
    assert "file     out.csv: 3 rows" in ran.out
    told = json.loads(
        run(
            "export", "items", "-o", "two.csv", "--with", "items", "--sandbox", "--format", "json"
        ).out
    )
    assert told["mapping"] is None
