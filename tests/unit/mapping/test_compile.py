import pytest

from zbbulk.errors import MappingError
from zbbulk.mapping import compile_mapping, parse_mapping

FIELDS = """\
source: {dates: dd/mm/yyyy}
key: {fields: [sku, unit]}
fields:
  name: Invoice
  sku: {first_of: [Code, Codes]}
  unit: {template: "{UOM}/{Pack}"}
  custom_fields: {Brand: Brnd}
"""


def test_all_unknown_columns_are_told_with_the_line_of_the_mapping(load):
    header = ["Invoice # 1", "Code", "UOM", "Brand"]
    with pytest.raises(MappingError) as caught:
        compile_mapping(load(FIELDS), header, file="a.csv", typed=False)
    places = [(p.code, p.at.row, p.at.column) for p in caught.value.problems]
    assert places == [
        ("ZB209", 6, "9"),
        ("ZB209", 7, "26"),
        ("ZB209", 8, "20"),
        ("ZB209", 9, "26"),
    ]
    fixes = [problem.fix for problem in caught.value.problems]
    assert "quote the column: 'Invoice # 1'" in fixes[0]
    assert "Did you mean 'Code'" in fixes[1]
    assert "Did you mean 'Brand'" in fixes[3]


def test_the_error_names_the_file_and_its_header(load):
    with pytest.raises(MappingError) as caught:
        compile_mapping(load(FIELDS), [f"X{n}" for n in range(40)], file="a.csv", typed=False)
    assert "m.yml does not fit a.csv: 6 columns" in caught.value.message
    assert "'X0', 'X1'" in caught.value.fix
    assert "and 10 more" in caught.value.fix


def test_a_header_with_outer_spaces_is_found(load):
    mapping = load("fields:\n  name: Item Name\n")
    program = compile_mapping(mapping, [" Item Name "], file="a.csv", typed=False)
    assert program.convert(["x"]) == ({"name": "x"}, None)


@pytest.mark.parametrize(
    ("rest", "keys"),
    [
        ("fields: {name: A}", (("name",),)),
        ("fields: {name: A, sku: B}", (("name",), ("sku",))),
        ("key: {fields: [sku]}\nfields: {name: A, sku: B}", (("sku",), ("name",))),
        ("key: {fields: [sku, unit]}\nfields: {name: A, sku: B, unit: C}", None),
        (
            "key: {fields: [sku, name]}\nfields: {name: A, sku: B}",
            (("sku", "name"), ("name",), ("sku",)),
        ),
        ("action: update\nfields: {item_id: A, name: B}", (("item_id",),)),
    ],
)
def test_the_match_keys_are_the_mappings_own_and_the_resources(load, rest, keys):
    program = compile_mapping(load(rest + "\n"), "ABC", file="a.csv", typed=False)
    assert program.keys == (keys or (("sku", "unit"), ("name",), ("sku",)))


def test_a_key_in_another_order_is_the_same_match_key():
    text = "zbbulk: 1\nresource: bills\nkey: {fields: [vendor_id, bill_number]}\n"
    text += "fields: {vendor_id: A, bill_number: B, line_items: [{name: A}]}\n"
    program = compile_mapping(parse_mapping(text, file="m.yml"), "AB", file="a.csv", typed=False)
    assert program.keys == (("vendor_id", "bill_number"),)


def test_the_surveyed_style_is_used_for_its_column(program):
    compiled = program("date: B\ndue_date: C", dates={"B": "mm/dd/yyyy", "C": "dd/mm/yyyy"})
    record, _ = compiled.convert(["x", "03/04/2024", "03/04/2024", "", ""])
    assert (record["date"], record["due_date"]) == ("2024-03-04", "2024-04-03")


def test_each_column_of_first_of_is_read_in_its_own_style(program):
    compiled = program("date: {first_of: [B, C]}", dates={"B": "mm/dd/yyyy", "C": "dd/mm/yyyy"})
    assert compiled.convert(["x", "", "03/04/2024", "", ""])[0]["date"] == "2024-04-03"
    assert compiled.convert(["x", "03/04/2024", "", "", ""])[0]["date"] == "2024-03-04"


def test_a_declared_style_wins_over_a_surveyed_one(program):
    compiled = program("date: B", source="{dates: dd/mm/yyyy}", dates={"B": "mm/dd/yyyy"})
    assert compiled.convert(["x", "03/04/2024", "", "", ""])[0]["date"] == "2024-04-03"
