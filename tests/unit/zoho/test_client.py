from decimal import Decimal

import pytest

from zbbulk.zoho.call import Call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.wire import AnswerLost, NotSent

CALL = Call(method="POST", path="/items", query={"a": "b c"}, body={"rate": Decimal("19.990")})


def test_a_call_carries_organization_token_and_the_decimal_byte_for_byte(
    server, created, make_client, token_text
):
    server.script = [created()]
    answer = make_client().try_once(CALL, token=token_text)
    seen = server.seen[0]
    assert (seen.method, seen.path) == ("POST", "/books/v3/items")
    assert seen.query == {"a": "b c", "organization_id": "10234695"}
    assert seen.headers["authorization"] == f"Zoho-oauthtoken {token_text}"
    assert seen.headers["content-type"].startswith("application/json")
    assert "x-com-zoho-books-organizationid" not in seen.headers
    assert seen.body == b'{"rate": 19.990}'
    assert (answer.status, answer.code) == (201, "0")


def test_the_organization_is_named_in_a_header_too_when_zoho_asked_for_it(
    server, created, make_client, token_text
):
    server.script = [created()]
    client = make_client()
    client.names_organization_twice = True
    client.try_once(CALL, token=token_text)
    assert server.seen[0].headers["x-com-zoho-books-organizationid"] == "10234695"


def test_every_try_is_told_without_secrets_and_cell_values(
    server, canned, created, make_client, events, token_text
):
    server.script = [created(), canned(cut="before")]
    client = make_client()
    client.try_once(CALL, token=token_text)
    with pytest.raises(AnswerLost):
        client.try_once(CALL, token=token_text, attempt=2)
    took_s = [event.pop("took_s") for event in events]
    assert took_s == [0, 0]
    assert token_text not in repr(events)
    told = {"method": "POST", "path": "/items", "failure": ""}
    assert events == [
        told | {"status": 201, "zoho_code": "0", "attempt": 1},
        told | {"status": None, "zoho_code": "", "attempt": 2, "failure": "AnswerLost"},
    ]


def test_a_client_that_nobody_listens_to_works_too(server, created, pace, clock, token_text):
    server.script = [created()]
    with ZohoClient(
        api_root=server.root, organization_id="1", token=None, pace=pace, clock=clock
    ) as client:
        assert client.try_once(CALL, token=token_text).code == "0"


def test_leaving_is_called_when_the_turn_has_come_and_can_still_forbid_the_request(
    server, created, make_client, pace, token_text
):
    server.script = [created()]
    in_flight = []

    def leaving():
        in_flight.append(pace._window.in_flight)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        make_client().try_once(CALL, token=token_text, leaving=leaving)
    assert (in_flight, server.seen) == ([1], [])
    assert pace._window.in_flight == 0


def test_the_days_quota_is_remembered_and_an_answer_without_it_changes_nothing(
    server, canned, created, make_client, token_text
):
    headers = {
        "X-Rate-Limit-Limit": "5000",
        "X-Rate-Limit-Remaining": "4321",
        "X-Rate-Limit-Reset": "99",
    }
    server.script = [canned(201, {"code": 0}, headers=headers), created()]
    client = make_client()
    assert client.quota.remaining is None
    client.try_once(CALL, token=token_text)
    client.try_once(CALL, token=token_text)
    assert (client.quota.limit, client.quota.remaining, client.quota.reset_s) == (5000, 4321, 99)


def test_a_token_that_the_server_repeats_is_blotted_out(server, canned, make_client, token_text):
    server.script = [
        canned(401, {"code": 14, "message": f"authentication value {token_text} invalid"}),
        canned(502, f"<html>{token_text}".encode()),
    ]
    client = make_client()
    answers = [client.try_once(CALL, token=token_text) for _ in range(2)]
    assert answers[0].message == "authentication value *** invalid"
    assert token_text not in repr(answers)


def everything_in(error):
    """Return the reprs of an exception and of all that it drags along."""
    seen, waiting = [], [error]
    while waiting:
        one = waiting.pop()
        seen += [repr(one), str(one), repr(getattr(one, "__dict__", ""))]
        waiting += [other for other in (one.__cause__, one.__context__) if other]
        waiting += [arg for arg in one.args if isinstance(arg, BaseException)]
    return " ".join(seen)


@pytest.mark.parametrize("how", ["before", "middle", "refused"])
def test_no_failure_drags_the_token_along(server, canned, make_client, token_text, how, caplog):
    caplog.set_level("DEBUG")
    server.script = [canned(201, {"code": 0, "message": "x" * 99}, cut=how)]
    client = make_client()
    if how == "refused":
        server.close()
    with pytest.raises((NotSent, AnswerLost)) as caught:
        client.try_once(CALL, token=token_text)
    assert caught.value.__context__ is None
    shown = f"{everything_in(caught.value)} {client!r} {client._token!r} {caplog.text}"
    assert token_text not in shown
