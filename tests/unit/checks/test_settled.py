import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.checks import checker_for, without_types
from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.model import Action
from zbbulk.resources import resources, schema


@pytest.mark.parametrize("name", resources())
def test_the_shipped_schema_is_not_changed(name):
    before = copy.deepcopy(schema(name))
    without_types(schema(name))
    assert schema(name) == before


def test_types_and_the_form_of_dates_are_left_out_and_nothing_else():
    rules = {
        "required": ["rate"],
        "properties": {
            "rate": {"type": "number", "minimum": 0},
            "name": {"type": "string", "maxLength": 5},
            "date": {"type": "string", "format": "date", "pattern": "^x$"},
            "id": {"type": "string", "pattern": "^[0-9]$"},
            "note": {"type": "string", "description": "free"},
            "lines": {
                "type": "array",
                "minItems": 1,
                "items": {"required": ["rate"], "properties": {"rate": {"type": "number"}}},
            },
        },
    }
    assert without_types(rules) == {
        "required": ["rate"],
        "properties": {
            "rate": {"minimum": 0},
            "name": {"maxLength": 5},
            "id": {"pattern": "^[0-9]$"},
            "lines": {
                "type": "array",
                "minItems": 1,
                "items": {"required": ["rate"], "properties": {}},
            },
        },
    }


def test_a_field_called_properties_is_a_field_like_any_other():
    rules = {"properties": {"properties": {"type": "string", "maxLength": 3}}}
    assert without_types(rules) == {"properties": {"properties": {"maxLength": 3}}}


CELLS = ["", "1.50", "7", "yes", "2024-03-31", "abc", "1e3", "NaN", " ", "(2)", "5%", "sales"]
FIELDS = {
    "items": "{name: N, rate: P, is_taxable: P, item_type: P, vendor_id: P, custom_fields: {A: P}}",
    "contacts": "{contact_name: N, payment_terms: P, credit_limit: P, notes: P}",
    "invoices": "{customer_id: N, date: P, discount: P, line_items: [{name: N, rate: P}]}",
}


def program_of(resource, fields):
    text = f"zbbulk: 1\nresource: {resource}\nfields: {fields}\n"
    mapping = parse_mapping(text, file="m.yml")
    return compile_mapping(mapping, ["N", "P"], file="f.csv", typed=False)


PROGRAMS = {name: program_of(name, fields) for name, fields in FIELDS.items()}
WHOLE = {name: checker_for(name, Action.CREATE) for name in FIELDS}
OPEN = {
    name: checker_for(name, Action.CREATE, schema=without_types(schema(name))) for name in FIELDS
}


@given(cell=st.one_of(st.sampled_from(CELLS), st.text(max_size=6)), name=st.text(max_size=4))
@pytest.mark.parametrize("resource", FIELDS)
def test_what_a_mapping_lets_through_has_the_types_that_the_whole_schema_asks_for(
    resource, cell, name
):
    record, faults = PROGRAMS[resource].convert([name, cell])
    if faults is None:
        assert OPEN[resource].is_valid(record) == WHOLE[resource].is_valid(record)


def test_an_update_may_empty_a_number():
    open_one = checker_for("items", Action.UPDATE, schema=without_types(schema("items")))
    assert open_one.is_valid({"item_id": "1", "reorder_level": ""})
    assert open_one.is_valid({"item_id": "1", "reorder_level": Decimal(3)})
