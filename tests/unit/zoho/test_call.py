from decimal import Decimal

import pytest

from zbbulk.errors import ZohoError
from zbbulk.model import Action
from zbbulk.resources import resource, resources
from zbbulk.zoho.call import call_for

WITH_BODY = (Action.CREATE, Action.UPDATE)


def test_a_create_posts_the_record_as_it_is():
    record = {"name": "Bolt"}
    call = call_for(resource("items"), action=Action.CREATE, record=record)
    assert (call.method, call.path, call.query, call.body) == ("POST", "/items", {}, record)


def test_an_update_takes_the_id_out_of_the_record_into_the_path():
    record = {"item_id": "46", "name": "Bolt"}
    call = call_for(resource("items"), action=Action.UPDATE, record=record)
    assert (call.method, call.path, call.body) == ("PUT", "/items/46", {"name": "Bolt"})
    assert record["item_id"] == "46", "the caller's record is not touched"


def test_an_id_can_not_lead_elsewhere():
    call = call_for(
        resource("items"), action=Action.UPDATE, record={"item_id": "../contacts/1?x=y"}
    )
    assert call.path == "/items/..%2Fcontacts%2F1%3Fx%3Dy"


def test_a_delete_names_the_record_and_sends_nothing():
    record = {"invoice_id": "5", "invoice_number": "INV-1"}
    call = call_for(resource("invoices"), action=Action.DELETE, record=record)
    assert (call.method, call.path, call.body, call.query) == ("DELETE", "/invoices/5", None, {})


@pytest.mark.parametrize("record", [{"name": "Bolt"}, {"item_id": ""}, {"item_id": ".."}])
def test_an_update_without_a_usable_id_is_refused(record):
    with pytest.raises(ZohoError, match="item_id is missing") as caught:
        call_for(resource("items"), action=Action.UPDATE, record=record)
    assert caught.value.code == "ZB301"


@pytest.mark.parametrize("action", WITH_BODY)
@pytest.mark.parametrize("name", ["invoices", "estimates"])
def test_an_own_document_number_switches_zohos_numbering_off_in_the_query(name, action):
    kind = resource(name)
    record = {kind.number_field: "INV-1", kind.id_field: "5"}
    call = call_for(kind, action=action, record=record)
    assert call.query == {"ignore_auto_number_generation": "true"}
    assert "ignore_auto_number_generation" not in call.body


def test_for_contacts_it_goes_into_the_body():
    call = call_for(resource("contacts"), action=Action.CREATE, record={"contact_number": "C-1"})
    assert call.query == {}
    assert call.body == {"contact_number": "C-1", "ignore_auto_number_generation": True}


@pytest.mark.parametrize("number", [{}, {"invoice_number": ""}])
def test_without_a_number_zohos_numbering_stays_on(number):
    call = call_for(resource("invoices"), action=Action.CREATE, record={"date": "x", **number})
    assert call.query == {}


@pytest.mark.parametrize(
    ("name", "action", "path", "body"),
    [
        ("tasks", Action.CREATE, "/projects/8%2F9/tasks", {"task_name": "Dig"}),
        ("tasks", Action.UPDATE, "/projects/8%2F9/tasks/7", {"task_name": "Dig"}),
        ("exchangerates", Action.CREATE, "/settings/currencies/4/exchangerates", {"rate": 2}),
        ("custommodules", Action.CREATE, "/cm_debtor", {"record_name": "A"}),
        ("custommodules", Action.UPDATE, "/cm_debtor/5", {"record_name": "A"}),
    ],
)
def test_fields_of_the_path_are_taken_out_of_the_body(name, action, path, body):
    kind = resource(name)
    fields = {"project_id": "8/9", "currency_id": "4", "module_name": "cm_debtor"}
    record = body | {field: fields[field] for field in kind.path_fields}
    if action is Action.UPDATE:
        record[kind.id_field] = "7" if name == "tasks" else "5"
    call = call_for(kind, action=action, record=record)
    assert (call.path, call.body) == (path, body)
    assert "%" not in call.route, "no value of a cell is in what may be logged"
    assert call.route.startswith(kind.path)


def test_a_missing_field_of_the_path_is_named():
    with pytest.raises(ZohoError, match="project_id is missing") as caught:
        call_for(resource("tasks"), action=Action.CREATE, record={"task_name": "Dig"})
    assert caught.value.code == "ZB301"


@pytest.mark.parametrize(
    ("value", "text"),
    [("1", "1"), (["1", "2"], "1,2"), (True, "true"), (Decimal("1E+2"), "100")],
)
def test_fields_of_the_query_are_taken_out_of_the_body_of_a_create(value, text):
    record = {"account_ids": value, "notes": "x"}
    call = call_for(resource("basecurrencyadjustments"), action=Action.CREATE, record=record)
    assert call.query == {"account_ids": text}
    assert call.body == {"notes": "x"}


@pytest.mark.parametrize("action", WITH_BODY)
def test_what_every_record_of_a_kind_has_is_added(action):
    record = {"invoice_id": "5", "customer_id": "9"}
    call = call_for(resource("customerdebitnotes"), action=action, record=record)
    assert call.body["type"] == "debit_note"
    assert "type" not in record


def test_where_there_is_one_record_only_its_id_stays_in_the_body():
    record = {"opening_balance_id": "5", "date": "2024-03-31"}
    call = call_for(resource("openingbalances"), action=Action.UPDATE, record=record)
    assert (call.method, call.path, call.route) == ("PUT", "/settings/openingbalances", "")
    assert call.body == record


@pytest.mark.parametrize("name", resources())
def test_every_kind_of_record_can_be_asked_for(name):
    kind = resource(name)
    record = dict.fromkeys((*kind.path_fields, kind.id_field), "7") | {"x": "y"}
    for action in (each for each in Action if each.value in kind.can):
        call = call_for(kind, action=action, record=record)
        assert "{" not in call.path
        assert (call.body or {}).get("x") == ("y" if action in WITH_BODY else None)


@pytest.mark.parametrize("name", resources())
def test_no_call_ever_asks_for_an_e_mail(name):
    kind = resource(name)
    record = dict.fromkeys((*kind.path_fields, kind.number_field, kind.id_field), "2")
    for action in Action:
        call = call_for(kind, action=action, record=record)
        assert not {"send", "can_send_in_mail"} & set(call.query)
