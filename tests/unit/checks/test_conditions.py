import pytest

from zbbulk.checks.conditions import alternatives, required_when

TEST = {"properties": {"kind": {"const": "a"}}, "required": ["kind"]}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"required": ["x"]}, {}),
        ({"if": TEST, "then": {"required": ["x"]}}, {"x": "when kind is 'a'"}),
        ({"if": TEST, "then": {}, "else": {"required": ["x"]}}, {"x": "unless kind is 'a'"}),
        (
            {
                "if": {"properties": {"kind": {"enum": ["a", "b"]}}, "required": ["y"]},
                "then": {"required": ["x"]},
            },
            {"x": "when kind is 'a' or 'b' and y is given"},
        ),
        ({"dependentRequired": {"y": ["x"]}}, {"x": "when y is given"}),
        (
            {
                "allOf": [{"if": TEST, "then": {"required": ["x"]}}],
                "dependentRequired": {"y": ["x"]},
            },
            {"x": "when y is given, or when kind is 'a'"},
        ),
    ],
    ids=["always", "then", "else", "several-tests", "dependent", "two-reasons"],
)
def test_a_condition_is_told_in_words(rules, expected):
    assert required_when(rules) == expected


def test_of_alternatives_each_is_named():
    rules = {"anyOf": [{"required": ["x"]}, {"required": ["y", "z"]}]}
    assert alternatives(rules) == ("x", "y with z")
    assert alternatives({"oneOf": rules["anyOf"]}) == ("x", "y with z")


def test_alternatives_of_other_kinds_name_no_field():
    assert alternatives({"anyOf": [{"required": ["x"]}, {"type": "string"}]}) == ()
    assert alternatives({}) == ()
