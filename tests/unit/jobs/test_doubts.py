"""What Zoho is not proven to refuse is told beside the row, and the row stays ready."""

import csv
from types import SimpleNamespace

import openpyxl
import pytest

from zbbulk.errors import ExitCode
from zbbulk.jobs.check_job import check_file

HEAD = "zbbulk: 1\nresource: {}\nsource: {{dates: yyyy-mm-dd}}\n"
CONTACTS = HEAD.format("contacts") + (
    "edition: in\nfields:\n  contact_name: Name\n  gst_treatment: Kind\n  gst_no: GSTIN\n"
    "  place_of_contact: State\n  notes: Notes\n  billing_address: {address: Street}\n"
)
CONTACTS_HEAD = "Name,Kind,GSTIN,State,Notes,Street"
TAXES = HEAD.format("taxes") + "fields: {tax_name: Name, tax_percentage: Rate}\n"
PAYMENTS = HEAD.format("customerpayments") + (
    "fields:\n  customer_id: Customer\n  payment_mode: Mode\n  amount: Amount\n  date: Date\n"
    "  invoices:\n    - {invoice_id: Invoice, amount_applied: Applied}\n"
)
INVOICES = HEAD.format("invoices") + (
    "group_rows_by: [No]\nfields:\n  customer_id: Customer\n  invoice_number: No\n"
    "  line_items:\n    each_row: {name: Item, rate: Price, discount: Off}\n"
)


@pytest.fixture
def check(tmp_path):
    """Check rows: code by row number, messages, and the report."""

    def checked(mapping, *rows, workers=1):
        sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
        sheet.write_text("\n".join([*rows, ""]), encoding="utf-8", newline="")
        rules.write_text(mapping, encoding="utf-8")
        report = check_file(sheet, rules, runs=tmp_path / "runs", workers=workers)
        return told(report)

    return checked


def told(report):
    with report.result.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return SimpleNamespace(
        report=report,
        statuses=[row["zb_status"] for row in rows],
        codes=[row["zb_code"] for row in rows],
        messages=[row["zb_message"] for row in rows],
    )


def places(problems):
    return [(each.code, each.at.row, each.at.column) for each in problems]


@pytest.mark.parametrize("workers", [1, 2])
def test_signs_that_nobody_sees_are_told_with_their_cell(check, workers):
    done = check(
        CONTACTS,
        CONTACTS_HEAD,
        "Al\x00pha,consumer,,TN,,",
        "Beta,consumer,,TN,,12 \x07Main St",
        'Gamma,consumer,,TN,"two\nlines\tand a tab",',
        workers=workers,
    )
    assert done.statuses == ["ready"] * 3
    assert places(done.report.warnings) == [("ZB329", 2, "Name"), ("ZB329", 3, "Street")]
    assert "(U+0000) that nobody can see" in done.messages[0]
    assert done.messages[2] == ""
    assert done.report.exit_code is ExitCode.FINE


def test_signs_that_nobody_sees_are_found_in_a_workbook_too(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Name", "Rate"], ["One_x0007_", 5], ["Two", 5]):
        book.active.append(row)
    book.save(tmp_path / "taxes.xlsx")
    (tmp_path / "m.yml").write_text(TAXES, encoding="utf-8")
    report = check_file(tmp_path / "taxes.xlsx", tmp_path / "m.yml", runs=tmp_path / "runs")
    assert [(each.code, each.at.row) for each in report.warnings] == [("ZB329", 2)]
    assert report.ready == 2


def test_a_gstin_and_a_gst_treatment_are_looked_at(check):
    done = check(
        CONTACTS,
        CONTACTS_HEAD,
        "A,business_gst,27AAPFU0939F1ZV,MH,,",
        "B,business_gst,27AAPFU0939F1ZW,MH,,",
        "C,busines_gst,27AAPFU0939F1ZV,MH,,",
        "D,registered,,MH,,",
    )
    assert done.statuses == ["ready"] * 4
    assert done.codes == ["", "ZB330", "ZB331", "ZB331"]
    assert done.messages[1].startswith(
        "warning: GSTIN: '27AAPFU0939F1ZW' is not a GSTIN: its check"
    )
    assert "did you mean 'business_gst'?" in done.messages[2]
    assert done.report.warning_counts == {"ZB330": 1, "ZB331": 2}


def test_a_name_longer_than_zoho_is_known_to_take_is_told(check):
    done = check(
        CONTACTS, CONTACTS_HEAD, f"{'x' * 200},consumer,,TN,,", f"{'y' * 201},consumer,,TN,,"
    )
    assert done.codes == ["", "ZB334"]
    assert "201 characters; Zoho Books is not known to take over 200" in done.messages[1]


def test_a_rate_of_tax_beyond_0_to_100_is_told(check):
    done = check(TAXES, "Name,Rate", "A,0", "B,100", "C,100.5", "D,-1", "E,1800")
    assert done.codes == ["", "", "ZB332", "ZB332", "ZB332"]
    assert places(done.report.warnings)[0] == ("ZB332", 4, "Rate")


def test_a_payment_of_nothing_is_told_and_so_is_nothing_applied(check):
    done = check(
        PAYMENTS,
        "Customer,Mode,Amount,Date,Invoice,Applied",
        "1,cash,5,2024-01-01,7,5",
        "1,cash,0,2024-01-01,7,5",
        "1,cash,-5,2024-01-01,7,-5",
    )
    assert done.codes == ["", "ZB333", "ZB333"]
    assert places(done.report.warnings) == [
        ("ZB333", 3, "Amount"),
        ("ZB333", 4, "Amount"),
        ("ZB333", 4, "Applied"),
    ]


def test_lines_of_a_document_are_doubted_where_they_stand(check):
    done = check(
        INVOICES,
        "No,Customer,Item,Price,Off",
        "A,1,Pen,5,10%",
        "A,1,Ink,5,150%",
        "B,1,Nib,500,150",
        "B,1,Cap,50,-5%",
    )
    assert done.statuses == ["ready"] * 4
    assert done.codes == ["", "ZB332", "", "ZB332"]
    assert places(done.report.warnings) == [("ZB332", 3, "Off"), ("ZB332", 5, "Off")]


def test_a_row_that_is_refused_is_not_doubted_as_well(check):
    done = check(CONTACTS, CONTACTS_HEAD, ",busines_gst,12,MH,,")
    assert (done.statuses, done.codes) == (["rejected"], ["ZB301"])
