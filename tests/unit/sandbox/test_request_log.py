"""The log: what is in it, in which order, and what never is."""

import sqlite3

import pytest


def test_the_log_tells_arrival_answer_path_status_and_code(opened):
    client = opened()
    client.call("GET", "/items", query={"name": "A b"})
    client.call("GET", "/items/5")
    first, second = client.sandbox.requests()
    assert (first.method, first.path, first.status, first.code) == (
        "GET",
        "/books/v3/items",
        200,
        "0",
    )
    assert first.query == f"organization_id={client.sandbox.organization_id}&name=A+b"
    assert (second.path, second.status, second.code) == ("/books/v3/items/5", 404, "1002")
    assert first.arrived_s <= first.answered_s <= second.arrived_s <= second.answered_s
    assert (first.in_flight, first.number, second.number) == (1, 1, 2)


def test_a_refused_call_is_in_the_log_too(opened):
    client = opened(per_minute=1)
    client.call("GET", "/items")
    client.call("GET", "/items")
    assert [entry.code for entry in client.sandbox.requests()] == ["0", "44"]


def test_the_log_is_in_the_store_as_well(opened, tmp_path):
    store = tmp_path / "s.sqlite"
    client = opened(store)
    for _ in range(3):
        client.call("GET", "/items")
    client.sandbox.__exit__(None, None, None)
    db = sqlite3.connect(store)
    rows = db.execute("SELECT number, path, status FROM requests ORDER BY number").fetchall()
    db.close()
    assert rows == [(number, "/books/v3/items", 200) for number in (1, 2, 3)]


@pytest.mark.parametrize("name", ["authtoken", "access_token", "code", "client_secret"])
def test_no_secret_is_ever_in_the_log(opened, name):
    client = opened()
    token = client.sandbox.access_token()
    client.call("GET", "/items", query={name: token})
    form = {"client_secret": client.sandbox.client_secret, "refresh_token": token}
    client.session.post(f"{client.sandbox.accounts_url}/oauth/v2/token", params=form, timeout=5)
    entries = client.sandbox.requests()
    assert [entry.path for entry in entries] == ["/books/v3/items", "/oauth/v2/token"]
    for entry in entries:
        assert token not in str(entry)
        assert client.sandbox.client_secret not in str(entry)
