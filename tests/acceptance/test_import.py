"""What an import promises: once, in order, with Zoho's answer beside every row."""

import sqlite3
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from zbbulk.errors import ExitCode, ResultError, UsageError
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.settling import SECOND_LOOK_S
from zbbulk.jobs.target import sandbox_target
from zbbulk.journal.journal import Journal
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox
from zbbulk.sandbox.store import Store

MAPPING = "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"
TAXIS = """\
zbbulk: 1
resource: expenses
source: {dates: yyyy-mm-dd}
fields:
  account_id: {value: "4600000000000320014"}
  paid_through_account_id: {value: "4600000000000330003"}
  date: Date
  amount: Amount
"""


def test_every_row_is_created_once_and_its_id_stands_beside_it(shop, send):
    with send(shop(25)) as done:
        stored = {record["item_id"]: record for record in done.sandbox.records("items")}
        assert done.statuses == ["created"] * 25
        assert len(stored) == 25
        for row in done.rows:
            assert stored[row["zb_id"]]["sku"] == row["Code"]
            assert stored[row["zb_id"]]["rate"] == Decimal(row["Price"])
        assert done.report.exit_code is ExitCode.FINE


def test_rejected_rows_are_not_sent_and_the_others_are(tmp_path, send):
    path = tmp_path / "shop.csv"
    path.write_text("Item,Code,Price\nPen,1,1.50\nInk,2,abc\n\nNib,1,3\nCap,4,4\n")
    with send(path) as done:
        assert done.statuses == ["created", "rejected", "skipped", "rejected", "created"]
        assert [row["zb_code"] for row in done.rows] == ["", "ZB204", "", "ZB307", ""]
        assert {record["name"] for record in done.sandbox.records("items")} == {"Pen", "Cap"}
        assert done.report.exit_code is ExitCode.SOME_ROWS


def test_what_zoho_refuses_is_told_in_zohos_own_words(tmp_path, shop, send):
    sheet = shop(2)
    with Sandbox(tmp_path / "books.sqlite", speed=600) as sandbox:
        mapping = tmp_path / "items.yml"
        for again in (False, True):
            target = sandbox_target(sandbox)
            report = import_file(sheet, mapping, target=target, runs=tmp_path / "runs", again=again)
    assert report.counts == {Status.FAILED: 2}
    (failure,) = report.failures
    assert (failure.code, failure.rows, failure.first_row) == ("1001", 2, 2)
    assert failure.message == 'Item "Thing 1" already exists.'
    assert failure.fix


@pytest.mark.parametrize("fault", ["cut-after", "500-after", "html-after"])
def test_a_create_whose_answer_was_lost_is_found_by_its_key_and_never_sent_again(shop, send, fault):
    with send(shop(5), faults=[f"{fault}:at=3:method=POST"]) as done:
        posts = [each for each in done.sandbox.requests() if each.method == "POST"]
        assert len([each for each in posts if each.path.endswith("/items")]) == 5
        assert done.statuses == ["created"] * 5
        ids = {record["sku"]: record["item_id"] for record in done.sandbox.records("items")}
        assert [row["zb_id"] for row in done.rows] == [ids[row["Code"]] for row in done.rows]
        (found,) = [row for row in done.rows if "was found in Zoho Books" in row["zb_message"]]
        assert found["zb_code"] == ""
        assert done.report.exit_code is ExitCode.FINE


@pytest.mark.parametrize("fault", ["cut-before", "500-before", "html-before"])
def test_a_create_that_never_arrived_is_sent_again_after_a_second_look(shop, send, fault):
    with send(shop(5), faults=[f"{fault}:at=3:method=POST"]) as done:
        made = [each for each in done.sandbox.requests() if each.path.endswith("/items")]
        assert [each.method for each in made] == [*["POST"] * 5, "GET", "GET", "POST"]
        assert made[6].arrived_s - made[5].arrived_s >= SECOND_LOOK_S
        assert done.statuses == ["created"] * 5
        assert len(done.sandbox.records("items")) == 5


def test_a_record_that_is_not_the_same_is_never_adopted(tmp_path, shop, rows_of_result):
    mapping, other = tmp_path / "items.yml", tmp_path / "other.csv"
    mapping.write_text(MAPPING)
    other.write_text("Item,Code,Price\nThing 3,X-9,99\n")
    with Sandbox(None, speed=600) as sandbox:
        target = replace(sandbox_target(sandbox), at_once=1)
        import_file(other, mapping, target=target, runs=tmp_path / "others")
        sandbox.add_fault("cut-before:at=3:method=POST:path=/items")
        report = import_file(shop(3), mapping, target=target, runs=tmp_path / "runs")
        (there,) = [each["item_id"] for each in sandbox.records("items") if each["sku"] == "X-9"]
    (lost,) = [row for row in rows_of_result(report.check.result) if row["zb_status"] == "unknown"]
    assert lost["Item"] == "Thing 3"
    assert lost["zb_code"] == "ZB405"
    assert f"but it is not the same: {there} differs in sku, rate." in lost["zb_message"]
    assert lost["zb_fix"].startswith("Look the record up in Zoho Books")
    assert report.exit_code is ExitCode.SOME_ROWS


def test_the_same_file_makes_nothing_twice(tmp_path, shop, rows_of_result):
    mapping, runs = tmp_path / "names.yml", tmp_path / "runs"
    mapping.write_text("zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n")
    with Sandbox(None, speed=600) as sandbox:
        target = sandbox_target(sandbox)
        first = import_file(shop(3), mapping, target=target, runs=runs)
        same = import_file(shop(5), mapping, target=target, runs=runs)
        assert same.counts == {Status.CREATED: 2, Status.SKIPPED: 3}
        skipped = [
            row for row in rows_of_result(same.check.result) if row["zb_status"] == "skipped"
        ]
        assert {row["zb_code"] for row in skipped} == {"ZB319"}
        assert first.journal.parent.name in skipped[0]["zb_message"]
        before = [row["zb_id"] for row in rows_of_result(first.check.result)]
        assert [row["zb_id"] for row in skipped] == before
        assert same.check.plan.skipped == 3
        assert len(sandbox.records("items")) == 5


def test_what_was_deleted_in_zoho_since_is_sent_again(tmp_path, shop):
    mapping, runs = tmp_path / "items.yml", tmp_path / "runs"
    mapping.write_text(MAPPING)
    with Sandbox(None, speed=600) as sandbox:
        target = sandbox_target(sandbox)
        import_file(shop(3), mapping, target=target, runs=runs)
        sandbox.clear()
        again = import_file(shop(3), mapping, target=target, runs=runs)
        assert again.counts == {Status.CREATED: 3}


def test_a_result_of_another_organization_is_sent_to_this_one(tmp_path, shop, rows_of_result):
    mapping, runs = tmp_path / "items.yml", tmp_path / "runs"
    mapping.write_text(MAPPING)
    with Sandbox(None, speed=600) as tried:
        first = import_file(shop(3), mapping, target=sandbox_target(tried), runs=runs)
        same = import_file(first.check.result, mapping, target=sandbox_target(tried), runs=runs)
        assert {row["zb_code_2"] for row in rows_of_result(same.check.result)} == {"ZB310"}
    with Sandbox(None, speed=600) as other:
        report = import_file(first.check.result, mapping, target=sandbox_target(other), runs=runs)
        assert report.counts == {Status.CREATED: 3}
        assert len(other.records("items")) == 3


def test_twins_in_one_file_are_both_sent_and_both_known_afterwards(tmp_path):
    mapping, runs, sheet = tmp_path / "taxis.yml", tmp_path / "runs", tmp_path / "taxis.csv"
    mapping.write_text(TAXIS)
    sheet.write_text("Date,Amount\n" + "2026-04-01,12.50\n" * 2)
    longer = tmp_path / "longer.csv"
    longer.write_text("Date,Amount\n" + "2026-04-01,12.50\n" * 3)
    with Sandbox(None, speed=600, has_examples=True) as sandbox:
        target = sandbox_target(sandbox)
        import_file(sheet, mapping, target=target, runs=runs)
        same = import_file(sheet, mapping, target=target, runs=runs)
        more = import_file(longer, mapping, target=target, runs=runs)
        assert same.counts == {Status.SKIPPED: 2}
        assert more.counts == {Status.SKIPPED: 2, Status.CREATED: 1}
        assert len(sandbox.records("expenses")) == 3


def test_a_token_that_dies_in_the_middle_is_renewed_and_no_row_is_lost(shop, send):
    with send(shop(30), faults=["401:at=12"]) as done:
        assert done.statuses == ["created"] * 30
        assert len(done.sandbox.records("items")) == 30
        assert 401 in [each.status for each in done.sandbox.requests()]


def test_a_sheet_longer_than_a_minutes_calls_meets_no_429(shop, send):
    with send(shop(230)) as done:
        assert done.statuses == ["created"] * 230
        assert 429 not in [each.status for each in done.sandbox.requests()]


def test_when_another_app_uses_up_the_minute_every_row_still_arrives_once(shop, send):
    with send(shop(40), faults=["answer:44:count=3:path=/items"]) as done:
        assert done.statuses == ["created"] * 40
        assert len(done.sandbox.records("items")) == 40
        assert [each.code for each in done.sandbox.requests()].count("44") == 3


def test_too_many_at_once_means_fewer_and_every_row_arrives_once(shop, send):
    with send(shop(40), plan="free", per_day=0, latency_ms=(300, 600), speed=60) as done:
        assert done.statuses == ["created"] * 40
        assert len(done.sandbox.records("items")) == 40


def test_the_days_last_call_stops_the_run_and_says_when_to_go_on(shop, send):
    with send(shop(20), per_day=8) as done:
        assert done.report.stopped.code == "ZB407"
        assert done.report.exit_code is ExitCode.STOPPED
        assert done.report.stopped.reset_s > 0
        assert done.statuses.count("created") == 8
        assert done.statuses.count("ready") == 12
        assert len(done.sandbox.records("items")) == 8


def test_ctrl_c_waits_for_what_is_on_its_way_and_leaves_the_rest_ready(shop, send):
    def impatient(steps, *, label, total=None, weigh=None):
        for number, step in enumerate(steps):
            if label == "sending" and number == 5:
                raise KeyboardInterrupt
            yield step

    with send(shop(150), progress=impatient) as done:
        stored = {record["sku"] for record in done.sandbox.records("items")}
        created = {row["Code"] for row in done.rows if row["zb_status"] == "created"}
        assert done.report.stopped.code == "ZB414"
        assert done.report.exit_code is ExitCode.STOPPED
        assert created == stored
        assert set(done.statuses) == {"created", "ready"}


def test_the_journal_tells_the_same_as_the_result(shop, send):
    with send(shop(12), faults=["cut-after:at=4:method=POST"]) as done:
        with Journal.open(done.report.journal) as journal:
            told = {row: outcome.status.value for row, outcome in journal.outcomes()}
            facts = journal.facts()
        assert [told[number] for number in range(2, 14)] == done.statuses
        assert facts["reason"] == "done"
        assert facts["organization_id"] == done.sandbox.organization_id


def test_nothing_is_sent_when_the_caller_does_not_agree(tmp_path, shop, send):
    with Sandbox(None) as sandbox, pytest.raises(UsageError) as caught:
        import_file(
            shop(3),
            tmp_path / "items.yml",
            target=sandbox_target(sandbox),
            runs=tmp_path / "runs",
            agreed=lambda _: False,
        )
    assert caught.value.exit_code is ExitCode.NOTHING_SENT
    assert sandbox.requests() == []


def test_no_token_is_in_any_file_of_the_run(shop, send):
    with send(shop(5), faults=["401:at=2"]) as done:
        secrets = [done.token, done.sandbox.refresh_token]
        secrets += [done.sandbox.client_secret]
        for path in done.report.journal.parent.iterdir():
            content = path.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in content], path


def test_the_log_holds_requests_and_no_cell(shop, send):
    with send(shop(3)) as done:
        assert {event["event"] for event in done.events} == {"zoho.request"}
        assert {event["path"] for event in done.events} == {"/items"}
        log = (done.report.journal.parent / "log.jsonl").read_text(encoding="utf-8")
        assert "Thing" not in log


def test_a_sheet_that_is_saved_while_it_is_sent_is_sent_as_it_was_checked(shop, send):
    sheet = shop(60)

    def meddling(steps, *, label, total=None, weigh=None):
        for number, step in enumerate(steps):
            if label == "sending" and number == 5:
                sheet.write_text("Item,Code,Price\nOther,1,1\n")
            yield step

    with send(sheet, progress=meddling) as done:
        assert done.statuses == ["created"] * 60
        stored = {record["item_id"]: record["name"] for record in done.sandbox.records("items")}
        assert all(stored[row["zb_id"]] == row["Item"] for row in done.rows)
        assert done.report.exit_code is ExitCode.FINE


def test_a_workbook_that_is_saved_while_it_is_sent_comes_back_as_it_was(tmp_path, send):
    def write(path, names):
        book = openpyxl.Workbook()
        book.active.append(["Item", "Code", "Price"])
        for number, name in enumerate(names):
            book.active.append([name, f"{number:03d}", number])
        book.save(path)

    sheet = tmp_path / "shop.xlsx"
    names = [f"Thing {number}" for number in range(40)]
    write(sheet, names)

    def meddling(steps, *, label, total=None, weigh=None):
        for number, step in enumerate(steps):
            if label == "sending" and number == 5:
                write(sheet, reversed(names))
            yield step

    with send(sheet, progress=meddling) as done:
        page = openpyxl.load_workbook(done.report.check.result).active
        told = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        stored = {record["item_id"]: record["name"] for record in done.sandbox.records("items")}
        assert [row[0] for row in told] == names
        assert [stored[row[4]] for row in told] == names


def test_a_surprise_while_sending_still_gives_the_sheet_back(
    tmp_path, shop, send, monkeypatch, rows_of_result
):
    calls = []

    def broken(outcome, program):
        calls.append(outcome)
        if len(calls) == 4:
            raise RuntimeError("a fault of ours")
        return outcome

    monkeypatch.setattr("zbbulk.jobs.sending.pointed", broken)
    with pytest.raises(RuntimeError), send(shop(30)):
        pass
    (result,) = tmp_path.glob("runs/*/result.csv")
    statuses = [row["zb_status"] for row in rows_of_result(result)]
    assert len(statuses) == 30
    assert set(statuses) <= {"created", "unknown", "ready"}
    assert statuses.count("unknown") == 1


def test_a_full_disk_for_the_log_stops_the_run_and_loses_no_answer(shop, send, monkeypatch):
    written = []

    def full(self, facts):
        written.append(facts)
        self.left += 1
        if len(written) > 5:
            self._failure = OSError(28, "No space left on device")

    monkeypatch.setattr("zbbulk.jobs.event_log.EventLog.request", full)
    with send(shop(40)) as done:
        assert done.report.stopped.code == "ZB501"
        stored = {record["sku"] for record in done.sandbox.records("items")}
        assert stored == {row["Code"] for row in done.rows if row["zb_status"] == "created"}
        assert set(done.statuses) == {"created", "ready"}
        assert done.report.exit_code is ExitCode.STOPPED


def test_a_journal_that_can_not_be_written_any_more_loses_no_answer(shop, send, monkeypatch):
    outcome_of, written = Journal.outcome, []

    def full(self, row, outcome, *, zoho_time):
        written.append(row)
        if len(written) > 5:
            raise ResultError("The journal can't be written.", code="ZB502")
        outcome_of(self, row, outcome, zoho_time=zoho_time)

    monkeypatch.setattr(Journal, "outcome", full)
    with send(shop(40)) as done:
        assert done.report.stopped.code == "ZB502"
        stored = {record["sku"] for record in done.sandbox.records("items")}
        assert stored == {row["Code"] for row in done.rows if row["zb_status"] == "created"}


def test_a_sheet_without_rows_is_fine(tmp_path, send):
    sheet = tmp_path / "shop.csv"
    sheet.write_text("Item,Code,Price\n")
    with send(sheet) as done:
        assert done.report.exit_code is ExitCode.FINE
        assert done.rows == []


def test_an_update_writes_to_the_id_in_the_sheet(tmp_path):
    mapping = tmp_path / "prices.yml"
    mapping.write_text(
        "zbbulk: 1\nresource: items\naction: update\nfields:\n  item_id: Id\n  rate: New\n"
    )
    first = tmp_path / "items.yml"
    first.write_text("zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n")
    sheet = tmp_path / "shop.csv"
    sheet.write_text("Item,Price\nPen,1\n")
    with Sandbox(None, speed=600) as sandbox:
        target = sandbox_target(sandbox)
        import_file(sheet, first, target=target, runs=tmp_path / "runs")
        (pen,) = sandbox.records("items")
        sheet.write_text(f"Id,New\n{pen['item_id']},2.25\n460000000000000001,3\n")
        report = import_file(sheet, mapping, target=target, runs=tmp_path / "runs")
        assert report.counts == {Status.UPDATED: 1, Status.FAILED: 1}
        assert sandbox.records("items")[0]["rate"] == Decimal("2.25")
        assert sandbox.records("items")[0]["name"] == "Pen"
        log = (report.journal.parent / "log.jsonl").read_text(encoding="utf-8")
        assert pen["item_id"] not in log
        assert "/items/{id}" in log
    assert report.failures[0].code == "1002"


@pytest.mark.slow
def test_a_thousand_rows_keep_zohos_pace_on_a_clock_that_runs_sixty_times_faster(shop, send):
    with send(shop(1000), speed=60, latency_ms=(50, 500)) as done:
        calls = [each for each in done.sandbox.requests() if each.path.startswith("/books/")]
        arrivals = sorted(each.arrived_s for each in calls)
        assert done.statuses == ["created"] * 1000
        assert len(calls) == 1000
        assert 429 not in [each.status for each in calls]
        assert max(each.in_flight for each in calls) <= 10
        # The benchmark measures 98 % here; a busy test machine takes its part of each minute.
        sustained_s = arrivals[-1] - arrivals[100]
        assert sustained_s <= (1000 - 101) * 0.6 / 0.85


def test_a_row_shorter_or_longer_by_blanks_than_the_header_is_sent_like_any_other(tmp_path, send):
    sheet = tmp_path / "shop.csv"
    sheet.write_text("Item,Code,Price,Note\nPen,1,1,x\nInk,2,2\nNib,3,3,x,\n")
    with send(sheet) as done:
        assert done.statuses == ["created"] * 3
        assert len(done.sandbox.records("items")) == 3


def test_a_result_that_is_fed_in_again_sends_only_what_was_not_sent(tmp_path, shop, send):
    faults = ["cut-after:at=2:method=POST", "answer:1001:at=4:method=POST", "answer:14:method=GET"]
    store = tmp_path / "books.sqlite"
    with send(shop(6), store=store, faults=faults) as first:
        result = first.report.check.result
        before = sorted(first.statuses)
    assert before == ["created"] * 4 + ["failed", "unknown"]
    with send(result, store=store) as again:
        told = [row["zb_status_2"] for row in again.rows]
        was = [row["zb_status"] for row in again.rows]
        assert [now for old, now in zip(was, told, strict=True) if old == "failed"] == ["created"]
        assert {now for old, now in zip(was, told, strict=True) if old != "failed"} == {"skipped"}
        assert len(again.sandbox.records("items")) == 6
        (unknown,) = [row for row in again.rows if row["zb_status"] == "unknown"]
        assert unknown["zb_code_2"] == "ZB310"
        assert "may be in Zoho Books" in unknown["zb_message_2"]


def test_a_zoho_that_always_fails_is_not_asked_for_every_row(shop, send):
    with send(shop(60), faults=["500-before:path=/items"]) as done:
        assert done.report.stopped.code == "ZB416"
        assert 10 <= done.statuses.count("unknown") <= 20
        assert done.statuses.count("ready") >= 40
        assert done.report.exit_code is ExitCode.STOPPED


def test_the_same_refusal_for_every_row_stops_the_run(shop, send):
    with send(shop(90), faults=["answer:5:path=/items"]) as done:
        assert done.report.stopped.code == "ZB416"
        assert "Invalid URL Passed" in done.report.stopped.message
        assert 25 <= done.statuses.count("failed") <= 35


def test_a_full_disk_under_the_sandbox_is_a_server_that_fails(shop, send, monkeypatch):
    save = Store.save_record

    def full(self, resource, *rest, **more):
        if resource == "items":
            raise sqlite3.OperationalError("database or disk is full")
        save(self, resource, *rest, **more)

    monkeypatch.setattr(Store, "save_record", full)
    with send(shop(20)) as done:
        assert done.report.stopped.code == "ZB416"
        assert set(done.statuses) == {"unknown", "ready"}


def test_a_result_that_can_not_be_written_still_tells_what_was_sent(shop, tmp_path, monkeypatch):
    def full(*_, **__):
        raise ResultError("The disk is full.")

    monkeypatch.setattr("zbbulk.jobs.carrying_out.write_result", full)
    mapping = tmp_path / "items.yml"
    mapping.write_text("zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n")
    with Sandbox(None, speed=600) as sandbox:
        target = sandbox_target(sandbox)
        report = import_file(shop(5), mapping, target=target, runs=tmp_path / "runs")
    assert (report.stopped, report.unwritten.code) == (None, "ZB501")
    assert report.counts == {Status.CREATED: 5}
    assert report.exit_code is ExitCode.STOPPED
