"""``debit_credit:``: the side and the amount, in each of its three shapes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.errors import MappingError
from zbbulk.mapping import compile_mapping, parse_mapping

HEADER = ("A", "B", "C")
TWO = "{debit: B, credit: C}"
WORD = "{amount: B, type: C, debit_word: [Dr, To]}"
WORDS = "{amount: B, type: C, debit_word: Dr, credit_word: Cr}"
CREDITS = "{amount: B, type: C, credit_word: Cr}"
SIGN = "{amount: B, negative: credit}"
CENTS = st.decimals(Decimal("0.01"), 10**9, places=2)


def loaded(shape, *, more="", source="{}"):
    text = (
        f"zbbulk: 1\nresource: journals\nsource: {source}\n"
        "fields:\n  journal_date: {value: 2024-03-31}\n"
        f"  line_items:\n    - account_id: A\n      debit_credit: {shape}\n{more}"
    )
    return parse_mapping(text, file="m.yml")


def line_of(shape, b, c="", *, a="1", source="{}", typed=False):
    program = compile_mapping(loaded(shape, source=source), HEADER, file="a.csv", typed=typed)
    record, faults = program.convert([a, b, c])
    return record.get("line_items", [{}])[0], faults, program


@pytest.mark.parametrize(
    ("shape", "b", "c", "side", "amount"),
    [
        pytest.param(TWO, "12.50", "", "debit", "12.50", id="left"),
        pytest.param(TWO, "", "7", "credit", "7", id="right"),
        pytest.param(TWO, "0.00", "7", "credit", "7", id="a-zero-counts-as-blank"),
        pytest.param(WORD, "5", "to", "debit", "5", id="one-of-the-words"),
        pytest.param(WORD, "5", "By", "credit", "5", id="any-other-word"),
        pytest.param(CREDITS, "5", "x", "debit", "5", id="any-other-word-is-debit"),
        pytest.param(CREDITS, "5", " CR ", "credit", "5", id="credit-word"),
        pytest.param(WORDS, "5", "cr", "credit", "5", id="both-words"),
        pytest.param(SIGN, "5", "", "debit", "5", id="above-zero"),
        pytest.param(SIGN, "(5)", "", "credit", "5", id="in-brackets"),
        pytest.param("{amount: B, negative: debit}", "-5", "", "debit", "5", id="bank"),
    ],
)
def test_a_row_tells_its_side_and_amount(shape, b, c, side, amount):
    line, faults, _ = line_of(shape, b, c)
    assert faults is None
    assert (line["debit_or_credit"], line["amount"]) == (side, Decimal(amount))


@given(amount=CENTS, is_debit=st.booleans())
def test_all_shapes_tell_the_same(amount, is_debit):
    text, side = f"{amount:f}", "debit" if is_debit else "credit"
    told = [
        line_of(TWO, *((text, "") if is_debit else ("", text)))[0],
        line_of(WORDS, text, "Dr" if is_debit else "Cr")[0],
        line_of(SIGN, text if is_debit else f"-{text}")[0],
    ]
    expected = {"account_id": "1", "debit_or_credit": side, "amount": amount}
    assert told == [expected] * 3


@pytest.mark.parametrize(
    ("shape", "b", "c", "code", "words"),
    [
        (TWO, "1", "2", "ZB223", "Both sides are filled in: B '1' and C '2'."),
        (TWO, "0", "", "ZB223", "Neither side has an amount: B '0' and C ''."),
        (TWO, "-1", "", "ZB223", "The amount of the debit is below zero: -1."),
        (TWO, "one", "", "ZB204", "'one' is not a number like 1234.56."),
        (WORD, "1", "", "ZB223", "C is blank, so the side of B is not known."),
        (WORD, "0", "Dr", "ZB223", "The amount is zero."),
        (WORD, "-1", "Cr", "ZB223", "The amount of the credit is below zero: -1."),
        (WORD, "", "Cr", "ZB221", "a number is wanted and the cell is blank"),
        (WORDS, "1", "D", "ZB223", "'D' is neither debit nor credit; known: 'cr', 'dr'."),
        (SIGN, "0.00", "", "ZB223", "The amount is zero."),
    ],
)
def test_a_row_that_leaves_it_open_is_refused_with_its_columns(shape, b, c, code, words):
    _, faults, program = line_of(shape, b, c)
    assert {(fault.code, fault.message) for fault in faults} == {(code, words)}
    assert [fault.path[-1] for fault in faults] == ["debit_or_credit", "amount"]
    columns = ("B",) if shape == SIGN else ("B", "C")
    assert {fault.column for fault in faults} == {", ".join(columns)}
    assert program.origin(faults[0].path, cells=["1", b, c]).columns == columns


def test_blank_cells_give_no_value_and_no_line_where_all_are_blank():
    assert line_of(TWO, "", "")[:2] == ({"account_id": "1"}, None)
    assert line_of(TWO, "", "", a="")[:2] == ({}, None)


def test_numbers_are_read_in_the_style_of_the_source_and_as_a_workbook_has_them():
    line, _, _ = line_of(TWO, "1.234,50", source='{numbers: "1.234,56"}')
    assert line["amount"] == Decimal("1234.50")
    line, _, _ = line_of(SIGN, -19.99, typed=True)
    assert line["amount"] == Decimal("19.99")
    _, faults, _ = line_of(SIGN, "#N/A", typed=True)
    assert {fault.code for fault in faults} == {"ZB115"}


@pytest.mark.parametrize(
    ("shape", "code", "at", "words"),
    [
        ("B", "ZB212", 21, "takes a map"),
        ("{debit: B}", "ZB211", 21, "one of three shapes"),
        ("{amount: B, type: C}", "ZB211", 21, "one of three shapes"),
        ("{debit: B, credt: C}", "ZB202", 32, "`credt` is not a word of"),
        ("{debit: B, credit: [C]}", "ZB212", 40, "`credit:` takes the name of one column."),
        ("{amount: B, negative: minus}", "ZB202", 43, "`negative: minus` is not known."),
        ("{amount: B, type: C, debit_word: ''}", "ZB212", 54, "`debit_word:` takes a word"),
        (
            "{amount: B, type: C, debit_word: D, credit_word: [d]}",
            "ZB211",
            70,
            "'d' can't mean both debit and credit.",
        ),
    ],
)
def test_a_slip_is_told_with_its_place(shape, code, at, words):
    with pytest.raises(MappingError) as caught:
        loaded(shape)
    (problem,) = caught.value.as_problems()
    assert (problem.code, problem.at.row, problem.at.column) == (code, 8, str(at))
    assert words in problem.message


def test_a_field_that_it_fills_is_not_mapped_twice():
    with pytest.raises(MappingError) as caught:
        loaded(TWO, more="      amount: B\n")
    assert caught.value.code == "ZB211"
    assert "`amount:` stands beside it" in caught.value.message


def test_it_stands_only_where_there_are_two_sides():
    with pytest.raises(MappingError) as caught:
        parse_mapping(
            f"zbbulk: 1\nresource: items\nfields:\n  name: A\n  debit_credit: {TWO}\n", file="m.yml"
        )
    (problem,) = caught.value.as_problems()
    assert (problem.code, problem.at.row) == ("ZB211", 5)
    assert problem.message == "items has no two sides that `debit_credit:` could fill."


def test_a_column_that_the_sheet_does_not_have_is_told_once():
    with pytest.raises(MappingError) as caught:
        compile_mapping(loaded("{debit: Bee, credit: C}"), HEADER, file="a.csv", typed=False)
    (problem,) = caught.value.as_problems()
    assert (problem.code, problem.at.row, problem.at.column) == ("ZB209", 8, "29")


@pytest.mark.parametrize("resource", ["bankstatements", "openingbalances"])
def test_the_other_resources_with_two_sides_take_it(resource):
    lists = {"bankstatements": "transactions", "openingbalances": "accounts"}
    text = (
        f"zbbulk: 1\nresource: {resource}\n"
        "fields:\n  account_id: A\n  date: {value: 2024-03-31}\n"
        f"  {lists[resource]}:\n    - date: {{value: 2024-03-31}}\n      account_id: A\n"
        f"      debit_credit: {TWO}\n"
    )
    mapping = parse_mapping(text, file="m.yml")
    program = compile_mapping(mapping, HEADER, file="a.csv", typed=False)
    record, faults = program.convert(["1", "", "3"])
    assert faults is None
    assert record[lists[resource]][0]["debit_or_credit"] == "credit"
