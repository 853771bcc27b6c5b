import pytest

from zbbulk.errors import AuthError, ZohoError
from zbbulk.resources import resource
from zbbulk.zoho.bulk import DELETED_AT_ONCE, Deleted, delete_many, read_many
from zbbulk.zoho.repeated import TRIES

ITEMS, PAYMENTS = resource("items"), resource("customerpayments")


@pytest.fixture
def ids():
    return [f"46{number:04}" for number in range(250)]


@pytest.fixture
def answers(canned):
    """Answers of /itemdetails, one with each of these lists of ids."""

    def made(*portions):
        return [
            canned(
                200,
                {"code": 0, "message": "success", "items": [{"item_id": each} for each in portion]},
            )
            for portion in portions
        ]

    return made


@pytest.fixture
def gone(canned):
    return canned(200, {"code": 0, "message": "The payments have been deleted."})


# --- read


def test_many_records_are_read_in_portions(make_client, server, answers, ids, events):
    server.script = answers(ids[:100], ids[100:200], ids[200:])
    found = [record["item_id"] for record in read_many(make_client(), ITEMS, ids)]
    assert found == ids
    assert [seen.query["item_ids"].split(",") for seen in server.seen] == [
        ids[:100],
        ids[100:200],
        ids[200:],
    ]
    assert {(seen.method, seen.path) for seen in server.seen} == {("GET", "/books/v3/itemdetails")}
    assert {event["path"] for event in events} == {"/itemdetails"}


def test_no_ids_are_no_call(make_client, server):
    assert list(read_many(make_client(), ITEMS, [])) == []
    assert server.seen == []


def test_a_lost_read_is_repeated(make_client, server, answers, canned, said):
    lost = [canned(cut="before"), canned(200, b"<html>"), said(1000, "Internal error", status=500)]
    server.script = [*lost, *answers(["1"])]
    assert [record["item_id"] for record in read_many(make_client(), ITEMS, ["1"])] == ["1"]
    assert len(server.seen) == 4


def test_a_read_that_is_never_answered_is_an_error(make_client, server, canned):
    server.script = [canned(cut="before")]
    with pytest.raises(ZohoError, match="no answer to /itemdetails") as caught:
        list(read_many(make_client(), ITEMS, ["1"]))
    assert caught.value.code == "ZB410"
    assert len(server.seen) == TRIES


def test_a_refused_read_has_zohos_words(make_client, server, said):
    server.script = [said(1002, "Item does not exist.", status=404)]
    with pytest.raises(ZohoError, match="Item does not exist") as caught:
        list(read_many(make_client(), ITEMS, ["1"]))
    assert (caught.value.zoho_code, len(server.seen)) == ("1002", 1)


def test_over_the_minute_a_read_waits(make_client, server, said, answers, clock):
    server.script = [said(44, "blocked", status=429), *answers(["1"])]
    assert list(read_many(make_client(), ITEMS, ["1"])) == [{"item_id": "1"}]
    assert clock.now() == pytest.approx(1060)


def test_an_answer_without_the_list_holds_no_record(make_client, server, canned):
    server.script = [canned(200, {"code": 0, "items": ""})]
    assert list(read_many(make_client(), ITEMS, ["1"])) == []


def test_what_zoho_gives_one_by_one_only_is_not_asked_for(make_client):
    with pytest.raises(ValueError, match="can't be read many at once"):
        list(read_many(make_client(), PAYMENTS, ["1"]))


# --- delete


def test_many_records_are_deleted_in_portions(make_client, server, gone, ids):
    server.script = [gone]
    found = list(delete_many(make_client(), PAYMENTS, ids))
    portions = [ids[:DELETED_AT_ONCE], ids[DELETED_AT_ONCE:-50], ids[-50:]]
    assert [list(each.ids) for each in found] == portions
    assert {each.is_gone for each in found} == {True}
    first = server.seen[0]
    assert (first.method, first.path, first.body) == ("DELETE", "/books/v3/customerpayments", b"")
    assert first.query["bulk_delete"] == "true"
    assert first.query["payment_id"] == ",".join(portions[0])


def test_fields_of_the_path_are_filled_in(make_client, server, gone, events):
    server.script = [gone]
    record = {"module_name": "cm_debtor"}
    list(delete_many(make_client(), resource("custommodules"), ["1"], record=record))
    assert server.seen[0].path == "/books/v3/cm_debtor"
    assert events[0]["path"] == "/{module_name}"


def test_a_refused_portion_is_told_and_the_next_one_goes(make_client, server, said, gone, ids):
    server.script = [said(1002, "Payment does not exist"), gone]
    first, *others = delete_many(make_client(), PAYMENTS, ids)
    assert first[1:] == (False, "1002", "Payment does not exist")
    assert {each.is_gone for each in others} == {True}


def test_a_lost_delete_is_repeated(make_client, server, canned, gone):
    server.script = [canned(cut="before"), gone]
    (found,) = delete_many(make_client(), PAYMENTS, ["1"])
    assert found.is_gone
    assert len(server.seen) == 2


def test_a_refusal_after_a_lost_answer_proves_nothing(make_client, server, canned, said):
    server.script = [canned(cut="before"), said(1002, "Payment does not exist")]
    (found,) = delete_many(make_client(), PAYMENTS, ["1"])
    assert found == Deleted(("1",), None, "1002", "Payment does not exist")


def test_a_delete_that_is_never_answered_is_open(make_client, server, canned):
    server.script = [canned(cut="before")]
    (found,) = delete_many(make_client(), PAYMENTS, ["1"])
    assert (found.is_gone, found.code) == (None, "ZB405")
    assert len(server.seen) == TRIES


def test_a_stop_after_a_lost_answer_leaves_it_open(make_client, server, canned, said):
    server.script = [canned(cut="before"), said(14, "invalid token", status=401)]
    found = delete_many(make_client(), PAYMENTS, [str(number) for number in range(150)])
    assert next(found).is_gone is None
    with pytest.raises(AuthError):
        next(found)


def test_what_can_be_deleted_one_by_one_only_is_refused(make_client):
    with pytest.raises(ValueError, match="can't be deleted many at once"):
        list(delete_many(make_client(), ITEMS, ["1"]))
