"""What of a shipped mapping is left out for a sheet, and what is not."""

import pytest

from zbbulk.errors import MappingError
from zbbulk.mapping import compile_mapping, field_names, fitted, parse_mapping
from zbbulk.resources import schema

ITEMS = """\
zbbulk: 1
resource: items
fields:
  name: {first_of: [Item, Label]}
  sku: Code
  rate: Price
  unit: {column: Unit, default: pcs}
  description: {template: "{Note}, {Brand}"}
  purchase_rate: {formula: "[Cost] * 2"}
  custom_fields:
    Old: Old Code
    Shelf: Shelf
"""
INVOICES = """\
zbbulk: 1
resource: invoices
key: {fields: [invoice_number]}
fields:
  customer_id: {find_by: contact_name, column: Customer}
  invoice_number: No
  notes: Notes
  billing_address: {city: City, zip: PIN}
  line_items:
    - {name: Item, description: Text, rate: Price}
    - {name: {value: Freight}, rate: Freight}
"""


def fit(text, *header):
    mapping = parse_mapping(text, file="m.yml")
    return fitted(mapping, header, schema=schema(mapping.resource))


def missing(mapping, *header):
    with pytest.raises(MappingError) as caught:
        compile_mapping(mapping, header, file="x.csv", typed=False)
    return [problem.message for problem in caught.value.problems]


def test_a_sheet_with_all_columns_gets_the_mapping_as_it_is():
    header = ["Item", "Label", "Code", "Price", "Unit", "Note", "Brand", "Cost", "Old Code"]
    mapping = parse_mapping(ITEMS, file="m.yml")
    found, left_out = fitted(mapping, [*header, "Shelf"], schema=schema("items"))
    assert (found, left_out) == (mapping, ())


def test_fields_that_zoho_does_not_need_are_left_out_with_their_columns():
    mapping, left_out = fit(ITEMS, "Label", "Price", "Note", "Shelf")
    assert list(field_names(mapping.fields)) == ["name", "rate", "unit", "custom_fields"]
    assert [each.column for each in left_out] == [
        *("Item", "Code", "Unit", "Brand", "Cost", "Old Code"),
    ]
    program = compile_mapping(mapping, ["Label", "Price", "Note", "Shelf"], file="x", typed=False)
    record, faults = program.convert(["Pen", "5", "n", "B"])
    assert faults is None
    assert (record["name"], record["unit"]) == ("Pen", "pcs")
    assert record["custom_fields"] == [{"label": "Shelf", "value": "B"}]


def test_what_zoho_needs_is_refused_as_ever():
    mapping, left_out = fit(ITEMS, "Code")
    assert missing(mapping, "Code") == [
        f"x.csv has no column {name!r}." for name in ("Item", "Label", "Price")
    ]
    assert "Price" not in [each.column for each in left_out]


def test_a_column_of_nearly_that_name_is_pointed_to():
    _, left_out = fit(ITEMS, "Item", "Price", "codes", "Self", "Unit")
    near = {each.column: each.nearest for each in left_out}
    assert (near["Code"], near["Shelf"], near["Brand"]) == ("codes", "Self", "")


def test_the_key_and_the_lines_of_a_document_are_not_left_out():
    mapping, left_out = fit(INVOICES, "Customer")
    needed = ("No", "Item")
    assert missing(mapping, "Customer") == [f"x.csv has no column {name!r}." for name in needed]
    assert [each.column for each in left_out] == [
        *("Notes", "City", "PIN", "Text", "Price", "Freight"),
    ]


def test_an_entry_of_a_list_goes_with_its_columns():
    mapping, left_out = fit(INVOICES, "Customer", "No", "Item", "Price")
    assert [each.column for each in left_out] == ["Notes", "City", "PIN", "Text", "Freight"]
    assert "billing_address" not in mapping.fields.fields
    assert len(mapping.fields.fields["line_items"].entries) == 1
    compile_mapping(mapping, ["Customer", "No", "Item", "Price"], file="x.csv", typed=False)


def test_a_sheet_of_another_kind_is_refused_whole():
    mapping, left_out = fit("zbbulk: 1\nresource: items\nfields: {name: A, rate: B}\n", "X")
    assert left_out == ()
    assert len(missing(mapping, "X")) == 2
