"""Ids looked up by name, against a real sandbox over a real socket."""

import csv
import json

import pytest

from zbbulk.errors import ZohoError
from zbbulk.jobs.check_job import check_file
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.lookups import lists_path
from zbbulk.jobs.target import sandbox_target
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.journal.journal import Journal
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox

HEADER = "Customer,No,Code,Qty,Rate\n"
CONTACTS = """\
zbbulk: 1
resource: contacts
fields: {contact_name: Name, contact_type: Type}
"""


def invoices(customer="", item=""):
    return f"""\
zbbulk: 1
resource: invoices
fields:
  customer_id: {{find_by: contact_name, column: Customer{customer}}}
  invoice_number: No
  line_items:
    - item_id: {{find_by: sku, column: Code{item}}}
      quantity: Qty
      rate: Rate
"""


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=600, has_examples=True) as running:
        yield running


@pytest.fixture
def books(tmp_path, sandbox):
    """Check or import rows of invoices by a mapping; and import contacts."""

    class Books:
        runs = tmp_path / "runs"

        def files(self, rows, mapping):
            sheet, rules = tmp_path / "sheet.csv", tmp_path / "mapping.yml"
            sheet.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
            rules.write_text(mapping, encoding="utf-8")
            return sheet, rules

        def check(self, *rows, mapping=None, online=True):
            sheet, rules = self.files(rows, mapping or invoices())
            target = sandbox_target(sandbox) if online else None
            return check_file(sheet, rules, runs=self.runs, target=target)

        def send(self, *rows, mapping=None):
            sheet, rules = self.files(rows, mapping or invoices())
            return import_file(sheet, rules, target=sandbox_target(sandbox), runs=self.runs)

        def contacts(self, *rows):
            sheet, rules = tmp_path / "contacts.csv", tmp_path / "contacts.yml"
            sheet.write_text("Name,Type\n" + "\n".join(rows), encoding="utf-8")
            rules.write_text(CONTACTS, encoding="utf-8")
            report = import_file(sheet, rules, target=sandbox_target(sandbox), runs=self.runs)
            assert report.counts == {Status.CREATED: len(rows)}

    return Books()


def told(report):
    return [(each.code, each.at.row, each.at.column) for each in report.problems]


def listed(sandbox, path):
    return [
        each for each in sandbox.requests() if each.method == "GET" and each.path.endswith(path)
    ]


def test_names_become_ids_whatever_their_case_and_spaces(books, sandbox):
    report = books.send("  harbour   BOOKS ,I-1,lamp-1,1,39")
    assert report.counts == {Status.CREATED: 1}
    (made,) = [each for each in sandbox.records("invoices") if each["invoice_number"] == "I-1"]
    assert made["customer_id"] == "4600000000000200002"
    assert made["line_items"][0]["item_id"] == "4600000000000310002"


def test_a_text_that_nothing_has_is_refused_at_its_cell_and_told_once(books):
    report = books.check(
        "Harbor Books,I-1,LAMP-1,1,1", "Old Mill Cafe,I-2,X99,1,1", "Harbor Books,I-3,LAMP-1,1,1"
    )
    assert told(report) == [
        ("ZB313", 2, "Customer"),
        ("ZB313", 3, "Code"),
        ("ZB313", 4, "Customer"),
    ]
    assert [(each.text, each.rows, each.nearest) for each in report.missing] == [
        ("Harbor Books", 2, "Harbour Books"),
        ("X99", 1, ""),
    ]
    assert "Did you mean 'Harbour Books'?" in report.problems[0].fix


def test_a_text_that_two_records_have_is_refused_with_their_ids(books, sandbox):
    ids = same_sku(sandbox)
    report = books.check("Harbour Books,I-1,TWICE,1,1")
    assert told(report) == [("ZB314", 2, "Code")]
    assert all(zb_id in report.problems[0].message for zb_id in ids)


def same_sku(sandbox, *, first_status="active"):
    """Let two items have the sku TWICE, as books may that are older than the rule; return ids."""
    store = sandbox._parts.books
    ids = ["4600000000000310001", "4600000000000310003"]
    for zb_id, status in zip(ids, (first_status, "active"), strict=True):
        store.find("items", zb_id).update(sku="TWICE", status=status)
    return ids


def test_first_active_passes_over_an_inactive_record(books, sandbox):
    _, second = same_sku(sandbox, first_status="inactive")
    mapping = invoices(item=", if_many: first_active")
    assert books.send("Harbour Books,I-1,TWICE,1,1", mapping=mapping).counts == {Status.CREATED: 1}
    (made,) = [each for each in sandbox.records("invoices") if each["invoice_number"] == "I-1"]
    assert made["line_items"][0]["item_id"] == second


def test_where_tells_a_customer_from_a_vendor(books):
    rows = ("Paper and Ink Wholesale,I-1,LAMP-1,1,1",)
    assert books.check(*rows).ready == 1
    report = books.check(*rows, mapping=invoices(customer=", where: {contact_type: customer}"))
    assert told(report) == [("ZB313", 2, "Customer")]


def test_450_contacts_are_three_calls_and_no_call_is_made_for_a_row(books, sandbox):
    books.contacts(*(f"Customer {number},customer" for number in range(444)))
    before = len(sandbox.requests())
    report = books.send(*(f"Customer {n},I-{n},LAMP-1,1,1" for n in range(0, 444, 40)))
    assert report.check.looked_up.calls == {"contacts": 3, "items": 1}
    assert report.counts == {Status.CREATED: 12}
    assert report.calls == 3 + 1 + 12
    made = [each for each in sandbox.requests()[before:] if "oauth" not in each.path]
    assert len(made) == 3 + 1 + 12


def test_without_an_organization_a_lookup_is_not_checked_and_that_is_told(books):
    report = books.check("Nobody,I-1,NONE,1,1", online=False)
    assert report.ready == 1
    assert report.depth == 2
    assert report.looked_up.unchecked == ("contacts", "items")
    assert report.to_json()["depth"] == {"level": 2, "of": 4, "name": "document"}


def test_offline_the_lists_of_the_last_run_are_used(books, sandbox):
    assert books.check("Harbour Books,I-1,LAMP-1,1,1").depth == 3
    asked = len(sandbox.requests())
    report = books.check("Harbour Books,I-1,LAMP-1,1,1", "Nobody,I-2,LAMP-1,1,1", online=False)
    assert told(report) == [("ZB313", 3, "Customer")]
    assert report.depth == 3
    assert set(report.looked_up.kept) == {"contacts", "items"}
    assert len(sandbox.requests()) == asked


def test_offline_the_crosswalk_knows_what_was_created(books, sandbox):
    books.check("Harbour Books,I-1,LAMP-1,1,1")
    with Crosswalk.open(crosswalk_path(books.runs, sandbox.organization_id)) as crosswalk:
        crosswalk.add("items", {"sku": "NEW-1"}, "77", "a run")
    assert books.check("Harbour Books,I-1,new-1,1,1", online=False).ready == 1


def test_a_list_that_broke_off_is_not_kept(books, sandbox, tmp_path):
    with Sandbox(None, speed=600, has_examples=True, faults=["500-before:path=/items"]) as broken:
        sheet, rules = books.files(["Harbour Books,I-1,LAMP-1,1,1"], invoices())
        with pytest.raises(ZohoError) as caught:
            check_file(sheet, rules, runs=books.runs, target=sandbox_target(broken))
        assert caught.value.code == "ZB410"
        report = check_file(sheet, rules, runs=books.runs, organization_id=broken.organization_id)
        assert set(report.looked_up.kept) == {"contacts"}
        assert report.looked_up.unchecked == ("items",)
        assert lists_path(books.runs, broken.organization_id).is_file()


def test_a_missing_record_is_created_once_before_the_rows_are_sent(books, sandbox):
    mapping = invoices(customer=", where: {contact_type: customer}, if_missing: create")
    rows = ["New Shop,I-1,LAMP-1,1,1", "new  shop,I-2,LAMP-1,1,1", "Never,I-3,NONE,1,1"]
    checked = books.check(*rows, mapping=mapping)
    assert checked.looked_up.new == {"contacts": 2}
    report = books.send(*rows, mapping=mapping)
    assert report.check.looked_up.new == {"contacts": 1}
    assert report.counts == {Status.CREATED: 2, Status.REJECTED: 1}
    (made,) = [each for each in sandbox.records("contacts") if each["contact_name"] == "New Shop"]
    assert made["contact_type"] == "customer"
    sent = [
        each for each in sandbox.records("invoices") if each["invoice_number"] in {"I-1", "I-2"}
    ]
    assert {each["customer_id"] for each in sent} == {made["contact_id"]}
    with Journal.open(report.journal) as journal:
        fact = journal.facts()["made contacts contact_name New Shop"]
    assert fact == f"created {made['contact_id']}"
    again = books.check("New Shop,I-9,LAMP-1,1,1", mapping=mapping, online=False)
    assert again.looked_up.new == {}


def test_when_a_missing_record_is_refused_no_row_is_sent(books, sandbox):
    before = len(sandbox.records("invoices"))
    mapping = invoices(customer=", where: {contact_type: vendor}, if_missing: create")
    with pytest.raises(ZohoError) as caught:
        books.send(
            "Harbour Books,I-1,LAMP-1,1,1",
            "City Power and Light,I-2,LAMP-1,1,1",
            mapping=mapping,
        )
    assert "3062" in caught.value.message
    assert caught.value.code == "ZB316"
    assert len(sandbox.records("invoices")) == before


def test_another_text_can_be_looked_up_instead(books, sandbox):
    mapping = invoices(customer=", if_missing: {use: Old Mill Cafe}")
    assert books.send("Walk-in,I-1,LAMP-1,1,1", mapping=mapping).counts == {Status.CREATED: 1}
    (made,) = [each for each in sandbox.records("invoices") if each["invoice_number"] == "I-1"]
    assert made["customer_id"] == "4600000000000200003"


def test_a_text_that_is_missing_can_be_left_out(books):
    report = books.check("Harbour Books,I-1,NONE,1,1", mapping=invoices(item=", if_missing: blank"))
    assert report.ready == 0
    assert [problem.code for problem in report.problems] == ["ZB301"]


def test_the_command_tells_calls_missing_texts_and_depth(books, run, tmp_path):
    sheet, rules = books.files(["Harbor Books,I-1,LAMP-1,1,1"], invoices())
    store = tmp_path / "store.sqlite"
    shown = run("check", sheet, "-m", rules, "--sandbox", "--store", store, "--runs", tmp_path)
    assert "lookups  contacts 1 call, items 1 call" in shown.out
    assert (
        "1 row says 'Harbor Books' (contact_name of contacts), nearest 'Harbour Books'" in shown.out
    )
    assert "depth    L3 of L4" in shown.out
    told = run("check", sheet, "-m", rules, "--runs", tmp_path / "no", "--format", "json")
    assert json.loads(told.out)["lookups"]["unchecked"] == ["contacts", "items"]
    told = run("check", sheet, "-m", rules, "--runs", tmp_path / "no")
    assert "L2 of L4: lookups not checked (no organization): contacts, items" in told.out
    both = run("check", sheet, "-m", rules, "--sandbox", "--online")
    assert both.code == 2


def test_the_result_file_tells_the_missing_text_beside_its_row(books):
    report = books.check("Harbor Books,I-1,LAMP-1,1,1")
    with report.result.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["zb_status"], row["zb_code"]) == ("rejected", "ZB313")
    assert "Harbour Books" in row["zb_fix"]


GST = """\
zbbulk: 1
resource: invoices
edition: in
fields:
  customer_id: {find_by: contact_name, column: Customer}
  invoice_number: No
  gst_treatment: {value: consumer}
  place_of_supply: Code
  line_items:
    - name: {value: Pen}
      quantity: Qty
      rate: {value: 1}
      tax_id: {find_by: gst_rate, column: Rate}
"""


@pytest.mark.parametrize(
    ("place", "rate", "tax"),
    [
        pytest.param("TN", "18", "GST18", id="within-the-state-it-is-a-group"),
        pytest.param("KA", "18%", "IGST18", id="to-another-state-it-is-igst"),
        pytest.param("tn", "5.00", "GST5", id="capitals-and-decimals-make-no-difference"),
    ],
)
def test_a_rate_of_gst_chooses_the_tax_by_the_place_of_supply(tmp_path, place, rate, tax):
    sheet, rules = tmp_path / "sheet.csv", tmp_path / "mapping.yml"
    sheet.write_text(f"{HEADER}Harbour Books,I-1,{place},1,{rate}\n", encoding="utf-8")
    rules.write_text(GST, encoding="utf-8")
    with Sandbox(None, speed=600, has_examples=True, edition="in") as india:
        target = sandbox_target(india)
        report = import_file(sheet, rules, target=target, runs=tmp_path / "runs")
        assert report.counts == {Status.CREATED: 1}, report.check.problems
        (made,) = [each for each in india.records("invoices") if each["invoice_number"] == "I-1"]
        assert made["line_items"][0]["tax_name"] == tax
        offline = check_file(sheet, rules, runs=tmp_path / "runs")
        assert (offline.ready, offline.depth) == (1, 3)


def test_without_the_state_of_the_organization_no_tax_is_guessed(tmp_path):
    sheet, rules = tmp_path / "sheet.csv", tmp_path / "mapping.yml"
    sheet.write_text(f"{HEADER}Harbour Books,I-1,TN,1,18\n", encoding="utf-8")
    rules.write_text(GST, encoding="utf-8")
    with Sandbox(None, speed=600, has_examples=True, edition="in", state="") as india:
        report = check_file(sheet, rules, runs=tmp_path / "runs", target=sandbox_target(india))
    assert told(report) == [("ZB315", 2, "Rate")]
    assert "tells no state of the organization" in report.problems[0].message


def test_a_blank_place_of_supply_is_refused_where_the_tax_hangs_on_it(tmp_path):
    sheet, rules = tmp_path / "sheet.csv", tmp_path / "mapping.yml"
    sheet.write_text(f"{HEADER}Harbour Books,I-1,,1,18\n", encoding="utf-8")
    rules.write_text(GST, encoding="utf-8")
    with Sandbox(None, speed=600, has_examples=True, edition="in") as india:
        report = check_file(sheet, rules, runs=tmp_path / "runs", target=sandbox_target(india))
    assert ("ZB315", 2, "Rate") in told(report)
