"""Deletes in bulk: what is certain goes, once; all else is told and stays."""

import csv
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from zbbulk.errors import MappingError, UsageError
from zbbulk.jobs.delete_job import delete_file, write_delete_mapping
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.plan_job import plan_file
from zbbulk.jobs.resume_job import resume_run
from zbbulk.jobs.target import sandbox_target
from zbbulk.jobs.undo_job import undo_run
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=600) as running:
        yield running


@pytest.fixture
def items(sandbox):
    return sandbox.enter("items", [_item(number) for number in range(1, 7)])


def _item(number):
    fields = [{"label": "Old code", "value": f"K{number}"}]
    return {"name": f"Thing {number}", "sku": f"{number:03}", "rate": 1, "custom_fields": fields}


@pytest.fixture
def delete(tmp_path):
    """Delete what the lines of a sheet say from *books*."""

    def run(books, lines, *by, name="items", mapping=None, **words):
        path = tmp_path / "old.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        runs = tmp_path / "runs"
        mapping = mapping or write_delete_mapping(runs, name, by)
        return delete_file(path, mapping, target=sandbox_target(books), runs=runs, **words)

    return run


def rows_of(report):
    with Path(report.check.result).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def told(report):
    return [(row["zb_status"], row["zb_code"]) for row in rows_of(report)]


def names(sandbox, name="items"):
    return [record["name"] for record in sandbox.records(name)]


def calls(sandbox, method):
    return [each for each in sandbox.requests() if each.method == method]


def test_records_are_deleted_by_their_ids(sandbox, items, delete):
    lines = ["Item ID,Why", f"{items[0]['item_id']},old", f"{items[2]['item_id']},old"]
    report = delete(sandbox, lines, "id=Item ID")
    assert (report.exit_code, told(report)) == (0, [("deleted", ""), ("deleted", "")])
    assert names(sandbox) == ["Thing 2", "Thing 4", "Thing 5", "Thing 6"]
    assert [row["Why"] for row in rows_of(report)] == ["old", "old"]


@pytest.mark.parametrize("by", ["sku=Code", "name=Item", "custom_fields.Old code=Kind"])
def test_records_are_deleted_by_a_key(sandbox, items, delete, by):
    lines = ["Code,Item,Kind", "002,Thing 2,K2", "004, thing  4,K4"]
    report = delete(sandbox, lines, by)
    assert told(report) == [("deleted", ""), ("deleted", "")]
    assert names(sandbox) == ["Thing 1", "Thing 3", "Thing 5", "Thing 6"]


def test_what_is_not_there_is_told_and_the_rest_goes(sandbox, items, delete):
    report = delete(sandbox, ["Code,x", "002,", "999,", ",y"], "sku=Code")
    assert told(report) == [("deleted", ""), ("skipped", "ZB340"), ("rejected", "ZB301")]
    assert "'999' is not in Zoho Books" in rows_of(report)[1]["zb_message"]


def test_a_key_of_several_records_deletes_none(sandbox, delete):
    vendor = sandbox.enter("contacts", [{"contact_name": "Acme", "contact_type": "vendor"}])[0]
    other = sandbox.enter("contacts", [{"contact_name": "Bolt", "contact_type": "vendor"}])[0]
    for each in (vendor, other):
        line = [
            {
                "name": "Pen",
                "rate": 1,
                "account_id": sandbox.records("chartofaccounts")[0]["account_id"],
            }
        ]
        bill = {"vendor_id": each["contact_id"], "bill_number": "7", "line_items": line}
        sandbox.enter("bills", [bill])
    report = delete(sandbox, ["No,x", "7,"], "bill_number=No", name="bills")
    assert told(report) == [("rejected", "ZB341")]
    assert len(sandbox.records("bills")) == 2


def test_a_record_that_two_rows_mean_is_refused_where_it_stands_again(sandbox, items, delete):
    report = delete(sandbox, ["Code,x", "002,", "002,"], "sku=Code")
    assert told(report) == [("deleted", ""), ("rejected", "ZB307")]


def test_an_id_that_a_spreadsheet_has_spoilt_is_refused(sandbox, items, delete):
    report = delete(sandbox, ["Item ID,x", "4.6E+17,"], "id=Item ID")
    assert told(report) == [("rejected", "ZB304")]
    assert "4.6E+17" in rows_of(report)[0]["zb_message"]
    assert len(names(sandbox)) == 6


def test_payments_go_many_in_one_call(sandbox, delete):
    ids = [each["payment_id"] for each in payments(sandbox, 250)]
    report = delete(sandbox, ["Id,x", *(f"{i}," for i in ids)], "id=Id", name="customerpayments")
    assert report.counts == {"deleted": 250}
    assert (report.check.plan.calls, len(calls(sandbox, "DELETE"))) == ({"delete": 3}, 3)


def payments(sandbox, number):
    contact = sandbox.enter("contacts", [{"contact_name": "Acme"}])[0]["contact_id"]
    one = {"customer_id": contact, "payment_mode": "cash", "date": "2026-01-01"}
    return sandbox.enter(
        "customerpayments", [{**one, "amount": Decimal(n + 1)} for n in range(number)]
    )


def test_one_that_spoils_the_call_does_not_keep_the_others(sandbox, delete):
    ids = [each["payment_id"] for each in payments(sandbox, 3)]
    lines = ["Id,x", *(f"{i}," for i in (*ids, "4600000000000999999"))]
    report = delete(sandbox, lines, "id=Id", name="customerpayments")
    assert [status for status, _ in told(report)] == ["deleted"] * 3 + ["skipped"]
    assert sandbox.records("customerpayments") == []


@pytest.mark.parametrize("fault", ["cut-after", "html-after", "500-after"])
def test_a_lost_answer_is_found_out(sandbox, items, delete, fault):
    sandbox.add_fault(f"{fault}:at=1:method=DELETE")
    report = delete(sandbox, ["Code,x", "002,", "003,"], "sku=Code")
    assert told(report) == [("deleted", ""), ("deleted", "")]
    assert len(names(sandbox)) == 4


def test_what_zoho_refuses_is_told_in_its_words_and_may_be_retried(
    sandbox, items, delete, tmp_path
):
    sandbox.add_fault("answer:1049:at=1:method=DELETE")
    report = delete(sandbox, ["Code,x", "002,"], "sku=Code")
    assert (told(report)[0], report.exit_code) == (("failed", "1049"), 1)
    again = resume_run(
        report.journal.parent,
        target=sandbox_target(sandbox),
        runs=tmp_path / "runs",
        again=(Status.FAILED,),
    )
    assert again.counts == {"deleted": 1}


def test_a_killed_delete_is_resumed_and_deletes_each_once(tmp_path):
    with Sandbox(None, speed=1, latency_ms=(20, 20), per_minute=0) as books:
        books.enter("items", [_item(number) for number in range(60)])
        lines = "\n".join(["Code,x", *(f"{n:03}," for n in range(60))])
        (tmp_path / "old.csv").write_text(lines + "\n")
        command = [sys.executable, "-m", "zbbulk", "delete", "old.csv", "-r", "items"]
        process = subprocess.Popen(
            [*command, "--by", "sku=Code", "--yes", "--api-root", books.api_root],
            cwd=tmp_path,
            env=os.environ
            | {
                "ZBBULK_ACCESS_TOKEN": books.access_token(),
                "ZBBULK_ORGANIZATION_ID": books.organization_id,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while len(calls(books, "DELETE")) < 25:
            assert process.poll() is None
        process.kill()
        process.wait()
        (journal,) = (tmp_path / "zbbulk-runs").glob("*/journal.sqlite")
        report = resume_run(
            journal.parent, target=sandbox_target(books), runs=tmp_path / "zbbulk-runs"
        )
        assert (report.counts, books.records("items")) == ({"deleted": 60}, [])


def test_the_day_ends_a_delete_and_it_is_gone_on_with(tmp_path, delete):
    with Sandbox(None, speed=600, per_day=4) as books:
        books.enter("items", [_item(number) for number in range(1, 7)])
        lines = ["Code,x", *(f"{n:03}," for n in range(1, 7))]
        report = delete(books, lines, "sku=Code")
        assert (report.exit_code, report.counts) == (4, {"ready": 3, "deleted": 3})
        books.clock.skip(86_400)
        again = resume_run(
            report.journal.parent, target=sandbox_target(books), runs=tmp_path / "runs"
        )
        assert again.counts == {"deleted": 6}


def test_a_mapping_of_an_import_tells_by_its_key(sandbox, items, delete, tmp_path):
    mapping = tmp_path / "items.yml"
    mapping.write_text(
        "zbbulk: 1\nresource: items\nkey: {fields: [sku]}\n"
        "fields: {name: Item, sku: Code, rate: Price}\n"
    )
    report = delete(sandbox, ["Code,x", "002,"], mapping=mapping)
    assert (told(report), len(names(sandbox))) == ([("deleted", "")], 5)
    again = delete(sandbox, ["Code,x", "002,"], mapping=mapping)
    assert told(again) == [("skipped", "ZB340")]


def test_a_mapping_without_a_key_is_refused(sandbox, delete, tmp_path):
    mapping = tmp_path / "items.yml"
    mapping.write_text("zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n")
    with pytest.raises(MappingError) as caught:
        delete(sandbox, ["Item,Price", "x,1"], mapping=mapping)
    assert (caught.value.code, "--by" in caught.value.fix) == ("ZB213", True)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("fields: {name: Item}", "ZB213"),
        ("key: {fields: [sku]}\nfields: {sku: Code, rate: Price}", "ZB211"),
        ("key: {fields: [sku], on_match: skip}\nfields: {sku: Code}", "ZB212"),
    ],
)
def test_a_delete_that_is_not_certain_or_says_more_is_refused(run, tmp_path, fields, code):
    mapping = tmp_path / "delete.yml"
    mapping.write_text(f"zbbulk: 1\nresource: items\naction: delete\n{fields}\n")
    (tmp_path / "old.csv").write_text("Code,Item,Price\n1,x,2\n")
    ran = run("delete", tmp_path / "old.csv", "-m", mapping, "--sandbox")
    assert (ran.code, ran.err[:5]) == (2, code)


def test_an_undo_says_that_a_deletion_stays(sandbox, items, delete, tmp_path):
    report = delete(sandbox, ["Code,x", "002,"], "sku=Code")
    assert report.check.plan.kept_forever == ("What is deleted can't be taken back.",)
    undone = undo_run(report.journal.parent, target=sandbox_target(sandbox), runs=tmp_path / "runs")
    assert undone.preview.stays == {"a deletion can't be taken back": [2]}
    assert (undone.counts, len(names(sandbox))) == ({"deleted": 1}, 5)


def test_a_deleted_record_is_found_by_no_later_run(sandbox, items, delete, tmp_path):
    mapping = tmp_path / "new.yml"
    mapping.write_text(
        "zbbulk: 1\nresource: items\nlegacy_key: Old\nfields: {name: Item, rate: P}\n"
    )
    (tmp_path / "new.csv").write_text("Item,P,Old\nNib,1,K9\n")
    import_file(
        tmp_path / "new.csv", mapping, target=sandbox_target(sandbox), runs=tmp_path / "runs"
    )
    report = delete(sandbox, ["Item,x", "Nib,"], "name=Item")
    assert told(report) == [("deleted", "")]
    (tmp_path / "lines.yml").write_text(
        "zbbulk: 1\nresource: invoices\nfields:\n  customer_id: Who\n  line_items:\n"
        "    - item_id: {find_by: legacy_key, column: Old}\n      rate: P\n"
    )
    (tmp_path / "lines.csv").write_text("Who,Old,P\n1,K9,2\n")
    again = import_file(
        tmp_path / "lines.csv",
        tmp_path / "lines.yml",
        target=sandbox_target(sandbox),
        runs=tmp_path / "runs",
    )
    assert again.check.problem_counts == {"ZB313": 1}


def test_a_plan_of_a_delete_sends_nothing(sandbox, items, tmp_path):
    mapping = write_delete_mapping(tmp_path / "runs", "items", ["sku=Code"])
    (tmp_path / "old.csv").write_text("Code,x\n002,\n999,\n")
    report = plan_file(
        tmp_path / "old.csv", mapping, target=sandbox_target(sandbox), runs=tmp_path / "runs"
    )
    assert (report.check.plan.records, report.check.plan.skipped) == ({"delete": 1}, 1)
    assert calls(sandbox, "DELETE") == []


@pytest.mark.parametrize("words", [[], ["-m", "items", "-r", "items"], ["-r", "items"]])
def test_the_command_asks_for_one_way_to_tell_records(run, tmp_path, words):
    (tmp_path / "old.csv").write_text("Code\n1\n")
    ran = run("delete", tmp_path / "old.csv", *words, "--sandbox")
    assert (ran.code, "--by" in ran.err) == (2, True)


def test_on_the_command_line_somebody_must_agree(sandbox, items, run, tmp_path, monkeypatch):
    monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", sandbox.access_token())
    (tmp_path / "old.csv").write_text("Code,x\n002,\n003,\n")
    words = ["delete", tmp_path / "old.csv", "-r", "items", "--by", "sku=Code"]
    words += ["--api-root", sandbox.api_root, "--organization", sandbox.organization_id]
    ran = run(*words)
    assert (ran.code, len(names(sandbox))) == (2, 6)
    assert "deleting 2 items in organization" in ran.out
    ran = run(*words, "--yes", "--format", "json")
    assert json.loads(ran.out)["counts"] == {"deleted": 2}


def test_what_is_no_field_and_column_is_refused(tmp_path):
    with pytest.raises(UsageError) as caught:
        write_delete_mapping(tmp_path, "items", ["sku="])
    assert "--by sku=Code" in caught.value.fix
