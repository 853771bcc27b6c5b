"""``zbbulk resources``: the list, the fields of one, and the sheet to fill in."""

import json
import re
from itertools import zip_longest
from pathlib import Path

import openpyxl
import pytest

from zbbulk.assets import asset_names, read_asset
from zbbulk.mapping import parse_mapping
from zbbulk.resources import resources
from zbbulk.rows import open_sheet

SHIPPED = [name for name in resources() if name in asset_names("mappings", ".yml")]
OF_EDITIONS = [name for name in asset_names("mappings", ".yml") if name.startswith("editions/")]
FACTS = {
    *("name", "title", "area", "can", "actions", "undo", "match_keys", "batch", "scope"),
    *("mapping", "sample", "edition_mappings", "edition", "one_of", "fields"),
}


def told(run, *words):
    return json.loads(run("resources", *words, "--format", "json").out)


def test_all_resources_are_listed_below_their_area(run):
    out = run("resources").out
    assert all(f"  {name} " in out for name in resources())
    assert out.index("\nSales\n") < out.index("  invoices ") < out.index("\nPurchases\n")
    assert max(map(len, out.splitlines())) <= 80


def test_the_list_as_json_has_the_facts_of_each(run):
    listed = told(run)
    assert [each["name"] for each in listed] == list(resources())
    assert set(listed[0]) == FACTS - {"edition", "one_of", "fields"}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_fields_of_each_resource_are_shown(run, name):
    ran, facts = run("resources", name), told(run, name)
    assert ran.code == 0
    assert set(facts) == FACTS
    assert facts["mapping"] == name
    assert all(
        field["field"].split(".")[-1].removesuffix("[]") in ran.out for field in facts["fields"]
    )
    assert any("create" in field["required"] for field in facts["fields"])


def test_a_resource_is_told_for_a_bookkeeper(run):
    lines = run("resources", "items").out.splitlines()
    assert lines[0] == "Items"
    assert "  match keys  name, sku (no two records may have the same)" in lines
    assert "  undo        delete, else inactive" in lines
    assert "  can         create, read, list, update, delete" in lines
    assert "  rows        one row makes one record" in lines
    assert "  scope       ZohoBooks.settings.CREATE" in lines
    assert any(line.startswith("  mapping     -m items, tried with ") for line in lines)
    assert lines.index("Required") < lines.index("Other fields") < lines.index("Groups and lists")
    assert max(map(len, lines)) <= 100


def test_required_fields_come_first_and_groups_have_theirs_indented(run):
    out = run("resources", "contacts").out
    required, rest = out.split("Other fields")
    assert "  contact_name " in required
    assert "  company_name " in rest
    others, groups = rest.split("Groups and lists")
    assert "billing_address" not in others
    assert "\n  billing_address " in groups
    assert "\n    city " in groups
    assert "\n      is_sms_enabled " in groups


def test_rows_that_go_together_are_told(run):
    journals = run("resources", "journals").out
    assert "rows with the same entry_number or reference_number make one record" in " ".join(
        journals.split()
    )
    assert told(run, "bankstatements")["batch"] == {
        "list": "transactions",
        "key": [],
        "most": 500,
        "whole": False,
    }


def test_an_edition_shows_only_its_fields(run):
    def fields(*words):
        return {field["field"] for field in told(run, "contacts", *words)["fields"]}

    assert {"gst_no", "vat_treatment"} <= fields()
    assert "gst_no" in fields("--edition", "in")
    assert "vat_treatment" not in fields("--edition", "in")
    assert told(run, "contacts", "--edition", "in")["edition"] == "in"
    assert (
        "Contacts (customers and vendors), edition India (in)"
        in run("resources", "contacts", "--edition", "in").out
    )


def test_an_unknown_resource_or_edition_is_told_with_the_nearest(run):
    ran = run("resources", "itms")
    assert ran.code == 2
    assert "Did you mean 'items'?" in ran.err
    ran = run("resources", "items", "--edition", "indi")
    assert ran.code == 2
    assert ran.err.startswith("ZB007 ")
    assert "Did you mean 'in'?" in ran.err


@pytest.mark.parametrize(
    "words", [["--edition", "in"], ["--template", "t.xlsx"], ["--mapping", "m.yml"]]
)
def test_what_is_about_one_resource_needs_its_name(run, words):
    ran = run("resources", *words)
    assert ran.code == 2
    assert ran.err.startswith(f"ZB001 {words[0]} is about one resource.")


def sample_rows(name, sample):
    """Return the rows of a sample as their cells by column."""
    source = parse_mapping(read_asset("mappings", f"{name}.yml"), file="m.yml").source
    sheet = open_sheet(Path(sample), options=source.read_options)
    return [dict(zip_longest(sheet.header, row.cells, fillvalue="")) for row in sheet.rows()]


def fill(path, rows):
    """Type *rows* into the template at *path*, as text."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    header = next(row for row in page.iter_rows() if row[0].comment)
    for number, cells in enumerate(rows, start=header[0].row + 1):
        for cell in header:
            page.cell(number, cell.column).value = cells[cell.value] or None
    book.save(path)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_filled_template_is_checked_like_the_sample_it_was_filled_with(run, name):
    made = run("resources", name, "--template", "t.xlsx")
    assert made.code == 0, made.err
    path = told(run, name)["sample"]
    fill("t.xlsx", sample_rows(name, path))
    words = ("-m", name, "--format", "json")
    sample = json.loads(run("check", path, *words).out)
    filled = json.loads(run("check", "t.xlsx", *words).out)
    assert filled["counts"] == sample["counts"]
    assert filled["problem_counts"] == sample["problem_counts"]


@pytest.mark.parametrize("name", SHIPPED)
def test_an_empty_template_fits_its_mapping(run, name):
    run("resources", name, "--template", "t.xlsx")
    ran = run("check", "t.xlsx", "-m", name)
    assert ran.code == 0, ran.err
    assert "nothing to send" in ran.out


def test_what_excel_makes_of_typed_cells_is_read_as_meant(run, tmp_path):
    run("resources", "items", "--template", "t.xlsx")
    book = openpyxl.load_workbook("t.xlsx")
    page = book["Items"]
    at = {cell.value: cell.column for cell in page[1]}
    typed = {"Item Name": "Pen", "SKU": "007", "Selling Price": 1250.5, "Goods or Service": "Goods"}
    for name, value in typed.items():
        page.cell(2, at[name]).value = value
    book.save("t.xlsx")
    ran = run("check", "t.xlsx", "-m", "items", "--format", "json")
    report = json.loads(ran.out)
    assert report["counts"] == {"ready": 1}
    back = openpyxl.load_workbook(report["result"])
    assert back["Items"]["A1"].comment.text == page["A1"].comment.text
    assert len(back["Items"].data_validations.dataValidation) == 3


def test_the_next_step_is_told(run):
    ran = run("resources", "estimates", "--template", "my quotes.xlsx", "--edition", "za")
    assert re.search(r"template my quotes.xlsx: \d+ columns, 1 of them required", ran.out)
    assert "zbbulk check 'my quotes.xlsx' -m estimates --edition za" in ran.out


def test_json_tells_what_each_column_is(run):
    made = told(run, "items", "--template", "t.xlsx")
    assert made["mapping"] == "items"
    assert made["template"] == "t.xlsx"
    name, *_ = made["columns"]
    assert (name["column"], name["fields"], name["need"]) == ("Item Name", ["name"], "required")
    assert {each["number_format"] for each in made["columns"]} == {"@", "General"}


def test_a_file_is_never_overwritten_unless_forced(run, tmp_path):
    (tmp_path / "t.xlsx").write_bytes(b"a year of work")
    ran = run("resources", "items", "--template", "t.xlsx")
    assert ran.code == 2
    assert ran.err.startswith("ZB008 t.xlsx is there already.")
    assert "--force" in ran.err
    assert (tmp_path / "t.xlsx").read_bytes() == b"a year of work"
    assert run("resources", "items", "--template", "t.xlsx", "--force").code == 0
    assert openpyxl.load_workbook("t.xlsx").sheetnames == ["Items", "Read me"]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("t.csv", "e.g. t.xlsx"),
        ("t", "e.g. t.xlsx"),
        ("none/t.xlsx", "No such file or directory"),
    ],
)
def test_a_template_that_can_not_be_written_is_told(run, target, says):
    ran = run("resources", "items", "--template", target)
    assert ran.code == 2
    assert ran.err.startswith("ZB009 ")
    assert says in ran.err


def test_without_a_shipped_mapping_there_is_no_template(run, monkeypatch):
    monkeypatch.setattr("zbbulk.jobs.resource_facts.asset_names", lambda *_: [])
    ran = run("resources", "items", "--template", "t.xlsx")
    assert ran.code == 2
    assert ran.err.startswith("ZB002 No mapping ships for items")


def test_an_edition_takes_the_mapping_that_ships_for_it(run):
    assert told(run, "contacts")["edition_mappings"]["in"] == "editions/contacts-in"
    assert "-m editions/contacts-in (in)" in run("resources", "contacts").out
    facts = told(run, "contacts", "--edition", "in")
    assert facts["mapping"] == "editions/contacts-in"
    assert facts["sample"].endswith("contacts-in.csv")
    assert told(run, "contacts", "--edition", "us")["mapping"] == "contacts"


@pytest.mark.parametrize("name", OF_EDITIONS)
def test_a_filled_template_of_an_edition_is_checked_like_its_sample(run, name):
    resource, _, edition = name.removeprefix("editions/").rpartition("-")
    made = told(run, resource, "--template", "t.xlsx", "--edition", edition)
    assert (made["mapping"], made["edition"]) == (name, edition)
    path = told(run, resource, "--edition", edition)["sample"]
    fill("t.xlsx", sample_rows(name, path))
    words = ("-m", name, "--edition", edition, "--format", "json")
    filled = json.loads(run("check", "t.xlsx", *words).out)
    assert filled["counts"] == json.loads(run("check", path, *words).out)["counts"]


def test_what_the_edition_requires_is_marked(run):
    columns = told(run, "contacts", "--template", "t.xlsx", "--edition", "in")["columns"]
    needed = {field for each in columns if each["need"] == "required" for field in each["fields"]}
    assert {"contact_name", "gst_treatment"} <= needed
    assert "gst_no" not in needed


def test_a_mapping_that_does_not_fit_the_edition_makes_no_template(run, tmp_path):
    ran = run("resources", "taxes", "--template", "t.xlsx", "--edition", "uk")
    assert ran.code == 2
    assert ran.err.startswith("ZB218 ")
    assert not (tmp_path / "t.xlsx").exists()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_copy_of_a_mapping_says_what_the_shipped_one_does(run, name):
    made = told(run, name, "--mapping", "my.yml")
    assert made == {"file": "my.yml", "resource": name, "mapping": name}
    copy = Path("my.yml").read_text(encoding="utf-8")
    shipped = read_asset("mappings", f"{name}.yml")
    assert copy == shipped.partition("\n")[2]
    assert list(parse_mapping(copy, file="my.yml").fields.fields) == list(
        parse_mapping(shipped, file="my.yml").fields.fields
    )


def test_a_copy_for_an_edition_is_of_its_own_mapping(run):
    made = told(run, "contacts", "--mapping", "my.yaml", "--edition", "in")
    assert made["mapping"] == "editions/contacts-in"
    assert "gst_no:" in Path("my.yaml").read_text(encoding="utf-8")


def test_a_copy_never_overwrites_what_is_there_unless_told_to(run):
    Path("my.yml").write_text("mine", encoding="utf-8")
    ran = run("resources", "items", "--mapping", "my.yml")
    assert (ran.code, ran.err[:5]) == (2, "ZB008")
    assert Path("my.yml").read_text(encoding="utf-8") == "mine"
    assert run("resources", "items", "--mapping", "my.yml", "--force").code == 0
    assert "resource: items" in Path("my.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["my.txt", "no/such/folder/my.yml"])
def test_a_copy_that_can_not_be_written_is_told(run, target):
    ran = run("resources", "items", "--mapping", target)
    assert (ran.code, ran.err[:5]) == (2, "ZB009")


def test_a_template_and_a_copy_are_not_written_at_once(run):
    ran = run("resources", "items", "--mapping", "m.yml", "--template", "t.xlsx")
    assert ran.code == 2
    assert not Path("m.yml").exists()
