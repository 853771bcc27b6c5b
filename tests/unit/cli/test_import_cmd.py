import csv
import json
import re
from pathlib import Path

import pytest

from zbbulk.assets import asset_path
from zbbulk.sandbox import Sandbox

SAMPLES = ["items", "contacts", "invoices", "estimates", "bankaccounts"]


@pytest.fixture
def real(monkeypatch, tmp_path):
    """A sandbox of its own that plays a real organization, reached by --api-root."""
    with Sandbox(None, speed=600, has_examples=True) as sandbox:
        monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", sandbox.access_token())
        monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", sandbox.organization_id)
        yield sandbox


@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_loads_into_the_sandbox(run, name):
    ran = run("import", asset_path("samples", f"{name}.csv"), "-m", name, "--sandbox")
    assert ran.code == 0, ran.out + ran.err
    assert re.search(r"outcome  (\d+) rows: \1 created", ran.out)


def test_the_plan_counts_calls_and_not_rows(run):
    sample = asset_path("samples", "bankstatements.csv")
    ran = run("import", sample, "-m", "bankstatements", "--sandbox", "--verbose")
    planned = re.search(
        r"sending  (\d+) rows of bankstatements to the sandbox: (\d+) call", ran.out
    )
    sent = re.search(r"calls    (\d+) in", ran.out)
    assert planned[2] == sent[1]
    assert int(planned[2]) < int(planned[1])


def test_the_sandbox_remembers_from_one_run_to_the_next(run):
    sample = asset_path("samples", "items.csv")
    assert run("import", sample, "-m", "items", "--sandbox").code == 0
    same = run("import", sample, "-m", "items", "--sandbox")
    assert same.code == 0
    assert "sending  nothing: earlier runs created the 14 records, or they are in" in same.out
    assert "outcome  14 rows: 14 skipped" in same.out
    again = run("import", sample, "-m", "items", "--sandbox", "--again")
    assert again.code == 1
    assert "1001 Item " in again.out
    assert "already exists." in again.out
    assert run("sandbox", "clear").code == 0
    assert run("import", sample, "-m", "items", "--sandbox").code == 0


def test_json_tells_everything_in_one_document(run):
    sample = asset_path("samples", "items-demo.csv")
    ran = run("import", sample, "-m", "items", "--sandbox", "--format", "json")
    told = json.loads(ran.out)
    assert ran.code == told["exit_code"] == 1
    assert told["counts"] == {"created": 34, "rejected": 6}
    assert told["calls"] == 34
    assert Path(told["journal"]).exists()
    with Path(told["result"]).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 40


def test_a_real_organization_is_reached_with_the_users_token(run, real):
    sample, before = asset_path("samples", "items.csv"), len(real.records("items"))
    ran = run("import", sample, "-m", "items", "--api-root", real.api_root, "--yes")
    assert ran.code == 0, ran.err
    assert len(real.records("items")) == before + 14
    assert f"to organization {real.organization_id} at {real.api_root}" in ran.out


def test_the_token_is_in_no_file_and_no_output(run, real, tmp_path, monkeypatch):
    token = real.access_token()
    monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", token)
    real.add_fault("401:at=3")
    sample = asset_path("samples", "items.csv")
    for words in ([], ["--format", "json"], ["-v"]):
        ran = run("import", sample, "-m", "items", "--api-root", real.api_root, "--yes", *words)
        assert token not in ran.out + ran.err
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or token.encode() not in path.read_bytes(), path


def test_a_dead_token_stops_with_exit_code_3_and_leaves_the_rows_ready(run, real):
    real.add_fault("401:at=3:path=/items")
    sample = asset_path("samples", "items.csv")
    ran = run("import", sample, "-m", "items", "--api-root", real.api_root, "--yes")
    assert ran.code == 3
    assert ran.err.startswith("ZB402 ")
    assert re.search(r"\d+ ready, \d+ created", ran.out)


def test_without_an_account_the_way_out_is_told(run):
    ran = run("import", asset_path("samples", "items.csv"), "-m", "items")
    assert ran.code == 3
    assert ran.err.startswith("ZB415 ")
    assert "--sandbox" in ran.err


def test_an_unsafe_root_is_refused(run, real):
    sample = asset_path("samples", "items.csv")
    ran = run("import", sample, "-m", "items", "--api-root", "http://zoho.example/books/v3")
    assert ran.code == 2
    assert ran.err.startswith("ZB004 ")


def test_nobody_there_ends_with_exit_code_2_as_nothing_was_sent(run, real):
    sample = asset_path("samples", "items.csv")
    with Sandbox(None) as other:
        nobody_there = other.api_root
    ran = run("import", sample, "-m", "items", "--api-root", nobody_there, "--yes")
    assert ran.code == 2
    assert ran.err.startswith("ZB404 ")
    assert "outcome  14 rows: 14 ready" in ran.out


def test_when_every_row_is_rejected_nothing_was_sent(run, tmp_path):
    sheet = tmp_path / "bad.csv"
    header = asset_path("samples", "items.csv").read_text(encoding="utf-8").splitlines()[0]
    sheet.write_text(f"{header}\n{',' * (header.count(',') - 1)}x\n", encoding="utf-8")
    ran = run("import", "bad.csv", "-m", "items", "--sandbox")
    assert ran.code == 2
    assert "1 rejected" in ran.out


@pytest.mark.parametrize("words", [[], ["-q"], ["--format", "json"]])
def test_real_books_are_not_changed_when_nobody_can_be_asked(run, real, words):
    sample, before = asset_path("samples", "items.csv"), real.records("items")
    ran = run("import", sample, "-m", "items", "--api-root", real.api_root, *words)
    assert ran.code == 2
    assert "--yes" in ran.out + ran.err
    assert real.records("items") == before


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--sandbox", "--region", "eu"], "--region"),
        (["--sandbox", "--api-root", "https://zoho.example"], "--api-root"),
        (["--plan", "free"], "--plan"),
        (["--fault", "401:at=2", "--speed", "2"], "--speed, --fault"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(run, real, words, named):
    ran = run("import", asset_path("samples", "items.csv"), "-m", "items", *words)
    assert ran.code == 2
    assert f"{named} would have no effect here." in ran.err
    assert real.requests() == []


def test_a_store_that_is_no_sandbox_is_told(run, tmp_path):
    (tmp_path / "books.sqlite").write_text("a diary, not a database" * 60)
    sample = asset_path("samples", "items.csv")
    ran = run("import", sample, "-m", "items", "--sandbox", "--store", "books.sqlite")
    assert ran.code == 2
    assert ran.err.startswith("ZB504 ")


def test_a_fault_that_is_not_understood_is_told(run):
    sample = asset_path("samples", "items.csv")
    ran = run("import", sample, "-m", "items", "--sandbox", "--fault", "boom:rate=2")
    assert ran.code == 2
    assert "ZB001" in ran.err


def test_faults_can_be_tried(run):
    sample = asset_path("samples", "items.csv")
    ran = run("import", sample, "-m", "items", "--sandbox", "--fault", "cut-after:at=3")
    assert ran.code == 0
    assert "outcome  14 rows: 14 created" in ran.out


def test_the_plan_tells_that_a_list_is_read_first(run, tmp_path):
    (tmp_path / "m.yml").write_text(
        "zbbulk: 1\nresource: items\nkey: {fields: [sku], on_match: skip}\n"
        "fields: {name: Item, sku: Code, rate: Price}\n"
    )
    (tmp_path / "shop.csv").write_text("Item,Code,Price\nPen,1,2\nInk,2,3\n")
    ran = run("import", "shop.csv", "-m", "m.yml", "--sandbox", "--speed", "600")
    assert "sending  2 items to the sandbox: 2 calls and the pages of the list of items" in ran.out
    assert ran.code == 0
    again = run("import", "shop.csv", "-m", "m.yml", "--sandbox", "--speed", "600")
    assert "outcome  2 rows: 2 skipped" in again.out
    assert again.code == 0


def test_a_control_total_that_is_not_met_is_told_and_nothing_is_sent(run, tmp_path):
    (tmp_path / "m.yml").write_text(
        "zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n"
        "checks: [{rule: control_total, column: Price, expect: 9}]\n"
    )
    (tmp_path / "shop.csv").write_text("Item,Price\nPen,2\nInk,3\n")
    ran = run("import", "shop.csv", "-m", "m.yml", "--sandbox", "--speed", "600")
    assert "ZB322 the rows add up to 5, the mapping expects 9" in ran.out
    assert "sending  nothing: the file as a whole is refused" in ran.out
    assert "outcome  2 rows: 2 ready" in ran.out
    assert ran.code == 2


def test_the_plan_tells_what_is_created_first(run, tmp_path):
    mapping = tmp_path / "sales.yml"
    mapping.write_text(
        "zbbulk: 1\nresource: invoices\nafter_create: [mark_sent]\nfields:\n"
        "  customer_id: {column: Party, find_by: contact_name, if_missing: create}\n"
        "  line_items: [{name: Item, rate: Rate}]\n"
    )
    sheet = tmp_path / "sales.csv"
    sheet.write_text("Party,Item,Rate\nA New Friend Ltd,Pen,2.50\n")
    ran = run("import", sheet, "-m", mapping, "--sandbox")
    assert ran.code == 0, ran.out + ran.err
    lacks = "missing  contacts: rows name 1 that Zoho Books lacks; an import creates it first\n"
    assert lacks in ran.out
    assert "sending  1 row of invoices to the sandbox: " in ran.out
