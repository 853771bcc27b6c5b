"""What a document comes to, and whether its debits equal its credits."""

from decimal import Decimal

import pytest

from zbbulk.checks.rules import document_total, sides_of, total_faults


def line(rate="10", **more):
    return {"rate": Decimal(rate), **more}


@pytest.mark.parametrize(
    ("document", "total"),
    [
        pytest.param({"line_items": []}, "0.00", id="no lines"),
        pytest.param({"line_items": [line(), line(quantity=Decimal(3))]}, "40.00", id="lines"),
        pytest.param({"line_items": [line(quantity=Decimal("0.333"))]}, "3.33", id="rounded"),
        pytest.param({"line_items": [line("0.005")]}, "0.01", id="half up"),
        pytest.param({"line_items": [line(discount="10%")]}, "9.00", id="percent of a line"),
        pytest.param(
            {"line_items": [line(discount=Decimal("2.5"))]}, "7.50", id="amount of a line"
        ),
        pytest.param({"line_items": [line()], "discount": "5%"}, "9.50", id="of the document"),
        pytest.param({"line_items": [line()], "discount": Decimal(4)}, "6.00", id="amount"),
        pytest.param(
            {"line_items": [line(discount="10%")], "discount_type": "entity_level"},
            "10.00",
            id="a discount of a line does not count then",
        ),
        pytest.param(
            {
                "line_items": [line()],
                "shipping_charge": Decimal("1.25"),
                "adjustment": Decimal("-0.05"),
            },
            "11.20",
            id="shipping and adjustment",
        ),
        pytest.param({"line_items": [line(tax_percentage=Decimal(18))]}, "11.80", id="tax"),
        pytest.param(
            {"line_items": [line(tax_percentage=Decimal(10))], "discount": "50%"},
            "5.50",
            id="tax after the discount",
        ),
        pytest.param(
            {
                "line_items": [line(tax_percentage=Decimal(10))],
                "discount": "50%",
                "is_discount_before_tax": False,
            },
            "6.00",
            id="tax before the discount",
        ),
        pytest.param(
            {"line_items": [line(tax_percentage=Decimal(10))], "is_inclusive_tax": True},
            "10.00",
            id="tax inside",
        ),
    ],
)
def test_what_a_document_comes_to(document, total):
    assert document_total(document) == Decimal(total)


def test_a_line_without_a_rate_can_not_be_added_up():
    document = {"line_items": [line(), {"item_id": "1"}]}
    assert document_total(document) is None
    (fault,) = total_faults(document, Decimal(10), within=Decimal(0), column="Total")
    assert (fault.code, fault.column) == ("ZB322", "Total")


def test_a_tax_that_is_only_named_is_told():
    document = {"line_items": [line(tax_id="9")]}
    (fault,) = total_faults(document, Decimal("11.80"), within=Decimal(1), column="Total")
    assert "10.00 without the tax of 1 lines" in fault.message


@pytest.mark.parametrize(("said", "is_fine"), [("10.05", True), ("9.95", True), ("10.06", False)])
def test_within_is_inclusive(said, is_fine):
    document = {"line_items": [line()]}
    faults = total_faults(document, Decimal(said), within=Decimal("0.05"), column="Total")
    assert (faults == []) is is_fine


def entry(side, amount, account):
    return {"debit_or_credit": side, "amount": Decimal(amount), "account_id": account}


def test_a_journal_balances_to_the_cent():
    lines = [entry("debit", "0.1", "1"), entry("debit", "0.2", "2"), entry("credit", "0.3", "3")]
    assert sides_of({"line_items": lines}, "line_items").faults("line_items") == []
    lines[0]["amount"] = Decimal("0.11")
    (fault,) = sides_of({"line_items": lines}, "line_items").faults("line_items")
    assert (fault.code, fault.path) == ("ZB320", ("line_items",))
    assert fault.message == "debits are 0.31, credits 0.3: 0.01 apart"


def test_an_account_on_both_sides_is_told():
    lines = [entry("debit", "5", "1"), entry("credit", "5", "1")]
    (fault,) = sides_of({"line_items": lines}, "line_items").faults("line_items")
    assert (fault.code, fault.message) == ("ZB321", "'1' is debited and credited")
