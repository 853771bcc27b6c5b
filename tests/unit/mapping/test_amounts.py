from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.mapping.amounts import PLAIN, known_styles, number_style
from zbbulk.mapping.cells import CellError

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("style", "text", "number"),
    [
        ("1234.56", "19.90", "19.90"),
        ("1234.56", "0012", "12"),
        ("1234.56", ".5", "0.5"),
        ("1234.56", "-5", "-5"),
        ("1234.56", "5-", "-5"),
        ("1234.56", "+5", "5"),
        ("1234.56", "\N{MINUS SIGN}5", "-5"),
        ("1234.56", "(1200.00)", "-1200.00"),
        ("1234.56", "( 7 )", "-7"),
        ("1234.56", "$ 12", "12"),
        ("1234.56", "-$12", "-12"),
        ("1234.56", "$-12", "-12"),
        ("1234.56", "($12)", "-12"),
        ("1234.56", "Rs. 12", "12"),
        ("1234.56", "Rs12", "12"),
        ("1234.56", "₹12", "12"),
        ("1234.56", "US$ 12", "12"),
        ("1234.56", "INR 120000", "120000"),
        ("1234.56", f"12{NBSP}€", "12"),
        ("1234.56", "12 EUR-", "-12"),
        ("1234.56", "18%", "18"),
        ("1234.56", "18 %", "18"),
        ("1234.56", "-2.5%", "-2.5"),
        ("1,234.56", "1,234,567.80", "1234567.80"),
        ("1,234.56", "1234.5", "1234.5"),
        ("1,234.56", "(1,200.00)", "-1200.00"),
        ("1.234,56", "1.234,56", "1234.56"),
        ("1.234,56", "1234,5", "1234.5"),
        ("1.234,56", "1.234", "1234"),
        ("1.234,56", "12,50 €", "12.50"),
        ("1234,56", "7,5", "7.5"),
        ("1 234,56", "1 234,56", "1234.56"),
        ("1 234,56", f"1{NBSP}234,56", "1234.56"),
        ("1 234,56", f"1{NARROW}234{NARROW}567", "1234567"),
        ("1'234.56", "1'234.56", "1234.56"),
        ("1'234.56", "1\u2019234.56", "1234.56"),
        ("1,23,456.78", "1,23,456.78", "123456.78"),
        ("1,23,456.78", "12,34,56,789", "123456789"),
        ("1,23,456.78", "1,234", "1234"),
        ("1,23,456.78", "₹ 1,20,000.50", "120000.50"),
    ],
)
def test_a_number_is_read_as_written(style, text, number):
    read = number_style(style).read(text)
    assert str(read) == str(Decimal(number))


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("1234.56", "1,5"),
        ("1234.56", "1e3"),
        ("1234.56", "NaN"),
        ("1234.56", "Infinity"),
        ("1234.56", "1_000"),
        ("1234.56", "٣"),
        ("1234.56", "1.2.3"),
        ("1234.56", "--5"),
        ("1234.56", "-5-"),
        ("1234.56", "(-5)"),
        ("1234.56", "(5"),
        ("1234.56", "5)"),
        ("1234.56", "12 PCS"),
        ("1234.56", "5 KGS"),
        ("1234.56", "$12€"),
        ("1234.56", "$12%"),
        ("1234.56", "12 ¢"),
        ("1234.56", "."),
        ("1234.56", "12 13"),
        ("1,234.56", "1,2345"),
        ("1,234.56", "12,34.5"),
        ("1,234.56", "1,23,456"),
        ("1,234.56", "1234,567"),
        ("1.234,56", "1.5"),
        ("1.234,56", "1,234.56"),
        ("1 234,56", f"1 234{NBSP}567"),
        ("1,23,456.78", "123,456.78"),
        ("1,23,456.78", "1,2,345"),
    ],
)
def test_what_is_no_number_of_the_style_is_refused(style, text):
    with pytest.raises(CellError) as caught:
        number_style(style).read(text)
    assert caught.value.code == "ZB204"


@pytest.mark.parametrize(
    ("text", "named"),
    [("1,5", '"1.234,56"'), ("1,234.50", '"1,234.56"'), ("1,23,456", '"1,23,456.78"')],
)
def test_the_refusal_names_the_style_that_would_read_it(text, named):
    assert f"numbers: {named}" in PLAIN.refusal(text).fix


def test_the_refusal_shows_the_cell_and_shortens_a_long_one():
    assert PLAIN.refusal("abc").message == "'abc' is not a number like 1234.56."
    assert len(PLAIN.refusal("x" * 5000).message) < 120
    assert "…" in PLAIN.refusal("x" * 5000).message


@pytest.mark.parametrize(
    "example", ["", "abc", "1,234", "1.234", "1,234,567", "-5", "1;5", "1,2,3"]
)
def test_an_example_that_does_not_show_the_style_is_refused(example):
    with pytest.raises(ValueError, match="show"):
        number_style(example)


def written(number: Decimal, style) -> str:
    """Write *number* in *style*, independently of how it is read."""
    whole, _, decimals = f"{abs(number):f}".partition(".")
    groups = []
    size = 3
    while whole:
        groups.insert(0, whole[-size:])
        whole = whole[:-size]
        size = 2 if style.indian else 3
    text = style.group[:1].join(groups) if style.group else "".join(groups)
    text += style.decimal + decimals if decimals else ""
    return f"-{text}" if number.is_signed() else text


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, places=4),
    st.sampled_from(known_styles()),
)
def test_a_number_written_in_any_style_is_read_as_the_same_decimal(number, style):
    assert str(style.read(written(number, style))) == str(number)


@given(st.text(max_size=70), st.sampled_from(known_styles()))
def test_any_text_is_a_number_or_refused(text, style):
    with suppress(CellError):
        assert style.read(text).is_finite()
