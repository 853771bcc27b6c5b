"""How values and lists are written."""

from decimal import Decimal

import pytest

from zbbulk.checks.words import either, kind_of, nearest, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Pen", "'Pen'"),
        ("a\nb", r"'a\nb'"),
        ("x" * 41, f"'{'x' * 40}...'"),
        (Decimal("12.50"), "12.50"),
        (True, "yes"),
        (False, "no"),
        (None, "nothing"),
        ([1], "a list"),
        ({"a": 1}, "a group of fields"),
    ],
)
def test_a_value_is_shown_as_the_user_knows_it(value, text):
    assert shown(value) == text


def test_true_is_no_number():
    assert kind_of(True) == "a yes/no value"  # noqa: FBT003 - the value under test


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (list("abc"), "a, b or c")]
)
def test_either_joins_words(words, text):
    assert either(words) == text


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("Credit Card", "credit_card"),
        ("credit-card", "credit_card"),
        (" BANK ", "bank"),
        ("bnak", "bank"),
        ("cash", None),
        (5, None),
    ],
)
def test_nearest_overlooks_case_spaces_and_hyphens(word, near):
    assert nearest(word, ["bank", "credit_card"]) == near
