import copy
from decimal import Decimal

import pytest

from zbbulk.checks import checker_for, without_number_types
from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.model import Action
from zbbulk.resources import resources, schema


@pytest.mark.parametrize("name", resources())
def test_the_shipped_schema_is_not_changed(name):
    before = copy.deepcopy(schema(name))
    without_number_types(schema(name))
    assert schema(name) == before


def test_only_the_type_of_numbers_is_left_out():
    rules = {
        "required": ["rate"],
        "properties": {
            "rate": {"type": "number", "minimum": 0},
            "name": {"type": "string", "maxLength": 5},
            "lines": {"type": "array", "items": {"properties": {"rate": {"type": "number"}}}},
        },
    }
    assert without_number_types(rules) == {
        "required": ["rate"],
        "properties": {
            "rate": {"minimum": 0},
            "name": {"type": "string", "maxLength": 5},
            "lines": {"type": "array", "items": {"properties": {"rate": {}}}},
        },
    }


def test_a_field_called_properties_is_a_field_like_any_other():
    rules = {"properties": {"properties": {"type": "number"}, "items": {"type": "string"}}}
    assert without_number_types(rules) == {
        "properties": {"properties": {}, "items": {"type": "string"}}
    }


@pytest.mark.parametrize("cell", ["", "1.50", "7", "abc", "1e3", "NaN", " ", "-", "(2)", "5%"])
def test_what_a_mapping_lets_through_has_the_types_that_the_whole_schema_asks_for(cell):
    text = "zbbulk: 1\nresource: items\nfields: {name: N, rate: P, reorder_level: P}\n"
    program = compile_mapping(
        parse_mapping(text, file="m.yml"), ["N", "P"], file="f.csv", typed=False
    )
    whole = checker_for("items", Action.CREATE)
    open_one = checker_for("items", Action.CREATE, schema=without_number_types(schema("items")))
    record, faults = program.convert(["Pen", cell])
    if faults is None:
        assert open_one.is_valid(record) == whole.is_valid(record)


def test_an_update_may_empty_a_number():
    open_one = checker_for("items", Action.UPDATE, schema=without_number_types(schema("items")))
    assert open_one.is_valid({"item_id": "1", "reorder_level": ""})
    assert open_one.is_valid({"item_id": "1", "reorder_level": Decimal(3)})
