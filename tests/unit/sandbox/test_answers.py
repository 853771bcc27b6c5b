"""Every code of Zoho's that is known well, by a fault and, where it can be, by behaviour."""

from decimal import Decimal

import pytest

from zbbulk.sandbox.answers import ANSWERS

# code, HTTP status, what the message must say
KNOWN = [
    (2, 400, "Invalid value passed for"),
    (4, 400, "Invalid value passed for"),
    (5, 404, "Invalid URL Passed"),
    (14, 401, "authentication value"),
    (15, 400, "has less than 100 characters"),
    ("43", 429, "throttled"),
    (44, 429, "requests per minute"),
    (45, 429, "maximum call rate limit of"),
    (57, 401, "not authorized to perform this operation"),
    (1000, 500, "Internal Error"),
    (1001, 400, "already exists"),
    (1002, 400, "does not exist"),
    (1004, 400, "already exists"),
    (1038, 400, "JSON is not well formed"),
    (1049, 400, "already in open status"),
    (1070, 429, "in process requests"),
    (3062, 400, "already exists. Please specify a different name"),
    (6024, 400, "several organizations"),
    (6041, 400, "not associated with the CompanyID/CompanyName"),
    (11002, 400, "already exists"),
    (13011, 400, "already been created for this vendor"),
    (36023, 400, "locked"),
    (103001, 400, "trial"),
    (108004, 400, "account to be matched"),
    (110802, 400, "specify a tax"),
    (110942, 400, "GST is not enabled"),
    (120303, 400, "already used"),
    (400040, 400, "write access to this location"),
]


def test_the_table_holds_every_known_code_and_the_method_not_allowed():
    assert set(ANSWERS) == {str(code) for code, *_ in KNOWN} | {"405"}


@pytest.mark.parametrize(("code", "status", "gist"), KNOWN)
def test_a_fault_answers_with_any_code(client, code, status, gist):
    client.sandbox.add_fault(f"answer:{code}:count=1")
    got, body, _ = client.call("GET", "/items")
    assert (got, body["code"]) == (status, code)
    assert gist in body["message"]


LONG = "x" * 101


def _post(path, body, **kwargs):
    return lambda client: client.call("POST", path, body, **kwargs)


def _taken(path, body, **kwargs):
    def run(client):
        client.call("POST", path, body, **kwargs)
        return client.call("POST", path, body, **kwargs)

    return run


def _invoice(client, lines, **fields):
    body = {"customer_id": client.contact(), "line_items": lines, **fields}
    return client.call("POST", "/invoices", body)


def _same_number(path, field):
    def run(client):
        body = {"customer_id": client.contact(), field: "N-1"}
        body["line_items"] = [{"name": "Work", "rate": 1}]
        own = {"ignore_auto_number_generation": "true"}
        client.call("POST", path, body, query=own)
        return client.call("POST", path, body, query=own)

    return run


NATURAL = [
    pytest.param(2, 400, "rate", _post("/items", {"name": "A", "rate": "ten"}), id="2-type"),
    pytest.param(2, 400, "name", _post("/items", {"rate": 1}), id="2-required"),
    pytest.param(
        2,
        400,
        "Payment Terms",
        _post("/contacts", {"contact_name": "A", "payment_terms": "Net 30"}),
        id="2-label",
    ),
    pytest.param(5, 404, "Invalid URL", lambda c: c.call("GET", "/nothing"), id="5"),
    pytest.param(
        14,
        401,
        "authentication",
        lambda c: c.call("GET", "/items", headers={"Authorization": ""}),
        id="14-missing",
    ),
    pytest.param(
        14,
        401,
        "authentication",
        lambda c: c.call("GET", "/items", headers={"Authorization": "Basic abc"}),
        id="14-garbled",
    ),
    pytest.param(
        57,
        401,
        "not authorized",
        lambda c: c.call("GET", "/items", headers={"Authorization": "Bearer 1000.no.no"}),
        id="57",
    ),
    pytest.param(
        15,
        400,
        'the "name" has less than 100 characters',
        _post("/items", {"name": LONG, "rate": 1}),
        id="15",
    ),
    pytest.param(405, 405, "Not Allowed", lambda c: c.call("DELETE", "/items"), id="405"),
    pytest.param(1001, 400, "Nail", _taken("/items", {"name": "Nail", "rate": 1}), id="1001"),
    pytest.param(1002, 404, "Item", lambda c: c.call("GET", "/items/1"), id="1002-404"),
    pytest.param(
        1002,
        400,
        "Customer",
        _post("/invoices", {"customer_id": "1", "line_items": [{"name": "a", "rate": 1}]}),
        id="1002-customer",
    ),
    pytest.param(1002, 400, "Item", lambda c: _invoice(c, [{"item_id": "1"}]), id="1002-item"),
    pytest.param(1004, 400, "estimate", _same_number("/estimates", "estimate_number"), id="1004"),
    pytest.param(1004, 400, "invoice", _same_number("/invoices", "invoice_number"), id="1004-inv"),
    pytest.param(1038, 400, "JSON", lambda c: c.call("POST", "/items", text=b"{'name'"), id="1038"),
    pytest.param(
        3062, 400, 'customer "Acme"', _taken("/contacts", {"contact_name": "Acme"}), id="3062"
    ),
    pytest.param(
        11002,
        400,
        "Main",
        _taken("/bankaccounts", {"account_name": "Main", "account_type": "bank"}),
        id="11002",
    ),
    pytest.param(
        110942,
        400,
        "GST",
        lambda c: _invoice(c, [{"name": "a", "rate": 1, "tax_id": "1"}]),
        id="110942",
    ),
    pytest.param(
        6041,
        400,
        ": 5.",
        lambda c: c.call("GET", "/items", query={"organization_id": "5"}),
        id="6041",
    ),
    pytest.param(
        2,
        400,
        "organization_id",
        lambda c: c.call("GET", "/items", query={"organization_id": ""}),
        id="2-organization",
    ),
]


@pytest.mark.parametrize(("code", "status", "gist", "act"), NATURAL)
def test_the_sandbox_refuses_by_itself(client, code, status, gist, act):
    got, body, _ = act(client)
    assert (got, body["code"]) == (status, code), body
    assert gist in body["message"]


SETTINGS = [
    pytest.param({"is_trial_over": True}, 103001, ("GET", "/items", None), id="103001"),
    pytest.param({"organizations": 2}, 6024, ("GET", "/items", None), id="6024"),
]


@pytest.mark.parametrize(("settings", "code", "call"), SETTINGS)
def test_a_setting_of_the_organization_refuses(opened, settings, code, call):
    status, body, _ = opened(**settings).call(*call)
    assert (status, body["code"]) == (400, code)


def test_a_location_without_write_access_is_refused_400040(opened):
    client = opened(read_only_locations=["77"])
    open_id = client.create("locations", {"location_name": "Open"})["location_id"]
    status, body, _ = _invoice(client, [{"name": "a", "rate": 1}], location_id="77")
    assert (status, body["code"]) == (400, 400040)
    assert _invoice(client, [{"name": "a", "rate": 1}], location_id=open_id)[0] == 201


def test_in_india_a_line_without_tax_is_refused_110802(opened):
    client = opened(edition="in")
    customer = client.contact(gst_treatment="consumer")

    def invoice(line):
        return client.call("POST", "/invoices", {"customer_id": customer, "line_items": [line]})

    status, body, _ = invoice({"name": "a", "rate": 1})
    assert (status, body["code"]) == (400, 110802)
    tax = client.call("GET", "/settings/taxes")[1]["taxes"][0]
    status, body, _ = invoice({"name": "a", "rate": 100, "tax_id": tax["tax_id"]})
    assert body["invoice"]["taxes"] == [
        {"tax_name": "CGST2.5", "tax_amount": Decimal("2.50")},
        {"tax_name": "SGST2.5", "tax_amount": Decimal("2.50")},
    ]
    assert (status, body["invoice"]["tax_total"], body["invoice"]["total"]) == (201, 5, 105)


@pytest.mark.parametrize("named", [{"api_name": "cf_key"}, {"label": "Key"}])
def test_a_unique_custom_field_is_refused_120303(opened, named):
    client = opened(unique_fields=["cf_key"])
    body = {"contact_name": "A", "custom_fields": [{**named, "value": "k1"}]}
    client.create("contacts", body)
    status, answer, _ = client.call("POST", "/contacts", {**body, "contact_name": "B"})
    assert (status, answer["code"]) == (400, 120303)
    assert '"k1"' in answer["message"]
