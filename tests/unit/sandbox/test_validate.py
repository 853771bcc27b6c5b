"""The sandbox's own validator, on facts made up for the test and on the shipped ones."""

from decimal import Decimal

import pytest

from zbbulk.resources import resources, schema
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.validate import check_body, prune

FACTS = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "rate": {"type": "number", "minimum": 0, "maximum": 10},
        "days": {"type": "integer"},
        "open": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "day": {"type": "string", "format": "date"},
        "code": {"type": "string", "pattern": "^[0-9]+$"},
        "either": {"type": ["number", "string"]},
        "address": {"type": "object", "properties": {"city": {"type": "string", "maxLength": 3}}},
        "lines": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {"x": {"type": "number"}, "y": {"type": "string"}},
                "anyOf": [{"required": ["x"]}, {"required": ["y"]}],
            },
        },
    },
    "allOf": [
        {
            "if": {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
            "then": {"required": ["code"]},
            "else": {},
        }
    ],
}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "abcde"},
        {"rate": Decimal("9.99"), "days": Decimal("3.0"), "open": False, "either": "5%"},
        {"kind": "b", "code": "12", "day": "2024-02-29", "address": {}, "lines": [{"x": 1}]},
        {"unknown": {"deep": [1]}, "code": ""},
    ],
)
def test_a_good_body_passes(body):
    check_body({"name": "a"} | body, FACTS, editions=frozenset({"us"}), is_update=False)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"name": ""}, "2", "name"),
        ({"name": "abcdef"}, "15", "name"),
        ({"name": 5}, "2", "name"),
        ({"rate": "1"}, "2", "rate"),
        ({"rate": True}, "2", "rate"),
        ({"rate": -1}, "4", "rate"),
        ({"rate": Decimal("10.01")}, "4", "rate"),
        ({"days": Decimal("1.5")}, "2", "days"),
        ({"days": Decimal("1.5E-99999")}, "2", "days"),
        ({"open": 1}, "2", "open"),
        ({"kind": "c"}, "2", "kind"),
        ({"kind": "b"}, "2", "code"),
        ({"day": "2023-02-29"}, "2", "day"),
        ({"day": "01/02/2024"}, "2", "day"),
        ({"code": "a1"}, "2", "code"),
        ({"either": []}, "2", "either"),
        ({"address": {"city": "long"}}, "15", "city"),
        ({"address": {"city": None}}, "2", "city"),
        ({"lines": []}, "2", "lines"),
        ({"lines": [None]}, "2", "lines"),
        ({"lines": [{}]}, "2", "x"),
    ],
)
def test_the_first_fault_is_told(body, code, field):
    with pytest.raises(Refusal) as caught:
        check_body({"name": "a"} | body, FACTS, editions=frozenset({"us"}), is_update=False)
    assert caught.value.code == code
    assert field in caught.value.message


def test_a_missing_field_is_refused_on_create_and_fine_on_update():
    with pytest.raises(Refusal):
        check_body({}, FACTS, editions=frozenset({"us"}), is_update=False)
    check_body({}, FACTS, editions=frozenset({"us"}), is_update=True)
    with pytest.raises(Refusal):
        check_body({"lines": [{}]}, FACTS, editions=frozenset({"us"}), is_update=True)


def test_prune_drops_what_the_facts_do_not_name():
    body = {"name": "a", "odd": 1, "lines": [{"x": 1, "odd": 2}], "address": {"odd": 3}}
    assert prune(body, FACTS, editions=frozenset({"us"})) == {
        "name": "a",
        "lines": [{"x": 1}],
        "address": {},
    }


def test_a_field_may_be_named_by_a_pattern():
    facts = {"properties": {}, "patternProperties": {"^cf_[a-z]+$": {}}}
    assert prune({"cf_a": 1, "c": 2}, facts, editions=frozenset({"us"})) == {"cf_a": 1}


@pytest.mark.parametrize(("edition", "is_kept"), [("in", True), ("us", False)])
def test_a_field_of_another_edition_is_dropped(edition, is_kept):
    facts = {"properties": {"gst_no": {"x-editions": ["in"]}}}
    lines = {"properties": {"lines": {"items": facts}}}
    kept = {"gst_no": "1"} if is_kept else {}
    assert prune({"gst_no": "1"}, facts, editions=frozenset({edition})) == kept
    assert prune({"lines": [{"gst_no": "1"}]}, lines, editions=frozenset({edition})) == {
        "lines": [kept]
    }


def test_a_field_may_be_required_in_one_edition_only():
    facts = FACTS | {"x-required-in": {"in": ["day"]}}
    check_body({"name": "a"}, facts, editions=frozenset({"us"}), is_update=False)
    check_body({}, facts, editions=frozenset({"in"}), is_update=True)
    with pytest.raises(Refusal) as caught:
        check_body({"name": "a"}, facts, editions=frozenset({"in"}), is_update=False)
    assert "day" in caught.value.message


def _keywords(facts):
    for name, part in facts.items():
        yield name
        if name.startswith("x-"):
            continue
        parts = (
            part.values()
            if name.lower().endswith("properties")
            else part
            if isinstance(part, list)
            else [part]
        )
        for inner in parts:
            if isinstance(inner, dict):
                yield from _keywords(inner)


@pytest.mark.parametrize("name", resources())
def test_the_shipped_facts_use_no_keyword_that_is_unknown_here(name):
    understood = {
        *("type", "enum", "const", "pattern", "format", "minLength", "maxLength"),
        *("minimum", "maximum", "items", "minItems", "properties", "required"),
        "patternProperties",
        *("if", "then", "else", "allOf", "anyOf"),
        *("$schema", "$id", "$comment", "title", "description"),
    }
    used = {word for word in _keywords(schema(name)) if not word.startswith("x-")}
    assert used <= understood
