import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.rows.number_formats import percent_text, shown_by


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        pytest.param("00000", 123.0, "00123", id="fills-up"),
        pytest.param("00000", 1234567.0, "1234567", id="longer-than-the-format"),
        pytest.param("00000", -7.0, "-00007", id="negative"),
        pytest.param("00000;-00000", 7.0, "00007", id="first-section"),
        pytest.param("[$-409]00000", 7.0, "00007", id="locale"),
        pytest.param("[Red]000", 7, "007", id="colour-and-whole-number"),
        pytest.param("##000", 7.0, "007", id="optional-digits"),
        pytest.param("000\\-00\\-0000", 123456789.0, "123-45-6789", id="escaped-literals"),
        pytest.param("00000-0000", 123451234.0, "12345-1234", id="plain-literals"),
        pytest.param('"INV-"0000', 42.0, "INV-0042", id="quoted-literal"),
        pytest.param('"INV-"0000', 123456.0, "INV-123456", id="literal-and-too-many-digits"),
        pytest.param("0%", 0.18, "18%", id="percent"),
        pytest.param("0.00%", 0.07, "7%", id="percent-without-binary-noise"),
        pytest.param("0%", 0.185, "18.5%", id="percent-is-not-rounded"),
        pytest.param("0%", -1.5, "-150%", id="percent-negative"),
    ],
)
def test_a_format_that_counts_shows(code, value, shown):
    assert shown_by(code)(value) == shown


@pytest.mark.parametrize(
    "code",
    ["General", "0", "#,##0.00", "00.00", "00,000", "0.00E+00", "@", "dd/mm/yyyy", "hh:mm",
     "[<1000]000;0", '"100%"', ""],
)  # fmt: skip
def test_a_format_that_loses_nothing_is_left_alone(code):
    assert shown_by(code) is None


@pytest.mark.parametrize("value", ["x", "", True, 12.5, 1e15])
def test_a_value_that_zeros_do_not_fit_stays(value):
    assert shown_by("00000")(value) is value


@pytest.mark.parametrize("value", ["x", "", True])
def test_a_value_that_is_no_number_has_no_percentage(value):
    assert percent_text(value) is value


@given(st.integers(0, 10**15 - 1), st.integers(2, 12))
def test_filled_digits_are_the_same_number(number, places):
    shown = shown_by("0" * places)(float(number))
    assert int(shown) == number
    assert len(shown) >= places
