"""What YAML makes of a bookkeeper's text, and what is told about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.errors import MappingError
from zbbulk.mapping import parse_mapping

HEAD = "zbbulk: 1\nresource: items\nfields:\n"


def fault_of(text):
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, file="m.yml")
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("line", "place", "says"),
    [
        ("  name: %GST", "4:9", "'%GST'"),
        ("  name: @rate", "4:9", "'@rate'"),
        ("  name: `rate`", "4:9", "'`rate`'"),
        ("  name: *Name", "4:9", "'*Name ...'"),
        ("  name: &Name x", "4:9", "'&Name ...'"),
        ("  name: !x y", "4:9", "'!x ...'"),
        ("  name: !!str y", "4:9", "'!!str ...'"),
        ("  name: [Qty] * 2", "4:9", "'[Qty] * 2'"),
        ("  name: A/C: No", "4:9", "'A/C: No'"),
        ("  name: - x", "4:9", "'- x'"),
        ("  name: |x", "4:9", "'|x'"),
        ("  name: >12 mm", "4:9", "'>12 mm'"),
        ('  name: "a" b', "4:9", "quotes"),
        ("  name: {column: %x}", "4:18", "'%x'"),
        ("  name: {column: a: b}", "4:18", "'a: b'"),
        ("\tname: x", "4:1", "spaces"),
        ("  name: {column: Item\n  sku: B", "4:9", "`}`"),
        ("  name: [Item\n  sku: B", "4:9", "`]`"),
        ("  name: 'abc\n  sku: B", "4:9", "Close the quote"),
        ("  name: X\n  Item Code\n  sku: Y", "5:3", "colon"),
        ("    name: X\n  sku: Y", "5:3", "first letter of its neighbours"),
        ("  name: X\n   sku: Y", "5:7", "first letter of its neighbours"),
        ('  name: "\\d"', "4:10", "single quotes"),
        ("  name: a\x01b", "4:10", "U+0001"),
        ("  <<: x\n  name: A", "4:3", "merge key"),
        ("  name: A\n---\nb: c", "5:1", "one mapping"),
        ("  name: " + "[" * 40 + "]" * 40, "4:38", "too deeply"),
    ],
)
def test_a_yaml_trap_is_told_with_its_place_and_the_cure(line, place, says):
    problem = fault_of(f"{HEAD}{line}\n")
    assert (problem.code, str(problem.at)) == ("ZB201", f"m.yml:{place}")
    assert says in problem.message + problem.fix


@given(st.text(alphabet=" \n\t:-{}[]'\"#&*!|>%@`,?abc\\0\x07", max_size=60))
def test_any_text_is_a_mapping_or_a_mapping_error(text):
    rows = [1]
    try:
        parse_mapping(HEAD + text, file="m.yml")
    except MappingError as error:
        rows = [problem.at.row for problem in error.problems]
    assert rows
    assert all(rows)
