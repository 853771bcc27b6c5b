import pytest

from zbbulk.model import Action
from zbbulk.resources import resource, resources
from zbbulk.zoho.call import call_for


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


def test_an_update_without_an_id_is_refused():
    with pytest.raises(KeyError, match="item_id"):
        call_for(resource("items"), action=Action.UPDATE, record={"name": "Bolt"})


@pytest.mark.parametrize("action", Action)
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


@pytest.mark.parametrize("name", resources())
def test_no_call_ever_asks_for_an_e_mail(name):
    kind = resource(name)
    record = {kind.number_field or "x": "1", kind.id_field: "2"}
    for action in Action:
        call = call_for(kind, action=action, record=record)
        assert not {"send", "can_send_in_mail"} & set(call.query)
