from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.mapping.cells import CellError, cell_text, decimal_of, shown


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" \u00a0007 ", "007"),
        ("a  b", "a  b"),
        (7.0, "7"),
        (-0.0, "0"),
        (19.99, "19.99"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (123456789012345.0, "123456789012345"),
        (7, "7"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2024, 3, 31), "2024-03-31"),
        (datetime(2024, 3, 31), "2024-03-31"),  # noqa: DTZ001 - workbooks know no zones
        (datetime(2024, 3, 31, 14, 5), "2024-03-31 14:05:00"),  # noqa: DTZ001 - as above
        (time(9, 30), "09:30:00"),
        (timedelta(hours=26, minutes=3), "26:03:00"),
        (timedelta(minutes=-90), "-1:30:00"),
    ],
)
def test_a_cell_has_this_text(cell, text):
    assert cell_text(cell) == text


@pytest.mark.parametrize("cell", [1e15, -1e15, 4600000000123456789.0])
def test_a_number_that_excel_has_shortened_is_refused_as_text(cell):
    with pytest.raises(CellError) as caught:
        cell_text(cell)
    assert caught.value.code == "ZB114"


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(cell):
    with pytest.raises(CellError, match="not a number"):
        decimal_of(cell)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_what_was_typed_into_excel_comes_out_again(number):
    assert decimal_of(float(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_never_gets_an_exponent(number):
    assert "E" not in str(decimal_of(number)).upper() or abs(number) < Decimal("1e-6")


def test_a_message_shows_a_cell_in_quotes_and_shortened():
    assert shown("a\nb") == r"'a\nb'"
    assert shown("x" * 61) == "'" + "x" * 59 + "…'"
    assert shown("x" * 60) == "'" + "x" * 60 + "'"
