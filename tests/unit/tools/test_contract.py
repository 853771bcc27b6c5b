"""How a body is held against a description; the descriptions are made up."""

from decimal import Decimal

import pytest

from zbbulk.resources import resources
from zoho_schemas.contract import Difference, accepts, differences, json_schema, json_type
from zoho_schemas.openapi import Node

HATS = resources()["items"]
HAT = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "size": {"type": "number"}},
}


def told(properties, body, side="read"):
    node = Node({"type": "object", "properties": properties}, {"shapes": {"hat": HAT}})
    return {each[2:] for each in differences(node, [body], resource=HATS, side=side)}


@pytest.mark.parametrize(
    ("properties", "body", "expected"),
    [
        pytest.param({"item": HAT}, {"item": {"name": "Fez", "brim": 3}}, set(), id="more-fields"),
        pytest.param(
            {"item": HAT},
            {"item": {"size": "7"}},
            {("item.name", "required", ""), ("item.size", "type", "string")},
            id="missing-and-mistyped",
        ),
        pytest.param(
            {"item": {"$ref": "#/shapes/hat"}},
            {"item": {"name": 1}},
            {("item.name", "type", "number")},
            id="a-reference",
        ),
        pytest.param(
            {"item": {"type": "array", "items": HAT}},
            {"item": {"name": 1}},
            {("item", "type", "object"), ("item.name", "type", "number")},
            id="one-instead-of-a-list",
        ),
        pytest.param(
            {"code": {"type": "integer"}, "hat": HAT},
            {"code": 0, "item": {"name": 1}},
            {("item", "properties", ""), ("item.name", "type", "number")},
            id="under-another-key",
        ),
        pytest.param(
            {"code": {"type": "integer"}, **HAT["properties"]},
            {"code": 0, "item": {"name": 1}},
            {("item", "properties", ""), ("item.name", "type", "number")},
            id="documented-without-a-key",
        ),
        pytest.param(
            {"code": {"type": "integer"}},
            {"code": 0, "item": {"name": 1}},
            {("item", "properties", "")},
            id="nothing-is-said-of-the-record",
        ),
    ],
)
def test_an_answer_is_held_against_its_description(properties, body, expected):
    assert told(properties, body) == expected


def test_a_request_has_no_key_around_its_record():
    assert told({"name": {"type": "string"}}, {"item": {}}, side="sent") == set()


def test_what_may_be_empty_may_be_null():
    rule = json_schema(Node({"type": "string", "nullable": True}, {}))
    assert rule == {"type": ["string", "null"]}


@pytest.mark.parametrize(
    ("value", "name"),
    [(True, "boolean"), (1, "number"), (Decimal("1.5"), "number"), (None, "null"), ([], "array")],
)
def test_a_value_has_one_json_type(value, name):
    assert json_type(value) == name


@pytest.mark.parametrize(
    ("words", "is_accepted"),
    [
        ({}, True),
        ({"in": ["items"], "sides": ["read"], "only": ["rate"], "given": ["number"]}, True),
        ({"in": ["bills"]}, False),
        ({"sides": ["sent"]}, False),
        ({"only": ["total"]}, False),
        ({"given": ["string"]}, False),
        ({"keyword": "enum"}, False),
        ({"path": "rate"}, False),
    ],
)
def test_an_entry_accepts_only_what_all_its_words_are_about(words, is_accepted):
    found = Difference("items", "read", "item.lines[].rate", "type", "number")
    assert accepts({"path": "*rate", "keyword": "type"} | words, found) is is_accepted
