"""The numbers that are right are well-known ones that companies print on their invoices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.checks.gstin import check_digit, gstin_fault

RIGHT = ["27AAPFU0939F1ZV", "29AAGCB7383J1Z4", "24AAACC1206D1ZM", "27AAACR5055K1Z7"]
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("number", [*RIGHT, "27aapfu0939f1zv", " 27AAPFU0939F1ZV "])
def test_a_right_number_has_no_fault(number):
    assert gstin_fault(number) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        pytest.param("27AAPFU0939F1Z", "14 signs", id="short"),
        pytest.param("27AAPFU0939F1ZVX", "16 signs", id="long"),
        pytest.param("27AAPFU-939F1ZV", "neither letters nor digits", id="hyphen"),
        pytest.param("45AAPFU0939F1ZV", "'45' is not the code of a state", id="state"),
        pytest.param("00AAPFU0939F1ZV", "'00' is not the code of a state", id="no-state"),
        pytest.param("AAAAPFU0939F1ZV", "'AA' is not the code of a state", id="letters"),
        pytest.param("27AAPF10939F1ZV", "is not a PAN", id="pan"),
        pytest.param("27AAPFU0939F1ZW", "check digit is 'W', and 'V' would fit", id="check-digit"),
        pytest.param("27AAPFU0993F1ZV", "check digit is 'V'", id="digits-changed-places"),
    ],
)
def test_what_is_wrong_is_told(number, words):
    assert words in gstin_fault(number)


@pytest.mark.parametrize("number", ["9917USA00001OSB", "0717UNO00211UNZ"])
def test_numbers_of_those_abroad_and_of_embassies_have_another_form(number):
    assert gstin_fault(number) == ""


@given(st.sampled_from(RIGHT), st.integers(0, 14), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(number, place, sign):
    wrong = number[:place] + sign + number[place + 1 :]
    assert (gstin_fault(wrong) == "") == (wrong == number) or _is_of_other_form(wrong)


def _is_of_other_form(number):
    return number.startswith("99") or number[2:4].isdigit()


def test_a_check_digit_is_a_letter_or_a_digit():
    assert check_digit("27AAPFU0939F1Z") == "V"
