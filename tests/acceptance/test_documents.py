"""Invoices of many rows, sent into a real sandbox over a real socket."""

import csv

import pytest

CUSTOMER = "4600000000000200001"
MAPPING = """\
zbbulk: 1
resource: invoices
group_rows_by: [No]
fields:
  customer_id: Customer
  invoice_number: No
  date: Date
  shipping_charge: {column: Freight, rows: sum}
  line_items:
    each_row: {name: Item, quantity: Qty, rate: Price}
after_create: [mark_sent]
"""
HEADER = ["No", "Customer", "Date", "Freight", "Item", "Qty", "Price"]


@pytest.fixture
def sales(tmp_path):
    """Write a sheet of invoices, their rows mixed, and the mapping; return both paths."""

    def write(*rows):
        sheet, mapping = tmp_path / "sales.csv", tmp_path / "sales.yml"
        with sheet.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])
        mapping.write_text(MAPPING, encoding="utf-8")
        return sheet, mapping

    return write


def line(number, item, price, *, freight="", customer=CUSTOMER):
    return [number, customer, "2024-03-31", freight, item, "2", price]


def test_each_document_is_one_record_with_all_of_its_lines(sales, send):
    sheet, mapping = sales(
        line("A-1", "Pen", "1.25", freight="3.00"),
        line("A-2", "Cup", "8"),
        line("A-1", "Ink", "0.10", freight="0.50"),
        line("A-1", "Pad", "2.00"),
    )
    with send(sheet, mapping=mapping, has_examples=True) as done:
        made = {each["invoice_number"]: each for each in done.sandbox.records("invoices")}
        assert done.statuses == ["created"] * 4
        ids = [row["zb_id"] for row in done.rows]
        first, second = made["A-1"]["invoice_id"], made["A-2"]["invoice_id"]
        assert ids == [first, second, first, first]
        assert [each["name"] for each in made["A-1"]["line_items"]] == ["Pen", "Ink", "Pad"]
        assert str(made["A-1"]["total"]) == "10.20"
        assert {made[name]["status"] for name in ("A-1", "A-2")} == {"sent"}
        assert done.report.calls == 4  # two creates and two status calls


def test_no_document_is_sent_without_one_of_its_lines(sales, send):
    sheet, mapping = sales(
        line("A-1", "Pen", "1.25"), line("A-2", "Cup", "8"), line("A-1", "Ink", "0,10")
    )
    with send(sheet, mapping=mapping, has_examples=True) as done:
        assert done.statuses == ["rejected", "created", "rejected"]
        assert [row["zb_code"] for row in done.rows] == ["ZB311", "", "ZB204"]
        numbers = {each["invoice_number"] for each in done.sandbox.records("invoices")}
        assert "A-1" not in numbers


def test_a_refusal_of_zoho_stands_beside_all_rows_of_the_document(sales, send):
    stranger = "4600000000000299999"
    sheet, mapping = sales(
        line("A-1", "Pen", "1", customer=stranger),
        line("A-2", "Cup", "8"),
        line("A-1", "Ink", "1", customer=stranger),
    )
    with send(sheet, mapping=mapping, has_examples=True) as done:
        assert done.statuses == ["failed", "created", "failed"]
        assert {row["zb_code"] for row in done.rows if row["zb_status"] == "failed"} == {"1002"}


def test_a_document_whose_answer_was_lost_is_found_by_its_number(sales, send):
    sheet, mapping = sales(
        line("A-1", "Pen", "1"), line("A-2", "Cup", "8"), line("A-1", "Ink", "1")
    )
    fault = "cut-after:at=1:method=POST:path=/invoices"
    with send(sheet, mapping=mapping, has_examples=True, faults=[fault]) as done:
        assert done.statuses == ["created"] * 3
        ids = {
            each["invoice_number"]: each["invoice_id"] for each in done.sandbox.records("invoices")
        }
        assert [row["zb_id"] for row in done.rows] == [ids["A-1"], ids["A-2"], ids["A-1"]]


def test_a_result_that_is_fed_in_again_sends_no_document_twice(sales, send, tmp_path):
    sheet, mapping = sales(line("A-1", "Pen", "1"), line("A-1", "Ink", "1"))
    more = {"mapping": mapping, "store": tmp_path / "books.sqlite", "has_examples": True}
    with send(sheet, **more) as done:
        again = tmp_path / "again.csv"
        again.write_bytes(done.report.check.result.read_bytes())
    with send(again, **more) as second:
        assert [row["zb_status_2"] for row in second.rows] == ["skipped", "skipped"]
        assert second.report.calls == 0


def test_documents_that_zoho_numbers_have_the_order_of_the_sheet(tmp_path, send):
    sheet, mapping = tmp_path / "sales.csv", tmp_path / "sales.yml"
    sheet.write_text("Price\n" + "".join(f"{number}\n" for number in range(1, 31)))
    mapping.write_text(
        "zbbulk: 1\nresource: invoices\nfields:\n"
        '  customer_id: {value: "4600000000000200001"}\n'
        "  line_items: [{name: {value: Work}, rate: Price}]\n"
    )
    with send(sheet, mapping=mapping, has_examples=True, latency_ms=(50, 500)) as done:
        number_of = {
            each["invoice_id"]: each["invoice_number"] for each in done.sandbox.records("invoices")
        }
        numbers = [number_of[row["zb_id"]] for row in done.rows]
        assert len(set(numbers)) == 30
        assert numbers == sorted(numbers)
