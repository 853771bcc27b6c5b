"""What documents and expenses come to: laws over made-up lines, for every kind of document."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zbbulk.resources import resource, resources, schema
from zbbulk.sandbox.traits import traits

DOCUMENTS = [name for name in resources() if "document" in traits(name).steps]
STATE, CITY, BOTH = "4600000000000350001", "4600000000000350002", "4600000000000351001"
SHARES = {"": [], STATE: ["7.25"], CITY: ["1"], BOTH: ["7.25", "1"]}

amounts = st.decimals(min_value=0, max_value=10000, places=2)
lines = st.lists(
    st.tuples(amounts, amounts, st.sampled_from(sorted(SHARES))), min_size=1, max_size=4
)


def _cents(amount):
    return Decimal(amount).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def _make(client, name, sold, **more):
    account = {"account_id": "4600000000000320004"} if traits(name).party == "vendor_id" else {}
    body = client.minimal(name, **more)
    body["line_items"] = [
        {
            "name": "A",
            "description": "a",
            "rate": rate,
            "quantity": quantity,
            **account,
            **_tax(tax),
        }
        for rate, quantity, tax in sold
    ]
    status, answer, _ = client.send("POST", name, body)
    assert status == 201, answer
    return answer[resource(name).single_key]


def _tax(tax_id):
    return {"tax_id": tax_id} if tax_id else {}


def _taxes(amount, tax_id):
    return sum((_cents(amount * Decimal(share) / 100) for share in SHARES[tax_id]), Decimal(0))


def _is_taxed(name):
    facts = schema(name)["properties"]["line_items"]["items"]["properties"].get("tax_id")
    return facts is not None and "us" in facts.get("x-editions", ["us"])


@pytest.mark.parametrize("name", list(filter(_is_taxed, DOCUMENTS)))
@settings(max_examples=8)
@given(sold=lines)
def test_the_total_is_the_sum_of_lines_and_taxes(stocked, name, sold):
    document = _make(stocked, name, sold)
    nets = [_cents(rate * quantity) for rate, quantity, _ in sold]
    taxes = [_taxes(net, tax) for net, (_, _, tax) in zip(nets, sold, strict=True)]
    assert [line["item_total"] for line in document["line_items"]] == nets
    assert (document["sub_total"], document["tax_total"]) == (sum(nets), sum(taxes))
    assert document["total"] == sum(nets) + sum(taxes)
    assert sum(tax["tax_amount"] for tax in document["taxes"]) == document["tax_total"]
    assert document.get("balance", document["total"]) == document["total"]


@settings(max_examples=25)
@given(sold=lines)
def test_a_tax_that_is_inside_adds_nothing(stocked, sold):
    invoice = _make(stocked, "invoices", sold, is_inclusive_tax=True)
    grosses = [_cents(rate * quantity) for rate, quantity, _ in sold]
    assert [line["item_total_inclusive_of_tax"] for line in invoice["line_items"]] == grosses
    assert invoice["total"] == sum(grosses)
    assert invoice["sub_total"] == invoice["total"] - invoice["tax_total"]
    assert invoice["tax_total"] >= 0


@settings(max_examples=25)
@given(sold=lines, percent=st.decimals(min_value=0, max_value=100, places=1))
def test_a_discount_of_the_whole_lowers_the_taxes_too(stocked, sold, percent):
    more = {"discount": f"{percent}%", "discount_type": "entity_level"}
    before = _make(stocked, "invoices", sold, **more)
    after = _make(stocked, "invoices", sold, **more, is_discount_before_tax=False)
    off = _cents(before["sub_total"] * percent / 100)
    assert before["discount_total"] == after["discount_total"] == off
    assert before["tax_total"] <= after["tax_total"]
    for invoice in (before, after):
        assert invoice["total"] == invoice["sub_total"] - off + invoice["tax_total"]


def test_a_discount_without_a_level_is_one_of_the_whole(stocked):
    order = _make(stocked, "purchaseorders", [(100, 1, "")], discount="10%")
    assert (order["discount_type"], order["total"]) == ("entity_level", 90)


def test_a_retainer_invoice_has_lines_without_quantity(stocked):
    retainer = _make(stocked, "retainerinvoices", [(Decimal("99.50"), 1, "")])
    assert (retainer["total"], retainer["balance"]) == (Decimal("99.50"), Decimal("99.50"))


def test_a_purchase_takes_the_purchase_side_of_its_item(stocked):
    account = "4600000000000320002"
    item = stocked.make(
        "items",
        item_type="sales_and_purchases",
        rate=5,
        purchase_rate=3,
        purchase_account_id=account,
    )
    bill = stocked.make("bills", line_items=[{"item_id": item["item_id"], "quantity": 2}])
    line = bill["line_items"][0]
    assert (line["rate"], line["account_id"], bill["total"]) == (3, account, 6)
    assert line["account_name"] == "Cost of Goods Sold"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_lines_are_replaced_as_a_whole(stocked, name):
    facts = resource(name)
    document = _make(stocked, name, [(1, 1, ""), (2, 1, "")])
    kept = document["line_items"][1]
    path = facts.record_path("update").format(id=document[facts.id_field])
    same = stocked.call("PUT", path, {})[1][facts.single_key]
    assert (same["line_items"], same["total"]) == (document["line_items"], 3)
    body = {"line_items": [{"line_item_id": kept["line_item_id"], "rate": 7}]}
    changed = stocked.call("PUT", path, body)[1][facts.single_key]
    (line,) = changed["line_items"]
    assert line["line_item_id"] == kept["line_item_id"]
    assert (line["description"], line["rate"], changed["total"]) == ("a", 7, 7)


@pytest.mark.parametrize(
    ("is_inside", "total", "tax", "sub_total"),
    [(False, "107.25", "7.25", "100"), (True, "100", "6.76", "93.24")],
)
def test_an_expense_has_its_tax_on_top_or_inside(stocked, is_inside, total, tax, sub_total):
    expense = stocked.make("expenses", amount=100, tax_id=STATE, is_inclusive_tax=is_inside)
    told = [expense[name] for name in ("total", "tax_amount", "sub_total")]
    assert told == [Decimal(total), Decimal(tax), Decimal(sub_total)]
    assert (expense["tax_name"], expense["account_name"]) == ("State Sales Tax", "Office Supplies")


def test_an_itemised_expense_is_the_sum_of_its_lines(stocked):
    account = "4600000000000320014"
    body = stocked.minimal("expenses")
    del body["amount"], body["account_id"]
    body["line_items"] = [
        {"account_id": account, "amount": 10, "tax_id": CITY},
        {"account_id": account, "amount": Decimal("5.50")},
    ]
    expense = stocked.send("POST", "expenses", body)[1]["expense"]
    assert (expense["amount"], expense["total"]) == (Decimal("15.50"), Decimal("15.60"))
    assert expense["is_itemized_expense"] is True


def test_an_expense_without_an_amount_is_refused(stocked):
    body = stocked.minimal("expenses")
    del body["amount"]
    status, answer, _ = stocked.send("POST", "expenses", body)
    assert (status, answer["code"]) == (400, 2)
