"""Invoices and estimates: lines, totals, numbers, customers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.documents import add_totals, cents, due_date

OWN = {"ignore_auto_number_generation": "true"}


def _invoice(client, *lines, **fields):
    body = {"customer_id": client.contact(), "line_items": list(lines), **fields}
    return client.create("invoices", body)


def test_a_line_takes_from_its_item_what_is_not_sent(client):
    item_id = client.item("Cable", rate=Decimal("19.90"), unit="m", description="Copper")
    line = _invoice(client, {"item_id": item_id, "quantity": 3})["line_items"][0]
    assert (line["name"], line["unit"], line["description"]) == ("Cable", "m", "Copper")
    assert (line["rate"], line["item_total"]) == (Decimal("19.9"), Decimal("59.70"))


def test_a_line_needs_no_item(client):
    invoice = _invoice(client, {"name": "Work", "rate": Decimal("0.335"), "quantity": 3})
    assert (invoice["status"], invoice["total"]) == ("draft", Decimal("1.01"))


@pytest.mark.parametrize(
    ("fields", "line", "total"),
    [
        ({}, {"discount": "10%"}, "90"),
        ({}, {"discount": 15}, "85"),
        ({"discount_type": "entity_level", "discount": "12.5%"}, {}, "87.50"),
        ({"discount_type": "entity_level", "discount": Decimal("7.25")}, {}, "92.75"),
        ({"shipping_charge": 5, "adjustment": Decimal("-0.5")}, {}, "104.50"),
    ],
)
def test_discounts_and_extras_make_the_total(client, fields, line, total):
    invoice = _invoice(client, {"name": "A", "rate": 50, "quantity": 2, **line}, **fields)
    assert invoice["total"] == invoice["balance"] == Decimal(total)


@pytest.mark.parametrize("discount", ["much", "NaN", "%%", "1e999999999"])
def test_a_discount_that_is_none_is_refused(client, discount):
    body = {"customer_id": client.contact(), "line_items": [{"name": "A", "rate": 1}]}
    body["line_items"][0]["discount"] = discount
    status, answer, _ = client.call("POST", "/invoices", body)
    assert (status, answer["code"] in (2, 4)) == (400, True)


def test_an_absurd_amount_is_refused_and_not_computed(client):
    body = {"customer_id": client.contact(), "line_items": [{"name": "A", "quantity": 9}]}
    body["line_items"][0]["rate"] = Decimal("9E+999999")
    status, answer, _ = client.call("POST", "/invoices", body)
    assert (status, answer["code"]) == (400, 4)


def test_without_the_flag_zoho_numbers_by_itself(opened):
    client = opened()
    line = {"name": "A", "rate": 1}
    assert _invoice(client, line)["invoice_number"] == "INV-000001"
    assert _invoice(client, line, invoice_number="MINE")["invoice_number"] == "INV-000002"
    body = {"customer_id": client.contact(), "line_items": [line]}
    assert client.create("estimates", body)["estimate_number"] == "QT-000001"


def test_with_the_flag_the_own_number_is_honoured_and_mandatory(opened):
    client = opened()
    body = {"customer_id": client.contact(), "line_items": [{"name": "A", "rate": 1}]}
    own = client.create("invoices", body | {"invoice_number": "INV-000001"}, query=OWN)
    assert own["invoice_number"] == "INV-000001"
    status, answer, _ = client.call("POST", "/invoices", body, query=OWN)
    assert (status, answer["code"], "invoice_number" in answer["message"]) == (400, 2, True)
    assert client.create("invoices", body)["invoice_number"] == "INV-000002"


def test_a_contact_has_the_flag_in_its_body(opened):
    client = opened()
    own = {"contact_number": "K-7", "ignore_auto_number_generation": True}
    assert client.create("contacts", {"contact_name": "A", **own})["contact_number"] == "K-7"
    ignored = client.create("contacts", {"contact_name": "B", "contact_number": "K-8"})
    assert ignored["contact_number"] == "CUS-00001"


def test_the_due_date_follows_from_the_payment_terms(client):
    invoice = _invoice(client, {"name": "A", "rate": 1}, date="2026-01-31", payment_terms=30)
    assert (invoice["due_date"], invoice["payment_terms_label"]) == ("2026-03-02", "Net 30")
    given_day = _invoice(client, {"name": "A", "rate": 1}, date="2026-01-31", due_date="2026-02-01")
    assert given_day["due_date"] == "2026-02-01"


def test_an_update_keeps_what_is_not_sent_and_replaces_the_lines_as_a_whole(client):
    invoice = _invoice(client, {"name": "A", "rate": 1}, {"name": "B", "rate": 2}, notes="n")
    path = f"/invoices/{invoice['invoice_id']}"
    answer = client.call("PUT", path, {"reference_number": "R"})[1]["invoice"]
    assert (answer["notes"], len(answer["line_items"]), answer["total"]) == ("n", 2, 3)
    kept = invoice["line_items"][1]["line_item_id"]
    lines = [{"line_item_id": kept, "quantity": 5}, {"name": "C", "rate": 4}]
    answer = client.call("PUT", path, {"line_items": lines})[1]["invoice"]
    assert [line["name"] for line in answer["line_items"]] == ["B", "C"]
    assert (answer["line_items"][0]["line_item_id"], answer["total"]) == (kept, 14)
    assert answer["invoice_number"] == invoice["invoice_number"]


def test_an_update_of_the_discount_type_counts_the_lines_anew(client):
    invoice = _invoice(client, {"name": "A", "rate": 100, "discount": "10%"})
    assert invoice["total"] == 90
    body = {"discount_type": "entity_level", "discount": 0}
    answer = client.call("PUT", f"/invoices/{invoice['invoice_id']}", body)[1]
    assert answer["invoice"]["total"] == 100


def test_a_stale_customer_id_with_a_name_makes_a_new_contact_in_silence(opened):
    client = opened()
    body = {"customer_id": "5", "customer_name": "Ghost", "line_items": [{"name": "A", "rate": 1}]}
    invoice = client.create("invoices", body)
    assert invoice["customer_name"] == "Ghost"
    assert [contact["contact_name"] for contact in client.sandbox.records("contacts")] == ["Ghost"]


def test_a_list_of_documents_shows_no_lines(client):
    _invoice(client, {"name": "A", "rate": 1})
    row = client.call("GET", "/invoices")[1]["invoices"][0]
    assert "line_items" not in row
    assert row["customer_name"]


def test_days_that_lead_out_of_the_calendar_are_refused():
    assert due_date("2026-01-01", -2) == "2026-01-01"
    for terms in (10**9, Decimal("1E+99999")):
        with pytest.raises(Refusal) as caught:
            due_date("2026-01-01", terms)
        assert caught.value.code == "2"
    with pytest.raises(Refusal):
        due_date("9999-12-31", 1)


amounts = st.decimals(min_value=-10000, max_value=10000, places=2)


def _no_taxes(_, __):
    return {}


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=8), amounts, amounts)
def test_the_total_is_the_sum_of_its_parts(pairs, shipping, adjustment):
    document = {
        "line_items": [
            {"item_total": cents(a * b), "discount_amount": Decimal(0), "tax_percentage": 0}
            for a, b in pairs
        ],
        "discount_type": "item_level",
        "discount": 0,
        "is_discount_before_tax": True,
        "shipping_charge": shipping,
        "adjustment": adjustment,
    }
    add_totals(document, _no_taxes)
    lines = sum(line["item_total"] for line in document["line_items"])
    assert document["sub_total"] == lines
    assert document["total"] == lines + shipping + adjustment
    assert document["total"].as_tuple().exponent == -2
