import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.results.cell_text import CUT, MOST, cell_text


@pytest.mark.parametrize("text", ["", "12.50", "a\tb\nc\rd", "é₹\U0001f600", "x" * MOST])
def test_a_text_that_fits_stays_as_it_is(text):
    assert cell_text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\0b", "a\u2400b", id="nul"),
        pytest.param("\x0b", "\u240b", id="vertical-tab"),
        pytest.param("\x1f", "\u241f", id="unit-separator"),
        pytest.param("\ud800", "\ufffd", id="half-a-pair"),
        pytest.param("\uffff", "\ufffd", id="no-character"),
    ],
)
def test_what_xml_can_not_hold_is_shown(text, shown):
    assert cell_text(text) == shown


def units(text):
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("letter", ["x", "é", "\U0001f600"])
def test_a_text_that_is_too_long_is_cut_and_says_so(letter):
    text = cell_text(letter * (MOST + 1))
    assert text.endswith(CUT)
    assert set(text.removesuffix(CUT)) == {letter}
    assert MOST - 1 <= units(text) <= MOST


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_the_text_of_a_cell_changes_no_more(text):
    assert cell_text(cell_text(text)) == cell_text(text)
