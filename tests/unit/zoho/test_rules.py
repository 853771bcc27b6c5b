import subprocess
import sys

import pytest

from zbbulk.zoho.rules import (
    Reaction,
    all_rules,
    hint_for,
    is_duplicate,
    rule_for,
    rules_of,
)

KNOWN = {
    *("0", "2", "4", "5", "14", "15", "43", "44", "45", "57", "1000", "1001", "1002", "1004"),
    *("1038", "1049", "1070", "3062", "6024", "6041", "11002", "36023", "103001", "108004"),
    *("110802", "110942", "120303", "400040"),
}
"""The rows of the fact sheet's table of codes that are marked A or B."""

GUESSED = ["9", "10", "36", "37", "41", "48", "2006", "3008", "4001", "4823", "13011"]
"""Codes whose meanings contradict each other, or that were never confirmed."""


def test_the_rules_are_about_exactly_the_known_codes():
    assert {rule.code for rule in all_rules().rules} == KNOWN | {None}
    assert sum(rule.code is None for rule in all_rules().rules) == 1


@pytest.mark.parametrize("code", GUESSED)
def test_a_guessed_code_has_no_meaning(code):
    assert rules_of(code) == []
    assert rule_for(code, "Something went wrong") is None
    assert hint_for(code, "Something went wrong") == all_rules().refused_hint


@pytest.mark.parametrize("rule", all_rules().rules, ids=lambda rule: f"{rule.code}")
def test_every_rule_says_what_where_from_and_what_to_do(rule):
    assert rule.meaning.endswith(".")
    assert rule.hint.endswith(".")
    assert rule.mark in {"A", "B"}
    assert rule.source
    assert rule.reaction in Reaction


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_every_known_code_is_understood_whatever_its_words(code):
    assert rule_for(code, "Wörter einer anderen Sprache") is rules_of(code)[-1]


@pytest.mark.parametrize(
    ("code", "message", "field"),
    [
        ("2", "Invalid value passed for Payment Terms", "Payment Terms"),
        ("2", "Invalid value passed for tax_treatment", "tax_treatment"),
        ("2", 'Invalid value passed for "Tax Treatment".', "Tax Treatment"),
        ("4", "Invalid value passed for Amount", "Amount"),
        (
            "15",
            'Please ensure that the "shipping_address" has less than 100 characters.',
            "shipping_address",
        ),
        ("15", "Please ensure that the name has less than 100 characters", "name"),
        ("2", "Something else", None),
        ("1001", "Item already exists", None),
    ],
)
def test_the_field_that_zoho_names_is_found(code, message, field):
    assert rule_for(code, message).field_in(message) == field


def test_the_words_decide_between_the_rules_of_a_code():
    assert "payment_terms_label" in hint_for("2", "Invalid value passed for payment_terms")
    assert "ids of another organization" in hint_for("1002", "Invoice does not exist.")
    assert "Zoho's own words" in hint_for("1002", "The customer is not accessible")
    assert "another number" in hint_for("1004", "Estimate number has been added already")
    assert "Zoho's own words" in hint_for("1004", "Resource not found")


def test_a_bill_that_is_there_is_known_by_its_words_alone():
    words = "A bill with this number has already been created for this vendor."
    assert "vendor" in hint_for("13011", words)
    assert is_duplicate("13011", words)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("1001", ""),
        ("1004", ""),
        ("3062", 'The customer "X" already exists. Please specify a different name.'),
        ("11002", ""),
        ("120303", ""),
        ("99", "This SKU has been added already"),
        ("99", "Duplicate number"),
    ],
)
def test_a_duplicate_is_known_by_code_or_words(code, message):
    assert is_duplicate(code, message)


@pytest.mark.parametrize(("code", "message"), [("1002", "Item does not exist"), ("", "")])
def test_what_is_no_duplicate(code, message):
    assert not is_duplicate(code, message)


def test_a_duplicate_without_a_rule_has_a_hint_too():
    assert hint_for("99", "SKU has been added already") == all_rules().duplicate_hint


def test_explaining_a_code_needs_no_http_library():
    script = (
        "import sys; from zbbulk.zoho.rules import rules_of; assert rules_of('1002');"
        "sys.exit('requests' in sys.modules or 'simplejson' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
