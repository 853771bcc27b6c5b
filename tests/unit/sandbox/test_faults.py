"""Faults on demand: the syntax, and what a client sees."""

import time

import pytest
import requests

from zbbulk.errors import UsageError
from zbbulk.sandbox.faults import Fault, parse_fault, parse_faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("cut-after:rate=0.05", {"kind": "cut-after", "rate": 0.05}),
        ("500-before:count=3", {"kind": "500-before", "count": 3}),
        ("401:at=20", {"kind": "401", "at": 20}),
        ("slow:2000", {"kind": "slow", "argument": "2000"}),
        ("html", {"kind": "html-after", "argument": "502"}),
        ("html-before:200", {"kind": "html-before", "argument": "200"}),
        (
            "answer:1049:method=post:path=/invoices",
            {"kind": "answer", "argument": "1049", "method": "POST", "path": "/invoices"},
        ),
        ("500-after,rate=0.5,count=2", {"kind": "500-after", "rate": 0.5, "count": 2}),
    ],
)
def test_a_fault_is_read(text, fault):
    assert parse_fault(text) == Fault(text=text, **fault)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("explode", "explode"),
        ("cut-after:often", "cut-after:often"),
        ("cut-after:rate=2", "rate=2"),
        ("cut-after:rate=x", "rate=x"),
        ("401:at=0", "at=0"),
        ("500-before:count=-1", "count=-1"),
        ("500-before:times=3", "times"),
        ("slow", "slow"),
        ("slow:1:2", "2"),
        ("answer:12", "answer:12"),
        ("html:many", "html:many"),
        ("500-before:method=LOOK", "LOOK"),
    ],
)
def test_a_wrong_fault_is_refused_by_name(text, wrong):
    with pytest.raises(UsageError) as caught:
        parse_fault(text)
    assert caught.value.code == "ZB001"
    assert wrong in caught.value.message


def _strikes(texts, calls, seed=1):
    faults = parse_faults(texts, seed=seed)
    return [bool(faults.strike(method, path)) for method, path in calls]


def test_at_means_only_that_one_of_the_matching_requests():
    calls = [("POST", "/items"), ("GET", "/items"), ("POST", "/items"), ("POST", "/items")]
    assert _strikes(["401:at=2:method=POST"], calls) == [False, False, True, False]


def test_a_path_means_what_lies_below_it_too():
    calls = [("GET", "/items/5"), ("GET", "/itemsets"), ("GET", "/items"), ("GET", "/contacts")]
    assert _strikes(["500-before:path=/items"], calls) == [True, False, True, False]


def test_the_token_endpoint_is_only_meant_when_it_is_named():
    call = [("POST", "/oauth/v2/token")]
    assert _strikes(["500-before"], call) == [False]
    assert _strikes(["500-before:path=/oauth/v2/token"], call) == [True]


def test_a_rate_strikes_its_share_and_the_same_one_for_the_same_seed():
    calls = [("POST", "/items")] * 1000
    struck = _strikes(["cut-after:rate=0.05"], calls)
    assert 30 <= sum(struck) <= 70
    assert struck == _strikes(["cut-after:rate=0.05"], calls)
    assert struck != _strikes(["cut-after:rate=0.05"], calls, seed=2)


ITEM = {"name": "A", "rate": 1}


@pytest.mark.parametrize(
    ("fault", "status", "kept"),
    [
        ("500-before", 500, 0),
        ("500-after", 500, 1),
        ("html-before", 502, 0),
        ("html", 502, 1),
        ("html-after:200", 200, 1),
        ("answer:43", 429, 0),
    ],
)
def test_a_broken_answer_comes_before_or_after_the_record_is_stored(opened, fault, status, kept):
    client = opened(faults=[f"{fault}:count=1"])
    got, body, headers = client.call("POST", "/items", ITEM)
    assert (got, len(client.sandbox.records("items"))) == (status, kept)
    assert ("html" in headers["Content-Type"]) == fault.startswith("html")
    assert isinstance(body, str) == fault.startswith("html")
    assert client.call("GET", "/items")[0] == 200


@pytest.mark.parametrize(("fault", "kept"), [("cut-before", 0), ("cut-after", 1)])
def test_a_cut_connection_gives_no_answer(opened, fault, kept):
    client = opened(faults=[f"{fault}:count=1"])
    with pytest.raises(requests.ConnectionError):
        client.call("POST", "/items", ITEM)
    assert len(client.sandbox.records("items")) == kept
    cut = client.sandbox.requests()[-1]
    assert (cut.status, cut.code) == (0, None)
    assert client.call("GET", "/items")[0] == 200


def test_401_in_the_middle_kills_the_token_for_good(opened):
    client = opened(faults=["401:at=2"])
    statuses = [client.call("GET", "/items")[0] for _ in range(3)]
    assert statuses == [200, 401, 401]
    client.headers["Authorization"] = f"Zoho-oauthtoken {client.sandbox.access_token()}"
    assert client.call("GET", "/items")[0] == 200


def test_a_slow_answer_comes_after_the_record_is_stored(opened):
    client = opened(faults=["slow:60000:count=1"], speed=600)
    begun = time.monotonic()
    assert client.call("POST", "/items", ITEM)[0] == 201
    assert 0.09 <= time.monotonic() - begun < 1
    entry = client.sandbox.requests()[-1]
    assert entry.answered_s - entry.arrived_s >= 60


def test_faults_can_be_added_and_cleared_while_it_runs(opened):
    client = opened()
    client.sandbox.add_fault("500-before")
    assert client.call("GET", "/items")[0] == 500
    client.sandbox.clear_faults()
    assert client.call("GET", "/items")[0] == 200


def test_the_token_endpoint_can_break_too(opened):
    client = opened(faults=["html:path=/oauth/v2/token"])
    answer = client.session.post(f"{client.sandbox.accounts_url}/oauth/v2/token", timeout=10)
    assert (answer.status_code, "html" in answer.headers["Content-Type"]) == (502, True)
