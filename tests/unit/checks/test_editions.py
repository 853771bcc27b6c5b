"""What an edition requires beyond the others is asked for on create, and only there."""

import pytest

from zbbulk.checks import checker_for
from zbbulk.checks.checker import rules_for
from zbbulk.model import Action

SCHEMA = {
    "type": "object",
    "required": ["name"],
    "x-required-on-update": ["item_id"],
    "x-required-in": {"in": ["gst", "place"], "gcc": ["vat"]},
    "properties": {name: {"type": "string"} for name in ("item_id", "name", "gst", "place", "vat")},
}


def faults(record, edition, *, action=Action.CREATE):
    checker = checker_for("items", action, schema=SCHEMA, edition=edition)
    found = [(fault.code, fault.path, fault.message) for fault in checker.faults(record)]
    assert checker.is_valid(record) == (not found)
    return found


def test_each_field_that_the_edition_requires_is_told():
    assert faults({"name": "Pen"}, "in") == [
        ("ZB301", ("gst",), "gst is blank; Zoho needs it in the edition India (in)"),
        ("ZB301", ("place",), "place is blank; Zoho needs it in the edition India (in)"),
    ]


def test_what_all_editions_require_is_not_said_of_one():
    assert faults({"gst": "x", "place": "TN"}, "in") == [
        ("ZB301", ("name",), "name is blank; Zoho needs it")
    ]


@pytest.mark.parametrize("edition", [None, "us"])
def test_no_other_edition_asks_for_them(edition):
    assert faults({"name": "Pen"}, edition) == []


def test_an_update_is_not_asked_for_them():
    assert faults({"item_id": "1"}, "in", action=Action.UPDATE) == []


def test_a_field_of_the_same_name_further_down_is_not_meant():
    line = {"type": "object", "required": ["gst"], "properties": {"gst": {"type": "string"}}}
    schema = SCHEMA | {"properties": SCHEMA["properties"] | {"line": line}}
    checker = checker_for("items", Action.CREATE, schema=schema, edition="in")
    record = {"name": "Pen", "gst": "x", "place": "TN", "line": {}}
    assert [(f.path, f.message) for f in checker.faults(record)] == [
        (("line", "gst"), "gst is blank; Zoho needs it")
    ]


def test_the_schema_is_not_changed():
    rules_for(SCHEMA, Action.CREATE, edition="in")
    assert SCHEMA["required"] == ["name"]
