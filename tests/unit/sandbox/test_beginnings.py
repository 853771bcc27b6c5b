"""What new books hold, in every edition, and the example books."""

from decimal import Decimal

import pytest
import yaml

from zbbulk.assets import read_asset
from zbbulk.resources import resource, resources
from zbbulk.sandbox.organization import EDITIONS

BOOKS = yaml.safe_load(read_asset("samples", "books.yml"))


def _read(client, name, record):
    facts = resource(name)
    path = facts.record_path().format_map({**record, "id": record[facts.id_field]})
    return client.call("GET", path)[1][facts.single_key]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_example_books_open_in_every_edition(opened, edition):
    client = opened(edition=edition, has_examples=True, per_minute=0)
    for name, records in BOOKS.items():
        kept = {each[resource(name).id_field] for each in client.sandbox.records(name)}
        base = EDITIONS[edition].currency_code
        wanted = [each for each in records if each.get("currency_code") != base]
        assert {each[resource(name).id_field] for each in wanted} <= kept


@pytest.mark.parametrize("name", [n for n in BOOKS if "read" in resource(n).can])
def test_an_example_is_read_by_its_id(stocked, name):
    for record in BOOKS[name]:
        told = _read(stocked, name, record)
        for field, value in record.items():
            if not isinstance(value, list | float) and field != "taxes":
                assert told[field] == value
            if isinstance(value, float):
                assert told[field] == Decimal(str(value))


def test_example_invoices_and_bills_are_open(stocked):
    told = {row["invoice_id"]: row for row in stocked.call("GET", "/invoices")[1]["invoices"]}
    assert told["4600000000000400001"]["balance"] == 390
    told = {row["bill_id"]: row for row in stocked.call("GET", "/bills")[1]["bills"]}
    assert told["4600000000000410002"]["balance"] == Decimal("418.22")


@pytest.mark.parametrize("edition", EDITIONS)
def test_base_currency_and_taxes_are_records(opened, edition):
    client = opened(edition=edition)
    facts = EDITIONS[edition]
    (currency,) = client.call("GET", "/settings/currencies")[1]["currencies"]
    assert (currency["currency_code"], currency["is_base_currency"]) == (facts.currency_code, True)
    (told,) = client.call("GET", "/organizations")[1]["organizations"]
    assert told["currency_id"] == currency["currency_id"]
    taxes = {row["tax_name"]: row for row in client.call("GET", "/settings/taxes")[1]["taxes"]}
    for name, rate, kind in facts.taxes:
        assert (taxes[name]["tax_percentage"], taxes[name]["tax_type"]) == (Decimal(rate), kind)
    query = {"filter_by": "Currencies.ExcludeBaseCurrency"}
    assert client.call("GET", "/settings/currencies", query=query)[1]["currencies"] == []


def test_a_group_of_taxes_in_india_is_two_halves(opened):
    client = opened(edition="in")
    taxes = client.call("GET", "/settings/taxes")[1]["taxes"]
    group = next(tax for tax in taxes if tax["tax_name"] == "GST18")
    told = client.call("GET", f"/settings/taxgroups/{group['tax_id']}")[1]["tax_group"]
    assert [(tax["tax_name"], tax["tax_percentage"]) for tax in told["taxes"]] == [
        ("CGST9", 9),
        ("SGST9", 9),
    ]
    path = f"/settings/taxes/{told['taxes'][0]['tax_id']}"
    assert client.call("GET", path)[1]["tax"]["tax_name"] == "CGST9"


def _invoice(client, customer_id, tax_id):
    line = {"name": "A", "rate": 1000, "tax_id": tax_id}
    body = {"customer_id": customer_id, "line_items": [line]}
    return client.call("POST", "/invoices", body)[1]


def test_without_gst_there_are_no_taxes_and_none_may_be_named(opened):
    client = opened(edition="in", is_gst_enabled=False, has_examples=True)
    answer = _invoice(client, "4600000000000200001", "4600000000000350001")
    assert answer["code"] == 110942


def test_a_tax_can_be_used_once_there_is_one(opened):
    client = opened()
    customer = client.contact()
    assert _invoice(client, customer, "1")["code"] == 110942
    body = {"tax_name": "Local", "tax_percentage": Decimal("8.875")}
    tax_id = client.call("POST", "/settings/taxes", body)[1]["tax"]["tax_id"]
    assert _invoice(client, customer, "1")["code"] == 1002
    invoice = _invoice(client, customer, tax_id)["invoice"]
    assert (invoice["line_items"][0]["tax_name"], invoice["total"]) == ("Local", Decimal("1088.75"))


def test_an_item_goes_to_the_sales_account(opened):
    client = opened()
    item = client.create("items", {"name": "A", "rate": 1})
    assert item["account_name"] == "Sales"
    path = f"/chartofaccounts/{item['account_id']}"
    assert client.call("GET", path)[1]["chart_of_account"]["account_name"] == "Sales"


def test_what_was_deleted_does_not_come_back_with_the_next_start(opened, tmp_path):
    store = tmp_path / "s.sqlite"
    client = opened(store, has_examples=True)
    assert client.call("DELETE", "/employees/1")[0] == 405
    assert client.call("DELETE", "/employee/4600000000000425001")[0] == 200
    client.sandbox.__exit__(None, None, None)
    assert opened(store, has_examples=True).sandbox.records("employees") == []


def test_cleared_books_are_new_books(opened):
    client = opened(has_examples=True)
    begun = {name: client.sandbox.records(name) for name in resources() if name != "bankstatements"}
    client.item("A")
    client.call("DELETE", "/contacts/4600000000000200001")
    client.sandbox.clear()
    for name, records in begun.items():
        field = resource(name).id_field
        now = client.sandbox.records(name)
        assert [each[field] for each in now] == [each[field] for each in records]
