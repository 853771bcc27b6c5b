"""The words of each Fault, and alternatives unfolded."""

from decimal import Decimal

import pytest

from zbbulk.checks import checker_for
from zbbulk.codes import CODES
from zbbulk.model import Action

ID = "4600000000000200001"


def faults(record, *, schema=None, resource="items"):
    return checker_for(resource, Action.CREATE, schema=schema).faults(record)


def only_fault(value, rule):
    (fault,) = faults({"f": value}, schema={"properties": {"f": rule}})
    assert fault.code in CODES
    return fault


@pytest.mark.parametrize(
    ("value", "rule", "code", "message"),
    [
        pytest.param("", {"minLength": 1}, "ZB301", "f is blank; Zoho needs it", id="blank"),
        pytest.param(
            "x" * 132,
            {"maxLength": 100},
            "ZB302",
            f"'{'x' * 40}...' is 132 characters long; Zoho takes 100",
            id="long",
        ),
        pytest.param(
            "a",
            {"minLength": 2},
            "ZB304",
            "'a' is 1 characters long; Zoho needs 2",
            id="short",
        ),
        pytest.param("c", {"enum": ["a", "b"]}, "ZB303", "'c' is not one of: a, b", id="enum"),
        pytest.param("c", {"const": "a"}, "ZB303", "'c' is not one of: a", id="const"),
        pytest.param(
            "12a",
            {"pattern": "^[0-9]{1,20}$"},
            "ZB304",
            "'12a' is not an id: Zoho's ids are 1 to 20 digits",
            id="id",
        ),
        pytest.param(
            "x",
            {"pattern": "^[0-9]$", "description": "One digit"},
            "ZB304",
            "'x' is not of the right shape: One digit",
            id="described-pattern",
        ),
        pytest.param(
            "x", {"pattern": "^y$"}, "ZB304", "'x' is not of the right shape: ^y$", id="pattern"
        ),
        pytest.param(
            "2024-02-30",
            {"format": "date"},
            "ZB304",
            "'2024-02-30' is not a date like 2024-12-31",
            id="date",
        ),
        pytest.param("x", {"format": "ipv4"}, "ZB304", "'x' is not of the form ipv4", id="format"),
        pytest.param("x", {"type": "number"}, "ZB305", "'x' is text, not a number", id="text"),
        pytest.param(
            Decimal("1.5"),
            {"type": "integer"},
            "ZB305",
            "1.5 is a number, not a whole number",
            id="decimal",
        ),
        pytest.param(
            [],
            {"type": ["string", "number"]},
            "ZB305",
            "a list is a list, not a number or text",
            id="list",
        ),
        pytest.param(
            None,
            {"type": "number"},
            "ZB305",
            "f has no value that can be sent; Zoho takes a number",
            id="null",
        ),
        pytest.param(
            Decimal("-0.01"),
            {"minimum": 0},
            "ZB306",
            "-0.01 is less than 0, the least that Zoho takes",
            id="minimum",
        ),
        pytest.param(
            101,
            {"maximum": 100},
            "ZB306",
            "101 is more than 100, the most that Zoho takes",
            id="maximum",
        ),
        pytest.param(
            0, {"exclusiveMinimum": 0}, "ZB306", "0 is not more than 0, as Zoho needs", id="above"
        ),
        pytest.param(
            9, {"exclusiveMaximum": 9}, "ZB306", "9 is not less than 9, as Zoho needs", id="below"
        ),
        pytest.param(
            Decimal("0.15"),
            {"multipleOf": 0.1},
            "ZB306",
            "0.15 is not a multiple of 0.1",
            id="step",
        ),
        pytest.param(
            [], {"minItems": 1}, "ZB308", "f has 0 entries; Zoho needs at least 1", id="few"
        ),
        pytest.param(
            [1, 2], {"maxItems": 1}, "ZB308", "f has 2 entries; Zoho takes at most 1", id="many"
        ),
        pytest.param(
            {"a": 1},
            {"minProperties": 2},
            "ZB308",
            "f has 1 entry; Zoho needs at least 2",
            id="few-fields",
        ),
        pytest.param(
            [1, 1],
            {"uniqueItems": True},
            "ZB309",
            "f breaks the rule 'uniqueItems': a list",
            id="twice",
        ),
        pytest.param(
            7,
            {"oneOf": [{"type": "number"}, {"type": "integer"}]},
            "ZB309",
            "f breaks the rule 'oneOf': 7",
            id="fits-two-alternatives",
        ),
    ],
)
def test_each_rule_is_told_in_plain_words(value, rule, code, message):
    fault = only_fault(value, rule)
    assert (fault.code, fault.path, fault.message) == (code, ("f",), message)


def test_a_misspelt_word_of_a_list_gets_the_nearest_one_as_fix():
    (fault,) = faults({"name": "P", "rate": 1, "item_type": "Sales and Purchase"})
    assert fault.code == "ZB303"
    assert fault.path == ("item_type",)
    assert fault.fix.startswith("Did you mean 'sales_and_purchases'? ")


def test_a_word_near_nothing_gets_no_suggestion():
    assert "Did you mean" not in only_fault("zzz", {"enum": ["goods", "service"]}).fix


def test_a_long_list_is_told_by_its_first_dozen():
    message = only_fault("zzz", {"enum": [f"v{n}" for n in range(30)]}).message
    assert message.endswith("v10, v11 and 18 more")


def test_a_condition_names_the_value_that_makes_a_field_required():
    (fault,) = faults({"name": "P", "rate": 1, "item_type": "inventory", "purchase_account_id": ID})
    assert fault.path == ("inventory_account_id",)
    assert fault.message == (
        "inventory_account_id is blank; Zoho needs it when item_type is 'inventory'"
    )


def test_an_exception_to_a_condition_is_told():
    (fault,) = faults({"name": "P"})
    assert fault.message == "rate is blank; Zoho needs it unless item_type is 'purchases'"


def test_a_date_of_wrong_shape_is_one_fault_not_two():
    record = {"customer_id": ID, "line_items": [{"name": "a"}], "date": "31.12.2024"}
    (fault,) = faults(record, resource="invoices")
    assert (fault.code, fault.path) == ("ZB304", ("date",))


def test_a_value_of_the_wrong_kind_is_not_told_to_break_other_rules_too():
    assert only_fault(5, {"type": "string", "enum": ["a"]}).code == "ZB305"


def test_a_line_that_sells_nothing_is_told_what_it_may_have():
    record = {"customer_id": ID, "line_items": [{"rate": 1}]}
    (fault,) = faults(record, resource="estimates")
    assert (fault.code, fault.path) == ("ZB301", ("line_items", 0))
    assert (
        fault.message == "item_id, name, description or line_item_id is needed, and all are blank"
    )
    assert fault.fix == "Fill in one of them."


def test_many_alternatives_are_cut_short():
    record = {"customer_id": ID, "line_items": [{"rate": 1}]}
    (fault,) = faults(record, resource="invoices")
    assert "line_item_id or one of 4 others is needed" in fault.message


def test_of_a_whole_record_the_first_blank_of_several_fields_is_pointed_to():
    rule = {"anyOf": [{"required": ["account_id", "amount"]}, {"required": ["line_items"]}]}
    (fault,) = faults({"account_id": "1"}, schema=rule)
    assert fault.message == "amount or line_items is needed, and all are blank"
    assert fault.path == ("amount",)


ALTERNATIVES = {"anyOf": [{"type": "string"}, {"type": "number", "minimum": 5}]}


def test_of_alternatives_the_one_that_fits_best_is_explained():
    assert only_fault(3, ALTERNATIVES).message == "3 is less than 5, the least that Zoho takes"


def test_when_no_alternative_has_the_kind_all_kinds_are_named():
    assert only_fault([], ALTERNATIVES).message == "a list is a list, not text or a number"


def test_alternatives_within_alternatives_are_unfolded():
    rule = {"oneOf": [{"type": "null"}, {"anyOf": [{"type": "boolean"}, {"maxLength": 2}]}]}
    assert only_fault("abc", rule).code == "ZB302"


def test_no_message_speaks_of_schemas():
    record = {"customer_id": 1, "line_items": [{"rate": "x"}], "discount": "five", "date": "x"}
    messages = " ".join(fault.message for fault in faults(record, resource="invoices"))
    assert "schema" not in messages
