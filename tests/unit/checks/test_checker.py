"""The gate: what passes, what does not, and that it never raises."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.checks import checker_for
from zbbulk.checks.checker import rules_for
from zbbulk.errors import UsageError
from zbbulk.model import Action
from zbbulk.resources import schema

ID = "4600000000000200001"
LINE = {"name": "Chair", "rate": Decimal("189.00"), "quantity": 2}


def faults_of(resource, record, *, action=Action.CREATE):
    return [(f.code, f.path) for f in checker_for(resource, action).faults(record)]


@pytest.mark.parametrize(
    ("resource", "record"),
    [
        pytest.param("items", {"name": "Pen", "rate": Decimal("12.50")}, id="smallest-item"),
        pytest.param("items", {"name": "x" * 100, "rate": 0}, id="name-of-100-characters"),
        pytest.param("items", {"name": "é" * 100, "rate": 0}, id="characters-not-bytes"),
        pytest.param(
            "items",
            {"name": "Tape", "item_type": "purchases", "purchase_account_id": ID},
            id="purchases-only-item-without-rate",
        ),
        pytest.param("items", {"name": "P", "rate": 1, "cf_new": "x"}, id="unknown-field"),
        pytest.param("contacts", {"contact_name": "Alder", "payment_terms": 30}, id="contact"),
        pytest.param("contacts", {"contact_name": "A", "payment_terms": Decimal(30)}, id="days"),
        pytest.param("invoices", {"customer_id": ID, "line_items": [LINE]}, id="line-by-name"),
        pytest.param(
            "invoices", {"customer_id": ID, "line_items": [{"item_id": ID}]}, id="line-by-id"
        ),
        pytest.param(
            "estimates",
            {"customer_id": ID, "line_items": [LINE | {"discount": "5%"}], "discount": Decimal(3)},
            id="discount-as-percent-or-amount",
        ),
        pytest.param(
            "bankaccounts", {"account_name": "Main", "account_type": "credit_card"}, id="card"
        ),
    ],
)
def test_a_good_record_passes_without_a_fault(resource, record):
    checker = checker_for(resource, Action.CREATE)
    assert checker.is_valid(record)
    assert checker.faults(record) == []


@pytest.mark.parametrize(
    ("resource", "record", "expected"),
    [
        pytest.param("items", {"rate": 1}, ("ZB301", ("name",)), id="blank-name"),
        pytest.param("items", {"name": "", "rate": 1}, ("ZB301", ("name",)), id="empty-name"),
        pytest.param("items", {"name": "Pen"}, ("ZB301", ("rate",)), id="sold-without-rate"),
        pytest.param(
            "items", {"name": "x" * 101, "rate": 1}, ("ZB302", ("name",)), id="101-characters"
        ),
        pytest.param(
            "items",
            {"name": "P", "rate": 1, "product_type": "good"},
            ("ZB303", ("product_type",)),
            id="not-in-the-list",
        ),
        pytest.param(
            "items",
            {"name": "P", "rate": 1, "account_id": "4.6E+17"},
            ("ZB304", ("account_id",)),
            id="id-damaged-by-excel",
        ),
        pytest.param(
            "items",
            {"name": "P", "rate": 1, "account_id": "12\n"},
            ("ZB304", ("account_id",)),
            id="id-with-a-line-end",
        ),
        pytest.param(
            "items",
            {"name": "P", "rate": 1, "account_id": "٣"},
            ("ZB304", ("account_id",)),
            id="id-of-other-digits",
        ),
        pytest.param("items", {"name": "P", "rate": "1"}, ("ZB305", ("rate",)), id="text-rate"),
        pytest.param(
            "contacts",
            {"contact_name": "A", "payment_terms": Decimal("30.5")},
            ("ZB305", ("payment_terms",)),
            id="half-a-day",
        ),
        pytest.param(
            "estimates",
            {"customer_id": ID, "line_items": [LINE], "retainer_percentage": 130},
            ("ZB306", ("retainer_percentage",)),
            id="more-than-all",
        ),
        pytest.param(
            "invoices", {"customer_id": ID, "line_items": []}, ("ZB308", ("line_items",)), id="none"
        ),
        pytest.param(
            "invoices",
            {"customer_id": ID, "line_items": [LINE, {"rate": 1}]},
            ("ZB301", ("line_items", 1)),
            id="second-line-sells-nothing",
        ),
        pytest.param(
            "invoices",
            {"customer_id": ID, "line_items": [LINE, LINE | {"name": "x" * 101}]},
            ("ZB302", ("line_items", 1, "name")),
            id="down-to-the-line",
        ),
        pytest.param(
            "contacts",
            {"contact_name": "A", "billing_address": {"zip": "9" * 51}},
            ("ZB302", ("billing_address", "zip")),
            id="down-to-the-address",
        ),
        pytest.param(
            "invoices",
            {"customer_id": ID, "line_items": [LINE], "date": "2024-02-30"},
            ("ZB304", ("date",)),
            id="no-day-of-the-calendar",
        ),
        pytest.param(
            "invoices",
            {"customer_id": ID, "line_items": [LINE], "date": "0000-01-01"},
            ("ZB304", ("date",)),
            id="no-year",
        ),
        pytest.param(
            "bankaccounts",
            {"account_name": "A", "account_type": "cash"},
            ("ZB303", ("account_type",)),
            id="no-bank-account",
        ),
    ],
)
def test_a_bad_record_has_just_this_fault(resource, record, expected):
    checker = checker_for(resource, Action.CREATE)
    assert not checker.is_valid(record)
    assert faults_of(resource, record) == [expected]


def test_all_faults_of_a_record_are_told_at_once():
    record = {"name": "x" * 132, "rate": "abc", "item_type": "inventory", "account_id": "a"}
    assert set(faults_of("items", record)) == {
        ("ZB302", ("name",)),
        ("ZB305", ("rate",)),
        ("ZB304", ("account_id",)),
        ("ZB301", ("purchase_account_id",)),
        ("ZB301", ("inventory_account_id",)),
    }


@pytest.mark.parametrize("resource", ["items", "contacts", "invoices", "estimates", "bankaccounts"])
def test_an_update_needs_only_the_id(resource):
    id_field = schema(resource)["x-required-on-update"][0]
    assert faults_of(resource, {id_field: ID}, action=Action.UPDATE) == []
    assert faults_of(resource, {}, action=Action.UPDATE) == [("ZB301", (id_field,))]


def test_an_update_still_checks_what_it_sends():
    record = {"item_id": ID, "name": "x" * 101, "item_type": "inventory"}
    assert faults_of("items", record, action=Action.UPDATE) == [("ZB302", ("name",))]


def test_the_shipped_schema_is_not_changed_by_an_update():
    before = dict(schema("items"))
    rules_for(schema("items"), Action.UPDATE)
    assert schema("items") == before


def test_an_unknown_resource_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError) as caught:
        checker_for("item", Action.CREATE)
    assert caught.value.code == "ZB006"
    assert "'items'" in caught.value.fix


NO_JSON = [
    pytest.param({"account_id": "a\ud800"}, ("ZB304", ("account_id",)), id="half-a-character"),
    pytest.param({"name": date(2024, 1, 1)}, ("ZB305", ("name",)), id="a-date"),
    pytest.param({"locations": [b"x"]}, ("ZB305", ("locations", 0)), id="bytes-in-a-list"),
    pytest.param({1: "x"}, ("ZB309", ()), id="a-number-as-name"),
    pytest.param({"\ud800": "x"}, ("ZB309", ()), id="half-a-character-as-name"),
]


@pytest.mark.parametrize(("broken", "expected"), NO_JSON)
def test_what_is_no_json_is_a_fault_beside_the_others(broken, expected):
    record = {"name": "Pen", "rate": 1, "item_type": "x"} | broken
    assert not checker_for("items", Action.CREATE).is_valid(record)
    found = faults_of("items", record)
    assert expected in found
    assert ("ZB303", ("item_type",)) in found


def test_nan_and_infinity_are_no_amounts():
    for amount in (Decimal("NaN"), Decimal("Infinity"), float("inf")):
        assert faults_of("items", {"name": "P", "rate": amount}) == [("ZB305", ("rate",))]


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.decimals(),
        st.text(st.characters(), max_size=5),
        st.dates(),
        st.binary(max_size=3),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers()), inner, max_size=3),
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(["name", "rate", "item_type", "account_id", "locations", "custom_fields"])


@given(st.dictionaries(NAMES, ANYTHING))
def test_gate_and_explanation_agree_whatever_comes(record):
    checker = checker_for("items", Action.CREATE)
    assert checker.is_valid(record) == (checker.faults(record) == [])
