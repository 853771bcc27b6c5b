"""Upsert by a unique custom field, and calls that mean many records."""

import pytest

from zbbulk.resources import resource, resources

KEY = "cf_key"
UPSERTED = [facts.name for facts in resources().values() if facts.upsert]
BULK = [facts.name for facts in resources().values() if facts.bulk_delete]


def _upsert(client, name, body, value, *, upsert="true", key=KEY):
    headers = {"X-Unique-Identifier-Key": key, "X-Unique-Identifier-Value": value}
    if upsert:
        headers["X-Upsert"] = upsert
    return client.call("PUT", resource(name).path, body, headers=headers)


def _keyed(client, name, value):
    return client.minimal(name, custom_fields=[{"api_name": KEY, "value": value}])


@pytest.mark.parametrize("name", UPSERTED)
def test_an_upsert_makes_a_record_once(opened, name):
    client = opened(has_examples=True, unique_fields=[KEY])
    facts = resource(name)
    body = _keyed(client, name, "k1")
    status, answer, headers = _upsert(client, name, body, "k1")
    assert (status, "Location" in headers) == (201, True), answer
    record = answer[facts.single_key]
    before = len(client.sandbox.records(name))
    status, answer, _ = _upsert(client, name, body, "K1")
    assert status == 200, answer
    assert answer[facts.single_key][facts.id_field] == record[facts.id_field]
    assert len(client.sandbox.records(name)) == before


@pytest.mark.parametrize(
    ("value", "upsert", "key", "code"),
    [
        ("k9", None, KEY, 1002),
        ("k9", "false", KEY, 1002),
        ("k9", "true", "cf_other", 2),
        ("k9", "true", "", 2),
        ("", "true", KEY, 2),
    ],
)
def test_an_upsert_that_can_not_be_is_refused(opened, value, upsert, key, code):
    client = opened(unique_fields=[KEY])
    body = _keyed(client, "items", "k9")
    status, answer, _ = _upsert(client, "items", body, value, upsert=upsert, key=key)
    assert (status, answer["code"]) == (400, code)
    assert client.sandbox.records("items") == []


def test_an_upsert_needs_what_a_create_needs(opened):
    client = opened(unique_fields=[KEY])
    fields = [{"api_name": KEY, "value": "k"}]
    assert _upsert(client, "contacts", {"custom_fields": fields}, "k")[1]["code"] == 2
    client.create("contacts", {"contact_name": "A", "custom_fields": fields})
    assert _upsert(client, "contacts", {"notes": "n"}, "k", upsert=None)[0] == 200


def _ids(client, name, number=2):
    return [client.make(name)[resource(name).id_field] for _ in range(number)]


def _delete_many(client, name, ids, **query):
    facts = resource(name)
    path = facts.path.format_map(client.minimal(name))
    return client.call("DELETE", path, query={facts.bulk_delete: ",".join(ids), **query})


@pytest.mark.parametrize("name", BULK)
def test_many_records_are_deleted_in_one_call(stocked, name):
    ids = _ids(stocked, name)
    status, answer, _ = _delete_many(stocked, name, ids, bulk_delete="true")
    assert (status, set(answer)) == (200, {"code", "message"})
    kept = {record[resource(name).id_field] for record in stocked.sandbox.records(name)}
    assert not kept & set(ids)


@pytest.mark.parametrize("name", BULK)
def test_one_unknown_id_deletes_nothing(stocked, name):
    (kept,) = _ids(stocked, name, 1)
    status, answer, _ = _delete_many(stocked, name, [kept, "1"], bulk_delete="true")
    assert (status, answer["code"]) == (404, 1002)
    records = stocked.sandbox.records(name)
    assert kept in {record[resource(name).id_field] for record in records}
    assert _delete_many(stocked, name, [], bulk_delete="true")[1]["code"] == 2


@pytest.mark.parametrize("name", ["customerpayments", "vendorpayments"])
def test_payments_are_deleted_in_bulk_only_when_it_is_said(stocked, name):
    status, answer, _ = _delete_many(stocked, name, _ids(stocked, name))
    assert (status, answer["code"], "bulk_delete" in answer["message"]) == (400, 2, True)


def test_a_bulk_delete_takes_payments_back(stocked):
    invoice = stocked.make("invoices", line_items=[{"name": "A", "rate": 10}])
    applied = [{"invoice_id": invoice["invoice_id"], "amount_applied": 10}]
    payment = stocked.make("customerpayments", amount=10, invoices=applied)["payment_id"]
    _delete_many(stocked, "customerpayments", [payment], bulk_delete="true")
    path = f"/invoices/{invoice['invoice_id']}"
    assert stocked.call("GET", path)[1]["invoice"]["balance"] == 10


def test_itemdetails_reads_a_hundred_items_at_once(opened):
    client = opened(per_minute=0)
    ids = [client.item() for _ in range(101)]
    query = {"item_ids": ",".join([*ids[:99], "1"])}
    status, answer, _ = client.call("GET", "/itemdetails", query=query)
    assert (status, [item["item_id"] for item in answer["items"]]) == (200, ids[:99])
    assert client.call("GET", "/itemdetails", query={"item_ids": ",".join(ids)})[1]["code"] == 2
    assert client.call("GET", "/itemdetails")[1]["code"] == 2
