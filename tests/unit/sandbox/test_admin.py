"""The sandbox's own endpoints, for other processes."""

import pytest


def _ask(client, method, path, body=None, headers=None):
    url = client.sandbox.api_root.replace("/books/v3", "/sandbox") + path
    answer = client.session.request(method, url, json=body, headers=headers, timeout=5)
    return answer.status_code, answer.json()


def test_another_process_learns_how_to_connect(client):
    about = _ask(client, "GET", "")[1]
    assert about["api_root"] == client.sandbox.api_root
    given = _ask(client, "GET", "/credentials")[1]
    assert given["access_token"] == client.sandbox.access_token()
    assert given["client_secret"] == client.sandbox.client_secret
    assert _ask(client, "POST", "/codes", {"life_s": 60})[1]["code"].startswith("1000.")


def test_requests_are_shown_and_cleared(opened):
    client = opened()
    client.call("GET", "/items")
    client.call("GET", "/contacts")
    shown = _ask(client, "GET", "/requests?since=1")[1]["requests"]
    assert [entry["path"] for entry in shown] == ["/books/v3/contacts"]
    assert _ask(client, "DELETE", "/requests") == (200, {"requests": []})
    assert client.sandbox.requests() == []


def test_faults_are_armed_and_disarmed(opened):
    client = opened()
    fault = {"fault": "500-before:count=9"}
    assert _ask(client, "POST", "/faults", fault) == (200, {"faults": ["500-before:count=9"]})
    assert client.call("GET", "/items")[0] == 500
    assert _ask(client, "DELETE", "/faults")[1] == {"faults": []}
    assert _ask(client, "GET", "/faults")[1] == {"faults": []}
    assert client.call("GET", "/items")[0] == 200


def test_the_clock_is_moved_forward_and_never_back(opened):
    client = opened()
    begun = client.sandbox.clock.now()
    assert _ask(client, "POST", "/clock", {"skip_s": 90})[1]["now_s"] >= begun + 90
    assert _ask(client, "POST", "/clock", {"skip_s": -900})[1]["now_s"] >= begun + 90


def test_records_are_shown_whole_and_cleared(opened):
    client = opened()
    client.item("A")
    (record,) = _ask(client, "GET", "/records?resource=items")[1]["records"]
    assert record["name"] == "A"
    assert _ask(client, "DELETE", "/records")[0] == 200
    assert client.sandbox.records("items") == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("PUT", "/faults", None, 404),
        ("POST", "/faults", {"fault": "explode"}, 400),
        ("POST", "/faults", {}, 400),
        ("POST", "/faults", [], 400),
        ("POST", "/clock", {"skip_s": "long"}, 400),
        ("GET", "/records?resource=cars", None, 400),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_wrong(client, method, path, body, status):
    got, answer = _ask(client, method, path, body)
    assert (got, bool(answer["error"])) == (status, True)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_a_web_page_is_kept_out(client, headers):
    assert _ask(client, "GET", "/credentials", headers=headers)[0] == 403
