import pytest

from zbbulk.jobs.field_facts import field_facts

ID = {"type": "string", "pattern": "^[0-9]{1,20}$"}
SCHEMA = {
    "type": "object",
    "required": ["name", "lines"],
    "x-required-on-update": ["item_id"],
    "x-required-in": {"in": ["gst"], "gcc": ["gst"]},
    "dependentRequired": {"gst": ["place"]},
    "$defs": {"address": {"type": "object", "properties": {"city": {"type": "string"}}}},
    "properties": {
        "item_id": ID | {"x-in": "path"},
        "name": {"type": "string", "maxLength": 100, "description": "Shown to customers"},
        "customer_id": ID | {"x-resource": "contacts"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "gst": {"type": "string", "x-editions": ["in", "gcc"]},
        "place": {"type": "string", "x-editions": ["in"]},
        "discount": {"type": ["number", "string"]},
        "days": {"type": "integer"},
        "is_open": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
        "address": {"$ref": "#/$defs/address", "x-editions": ["us"]},
        "people": {"type": "array", "items": ID, "x-resource": ["users", "employees"]},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rate"],
                "anyOf": [{"required": ["id"]}, {"required": ["name"]}],
                "properties": {"rate": {"type": "number"}, "id": ID, "name": {"type": "string"}},
            },
        },
    },
}

GST = (
    "text, required to create in India (in), "
    "to create in Gulf states with Saudi Arabia (gcc), only editions in, gcc"
)


@pytest.fixture
def told():
    return {facts.name: facts for facts in field_facts(SCHEMA)}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("item_id", "id, required to update"),
        ("name", "text, required to create, at most 100 characters. Shown to customers"),
        ("customer_id", "id of contacts"),
        ("kind", "text, one of a, b"),
        ("gst", GST),
        ("place", "text, required when gst is given, only edition in"),
        ("discount", "number or percent"),
        ("days", "whole number"),
        ("is_open", "yes or no"),
        ("date", "date"),
        ("address", "group, only edition us"),
        ("address.city", "text"),
        ("people", "list of id of users or employees"),
        ("lines[]", "list, required to create, needs one of id, name"),
        ("lines[].rate", "number, required"),
    ],
)
def test_a_field_is_described_in_one_line(told, name, words):
    assert told[name].described() == words


def test_each_field_stands_before_those_below_it(told):
    names = list(told)
    assert names.index("lines[]") + 1 == names.index("lines[].rate")
    assert names[-3:] == ["lines[].rate", "lines[].id", "lines[].name"]


def test_an_edition_leaves_only_its_fields_and_its_needs():
    told = {facts.name: facts for facts in field_facts(SCHEMA, edition="gcc")}
    assert "gst" in told
    assert told["gst"].required_in == ("gcc",)
    assert not {"place", "address", "address.city"} & set(told)
    us = {facts.name for facts in field_facts(SCHEMA, edition="us")}
    assert "address.city" in us
    assert "gst" not in us


def test_json_has_every_fact_under_its_name(told):
    assert told["customer_id"].to_json() == {
        "field": "customer_id",
        "type": "id",
        "required": [],
        "required_in": [],
        "required_when": "",
        "one_of": [],
        "editions": [],
        "at_most": None,
        "allowed": [],
        "refers_to": ["contacts"],
        "goes_into": "body",
        "about": "",
    }
    assert told["item_id"].to_json()["goes_into"] == "path"
