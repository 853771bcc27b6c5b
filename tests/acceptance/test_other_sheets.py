"""Records with a list from a second sheet, sent into a real sandbox over a real socket."""

import csv

import openpyxl
import pytest

CUSTOMER = "4600000000000200001"
ORDERS = [
    ["Order", "Customer", "Date", "Freight"],
    ["10248", CUSTOMER, "2024-03-31", "3.50"],
    ["10249", CUSTOMER, "2024-03-31", ""],
    ["10250", CUSTOMER, "2024-03-31", "1.00"],
]
DETAILS = [
    ["Of", "Product", "Qty", "Price"],
    ["10249", "Tofu", "9", "18.60"],
    ["10248", "Cheese", "2", "14.00"],
    ["10250", "Clams", "1", "7.70"],
    ["10248", "Noodles", "10", "9.80"],
]
FIELDS = """\
fields:
  customer_id: Customer
  invoice_number: Order
  date: Date
  shipping_charge: Freight
  line_items:
    rows_from: details
    where: {Of: Order}
    each_row: {name: Product, quantity: Qty, rate: Price}
"""


@pytest.fixture
def mapping(tmp_path):
    """Write a mapping whose ``source:`` is *sheets* and return its path."""

    def write(sheets):
        path = tmp_path / "orders.yml"
        head = f"zbbulk: 1\nresource: invoices\nsource: {sheets}\n"
        path.write_text(head + FIELDS, encoding="utf-8")
        return path

    return write


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def totals(done):
    numbers = {row[0] for row in ORDERS[1:]}
    return {
        each["invoice_number"]: str(each["total"])
        for each in done.sandbox.records("invoices")
        if each["invoice_number"] in numbers
    }


def test_lines_from_another_file(tmp_path, mapping, send):
    orders = write_csv(tmp_path / "orders.csv", ORDERS)
    write_csv(tmp_path / "details.csv", DETAILS)
    rules = mapping("{main: {file: orders.csv}, details: {file: details.csv}}")
    with send(orders, mapping=rules, has_examples=True) as done:
        assert done.statuses == ["created"] * 3
        assert totals(done) == {"10248": "129.50", "10249": "167.40", "10250": "8.70"}
        assert done.report.calls == 3


def test_lines_from_another_sheet_of_the_workbook_that_is_saved_meanwhile(tmp_path, mapping, send):
    path = tmp_path / "orders.xlsx"

    def write(details):
        book = openpyxl.Workbook()
        book.active.title = "Orders"
        for rows, page in ((ORDERS, book.active), (details, book.create_sheet("Details"))):
            for row in rows:
                page.append([float(cell) if "." in cell else cell for cell in row])
        book.save(path)

    def meddling(steps, *, label, total=None, weigh=None):
        if label == "sending":
            write(DETAILS[:2])
        yield from steps

    write(DETAILS)
    rules = mapping("{main: {sheet: Orders}, details: {sheet: Details}}")
    with send(path, mapping=rules, has_examples=True, progress=meddling) as done:
        assert totals(done) == {"10248": "129.50", "10249": "167.40", "10250": "8.70"}


def test_nothing_is_sent_of_a_record_with_a_bad_row_in_the_other_sheet(tmp_path, mapping, send):
    orders = write_csv(tmp_path / "orders.csv", ORDERS)
    write_csv(tmp_path / "details.csv", [*DETAILS, ["10248", "Wine", "x", "1"]])
    rules = mapping("{main: {}, details: {file: details.csv}}")
    with send(orders, mapping=rules, has_examples=True) as done:
        assert done.statuses == ["rejected", "created", "created"]
        assert done.rows[0]["zb_code"] == "ZB204"
        assert "details.csv:6, Qty: " in done.rows[0]["zb_message"]
        assert "10248" not in totals(done)
