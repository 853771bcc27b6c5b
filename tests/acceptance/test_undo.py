"""After an undo the sandbox is as it was before, but for what the preview said it would keep."""

import sqlite3
from decimal import Decimal

import pytest
import yaml

from zbbulk.assets import asset_path, read_asset
from zbbulk.errors import ExitCode, UsageError
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.prepare import find_mapping
from zbbulk.jobs.target import sandbox_edition, sandbox_target
from zbbulk.jobs.undo_job import undo_run
from zbbulk.jobs.undo_plan import Way
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.journal.journal import Journal
from zbbulk.model import Status
from zbbulk.resources import resources
from zbbulk.sandbox import Sandbox

TOUCHED = ("last_modified_time", "last_payment_date")
"""What an undo does not put back: Zoho Books writes it."""

CASES = yaml.safe_load(read_asset("samples", "expect.yml"))
ITEMS = """\
zbbulk: 1
resource: items
key: {fields: [sku], on_match: update}
fields: {name: Item, sku: Code, rate: Price}
"""
PAYMENTS = """\
zbbulk: 1
resource: customerpayments
source: {dates: yyyy-mm-dd}
fields:
  customer_id: {value: "4600000000000200001"}
  payment_mode: {value: cash}
  date: Date
  amount: Amount
"""


def everything(sandbox):
    """Return all records of a sandbox by resource and id, times of change left out."""
    found = {}
    for name, facts in resources().items():
        if facts.id_field:
            for record in sandbox.records(name):
                kept = {k: plain(v) for k, v in record.items() if k not in TOUCHED}
                found[name, str(record[facts.id_field])] = kept
    return found


def plain(value):
    """Return a number without the zeros behind its point, anything else as it is."""
    is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    return Decimal(value).normalize() if is_number else value


class Desk:
    """One sandbox, one folder of runs."""

    def __init__(self, folder, sandbox):
        self.folder, self.sandbox, self.runs = folder, sandbox, folder / "runs"
        self.target = sandbox_target(sandbox)

    def send(self, mapping, *lines, name="sheet.csv"):
        sheet, rules = self.folder / name, self.folder / "m.yml"
        sheet.write_text("\n".join([*lines, ""]))
        rules.write_text(mapping)
        return import_file(sheet, rules, target=self.target, runs=self.runs)

    def undo(self, report, **more):
        return undo_run(report.journal.parent, target=self.target, runs=self.runs, **more)

    def rates(self):
        return {each["sku"]: each["rate"] for each in self.sandbox.records("items")}


@pytest.fixture
def desk(tmp_path):
    with Sandbox(None, speed=6000, seed=7, has_examples=True, per_minute=0) as sandbox:
        yield Desk(tmp_path, sandbox)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_undo_of_every_sample_leaves_the_books_as_they_were(case, tmp_path):
    mapping = find_mapping(case["mapping"])
    edition = sandbox_edition(mapping, edition=None)
    with Sandbox(None, speed=6000, has_examples=True, edition=edition, per_minute=0) as sandbox:
        target = sandbox_target(sandbox)
        before = everything(sandbox)
        report = import_file(
            asset_path("samples", case["file"]), mapping, target=target, runs=tmp_path
        )
        undone = undo_run(report.journal.parent, target=target, runs=tmp_path)
        after = everything(sandbox)
        if undone.preview.stays or undone.refused:
            assert undone.exit_code is ExitCode.SOME_ROWS
            assert (set(undone.preview.counts), undone.refused) == ({Way.CANNOT}, {})
            assert case["mapping"] == "bankstatements"
        else:
            assert after == before
            assert report.counts.get(Status.CREATED, 0) == undone.counts.get(Status.UNDONE, 0)


def test_after_it_the_same_file_imports_again(desk):
    first = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2")
    undone = desk.undo(first)
    assert undone.done == {"delete": 2}
    assert undone.counts == {Status.UNDONE: 2}
    again = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2")
    assert again.counts == {Status.CREATED: 2}


def test_updates_get_their_old_values_back_digit_for_digit(desk):
    desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1.10", "Ink,K-2,2")
    before = desk.rates()
    report = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,9.99", "Nib,K-3,3")
    assert report.counts == {Status.UPDATED: 1, Status.CREATED: 1}
    undone = desk.undo(report)
    assert undone.done == {"restore": 1, "delete": 1}
    assert desk.rates() == before
    assert str(desk.rates()["K-1"]) == "1.10"


def test_a_record_that_somebody_changed_since_is_kept_and_named(desk):
    first = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2")
    desk.sandbox.skip(60)
    desk.send(ITEMS, "Item,Code,Price", "Ink,K-2,77", name="other.csv")
    undone = desk.undo(first)
    assert undone.preview.stays == {"somebody has changed it since": [3]}
    assert undone.done == {"delete": 1}
    assert desk.rates()["K-2"] == Decimal(77)
    assert undone.exit_code is ExitCode.SOME_ROWS


def test_the_preview_changes_nothing(desk):
    first = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1")
    seen = []
    with pytest.raises(UsageError):
        desk.undo(first, agreed=lambda preview: seen.append(preview) or False)
    assert seen[0].counts == {Way.TAKE_BACK: 1}
    assert "K-1" in desk.rates()


def test_payments_are_deleted_many_in_one_call(desk):
    first = desk.send(PAYMENTS, "Date,Amount", *(f"2026-04-{day:02d},5" for day in range(1, 29)))
    assert first.counts == {Status.CREATED: 28}
    undone = desk.undo(first)
    assert undone.preview.calls == 1
    assert undone.done == {"delete": 28}
    deletes = [each for each in desk.sandbox.requests() if each.method == "DELETE"]
    assert len(deletes) == 1


def test_what_may_not_be_deleted_is_voided(desk):
    mapping = (
        "zbbulk: 1\nresource: invoices\nafter_create: [mark_sent]\nfields:\n"
        "  customer_id: {value: '4600000000000200001'}\n  invoice_number: No\n"
        "  line_items: [{name: Item, rate: Price}]\n"
    )
    first = desk.send(mapping, "No,Item,Price", "A-1,Pen,5", "A-2,Ink,6")
    desk.sandbox.add_fault("answer:36023:count=1:method=DELETE")
    undone = desk.undo(first)
    assert undone.done == {"void": 1, "delete": 1}
    left = {each["invoice_number"]: each["status"] for each in desk.sandbox.records("invoices")}
    assert left["A-2"] == "void"
    assert "A-1" not in left


def test_what_zoho_refuses_stays_created_with_its_words(desk):
    first = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1")
    desk.sandbox.add_fault("answer:1002:count=1:method=DELETE")
    desk.sandbox.add_fault("answer:1002:count=1:method=POST:path=/items")
    undone = desk.undo(first)
    assert list(undone.refused.values()) == [[2]]
    assert undone.counts == {Status.CREATED: 1}
    assert desk.undo(first).done == {"delete": 1}


@pytest.mark.parametrize("fault", ["cut-after", "cut-before", "500-after"])
def test_a_lost_answer_is_asked_for_again(desk, fault):
    first = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2")
    desk.sandbox.add_fault(f"{fault}:count=1:method=DELETE")
    undone = desk.undo(first)
    assert undone.done == {"delete": 2}
    assert undone.exit_code is ExitCode.FINE


def test_an_undo_that_was_broken_off_is_gone_on_with(desk):
    first = desk.send(ITEMS, "Item,Code,Price", *(f"T {n},K-{n},{n}" for n in range(9)))

    def impatient(steps, *, label, total=None, weigh=None):
        for number, step in enumerate(steps):
            if label == "undoing" and number == 4:
                raise KeyboardInterrupt
            yield step

    half = desk.undo(first, progress=impatient)
    assert half.stopped.code == "ZB414"
    assert half.exit_code is ExitCode.STOPPED
    assert half.counts == {Status.CREATED: 5, Status.UNDONE: 4}
    rest = desk.undo(first)
    assert rest.done == {"delete": 5}
    assert rest.counts == {Status.UNDONE: 9}


def test_a_delete_that_a_kill_left_unwritten_counts_as_done(desk):
    first = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2")
    desk.undo(first)
    link = sqlite3.connect(first.journal)
    with link:
        link.execute("UPDATE rows SET status = 'created' WHERE row = 3")
    link.close()
    again = desk.undo(first)
    assert again.done == {"gone already": 1}
    assert again.counts == {Status.UNDONE: 2}


def test_records_that_rows_named_are_taken_back_too_and_forgotten(desk):
    mapping = (
        "zbbulk: 1\nresource: invoices\nfields:\n"
        "  customer_id: {column: Customer, find_by: contact_name, if_missing: create}\n"
        "  invoice_number: No\n  line_items: [{name: Item, rate: Price}]\n"
    )
    before = everything(desk.sandbox)
    first = desk.send(mapping, "Customer,No,Item,Price", "Newcomer,A-1,Pen,5")
    undone = desk.undo(first)
    assert undone.done == {"delete": 2}
    assert everything(desk.sandbox) == before
    with Crosswalk.open(crosswalk_path(desk.runs, desk.sandbox.organization_id)) as crosswalk:
        assert crosswalk.find("contacts", "contact_name", "Newcomer") == []


def test_what_is_in_doubt_is_left_alone_and_told(desk):
    first = desk.send(ITEMS, "Item,Code,Price", "Pen,K-1,1", "Ink,K-2,2")
    link = sqlite3.connect(first.journal)
    with link:
        link.execute("UPDATE rows SET status = 'sending', zb_id = '' WHERE row = 3")
    link.close()
    undone = desk.undo(first)
    assert undone.preview.stays == {"its answer was lost: resume the run first": [3]}
    assert undone.done == {"delete": 1}
    with Journal.open(first.journal) as journal:
        assert dict(journal.outcomes())[3].status is Status.SENDING
