"""A run that was broken off goes on where it stood, by record, and sends nothing twice."""

import shutil
import sqlite3
from dataclasses import replace

import pytest

from zbbulk.errors import ExitCode, ResultError, UsageError, ZohoError
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.open_run import find_run
from zbbulk.jobs.resume_job import resume_run
from zbbulk.jobs.runs_job import known_runs, run_summary
from zbbulk.jobs.target import sandbox_target
from zbbulk.journal.journal import Journal
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox

ITEMS = "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"
SENT = """\
zbbulk: 1
resource: invoices
group_rows_by: [No]
fields:
  customer_id: {value: "4600000000000200001"}
  invoice_number: No
  line_items: {each_row: {name: Item, rate: Price}}
after_create: [mark_sent]
"""


class Shop:
    """One sandbox, one folder of runs, and sheets and mappings beside them."""

    def __init__(self, folder, sandbox):
        self.folder, self.sandbox = folder, sandbox
        self.runs = folder / "runs"
        self.target = replace(sandbox_target(sandbox), at_once=1)  # one after the other

    def sheet(self, *lines, name="sheet.csv"):
        path = self.folder / name
        path.write_text("\n".join([*lines, ""]))
        return path

    def mapping(self, text=ITEMS):
        path = self.folder / "mapping.yml"
        path.write_text(text)
        return path

    def things(self, count):
        return self.sheet("Item,Code,Price", *(f"Thing {n},K-{n},{n}.50" for n in range(count)))

    def send(self, sheet, mapping=ITEMS, **more):
        rules = self.mapping(mapping)
        return import_file(sheet, rules, target=self.target, runs=self.runs, **more)

    def resume(self, report, **more):
        folder = report.journal.parent
        return resume_run(folder, target=self.target, runs=self.runs, **more)

    def posts(self, path="/items"):
        made = self.sandbox.requests()
        return [each for each in made if each.method == "POST" and each.path.endswith(path)]


@pytest.fixture
def shop(tmp_path):
    with Sandbox(None, speed=6000, seed=7, has_examples=True, per_minute=0) as sandbox:
        yield Shop(tmp_path, sandbox)


def stop_after(count, monkeypatch):
    """Let Zoho's sender fail for good after *count* records, as a killed process would."""
    from zbbulk.zoho.sender import Sender  # noqa: PLC0415 - patched here only

    send, sent = Sender.send, []

    def limited(self, record, **more):
        sent.append(record)
        if len(sent) > count:
            raise ZohoError("The cable was cut.", code="ZB404")
        return send(self, record, **more)

    monkeypatch.setattr(Sender, "send", limited)


def test_what_was_not_sent_is_sent_and_what_was_is_not(shop, monkeypatch):
    with monkeypatch.context() as patch:
        stop_after(8, patch)
        first = shop.send(shop.things(20))
    assert first.exit_code is ExitCode.STOPPED
    assert first.counts[Status.CREATED] == 8
    report = shop.resume(first)
    assert report.exit_code is ExitCode.FINE
    assert report.counts == {Status.CREATED: 20}
    assert report.check.plan.records == {"create": 12}
    made = [each for each in shop.sandbox.records("items") if each["name"].startswith("Thing")]
    assert len(made) == len(shop.posts()) == 20
    assert report.check.result == first.check.result


def test_a_run_that_was_not_begun_to_be_sent_begins_anew(shop):
    first = shop.send(shop.things(5))
    with Journal.open(first.journal) as journal:
        journal.note_fact("planned", "no")
    shop.sandbox.clear()
    report = shop.resume(first)
    assert report.counts == {Status.CREATED: 5}


def test_in_doubt_and_there_is_adopted_with_its_id(shop):
    first = shop.send(shop.things(3))
    as_if_killed(first.journal, rows=[3])
    report = shop.resume(first)
    assert report.counts == {Status.CREATED: 3}
    assert len(shop.posts()) == 3
    ids = {each["sku"]: each["item_id"] for each in shop.sandbox.records("items")}
    with Journal.open(first.journal) as journal:
        assert dict(journal.outcomes())[3].zb_id == ids["K-1"]


def as_if_killed(path, *, rows):
    """Leave *rows* as a kill does between a request and its answer."""
    link = sqlite3.connect(path)
    with link:
        for row in rows:
            link.execute("UPDATE rows SET status = 'sending', zb_id = '' WHERE row = ?", (row,))
    link.close()


def test_status_calls_that_a_kill_prevented_are_made(shop):
    sheet = shop.sheet("No,Item,Price", "A,Pen,1", "B,Ink,2", "A,Nib,3")
    first = shop.send(sheet, SENT)
    as_if_killed(first.journal, rows=[3])
    link = sqlite3.connect(first.journal)
    with link:
        link.execute("DELETE FROM status_calls WHERE row = 3")
    link.close()
    calls = len(shop.sandbox.requests())
    report = shop.resume(first)
    assert report.counts == {Status.CREATED: 3}
    made = [(each.method, each.path.rsplit("/", 1)[1]) for each in shop.sandbox.requests()[calls:]]
    assert ("POST", "sent") in made
    assert ("POST", "invoices") not in made
    with Journal.open(first.journal) as journal:
        assert journal.status_calls(3) == {"mark_sent": "done"}


def test_retry_sends_only_what_zoho_refused(shop):
    shop.sandbox.add_fault("answer:1002:at=2:method=POST:path=/items")
    first = shop.send(shop.things(4))
    assert first.counts == {Status.CREATED: 3, Status.FAILED: 1}
    assert shop.resume(first).counts == first.counts
    report = shop.resume(first, again=[Status.FAILED])
    assert report.counts == {Status.CREATED: 4}
    assert len(shop.posts()) == 5


def test_another_run_of_the_same_file_leaves_what_is_in_doubt_to_the_first(shop):
    first = shop.send(shop.things(3))
    as_if_killed(first.journal, rows=[3])
    second = shop.send(shop.things(3))
    assert second.counts == {Status.SKIPPED: 2, Status.REJECTED: 1}
    with Journal.open(second.journal) as journal:
        told = dict(journal.outcomes())[3]
    assert told.code == "ZB326"
    assert f"zbbulk resume {first.journal.parent.name}" in told.fix


def test_what_another_run_created_meanwhile_is_not_sent_by_the_first(shop, monkeypatch):
    with monkeypatch.context() as patch:
        stop_after(2, patch)
        first = shop.send(shop.things(6))
    assert shop.send(shop.things(6)).counts == {Status.CREATED: 4, Status.SKIPPED: 2}
    report = shop.resume(first)
    assert report.counts == {Status.CREATED: 2, Status.SKIPPED: 4}
    assert len(shop.posts()) == 6


def test_a_folder_that_was_carried_elsewhere_is_gone_on_with(shop, monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        stop_after(2, patch)
        first = shop.send(shop.things(6))
    elsewhere = tmp_path / "elsewhere" / first.journal.parent.name
    shutil.move(first.journal.parent, elsewhere)
    for left in (tmp_path / "sheet.csv", tmp_path / "mapping.yml"):
        left.unlink()
    report = resume_run(elsewhere, target=shop.target, runs=elsewhere.parent)
    assert report.counts == {Status.CREATED: 6}


def test_a_second_sheet_is_read_from_its_copy(shop, monkeypatch):
    persons = shop.sheet("Code,Last", "C-1,Ng", "C-2,Ode", name="persons.csv")
    sheet = shop.sheet("Party,Code", "One,C-1", "Two,C-2")
    mapping = (
        "zbbulk: 1\nresource: contacts\nsource:\n  main: {}\n  people: {file: persons.csv}\n"
        "fields:\n  contact_name: Party\n  contact_persons:\n    rows_from: people\n"
        "    where: {Code: Code}\n    each_row: {last_name: Last}\n"
    )
    with monkeypatch.context() as patch:
        stop_after(1, patch)
        first = shop.send(sheet, mapping)
    persons.unlink()
    report = shop.resume(first)
    assert report.counts == {Status.CREATED: 2}
    made = {
        each["contact_name"]: each["contact_persons"] for each in shop.sandbox.records("contacts")
    }
    assert [made[name][0]["last_name"] for name in ("One", "Two")] == ["Ng", "Ode"]


def test_what_it_looks_up_must_still_be_the_same(shop, monkeypatch):
    mapping = ITEMS.replace(
        "rate: Price", "rate: Price, account_id: {column: Account, find_by: account_name}"
    )
    sheet = shop.sheet("Item,Code,Price,Account", "A,1,1,Sales", "B,2,2,Sales")
    with monkeypatch.context() as patch:
        stop_after(1, patch)
        first = shop.send(sheet, mapping)
    link = sqlite3.connect(first.journal)
    with link:
        link.execute("UPDATE rows SET record_hash = 'other' WHERE status = 'pending'")
    link.close()
    report = shop.resume(first)
    assert report.counts == {Status.CREATED: 1, Status.REJECTED: 1}
    with Journal.open(first.journal) as journal:
        assert [each.code for _, each in journal.outcomes()] == ["", "ZB505"]


class TestRefused:
    """What keeps a run from being gone on with, told by its code."""

    @pytest.fixture
    def first(self, shop):
        return shop.send(shop.things(2))

    def refused(self, shop, first, code):
        before = len(shop.sandbox.requests())
        with pytest.raises((UsageError, ResultError)) as caught:
            shop.resume(first)
        assert caught.value.code == code
        assert len(shop.sandbox.requests()) == before
        return str(caught.value)

    @pytest.mark.parametrize("name", ["input.csv", "mapping.yml"])
    def test_a_copy_that_was_changed(self, shop, first, name):
        copy = first.journal.parent / name
        copy.write_text(copy.read_text() + "\n")
        assert str(copy) in self.refused(shop, first, "ZB515")

    def test_a_copy_that_is_gone(self, shop, first):
        (first.journal.parent / "input.csv").unlink()
        self.refused(shop, first, "ZB515")

    def test_another_process_at_work(self, shop, first):
        with find_run(shop.runs, first.journal.parent.name).locked():
            self.refused(shop, first, "ZB513")

    def test_another_organization(self, shop, first):
        with Sandbox(None) as other:
            target = sandbox_target(other)
            with pytest.raises(UsageError) as caught:
                resume_run(first.journal.parent, target=target, runs=shop.runs)
        assert caught.value.code == "ZB516"
        assert target.organization_id in str(caught.value)

    def test_a_journal_of_a_newer_version(self, shop, first):
        link = sqlite3.connect(first.journal)
        link.execute("PRAGMA user_version = 99")
        link.close()
        assert "version 99" in self.refused(shop, first, "ZB502")
        assert run_summary(find_run(shop.runs, "last")).ending == "unreadable"

    def test_a_run_that_is_not_there(self, shop, first):
        with pytest.raises(UsageError) as caught:
            find_run(shop.runs, "yesterday")
        assert caught.value.code == "ZB514"
        assert first.journal.parent.name in caught.value.fix


def test_runs_are_listed_with_how_they_stand_and_what_is_next(shop, monkeypatch):
    whole = shop.send(shop.things(2))
    with monkeypatch.context() as patch:
        stop_after(1, patch)
        broken = shop.send(shop.sheet("Item,Code,Price", "A,1,1", "B,2,2"))
    newest, oldest = known_runs(shop.runs)
    assert (newest.path, oldest.path) == (broken.journal.parent, whole.journal.parent)
    assert newest.counts == {Status.READY: 1, Status.CREATED: 1}
    assert newest.next_step == f"zbbulk resume {newest.name}"
    assert (oldest.ending, oldest.next_step) == ("done", "nothing is left to do")
    assert find_run(shop.runs, "last").path == newest.path
