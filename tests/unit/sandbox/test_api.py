"""Create, read, update, delete; organizations; what a body must be."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import simplejson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zbbulk.resources import resource, resources, schema

CREATED = [
    ("items", "item", {"name": "First", "rate": 1}, "The item has been added."),
    ("contacts", "contact", {"contact_name": "First"}, "The contact has been added."),
    (
        "bankaccounts",
        "bankaccount",
        {"account_name": "First", "account_type": "bank"},
        "The account has been created.",
    ),
    ("invoices", "invoice", {"line_items": [{"name": "a"}]}, "The invoice has been created."),
    ("estimates", "estimate", {"line_items": [{"name": "a"}]}, "The quote has been created."),
]
STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{4}")


@pytest.mark.parametrize(("name", "key", "body", "message"), CREATED)
def test_a_record_is_created_read_updated_and_deleted(client, name, key, body, message):
    if "line_items" in body:
        body = body | {"customer_id": client.contact()}
    status, answer, headers = client.call("POST", f"/{name}", body)
    assert (status, answer["code"], answer["message"]) == (201, 0, message)
    record = answer[key]
    record_id = record["account_id" if key == "bankaccount" else f"{key}_id"]
    assert re.fullmatch("[0-9]{18,19}", record_id)
    assert headers["Location"] == f"/api/v3/{name}/{record_id}"
    assert STAMP.fullmatch(record["created_time"])
    path = f"/{name}/{record_id}"
    assert client.call("GET", path)[:2] == (200, {"code": 0, "message": "success", key: record})
    status, answer, _ = client.call("PUT", path, {})
    assert (status, answer["code"], key in answer) == (200, 0, True)
    status, answer, _ = client.call("DELETE", path)
    assert (status, answer["code"], key in answer) == (200, 0, False)
    for method in ("GET", "DELETE"):
        status, answer, _ = client.call(method, path)
        assert (status, answer["code"]) == (404, 1002)
    assert client.call("PUT", path, {})[0] == 404


def test_ids_increase(client):
    ids = [int(client.item()) for _ in range(5)]
    assert ids == sorted(set(ids))


def test_an_update_keeps_what_is_not_sent(client):
    item_id = client.item("Keeps", unit="m", description="old")
    answer = client.call("PUT", f"/items/{item_id}", {"description": "new"})[1]["item"]
    assert (answer["name"], answer["unit"], answer["description"]) == ("Keeps", "m", "new")
    contact_id = client.contact(billing_address={"city": "Pune", "zip": "411001"})
    body = {"billing_address": {"city": "Goa"}}
    address = client.call("PUT", f"/contacts/{contact_id}", body)[1]["contact"]["billing_address"]
    assert (address["city"], address["zip"]) == ("Goa", "411001")


@pytest.mark.parametrize(
    ("resource", "body", "code"),
    [("items", {"name": "Taken"}, 1001), ("contacts", {"contact_name": "Taken"}, 3062)],
)
def test_a_taken_name_is_refused_on_update_and_the_own_one_is_not(client, resource, body, code):
    extra = {"rate": 1} if resource == "items" else {}
    key = {"items": "item_id", "contacts": "contact_id"}[resource]
    first = client.create(resource, body | extra)[key]
    other = dict.fromkeys(body, "Other")
    second = client.create(resource, other | extra)[key]
    status, answer, _ = client.call("PUT", f"/{resource}/{second}", body)
    assert (status, answer["code"]) == (400, code)
    assert client.call("PUT", f"/{resource}/{first}", body)[0] == 200
    assert client.call("DELETE", f"/{resource}/{first}")[0] == 200
    assert client.call("PUT", f"/{resource}/{second}", body)[0] == 200


@pytest.mark.parametrize("twin", ["Twin", "twin", " Twin "])
def test_a_contact_name_is_unique_over_customers_and_vendors(opened, twin):
    client = opened()
    client.contact("Twin")
    body = {"contact_name": twin, "contact_type": "vendor"}
    status, answer, _ = client.call("POST", "/contacts", body)
    assert (status, answer["code"]) == (400, 3062)
    assert answer["message"].startswith("The vendor ")


def test_a_sku_is_unique(client):
    client.item(sku="K-1")
    status, answer, _ = client.call("POST", "/items", {"name": "Q", "rate": 1, "sku": "K-1"})
    assert (status, answer["code"]) == (400, 1001)


def test_of_twenty_threads_that_create_one_name_exactly_one_wins(opened):
    client = opened(at_once=0)
    with ThreadPoolExecutor(20) as pool:
        body = {"contact_name": "Race"}
        calls = [pool.submit(client.call, "POST", "/contacts", body) for _ in range(20)]
        statuses = sorted(call.result()[0] for call in calls)
    assert statuses == [201] + [400] * 19
    assert len(client.sandbox.records("contacts")) == 1


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"7", b'{"name": }', b"\xff", b'{"name": NaN}', b"[" * 100_000]
)
def test_what_is_not_a_json_object_is_refused_1038(client, text):
    status, answer, _ = client.call("POST", "/items", text=text)
    assert (status, answer["code"]) == (400, 1038)


def test_a_form_is_taken_when_it_has_jsonstring(client):
    form = {"headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    status, *_ = client.call("POST", "/items", text='JSONString={"name":"Form","rate":1}', **form)
    assert status == 201
    status, answer, _ = client.call("POST", "/items", text="name=Form2&rate=1", **form)
    assert (status, answer["code"]) == (400, 1038)


def test_nulls_are_refused_wherever_they_stand(client):
    for body in (
        {"name": "N", "rate": 1, "sku": None},
        {"name": "N", "rate": 1, "unknown": None},
        {"name": "N", "rate": 1, "custom_fields": [{"label": "a", "value": None}]},
    ):
        assert client.call("POST", "/items", body)[1]["code"] == 2


def test_unknown_fields_are_dropped_in_silence(client):
    record = client.create("items", {"name": "Odd", "rate": 1, "colour": "red", "item_id": "9"})
    assert "colour" not in record
    assert record["item_id"] != "9"


def test_unknown_custom_fields_are_dropped_when_the_known_ones_are_declared(opened):
    client = opened(custom_fields=["Shelf"])
    fields = [{"label": "Shelf", "value": "A1"}, {"api_name": "cf_other", "value": "x"}]
    record = client.create("items", {"name": "A", "rate": 1, "custom_fields": fields})
    assert record["custom_field_hash"] == {"cf_shelf": "A1"}


def test_an_update_of_one_custom_field_keeps_the_others(client):
    fields = [{"label": "A b", "value": "1"}, {"api_name": "cf_c", "value": "2"}]
    item_id = client.create("items", {"name": "CF", "rate": 1, "custom_fields": fields})["item_id"]
    body = {"custom_fields": [{"api_name": "cf_a_b", "value": "9"}]}
    answer = client.call("PUT", f"/items/{item_id}", body)[1]["item"]
    assert answer["custom_field_hash"] == {"cf_a_b": "9", "cf_c": "2"}


def test_the_organization_may_be_named_by_the_header_alone(client):
    header = {"X-com-zoho-books-organizationid": client.sandbox.organization_id}
    status, *_ = client.call("GET", "/items", query={"organization_id": ""}, headers=header)
    assert status == 200


def test_a_user_of_several_organizations_is_answered_6024_until_the_header_comes(opened):
    client = opened(organizations=3)
    listed = client.call("GET", "/organizations", query={"organization_id": ""})[1]
    assert len(listed["organizations"]) == 3
    assert client.call("GET", "/items")[1]["code"] == 6024
    header = {"X-com-zoho-books-organizationid": client.sandbox.organization_id}
    assert client.call("GET", "/items", headers=header)[0] == 200


@pytest.mark.parametrize(
    ("edition", "zone", "currency"),
    [
        ("us", "America/New_York", "USD"),
        ("in", "Asia/Kolkata", "INR"),
        ("eu", "Europe/Berlin", "EUR"),
    ],
)
def test_the_organization_tells_its_edition(opened, edition, zone, currency):
    client = opened(edition=edition, plan="free")
    (told,) = client.call("GET", "/organizations")[1]["organizations"]
    assert told["organization_id"] == client.sandbox.organization_id
    assert (told["time_zone"], told["currency_code"], told["plan_name"]) == (zone, currency, "Free")


@pytest.mark.parametrize("path", ["", "/", "/item", "/items/1/2", "/organization", "/Items"])
def test_an_unknown_path_is_answered_5(client, path):
    status, answer, _ = client.call("GET", path)
    assert (status, answer["code"]) == (404, 5)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/bankaccounts"),
        ("GET", "/fixedassettypes/1"),
        ("POST", "/items/1"),
        ("PATCH", "/items/1"),
        ("POST", "/organizations"),
    ],
)
def test_a_method_that_is_not_there_is_answered_405(client, method, path):
    assert client.call(method, path, {})[0] == 405


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.decimals(min_value=0, max_value=10**9, allow_nan=False, places=6))
def test_a_number_comes_back_digit_for_digit(client, rate):
    item_id = client.item()
    text = simplejson.dumps({"rate": rate}, use_decimal=True)
    answer = client.session.put(
        f"{client.sandbox.api_root}/items/{item_id}",
        params=client.query,
        headers=client.headers,
        data=text,
        timeout=10,
    )
    assert f'"rate":{rate}' in answer.text
    assert Decimal(str(client.call("GET", f"/items/{item_id}")[1]["item"]["rate"])) == rate


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["1", "5%", "2026-01-01", "item_level", "entity_level", "inventory"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@pytest.mark.parametrize("name", list(resources()))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_sent_the_answer_is_an_envelope(stocked, name, data):
    facts = resource(name)
    fields = schema(name)["properties"]
    usual = stocked.minimal(name)
    body = usual | data.draw(st.dictionaries(st.sampled_from(sorted(fields)), values, max_size=4))
    body |= {field: usual[field] for field in facts.path_fields}
    if isinstance(body.get("line_items"), list) and body["line_items"]:
        known = sorted(fields["line_items"]["items"]["properties"])
        line = data.draw(st.dictionaries(st.sampled_from(known), values, max_size=4))
        body["line_items"] = [usual.get("line_items", [{}])[0] | line]
    status, answer, _ = stocked.send("POST", name, body)
    assert (status, answer["code"] == 0) in {(201, True), (400, False)}, body
    if "list" in facts.can:
        assert stocked.send("GET", name, usual, "list")[0] == 200
