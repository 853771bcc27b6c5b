"""A plan says what an import would do; applied, it does exactly that or nothing."""

import json
from decimal import Decimal

import pytest

from zbbulk.errors import ExitCode, UsageError
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.plan_job import apply_plan, plan_file
from zbbulk.jobs.resume_job import resume_run
from zbbulk.jobs.saved_plan import SavedPlan
from zbbulk.jobs.target import sandbox_target
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox

ITEMS = """\
zbbulk: 1
resource: items
key: {fields: [sku], on_match: update}
fields: {name: Item, sku: Code, rate: Price}
"""
INVOICES = """\
zbbulk: 1
resource: invoices
source: {dates: yyyy-mm-dd}
group_rows_by: [No]
fields:
  customer_id: {value: "4600000000000200001"}
  invoice_number: No
  date: Date
  line_items: {each_row: {name: Item, quantity: Qty, rate: Price}}
after_create: [mark_sent]
"""


class Desk:
    """One sandbox, a sheet, a mapping and a folder of runs."""

    def __init__(self, folder, sandbox):
        self.folder, self.sandbox = folder, sandbox
        self.runs, self.plan = folder / "runs", folder / "plan.json"
        self.sheet, self.mapping = folder / "sheet.csv", folder / "mapping.yml"
        self.mapping.write_text(ITEMS)
        self.target = sandbox_target(sandbox)

    def write(self, *lines):
        self.sheet.write_text("\n".join([*lines, ""]))

    def send(self, **more):
        return import_file(self.sheet, self.mapping, target=self.target, runs=self.runs, **more)

    def planned(self, **more):
        chosen = {"target": self.target, "runs": self.runs, "save": self.plan, **more}
        return plan_file(self.sheet, self.mapping, **chosen)

    def apply(self):
        return apply_plan(SavedPlan.read(self.plan), target=self.target, runs=self.runs)

    def writes(self):
        return [
            each
            for each in self.sandbox.requests()
            if each.method != "GET" and "oauth" not in each.path
        ]

    def refused(self, code="ZB518"):
        before = len(self.writes())
        with pytest.raises(UsageError) as caught:
            self.apply()
        assert caught.value.code == code
        assert len(self.writes()) == before
        return caught.value.message


@pytest.fixture
def desk(tmp_path):
    with Sandbox(None, speed=6000, seed=7, has_examples=True) as sandbox:
        desk = Desk(tmp_path, sandbox)
        desk.write("Item,Code,Price", "Old,K-1,1", "Same,K-2,2")
        desk.send()
        desk.write("Item,Code,Price", "Old,K-1,1.50", "New,K-3,3", "Bad,K-4,x", "Other,K-5,5")
        yield desk


def test_a_plan_tells_what_is_created_and_updated_and_sends_nothing(desk):
    before = len(desk.writes())
    report = desk.planned()
    assert len(desk.writes()) == before
    assert report.check.plan.records == {"create": 2, "update": 1}
    assert report.check.plan.calls == {"create": 2, "update": 1}  # the list shows the old values
    assert report.exit_code is ExitCode.SOME_ROWS
    assert report.quota.limit == 5000
    assert json.loads(desk.plan.read_text())["plan"]["records"] == {"create": 2, "update": 1}


def test_applied_it_does_exactly_that(desk):
    desk.planned()
    report = desk.apply()
    assert report.counts == {Status.CREATED: 2, Status.UPDATED: 1, Status.REJECTED: 1}
    rates = {each["sku"]: each["rate"] for each in desk.sandbox.records("items")}
    assert (rates["K-1"], rates["K-3"]) == (Decimal("1.50"), Decimal(3))


@pytest.mark.parametrize("name", ["sheet", "mapping"])
def test_a_file_that_was_changed_is_told(desk, name):
    desk.planned()
    path = getattr(desk, name)
    path.write_text(path.read_text() + "\n")
    assert f"{path} was changed since the plan was made" in desk.refused()


def test_another_organization_is_told(desk, tmp_path):
    desk.planned()
    with Sandbox(None) as other:
        desk.target = sandbox_target(other)
        assert other.organization_id in desk.refused("ZB516")


def test_a_record_that_appeared_is_told_by_its_row(desk):
    desk.planned()
    sheet = desk.sheet.read_text()
    desk.write("Item,Code,Price", "New,K-3,9")
    desk.send()
    desk.sheet.write_text(sheet)
    message = desk.refused()
    assert "row 3 was to create, and would update 460" in message
    assert "row 2" not in message


def test_a_record_that_was_changed_meanwhile_is_told(desk):
    desk.planned()
    sheet = desk.sheet.read_text()
    desk.write("Item,Code,Price", "Old,K-1,77")
    desk.send()
    desk.sheet.write_text(sheet)
    assert "row 2 would take the place of other values now: the record 460" in desk.refused()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"zbbulk_plan": 99}', "{"])
def test_what_is_no_plan_is_refused(tmp_path, text):
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        SavedPlan.read(path)
    assert caught.value.code == "ZB517"


def test_calls_days_and_totals(desk):
    desk.mapping.write_text(INVOICES)
    rows = [f"A-{n},2026-0{1 + n % 2}-15,Pen,2,1.25" for n in range(300)]
    desk.write("No,Date,Item,Qty,Price", *rows, "A-0,2026-01-15,Ink,1,0.50")
    report = desk.planned(reserve=4900)
    plan = report.check.plan
    assert plan.calls == {"create": 300, "mark_sent": 300}
    january, february = plan.totals
    assert january == ("2026-01", "", 150, Decimal("375.50"))
    assert february == ("2026-02", "", 150, Decimal("375.00"))
    assert report.minutes == 5
    left = report.quota.remaining - 4900
    assert [day.calls for day in report.days] == [left, *[100] * 5, 600 - left - 500]
    assert all(a.day < b.day for a, b in zip(report.days, report.days[1:], strict=False))


def test_a_trial_sends_one_of_each_kind_and_the_rest_when_told_so(desk):
    desk.mapping.write_text(ITEMS.replace("rate: Price", "rate: Price, description: Note"))
    things = [f"T {n},T-{n},1,{'note' if n == 7 else ''}" for n in range(10)]
    desk.write("Item,Code,Price,Note", *things)
    tried = desk.send(trial=2)
    assert tried.counts == {Status.CREATED: 2, Status.READY: 8}
    made = {each["sku"] for each in desk.sandbox.records("items")}
    assert {"T-0", "T-7"} <= made
    assert tried.exit_code is ExitCode.SOME_ROWS
    rest = resume_run(tried.journal.parent, target=desk.target, runs=desk.runs)
    assert rest.counts == {Status.CREATED: 10}


def test_a_trial_that_is_told_to_go_on_ends_in_one_run(desk):
    desk.write("Item,Code,Price", *(f"T {n},T-{n},1" for n in range(10)))
    seen = []
    report = desk.send(trial=3, goes_on=lambda tried: seen.append(tried.counts) or True)
    assert seen == [{Status.READY: 7, Status.CREATED: 3}]
    assert report.counts == {Status.CREATED: 10}
