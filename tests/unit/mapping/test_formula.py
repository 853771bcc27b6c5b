"""Formulas: what they give, what they refuse, and where a slip in one is told."""

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.errors import MappingError
from zbbulk.mapping.cells import CellError
from zbbulk.mapping.dates import date_style
from zbbulk.mapping.formula import FormulaFault, parse_formula
from zbbulk.mapping.formula_values import CONTEXT, ColumnValue

amounts = st.decimals(-(10**6), 10**6, places=2, allow_nan=False, allow_infinity=False)


def row_of(**cells):
    style = date_style("dd/mm/yyyy")
    return {name: ColumnValue(cell, cell == "", dates=style) for name, cell in cells.items()}


def value_of(text, **cells):
    return parse_formula(text).value(row_of(**cells))


@pytest.mark.parametrize(
    ("text", "cells", "value"),
    [
        pytest.param("[Q] * [R]", {"Q": "3", "R": "1.10"}, Decimal("3.30"), id="digits-stay"),
        pytest.param("1 + 2 * 3", {}, Decimal(7), id="precedence"),
        pytest.param("(1 + 2) * -3", {}, Decimal(-9), id="brackets-and-sign"),
        pytest.param("10 - 4 - 3", {}, Decimal(3), id="from-the-left"),
        pytest.param("round([A] / [Q], 6)", {"A": "10", "Q": "3"}, Decimal("3.333333"), id="round"),
        pytest.param("round(2.5)", {}, Decimal(3), id="halves-up"),
        pytest.param("round(1250, -2)", {}, Decimal(1300), id="round-to-hundreds"),
        pytest.param("[D] + [N]", {"D": "01/04/2024", "N": "30"}, date(2024, 5, 1), id="days-on"),
        pytest.param("[D] - 1", {"D": "01/03/2024"}, date(2024, 2, 29), id="a-day-before"),
        pytest.param(
            "[D] - [E]", {"D": "01/05/2024", "E": "01/04/2024"}, Decimal(30), id="between"
        ),
        pytest.param(
            "max([D], date('2024-06-30'))", {"D": "01/05/2024"}, date(2024, 6, 30), id="day"
        ),
        pytest.param("min(3, [A], 2)", {"A": "2.50"}, Decimal(2), id="least"),
        pytest.param("abs([A])", {"A": "-7"}, Decimal(7), id="abs"),
        pytest.param(
            "upper(left([B], 2)) & '-' & [V]", {"B": "north", "V": "007"}, "NO-007", id="&"
        ),
        pytest.param("right([V], 2) & mid([V], 1, 1)", {"V": "007"}, "070", id="pieces"),
        pytest.param("replace(trim([T]), ' ', '_')", {"T": " a  b "}, "a_b", id="replace"),
        pytest.param("'it''s ' & len([T])", {"T": "abc"}, "it's 3", id="quote-and-number"),
        pytest.param("[a]]b]", {"a]b": "x"}, "x", id="bracket-in-a-name"),
        pytest.param("if([Q] = 0, 0, 10 / [Q])", {"Q": "0"}, Decimal(0), id="if-looks-first"),
        pytest.param("[T] = 'SALE'", {"T": " sale "}, True, id="case-and-spaces"),
        pytest.param("[A] = [B]", {"A": "1.0", "B": "1.00"}, True, id="two-numbers"),
        pytest.param("[A] < [B]", {"A": "9", "B": "10"}, True, id="not-as-texts"),
        pytest.param("[A] < [B]", {"A": "02/01/2024", "B": "01/02/2024"}, True, id="two-days"),
        pytest.param("[A] = [B]", {"A": "", "B": ""}, True, id="two-blanks"),
        pytest.param("[A] <= 5", {"A": ""}, False, id="blank-is-not-less"),
        pytest.param("[A] <> 5", {"A": ""}, True, id="blank-is-another"),
        pytest.param("[A] = ''", {"A": ""}, True, id="blank-is-empty-text"),
        pytest.param(
            "not [A] > 3 and [B] or [C]", {"A": "4", "B": "yes", "C": "y"}, True, id="logic"
        ),
        pytest.param("[A] = 1 OR 1 = 2", {"A": "1"}, True, id="capitals"),
    ],
)
def test_a_formula_gives(text, cells, value):
    found = value_of(text, **cells)
    found = found.text() if isinstance(found, ColumnValue) else found
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("date([A]) + [B]", {"A"}),
        ("[A] >= Date('2024-01-31') and [B] > 1", {"A"}),
        ("max([A], date('2024-01-31'), [B])", {"A", "B"}),
        ("[A] - date('2024-01-31') & [B]", {"A"}),
        ("date('2024-01-31') - [A]", set()),
        ("[A] + [B]", set()),
        ("if([A] = 1, date([b]] c]), [D])", {"b] c"}),
    ],
)
def test_a_formula_knows_which_columns_can_only_be_days(text, days):
    assert parse_formula(text).days == days


@given(a=amounts, b=amounts, c=amounts)
def test_arithmetic_is_that_of_decimals(a, b, c):
    with localcontext(CONTEXT):
        expected = (a + b * c, (a - b) * c, -a - b)
    cells = {"A": f"{a:f}", "B": f"{b:f}", "C": f"{c:f}"}
    texts = ("[A] + [B] * [C]", "([A] - [B]) * [C]", "-[A] - [B]")
    assert tuple(value_of(text, **cells) for text in texts) == expected


@given(a=amounts, b=amounts)
def test_of_two_numbers_one_comparison_holds(a, b):
    cells = {"A": f"{a:f}", "B": f"{b:f}"}
    found = [value_of(f"[A] {sign} [B]", **cells) for sign in ("<", "=", ">", "<=", "<>", ">=")]
    assert found == [a < b, a == b, a > b, a <= b, a != b, a >= b]


@pytest.mark.parametrize(
    ("text", "cells", "words"),
    [
        (
            "[A] / [Q]",
            {"A": "10", "Q": "0"},
            "The formula [A] / [Q]: divides by zero (A '10', Q '0').",
        ),
        ("0 / 0", {}, "The formula 0 / 0: divides by zero."),
        ("[A] + 1", {"A": "x"}, "'x' is not a number like 1234.56 (A 'x')."),
        ("[A] * [B]", {"A": "2", "B": ""}, "a number is wanted and the cell is blank"),
        ("[D] + [N]", {"D": "01/04/2024", "N": "1.5"}, "1.5 is not a whole number of days"),
        ("date([D])", {"D": "31/02/2024"}, "'31/02/2024'"),
        ("left('abc', 1.5)", {}, "1.5 is not a whole number"),
        ("if('a', 1, 2)", {}, "'a' is neither yes nor no"),
        ("[D] + 9999999", {"D": "01/04/2024"}, "is no day of the calendar"),
        ("round([A], 40)", {"A": "1"}, "round takes -12 to 12 decimals"),
    ],
)
def test_what_cannot_be_computed_is_told_with_the_values(text, cells, words):
    with pytest.raises(CellError) as caught:
        value_of(text, **cells)
    assert caught.value.code == "ZB221"
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("[Q] *", "The formula breaks off.", "Finish it"),
        ("", "The formula breaks off.", "Finish it"),
        ("[Q] ** 2", "can't be read at position 6, from '*' on.", "[brackets]"),
        ("Unit Price", "'Unit Price' stands without brackets.", "Write [Unit Price]"),
        ("[Q", "can't be read at position 1, from '[Q' on.", "[brackets]"),
        ("1 2", "can't be read at position 3, from '2' on.", "[brackets]"),
        ("Qty * 2", "can't be read at position 5, from '*' on.", "[brackets]"),
        ("rond([A])", "There is no function 'rond' (position 1).", "Did you mean 'round'?"),
        ("left('abc')", "`left` takes 2 values, and 1 are given.", ""),
        ("round(1, 2, 3)", "`round` takes 1 to 2 values, and 3 are given.", ""),
        ("if(1 = 1, 2)", "`if` takes 3 values, and 2 are given.", ""),
        ("max()", "`max` takes 1 or more values, and 0 are given.", ""),
    ],
)
def test_a_text_that_is_no_formula_is_told_with_the_position(text, message, fix):
    with pytest.raises(FormulaFault) as caught:
        parse_formula(text)
    assert message in caught.value.message
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    ("field", "cells", "sent"),
    [
        ("rate: {formula: '[B] / [C]'}", ["", "10", "3"], Decimal("3.333333333333")),
        ("terms: {formula: '[B] * 2'}", ["", "15"], 30),
        ("due_date: {formula: '[B] + [C]'}", ["", "2024-01-31", "30"], "2024-03-01"),
        ("unit: {formula: '[B] & [C]'}", ["", "00", "7"], "007"),
        ("is_taxable: {formula: '[B] > 0'}", ["", "1"], True),
        ("discount: {formula: \"[B] * 100 & '%'\"}", ["", "0.15"], "15.00%"),
        ("rate: {formula: '[B] * 1', default: 7}", ["", ""], Decimal(7)),
    ],
)
def test_a_field_takes_what_its_formula_gives(convert, field, cells, sent):
    record, faults = convert(field, "x", *cells[1:])
    assert faults is None
    assert record[field.partition(":")[0]] == sent


def test_a_formula_whose_cells_are_all_blank_sends_nothing(convert):
    record, faults = convert("rate: {formula: '[B] * [C]'}", "x", " ", "")
    assert (record, faults) == ({"name": "x"}, None)


@pytest.mark.parametrize(
    ("field", "cells", "words"),
    [
        ("rate: {formula: '[B] / [C]'}", ["4", "0"], "divides by zero"),
        ("terms: {formula: '[B] / 2'}", ["3"], "gives '1.5', and the field takes a whole number."),
        ("due_date: {formula: '[B] * 2'}", ["3"], "gives '6', and the field takes a date."),
    ],
)
def test_a_formula_that_fails_names_all_of_its_columns(convert, field, cells, words):
    _, (fault,) = convert(field, "x", *cells)
    assert (fault.code, fault.path) == ("ZB221", (field.partition(":")[0],))
    assert fault.column == ", ".join("BC"[: 1 + ("[C]" in field)])
    assert words in fault.message


@pytest.mark.parametrize(
    ("rest", "code", "place"),
    [
        ("fields:\n  name: A\n  rate: {formula: '[B] +'}\n", "ZB220", (5, "19")),
        ("fields:\n  name: A\n  rate: {formula: [B]}\n", "ZB212", (5, "19")),
        ("fields:\n  name: A\n  rate: {formula: '[B]', values: {a: 1}}\n", "ZB211", (5, "26")),
        ("only_rows: '[B] ='\nfields: {name: A}\n", "ZB220", (3, "12")),
    ],
)
def test_a_slip_in_a_mapping_is_told_with_its_place(load, rest, code, place):
    with pytest.raises(MappingError) as caught:
        load(rest)
    (problem,) = caught.value.as_problems()
    assert (problem.code, problem.at.row, problem.at.column) == (code, *place)


@pytest.mark.parametrize("where", ["rate: {formula: '[Bee] * 2'}", "only"])
def test_a_column_that_the_sheet_does_not_have_is_told_with_its_place(program, where):
    top = "only_rows: '[Bee] = 1'\n" if where == "only" else ""
    fields = "sku: B" if where == "only" else where
    with pytest.raises(MappingError) as caught:
        program(fields, top=top)
    assert "has no column 'Bee'" in caught.value.as_problems()[0].message


def test_only_rows_tells_which_rows_are_taken(program):
    compiled = program("sku: B", top="only_rows: \"[C] = 'Sale'\"\n")
    told = [compiled.takes(["x", "1", word, "", ""]) for word in ("sale", "Return", "")]
    assert told == [True, False, False]
    assert program("sku: B").takes(["x"] * 5) is True


def test_only_rows_that_cannot_be_computed_is_a_fault_of_the_row(program):
    compiled = program("sku: B", top="only_rows: '[C] + 1 > 2'\n")
    cells = ["x", "1", "abc", "", ""]
    assert compiled.takes(cells) is None
    (fault,) = compiled.condition_faults(cells)
    assert (fault.code, fault.column) == ("ZB221", "C")


CHOOSE = """\
unit:
  choose:
    - {if: "[B] = 'x' and [C] = ''", value: first}
    - {if: "[B] = 'x'", template: "{C}!"}
    - {if: "[B] = 'y'", column: D, values: {a: one}}
    - {if: "[B] = 'z'", error: Column B must not be z}
"""


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        (["x", ""], "first"),
        (["X ", "now"], "now!"),
        (["y", "", "A"], "one"),
        (["other", "", ""], None),
        (["", "", ""], None),
    ],
)
def test_the_first_branch_that_is_true_gives_the_value(convert, cells, unit):
    record, faults = convert(CHOOSE, "n", *cells)
    assert faults is None
    assert record.get("unit") == unit


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        (["z"], "ZB222", "Column B must not be z."),
        (["y", "", "b"], "ZB208", "'b' is not in the mapping's list"),
    ],
)
def test_a_branch_that_refuses_names_all_columns_of_the_rule(convert, cells, code, words):
    _, (fault,) = convert(CHOOSE, "n", *cells)
    assert (fault.code, fault.path, fault.column) == (code, ("unit",), "B, C, D")
    assert words in fault.message


def test_a_default_is_taken_when_no_branch_is_true(convert):
    rule = "rate: {choose: [{if: '[B] > 5', formula: '[B] * 2'}], default: 1}"
    assert convert(rule, "n", "6")[0]["rate"] == Decimal(12)
    assert convert(rule, "n", "5")[0]["rate"] == Decimal(1)


@pytest.mark.parametrize(
    ("rule", "code", "place"),
    [
        ("{choose: x}", "ZB212", "18"),
        ("{choose: [x]}", "ZB212", "19"),
        ("{choose: [{if: '[B', value: 1}]}", "ZB220", "24"),
        ("{choose: [{value: 1}, {value: 2}]}", "ZB211", "19"),
        ("{choose: [{if: '[B]=1', error: ''}]}", "ZB212", "40"),
        ("{choose: [{if: '[B]=1', error: no, value: 1}]}", "ZB202", "44"),
        ("{choose: [{if: '[B]=1', colum: B}]}", "ZB202", "33"),
        ("{choose: [{if: '[B]=1', value: x}], values: {a: 1}}", "ZB211", "45"),
    ],
)
def test_a_slip_in_choose_is_told_with_its_place(load, rule, code, place):
    with pytest.raises(MappingError) as caught:
        load(f"fields:\n  name: A\n  rate: {rule}\n")
    told = {(each.code, each.at.row, each.at.column) for each in caught.value.as_problems()}
    assert (code, 5, place) in told
