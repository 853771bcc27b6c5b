"""Keys of the old system, and what every import leaves in the crosswalk."""

import sqlite3

import pytest

from zbbulk.jobs.check_job import check_file
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.resume_job import resume_run
from zbbulk.jobs.target import sandbox_target
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox

CONTACTS = """\
zbbulk: 1
resource: contacts
legacy_key: {template: "customer {No}"}
fields: {contact_name: Name}
"""
INVOICES = """\
zbbulk: 1
resource: invoices
group_rows_by: [Order]
legacy_key: Order
fields:
  customer_id: {find_by: legacy_key, template: "customer {No}"}
  invoice_number: Order
  line_items:
    each_row: {name: Item, rate: Price}
"""
ORDERS = "Order,No,Item,Price\n"


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=600) as running:
        yield running


@pytest.fixture
def books(tmp_path, sandbox):
    class Books:
        runs = tmp_path / "runs"

        def send(self, rows, mapping, **more):
            sheet, rules = self.files(rows, mapping)
            return import_file(sheet, rules, target=sandbox_target(sandbox), runs=self.runs, **more)

        def files(self, rows, mapping):
            sheet, rules = tmp_path / "sheet.csv", tmp_path / "mapping.yml"
            sheet.write_text(rows, encoding="utf-8")
            rules.write_text(mapping, encoding="utf-8")
            return sheet, rules

        def crosswalk(self):
            return Crosswalk.open(crosswalk_path(self.runs, sandbox.organization_id))

    return Books()


def told(report):
    return [(each.code, each.at.row, each.at.column) for each in report.problems]


def ids(sandbox, name, field):
    return {each[field]: each[f"{name[:-1]}_id"] for each in sandbox.records(name)}


def test_what_was_created_is_found_by_its_key_without_a_call(books, sandbox):
    sent = books.send("No,Name\n1,Acme\n2,Globex\n", CONTACTS)
    assert sent.counts == {Status.CREATED: 2}
    report = books.send(ORDERS + "I-1,2,Pen,1\nI-1,2,Ink,2\nI-2,1,Pen,3\n", INVOICES)
    assert report.counts == {Status.CREATED: 3}
    assert report.calls == 2
    names = ids(sandbox, "contacts", "contact_name")
    made = {each["invoice_number"]: each["customer_id"] for each in sandbox.records("invoices")}
    assert made == {"I-1": names["Globex"], "I-2": names["Acme"]}
    with books.crosswalk() as crosswalk:
        numbers = ids(sandbox, "invoices", "invoice_number")
        assert crosswalk.ids("invoices", "legacy_key") == {
            "i-1": [numbers["I-1"]],
            "i-2": [numbers["I-2"]],
        }
        assert crosswalk.find("contacts", "contact_name", "acme") == [names["Acme"]]


def test_an_unknown_key_is_refused_at_its_cell(books):
    report = books.send(ORDERS + "I-1,9,Pen,1\n", INVOICES).check
    assert told(report) == [("ZB313", 2, "No")]
    assert "No legacy_key of contacts is 'customer 9'" in report.problems[0].message
    assert "import the record first" in report.problems[0].fix


def test_a_key_that_stands_twice_is_refused_whatever_its_case(books):
    report = books.send("No,Name\na,Acme\nA ,Globex\n", CONTACTS)
    assert told(report.check) == [("ZB307", 3, "No")]
    assert report.counts == {Status.CREATED: 1, Status.REJECTED: 1}


def test_a_key_of_two_documents_is_refused_and_the_rows_of_one_share_it(books):
    books.send("No,Name\n1,Acme\n", CONTACTS)
    mapping = INVOICES.replace("legacy_key: Order", "legacy_key: Item")
    report = books.send(ORDERS + "I-1,1,Pen,1\nI-1,1,Ink,1\nI-2,1,Pen,1\n", mapping)
    assert told(report.check) == [("ZB307", 4, "Item")]


def test_a_record_that_is_created_anew_takes_its_key_over(books, sandbox):
    books.send("No,Name\n1,Acme\n", CONTACTS)
    books.send("No,Name\n1,Acme and Sons\n", CONTACTS)
    with books.crosswalk() as crosswalk:
        names = ids(sandbox, "contacts", "contact_name")
        assert crosswalk.find("contacts", "legacy_key", "customer 1") == [names["Acme and Sons"]]


def test_what_the_crosswalk_lost_is_put_in_again_when_a_run_is_gone_on_with(books, sandbox):
    sent = books.send("No,Name\n1,Acme\n2,Globex\n", CONTACTS)
    path = crosswalk_path(books.runs, sandbox.organization_id)
    with sqlite3.connect(path) as link:
        link.execute("DELETE FROM ids")
    link.close()
    resume_run(sent.journal.parent, target=sandbox_target(sandbox), runs=books.runs)
    with books.crosswalk() as crosswalk:
        assert crosswalk.texts("contacts", "legacy_key") == ["customer 1", "customer 2"]


def test_what_is_skipped_because_it_is_there_is_found_by_its_key(books, sandbox):
    books.send("No,Name\n1,Acme\n", CONTACTS.replace('"customer {No}"', '"old {No}"'))
    report = books.send("No,Name\n1,Acme\n", CONTACTS)
    assert report.counts == {Status.SKIPPED: 1}
    with books.crosswalk() as crosswalk:
        names = ids(sandbox, "contacts", "contact_name")
        assert crosswalk.find("contacts", "legacy_key", "customer 1") == [names["Acme"]]


def test_a_check_without_an_organization_says_that_it_did_not_look(books, tmp_path):
    sheet, rules = books.files(ORDERS + "I-1,9,Pen,1\n", INVOICES)
    report = check_file(sheet, rules, runs=tmp_path / "none")
    assert (report.ready, report.looked_up.unchecked) == (1, ("contacts",))


def test_a_name_in_the_crosswalk_counts_only_while_the_list_has_the_record(books, sandbox):
    books.send("No,Name\n1,Acme\n", CONTACTS)
    by_name = INVOICES.replace(
        '{find_by: legacy_key, template: "customer {No}"}', "{find_by: contact_name, column: No}"
    )
    with books.crosswalk() as crosswalk:
        names = ids(sandbox, "contacts", "contact_name")
        crosswalk.add("contacts", {"contact_name": "Old Acme"}, names["Acme"], "r")
        crosswalk.add("contacts", {"contact_name": "Gone"}, "46", "r")
    report = books.send(ORDERS + "I-1,Old Acme,Pen,1\nI-2,Gone,Pen,1\n", by_name)
    assert told(report.check) == [("ZB313", 3, "No")]
    assert report.counts == {Status.CREATED: 1, Status.REJECTED: 1}
