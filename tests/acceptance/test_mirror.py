"""A mirror that is edited and imported again: only what was changed is sent."""

from decimal import Decimal

import pytest
from mirrors import MirrorFile

from zbbulk.assets import asset_path
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.prepare import find_mapping
from zbbulk.jobs.resume_job import resume_run
from zbbulk.jobs.target import sandbox_edition, sandbox_target
from zbbulk.jobs.undo_job import undo_run
from zbbulk.model import Status
from zbbulk.resources import resources
from zbbulk.sandbox import Sandbox
from zbbulk.zoho.client import ZohoClient

LISTED = [
    name
    for name, each in resources().items()
    if "list" in each.can and asset_path("samples", f"{name}.csv").is_file()
]


@pytest.fixture
def bodies(monkeypatch):
    """Return the bodies of the calls that write, as they leave."""
    found, send = [], ZohoClient.try_once

    def spy(self, call, **words):
        if call.method != "GET":
            found.append((call.method, call.body))
        return send(self, call, **words)

    monkeypatch.setattr(ZohoClient, "try_once", spy)
    return found


def books_with(name, tmp_path):
    """Return a sandbox that holds the records of the sample of a resource."""
    mapping = find_mapping(name)
    edition = sandbox_edition(mapping, edition=None)
    sandbox = Sandbox(None, speed=600, has_examples=True, edition=edition)
    sandbox.__enter__()
    path = asset_path("samples", f"{name}.csv")
    import_file(path, mapping, target=sandbox_target(sandbox), runs=tmp_path / "first")
    return sandbox


@pytest.fixture
def books(tmp_path):
    opened = []

    def fill(name):
        opened.append(books_with(name, tmp_path))
        return opened[-1]

    yield fill
    for sandbox in opened:
        sandbox.__exit__(None, None, None)


@pytest.mark.parametrize("name", LISTED)
def test_a_mirror_that_was_not_changed_sends_nothing(books, tmp_path, name):
    mirror = MirrorFile(books(name), name, tmp_path)
    assert mirror.rows
    for path in (mirror.csv(), mirror.xlsx()):
        sent = mirror.send(path)
        assert (sent.writes, sent.report.check.problems) == ([], ())
        assert sent.report.counts == {"skipped": len(mirror.rows)}
        assert sent.report.check.mirror.calls == 0


def test_one_cell_is_one_call_with_that_field_alone(books, tmp_path, bodies):
    sandbox = books("items")
    mirror = MirrorFile(sandbox, "items", tmp_path)
    bodies.clear()
    old = mirror.at(0, "Rate")
    mirror.put(0, "Rate", Decimal("99.90"))
    sent = mirror.send()
    assert bodies == [("PUT", {"rate": Decimal("99.90")})]
    assert sent.statuses == ["updated", *["skipped"] * (len(mirror.rows) - 1)]
    (cell,) = sent.report.check.mirror.shown
    assert cell == (2, mirror.at(0, "_id"), "Rate", f"{old.normalize():f}", "99.90")


def test_the_sheet_comes_back_whole_with_every_row(books, tmp_path):
    mirror = MirrorFile(books("items"), "items", tmp_path)
    mirror.put(0, "Rate", Decimal("99.90"))
    sent = mirror.send()
    shown = [row["Name"] for row in sent.rows]
    assert shown == [row[mirror.columns.index("Name")] for row in mirror.rows]
    assert sent.rows[0]["Rate"] == "99.90"
    assert sent.rows[1]["zb_message"] == "Nothing was changed in the row."
    again = mirror.send()
    assert (again.writes, again.statuses[0]) == ([], "skipped")
    assert again.rows[0]["zb_message"] == "Zoho Books has these values already."


def test_what_a_sheet_program_writes_otherwise_is_no_change(books, tmp_path):
    mirror = MirrorFile(books("invoices"), "invoices", tmp_path)
    for row in range(len(mirror.rows)):
        for column in ("Line: Rate", "Line: Quantity"):
            if (cell := mirror.at(row, column)) != "":
                mirror.put(
                    row, column, f"{cell:f}.000" if "." not in f"{cell:f}" else f"{cell:f}00"
                )
        mirror.put(row, "Date", f"{mirror.at(row, 'Date'):%d/%m/%Y}")
    mirror.put(0, "Date", "31/12/2024")
    sent = mirror.plan()
    assert sent.check.mirror.cells == 1
    assert sent.check.problems == ()


def test_a_changed_line_is_sent_with_all_lines_and_what_the_sheet_does_not_show(
    books, tmp_path, bodies
):
    sandbox = books("invoices")
    mirror = MirrorFile(sandbox, "invoices", tmp_path)
    before = next(r for r in sandbox.records("invoices") if r["invoice_id"] == mirror.at(0, "_id"))
    mirror.put(0, "Line: Quantity", Decimal(7))
    bodies.clear()
    sent = mirror.send()
    ((method, body),) = bodies
    assert (method, list(body)) == ("PUT", ["line_items"])
    ids = [line["line_item_id"] for line in body["line_items"]]
    assert ids == [line["line_item_id"] for line in before["line_items"]]
    assert body["line_items"][0]["quantity"] == 7
    assert sent.statuses[0] == "updated"
    after = next(r for r in sandbox.records("invoices") if r["invoice_id"] == mirror.at(0, "_id"))
    left = {"quantity", "item_total", "total", "item_total_inclusive_of_tax"}
    old, new = before["line_items"][0], after["line_items"][0]
    assert {n: v for n, v in new.items() if n not in left} == {
        n: v for n, v in old.items() if n not in left
    }


@pytest.fixture
def two_lines(tmp_path):
    """A sandbox with one invoice of two lines, and its mirror."""
    with Sandbox(None, speed=600, has_examples=True) as sandbox:
        sheet = tmp_path / "in.csv"
        customer = "4600000000000200001"
        sheet.write_text(f"No,Who,Item,Qty,Price\nA,{customer},Pen,1,2\nA,{customer},Ink,3,4\n")
        mapping = tmp_path / "in.yml"
        mapping.write_text(INVOICE)
        import_file(sheet, mapping, target=sandbox_target(sandbox), runs=tmp_path / "first")
        yield MirrorFile(sandbox, "invoices", tmp_path, keep=_is_a)


def _is_a(invoice):
    return invoice["invoice_number"] == "A"


def the_invoice(mirror):
    return next(filter(_is_a, mirror.sandbox.records("invoices")))


INVOICE = """\
zbbulk: 1
resource: invoices
group_rows_by: [No]
fields:
  customer_id: Who
  invoice_number: No
  line_items:
    each_row: {name: Item, quantity: Qty, rate: Price}
"""


def test_lines_may_stand_in_any_order(two_lines):
    two_lines.rows.reverse()
    assert two_lines.send().writes == []


def test_a_line_without_its_row_is_refused(two_lines, bodies):
    bodies.clear()
    del two_lines.rows[1]
    sent = two_lines.send()
    assert (sent.codes, bodies) == (["ZB325"], [])
    assert "'Ink'" in sent.rows[0]["zb_message"]


def test_a_line_without_its_row_is_taken_out_where_the_mapping_says_so(two_lines, bodies):
    text = two_lines.mapping.read_text()
    two_lines.mapping.write_text(text.replace("lines_missing: error", "lines_missing: delete"))
    bodies.clear()
    del two_lines.rows[1]
    assert two_lines.send().statuses == ["updated"]
    record = the_invoice(two_lines)
    assert [line["name"] for line in record["line_items"]] == ["Pen"]


def test_a_row_without_a_line_id_is_a_new_line(two_lines, bodies):
    new = list(two_lines.rows[1])
    two_lines.rows.append(new)
    for column in ("_line_item_id", "_row_hash", "_last_modified"):
        two_lines.put(2, column, "")
    two_lines.put(2, "Line: Name", "Nib")
    assert two_lines.send().statuses == ["updated"] * 3
    record = the_invoice(two_lines)
    assert [line["name"] for line in record["line_items"]] == ["Pen", "Ink", "Nib"]


def test_a_line_that_the_record_does_not_have_is_refused(two_lines):
    two_lines.put(1, "_line_item_id", "123")
    sent = two_lines.send()
    assert (sent.codes, sent.writes) == (["ZB353", "ZB353"], [])
    assert "row 3" in sent.rows[0]["zb_message"]


def test_a_change_above_the_lines_may_stand_in_any_row(two_lines, bodies):
    bodies.clear()
    two_lines.put(1, "Notes", "Thank you")
    assert two_lines.send().statuses == ["updated", "updated"]
    assert bodies == [("PUT", {"notes": "Thank you"})]


def test_two_rows_that_change_a_field_to_different_values_are_refused(two_lines):
    two_lines.put(0, "Notes", "Thank you")
    two_lines.put(1, "Notes", "Or else")
    sent = two_lines.send()
    assert (sent.codes, sent.writes) == (["ZB311", "ZB312"], [])


def test_a_record_that_was_changed_meanwhile_is_not_touched(two_lines, bodies):
    first = two_lines.csv("first.csv")
    two_lines.put(0, "Notes", "Mine")
    assert two_lines.send().statuses == ["updated", "updated"]
    two_lines.put(0, "Notes", "Yours")
    sent = two_lines.send()
    assert (sent.codes, sent.writes) == (["ZB352", "ZB352"], [])
    assert the_invoice(two_lines)["last_modified_time"] in sent.rows[0]["zb_message"]
    assert two_lines.send(first).writes == [], "its cells are as they were exported"


@pytest.fixture
def contacts(books, tmp_path):
    return MirrorFile(books("contacts"), "contacts", tmp_path)


def row_with(mirror, column):
    return next(n for n in range(len(mirror.rows)) if mirror.at(n, column) not in ("", None))


def test_a_blank_cell_changes_nothing_and_is_told(contacts):
    row = row_with(contacts, "Company name")
    contacts.put(row, "Company name", "")
    sent = contacts.send()
    assert (sent.writes, sent.statuses[row]) == ([], "skipped")
    (warning,) = [each for each in sent.report.check.warnings if each.code == "ZB355"]
    assert (warning.at.row, warning.at.column) == (row + 2, "Company name")


def test_the_word_clear_empties_a_field(contacts, bodies):
    row = row_with(contacts, "Company name")
    contacts.put(row, "Company name", "<clear>")
    bodies.clear()
    sent = contacts.send()
    assert bodies == [("PUT", {"company_name": ""})]
    assert sent.report.check.mirror.shown[0].new == ""
    assert contacts.send().writes == []


def test_an_address_is_sent_whole(contacts, bodies):
    row = row_with(contacts, "Billing address: City")
    address = {
        column.removeprefix("Billing address: "): contacts.at(row, column)
        for column in contacts.columns
        if column.startswith("Billing address: ") and contacts.at(row, column)
    }
    contacts.put(row, "Billing address: City", "Elsewhere")
    bodies.clear()
    contacts.send()
    ((_, body),) = bodies
    assert list(body) == ["billing_address"]
    assert body["billing_address"]["city"] == "Elsewhere"
    assert len(body["billing_address"]) == len(address)


def test_an_address_of_which_the_sheet_lacks_a_column_is_not_sent(contacts):
    row = row_with(contacts, "Billing address: City")
    column = next(
        name
        for name in contacts.columns
        if name.startswith("Billing address: ")
        and not name.endswith("City")
        and contacts.at(row, name)
    )
    contacts.put(row, "Billing address: City", "Elsewhere")
    place = contacts.columns.index(column)
    contacts.columns.pop(place)
    for cells in contacts.rows:
        cells.pop(place)
    sent = contacts.send()
    assert (sent.codes[row], sent.writes) == ("ZB354", [])


@pytest.mark.parametrize(
    ("zb_id", "code"),
    [("", "ZB350"), ("4.6E+17", "ZB114"), ("4600000000000999999", "ZB351"), ("twice", "ZB307")],
)
def test_a_row_whose_record_is_not_certain_is_refused(contacts, zb_id, code):
    contacts.put(1, "_id", contacts.at(0, "_id") if zb_id == "twice" else zb_id)
    contacts.put(1, "Notes", "changed")
    sent = contacts.send()
    assert (sent.codes[1], sent.writes) == (code, [])
    assert sent.report.check.problem_counts[code] == (2 if zb_id == "twice" else 1)


def test_a_cell_that_can_not_be_read_is_told_with_its_place(books, tmp_path):
    mirror = MirrorFile(books("items"), "items", tmp_path)
    mirror.put(0, "Rate", "dear")
    mirror.put(1, "Rate", Decimal(5))
    sent = mirror.send()
    assert sent.codes[0] == "ZB204"
    (problem,) = sent.report.check.problems
    assert (problem.at.row, problem.at.column) == (2, "Rate")
    assert sent.statuses[:2] == ["rejected", "updated"]


def test_what_zoho_refuses_can_be_retried(books, tmp_path):
    sandbox = books("items")
    mirror = MirrorFile(sandbox, "items", tmp_path)
    mirror.put(0, "Rate", Decimal("99.90"))
    mirror.put(1, "Rate", Decimal("98.90"))
    sandbox.add_fault("answer:1001:at=1:method=PUT:path=/items")
    sent = mirror.send()
    assert sorted(sent.statuses[:2]) == ["failed", "updated"]
    folder = sent.report.journal.parent
    again = resume_run(
        folder,
        target=sandbox_target(sandbox),
        runs=tmp_path / "runs",
        again=(Status.FAILED,),
    )
    assert again.counts["updated"] == 2
    rates = {r["item_id"]: r["rate"] for r in sandbox.records("items")}
    assert (rates[mirror.at(0, "_id")], rates[mirror.at(1, "_id")]) == (
        Decimal("99.90"),
        Decimal("98.90"),
    )


def test_an_import_of_a_mirror_can_be_undone(books, tmp_path, run):
    sandbox = books("items")
    before = {r["item_id"]: r["rate"] for r in sandbox.records("items")}
    mirror = MirrorFile(sandbox, "items", tmp_path)
    mirror.put(0, "Rate", Decimal("99.90"))
    sent = mirror.send()
    assert sent.statuses[0] == "updated"
    undo_run(
        sent.report.journal.parent,
        target=sandbox_target(sandbox),
        runs=tmp_path / "runs",
    )
    assert {r["item_id"]: r["rate"] for r in sandbox.records("items")} == before


def test_a_check_and_a_migration_say_that_a_mirror_needs_the_books(contacts, run, tmp_path):
    told = run("check", contacts.csv(), "-m", contacts.mapping)
    assert (told.code, told.err[:5]) == (2, "ZB250")
    (tmp_path / "all.yml").write_text(
        "zbbulk: 1\nmigration: x\nsteps:\n"
        f"  - {{id: a, mapping: {contacts.mapping.name}, file: mirror.csv}}\n"
    )
    told = run("migrate", tmp_path / "all.yml", "--sandbox", "--yes")
    assert (told.code, told.err[:5]) == (2, "ZB250")
