"""Ids in whole lists: what is the same text, what else must fit, and what is near."""

from decimal import Decimal

import pytest

from zbbulk.model import LookupRule, Many, Missing, Unchecked
from zbbulk.zoho.finder import ListFinder

CONTACTS = [
    {"contact_id": "1", "contact_name": "Acme  Ltd", "contact_type": "customer"},
    {"contact_id": "2", "contact_name": "ACME ltd", "contact_type": "vendor"},
    {"contact_id": "3", "contact_name": "Widget", "contact_type": "customer", "status": "inactive"},
    {"contact_id": "4", "contact_name": "widget", "contact_type": "customer", "status": "active"},
    {"contact_id": "5", "contact_name": "", "contact_type": "customer"},
]
TAXES = [
    {"tax_id": "8", "tax_percentage": Decimal("18.0"), "tax_name": "GST18"},
    {"tax_id": "9", "tax_percentage": 5, "tax_name": "GST5"},
]
ITEMS = [{"item_id": "70", "sku": "007"}, {"item_id": "71", "sku": "7"}]
BY_NAME = LookupRule(("contacts",), "contact_name")
BY_RATE = LookupRule(("taxes",), "tax_percentage")


@pytest.fixture
def finder():
    return ListFinder({"contacts": CONTACTS, "taxes": TAXES, "items": ITEMS})


@pytest.mark.parametrize(
    ("rule", "text", "answer"),
    [
        (BY_NAME._replace(where=(("contact_type", "vendor"),)), " acme ltd ", "2"),
        (BY_NAME, "Acme Ltd", Many(("1", "2"))),
        (BY_NAME, "WIDGET", Many(("3", "4"))),
        (BY_NAME._replace(first_active=True), "WIDGET", "4"),
        (BY_NAME, "Widgt", Missing("Widget")),
        (BY_NAME, "zzz", Missing("")),
        (BY_NAME._replace(where=(("contact_tipe", "vendor"),)), "Acme Ltd", Missing("")),
        (BY_RATE, "18", "8"),
        (BY_RATE, "18.00%", "8"),
        (BY_RATE, "5.0", "9"),
        (LookupRule(("items",), "sku"), "007", "70"),
        (LookupRule(("items",), "sku"), "7", "71"),
        (LookupRule(("items",), "sku"), "07", Missing("007")),
        (LookupRule(("projects",), "project_name"), "x", Unchecked()),
    ],
)
def test_a_text_is_found_or_it_is_told_why_not(finder, rule, text, answer):
    assert finder.find(rule, text) == answer


def test_the_same_record_in_two_lists_is_one():
    account = {"account_id": "1", "account_name": "Bank"}
    finder = ListFinder({"chartofaccounts": [account], "bankaccounts": [account]})
    rule = LookupRule(("chartofaccounts", "bankaccounts"), "account_name")
    assert finder.find(rule, "bank") == "1"


def test_a_record_that_was_made_is_found_from_then_on(finder):
    assert finder.find(BY_NAME, "New") == Missing("")
    finder.add("contacts", {"contact_id": "6", "contact_name": "New"})
    assert finder.find(BY_NAME, "new") == "6"
