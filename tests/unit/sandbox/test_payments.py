"""Payments: what they do to the invoices and bills they pay, and back."""

from decimal import Decimal

import pytest

CUSTOMER, VENDOR = "4600000000000200001", "4600000000000200011"
SIDES = [
    pytest.param("customerpayments", "invoices", "sent", id="invoices"),
    pytest.param("vendorpayments", "bills", "open", id="bills"),
]


def _owed(client, name):
    account = {"account_id": "4600000000000320004"} if name == "bills" else {}
    return client.make(name, line_items=[{"name": "A", "rate": 100, **account}])


def _told(client, name, document):
    key, field = name[:-1], f"{name[:-1]}_id"
    found = client.call("GET", f"/{name}/{document[field]}")[1][key]
    return found["status"], found["balance"], found["payment_made"]


def _apply(name, *parts):
    field = f"{name[:-1]}_id"
    return [{field: document[field], "amount_applied": amount} for document, amount in parts]


@pytest.mark.parametrize(("payments", "name", "unpaid"), SIDES)
def test_a_payment_settles_and_its_end_takes_it_back(stocked, payments, name, unpaid):
    document = _owed(stocked, name)
    part = stocked.make(payments, amount=40, **{name: _apply(name, (document, 40))})
    assert _told(stocked, name, document) == ("partially_paid", 60, 40)
    rest = stocked.make(payments, amount=70, **{name: _apply(name, (document, 60))})
    assert _told(stocked, name, document) == ("paid", 0, 100)
    assert rest["unused_amount"] == 10
    body = {"amount": 70, name: _apply(name, (document, Decimal("10.50")))}
    assert stocked.call("PUT", f"/{payments}/{rest['payment_id']}", body)[0] == 200
    assert _told(stocked, name, document) == ("partially_paid", Decimal("49.50"), Decimal("50.50"))
    for payment in (part, rest):
        assert stocked.call("DELETE", f"/{payments}/{payment['payment_id']}")[0] == 200
    assert _told(stocked, name, document) == (unpaid, 100, 0)


@pytest.mark.parametrize(("payments", "name", "unpaid"), SIDES)
def test_one_payment_pays_several_documents_and_names_them(stocked, payments, name, unpaid):
    documents = [_owed(stocked, name) for _ in range(2)]
    applied = _apply(name, *((document, 50) for document in documents))
    payment = stocked.make(payments, amount=100, **{name: applied})
    assert [_told(stocked, name, each)[1] for each in documents] == [50, 50]
    number = f"{name[:-1]}_number"
    assert [each[number] for each in payment[name]] == [each[number] for each in documents]


@pytest.mark.parametrize(("payments", "name", "unpaid"), SIDES)
@pytest.mark.parametrize(("amount", "applied"), [(50, 60), (200, 101)])
def test_more_than_there_is_can_not_be_applied(stocked, payments, name, unpaid, amount, applied):
    document = _owed(stocked, name)
    body = stocked.minimal(payments, amount=amount, **{name: _apply(name, (document, applied))})
    status, answer, _ = stocked.send("POST", payments, body)
    assert (status, answer["code"], "applied" in answer["message"]) == (400, 4, True)
    assert _told(stocked, name, document)[1:] == (100, 0)


@pytest.mark.parametrize(
    ("payments", "name", "party", "other"),
    [
        pytest.param("customerpayments", "invoices", "customer_id", "customer", id="invoices"),
        pytest.param("vendorpayments", "bills", "vendor_id", "vendor", id="bills"),
    ],
)
def test_what_another_one_owes_can_not_be_paid(stocked, payments, name, party, other):
    document = _owed(stocked, name)
    stranger = stocked.contact(contact_type=other)
    body = stocked.minimal(payments, amount=40, **{name: _apply(name, (document, 40))})
    status, answer, _ = stocked.send("POST", payments, body | {party: stranger})
    assert (status, answer["code"]) == (400, 4)
    assert f"does not belong to the {other} of the payment" in answer["message"]
    assert _told(stocked, name, document)[1:] == (100, 0)
    own = stocked.make(payments, amount=40, **{name: _apply(name, (document, 40))})
    changed = stocked.call("PUT", f"/{payments}/{own['payment_id']}", {party: stranger})
    assert (changed[0], changed[1]["code"]) == (400, 4)


def test_a_payment_outlives_the_invoice_it_paid(stocked):
    document = _owed(stocked, "invoices")
    applied = _apply("invoices", (document, 40))
    payment = stocked.make("customerpayments", amount=40, invoices=applied)
    assert stocked.call("DELETE", f"/invoices/{document['invoice_id']}")[0] == 200
    assert stocked.call("DELETE", f"/customerpayments/{payment['payment_id']}")[0] == 200


def test_an_advance_needs_no_invoice(stocked):
    body = stocked.minimal("customerpayments")
    del body["invoices"]
    payment = stocked.send("POST", "customerpayments", body)[1]["payment"]
    assert (payment["invoices"], payment["unused_amount"]) == ([], payment["amount"])
