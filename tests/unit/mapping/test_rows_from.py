"""A list from another sheet as the row function fills it; the other sheet is made up here."""

from types import MappingProxyType

import pytest

from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.model import Fault, OtherRow

MAPPING = """\
zbbulk: 1
resource: invoices
source: {main: {}, details: {file: d.csv, numbers: "1.234,56"}}
fields:
  customer_id: Customer
  invoice_number: No
  place_of_supply: State
  line_items:
    rows_from: details
    where: {Of: No}
    each_row:
      name: {choose: [{if: "[Kind] = 'x'", value: Extra}, {column: Item}]}
      rate: Price
      tax_id: {find_by: gst_rate, column: Rate}
"""
HEADER = ("Customer", "No", "State")


class Details:
    """Another sheet in memory."""

    name = "d.csv"
    header = ("Of", "Kind", "Item", "Price", "Rate")
    is_typed = False
    dates = MappingProxyType({})

    def __init__(self, *rows):
        self.rows = [OtherRow(number, cells) for number, cells in enumerate(rows, start=2)]

    def rows_of(self, key):
        return [row for row in self.rows if (row.cells[0],) == key]


class Taxes:
    """Knows the taxes within the state and between states."""

    def find(self, rule, text):
        return f"{rule.resources} {rule.field} {rule.where}/{text}"

    def home(self):
        return "TN"

    def want(self, rule, text):
        raise AssertionError((rule, text))


@pytest.fixture
def program():
    def compiled(*rows, finder=None):
        others = {("details", ("Of",)): Details(*rows)}
        return compile_mapping(
            parse_mapping(MAPPING, file="m.yml"),
            HEADER,
            file="o.csv",
            typed=False,
            finder=finder,
            others=others,
        )

    return compiled


def test_a_rate_of_gst_there_goes_by_the_state_that_stands_here(program):
    convert = program(("7", "", "Pen", "1,5", "18"), finder=Taxes()).convert
    taxes = {
        state: convert(("77", "7", state))[0]["line_items"][0]["tax_id"] for state in ("TN", "KA")
    }
    assert taxes["TN"] != taxes["KA"]
    assert all(tax.endswith("/18") for tax in taxes.values())


def test_cells_there_are_read_as_its_own_source_says(program):
    record, faults = program(("7", "x", "Pen", "1.000,50", "")).convert(("77", "7", ""))
    assert faults is None
    (line,) = record["line_items"]
    assert (line["name"], str(line["rate"])) == ("Extra", "1000.50")


def test_a_record_without_rows_there_has_no_list(program):
    for number in ("8", ""):
        record, faults = program(("7", "", "Pen", "1", "")).convert(("77", number, ""))
        assert (faults, "line_items" in record) == (None, False)


def test_faults_of_several_rows_are_told_with_path_and_place(program):
    compiled = program(
        ("7", "", "Pen", "a", ""), ("7", "", "", "", ""), ("7", "", "Ink", "b", ""), finder=Taxes()
    )
    record, faults = compiled.convert(("77", "7", "TN"))
    assert [each["name"] for each in record["line_items"]] == ["Pen", "Ink"]
    assert [(each.path, each.column) for each in faults] == [
        (("line_items", 0, "rate"), "No"),
        (("line_items", 1, "rate"), "No"),
    ]
    assert [each.message.partition(": ")[0] for each in faults] == [
        "d.csv:2, Price",
        "d.csv:4, Price",
    ]


def test_the_origin_of_an_entry_is_its_row_there(program):
    compiled = program(("7", "", "", "", ""), ("7", "", "Pen", "1", ""), ("7", "", "Ink", "2", ""))
    cells = ("77", "7", "TN")
    origin = compiled.origin(("line_items", 1, "rate"), cells=cells)
    assert (origin.columns, origin.place) == (("No",), "d.csv:4, Price")
    assert compiled.origin(("line_items", 2, "rate"), cells=cells).place == ""
    assert compiled.origin(("line_items", 0, "rate")).columns == ("No",)
    assert compiled.origin(("line_items",), cells=cells).columns == ("No",)


def test_a_fault_of_a_row_there_as_a_row_is_one_of_the_row_here():
    sheet = Details()
    sheet.rows = [OtherRow(5, ("7", "", "Pen", "1", ""), [Fault("ZB107", "too long")])]
    others = {("details", ("Of",)): sheet}
    mapping = parse_mapping(MAPPING, file="m.yml")
    compiled = compile_mapping(mapping, HEADER, file="o.csv", typed=False, others=others)
    _, faults = compiled.convert(("77", "7", ""))
    assert [(each.code, each.message, each.column) for each in faults] == [
        ("ZB107", "d.csv:5: too long", "No")
    ]
