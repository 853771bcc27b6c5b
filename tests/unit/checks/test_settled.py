import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.checks import checker_for, unsettled
from zbbulk.checks.settled import without_types
from zbbulk.mapping import compile_mapping, field_names, parse_mapping
from zbbulk.model import Action
from zbbulk.resources import resources, schema


@pytest.mark.parametrize("name", resources())
def test_the_shipped_schema_is_not_changed(name):
    before = copy.deepcopy(schema(name))
    unsettled(schema(name), {field: {} for field in schema(name)["properties"]})
    assert schema(name) == before


def test_types_and_the_form_of_dates_are_left_out_and_nothing_else():
    rules = {
        "required": ["rate"],
        "properties": {
            "rate": {"type": "number", "minimum": 0},
            "name": {"type": "string", "maxLength": 5},
            "date": {"type": "string", "format": "date", "pattern": "^x$"},
            "id": {"type": "string", "pattern": "^[0-9]$"},
            "note": {"type": "string", "description": "free", "x-editions": ["in"]},
            "module": {"type": "string", "x-in": "path", "x-resource": "custommodules"},
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


def test_only_rules_about_mapped_fields_are_kept_and_all_that_concerns_the_whole():
    rules = {
        "required": ["rate", "name"],
        "allOf": [{"if": {"required": ["kind"]}, "then": {"required": ["rate"]}}],
        "properties": {
            "name": {"type": "string", "maxLength": 5},
            "kind": {"enum": ["a"]},
            "lines": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {"id": {"pattern": "^[0-9]$"}, "unit": {"maxLength": 3}},
                },
            },
            "tags": {
                "type": "array",
                "description": "free",
                "items": {"type": "object", "properties": {"id": {"pattern": "^[0-9]$"}}},
            },
        },
    }
    mapped = {"name": {}, "lines": {"unit": {}}, "tags": {"option": {}}}
    assert unsettled(rules, mapped) == {
        "required": ["rate", "name"],
        "allOf": [{"if": {"required": ["kind"]}, "then": {"required": ["rate"]}}],
        "properties": {
            "name": {"maxLength": 5},
            "lines": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "object", "properties": {"unit": {"maxLength": 3}}},
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


def mapping_of(resource, fields):
    return parse_mapping(f"zbbulk: 1\nresource: {resource}\nfields: {fields}\n", file="m.yml")


MAPPINGS = {name: mapping_of(name, fields) for name, fields in FIELDS.items()}
PROGRAMS = {
    name: compile_mapping(mapping, ["N", "P"], file="f.csv", typed=False)
    for name, mapping in MAPPINGS.items()
}
WHOLE = {name: checker_for(name, Action.CREATE) for name in FIELDS}
OPEN = {
    name: checker_for(
        name, Action.CREATE, schema=unsettled(schema(name), field_names(mapping.fields))
    )
    for name, mapping in MAPPINGS.items()
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
    mapped = {"item_id": {}, "reorder_level": {}}
    rules = unsettled(schema("items"), mapped)
    open_one = checker_for("items", Action.UPDATE, schema=rules)
    assert open_one.is_valid({"item_id": "1", "reorder_level": ""})
    assert open_one.is_valid({"item_id": "1", "reorder_level": Decimal(3)})
