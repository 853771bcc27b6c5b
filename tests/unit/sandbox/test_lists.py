"""Lists: pages, sorting, filters and their variants."""

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def stocked(client):
    for number, (name, rate) in enumerate(
        [("Bolt", "1.50"), ("nut", "0.20"), ("Nut large", "0.20"), ("Anvil", "300")]
    ):
        body = {"name": name, "rate": Decimal(rate), "sku": f"S{number}", "description": "Steel"}
        client.create("items", body)
    person = {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"}
    body = {"contact_name": "Ada & Co", "company_name": "Ada Ltd", "contact_persons": [person]}
    body["billing_address"] = {"city": "London"}
    customer = client.create("contacts", body)["contact_id"]
    client.create("contacts", {"contact_name": "Vend", "contact_type": "vendor"})
    for day, rate in (("2026-01-01", 5), ("2026-02-01", 50), ("2026-03-01", 500)):
        body = {"customer_id": customer, "date": day, "line_items": [{"name": "W", "rate": rate}]}
        body["custom_fields"] = [{"label": "Old No", "value": f"X{rate}"}]
        client.create("invoices", body)
    client.create("bankaccounts", {"account_name": "Main", "account_type": "bank"})
    return client


@pytest.mark.parametrize(
    ("resource", "field", "query", "found"),
    [
        ("items", "name", {"name": "Nut"}, ["nut"]),
        ("items", "name", {"name_startswith": "nut"}, ["nut", "Nut large"]),
        ("items", "name", {"name_contains": "LARGE"}, ["Nut large"]),
        ("items", "name", {"rate": "0.2"}, ["nut", "Nut large"]),
        ("items", "name", {"rate_less_than": "1.5"}, ["nut", "Nut large"]),
        ("items", "name", {"rate_less_equals": "1.5"}, ["Bolt", "nut", "Nut large"]),
        ("items", "name", {"rate_greater_than": "1.50"}, ["Anvil"]),
        ("items", "name", {"rate_greater_equals": "1.50"}, ["Anvil", "Bolt"]),
        ("items", "name", {"search_text": "s3"}, ["Anvil"]),
        ("items", "name", {"name": "Nut", "rate": "5"}, []),
        ("items", "name", {"is_taxable": "true", "name": "Bolt"}, ["Bolt"]),
        ("items", "name", {"filter_by": "Status.Inactive"}, []),
        ("contacts", "contact_name", {"contact_type": "vendor"}, ["Vend"]),
        ("contacts", "contact_name", {"email": "ADA@example.com"}, ["Ada & Co"]),
        ("contacts", "contact_name", {"last_name_startswith": "by"}, ["Ada & Co"]),
        ("contacts", "contact_name", {"address_contains": "lond"}, ["Ada & Co"]),
        ("contacts", "contact_name", {"company_name": "Ada Ltd"}, ["Ada & Co"]),
        ("invoices", "date", {"date": "2026-02-01"}, ["2026-02-01"]),
        ("invoices", "date", {"date_start": "2026-02-01"}, ["2026-03-01", "2026-02-01"]),
        ("invoices", "date", {"date_end": "2026-01-31"}, ["2026-01-01"]),
        ("invoices", "date", {"date_before": "2026-02-01"}, ["2026-01-01"]),
        ("invoices", "date", {"date_after": "2026-02-01"}, ["2026-03-01"]),
        ("invoices", "date", {"total_greater_than": "49"}, ["2026-03-01", "2026-02-01"]),
        ("invoices", "date", {"custom_field": "x50"}, ["2026-02-01"]),
        ("invoices", "date", {"item_name": "none"}, []),
        ("invoices", "date", {"status": "sent"}, []),
        ("invoices", "date", {"last_modified_time": "2999-01-01T00:00:00-0400"}, []),
        ("bankaccounts", "account_name", {"filter_by": "Status.Active"}, ["Main"]),
    ],
)
def test_a_filter_finds(stocked, resource, field, query, found):
    assert stocked.names(resource, field, **query) == found


def test_a_misspelt_filter_is_ignored_and_returns_everything(stocked):
    assert len(stocked.names("items", "name", nmae="Bolt", sku="S0")) == 4


@pytest.mark.parametrize(
    ("query", "code", "gist"),
    [
        ({"filter_by": "Active"}, 2, "filter_by"),
        ({"filter_by": "Status.Gone"}, 2, "filter_by"),
        ({"rate": "cheap"}, 2, "rate"),
        ({"page": "0"}, 2, "page"),
        ({"per_page": "all"}, 2, "per_page"),
        ({"search_text": "x" * 101}, 15, '"search_text" has less than 100'),
    ],
)
def test_a_wrong_value_of_a_list_call_is_refused(stocked, query, code, gist):
    status, body, _ = stocked.call("GET", "/items", query=query)
    assert (status, body["code"], gist in body["message"]) == (400, code, True)


def test_rows_are_sorted_by_name_if_not_asked_otherwise(stocked):
    assert stocked.names("items", "name") == ["Anvil", "Bolt", "nut", "Nut large"]
    dearest = stocked.names("items", "name", sort_column="rate", sort_order="D")
    assert dearest[:2] == ["Anvil", "Bolt"]


def test_page_context_says_what_was_given(stocked):
    body = stocked.call("GET", "/items", query={"page": "2", "per_page": "3"})[1]
    assert [row["name"] for row in body["items"]] == ["Nut large"]
    assert body["page_context"] == {
        "page": 2,
        "per_page": 3,
        "has_more_page": False,
        "report_name": "Items",
        "applied_filter": "Status.All",
        "custom_fields": [],
        "sort_column": "name",
        "sort_order": "A",
    }


def test_a_page_holds_200_rows_and_never_more(opened):
    client = opened(per_minute=0)
    for number in range(201):
        client.item(f"I{number:03d}")
    for per_page in ("", "200", "1000"):
        body = client.call("GET", "/items", query={"per_page": per_page})[1]
        context = body["page_context"]
        assert (len(body["items"]), context["per_page"]) == (200, 200)
        assert context["has_more_page"] is True
    assert client.names("items", "name", page="2") == ["I200"]
    assert client.names("items", "name", page="3") == []


def test_rows_of_a_list_show_less_than_a_record(stocked):
    contact = stocked.call("GET", "/contacts")[1]["contacts"][0]
    assert contact["customer_name"] == contact["vendor_name"] == "Ada & Co"
    assert not {"billing_address", "contact_persons"} & contact.keys()
    assert contact["email"] == "ada@example.com"
    stocked.create(
        "bankaccounts",
        {"account_name": "Card", "account_type": "credit_card", "account_number": "123456789"},
    )
    rows = stocked.call("GET", "/bankaccounts")[1]["bankaccounts"]
    assert {row["account_name"]: row["account_number"] for row in rows}["Card"] == "xxxx6789"
