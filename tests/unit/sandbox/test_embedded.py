"""The sandbox as a whole: start, stop, restart, clock, what goes wrong at the start."""

import socket
import sqlite3
import threading
import time
from datetime import UTC, datetime

import pytest
import requests

from zbbulk.errors import UsageError, ZbbulkError
from zbbulk.sandbox import Sandbox, clear_store, serve


def test_it_listens_on_this_machine_only_and_stops_by_itself():
    with Sandbox() as sandbox:
        url = f"{sandbox.api_root}/organizations"
        assert url.startswith("http://127.0.0.1:")
        assert requests.get(url, timeout=5).status_code == 401
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)


def test_a_kept_alive_connection_ends_with_the_sandbox():
    before = set(threading.enumerate())
    with Sandbox() as sandbox, requests.Session() as session:
        url = f"{sandbox.api_root}/organizations"
        session.get(url, timeout=5)
        sandbox.__exit__(None, None, None)
        with pytest.raises(requests.ConnectionError):
            session.get(url, timeout=5)
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()


def test_records_numbers_log_and_quota_outlive_the_process(opened, tmp_path):
    store = tmp_path / "deep" / "sandbox.sqlite"
    first = opened(store, unique_fields=["cf_k"])
    fields = [{"api_name": "cf_k", "value": "1"}]
    customer = first.contact("Stays", custom_fields=fields)
    body = {"customer_id": customer, "line_items": [{"name": "A", "rate": 1}]}
    old = first.create("invoices", body)
    organization_id = first.sandbox.organization_id
    first.sandbox.__exit__(None, None, None)

    again = opened(store, unique_fields=["cf_k"])
    assert again.sandbox.organization_id == organization_id
    assert again.call("GET", f"/invoices/{old['invoice_id']}")[1]["invoice"] == old
    new = again.create("invoices", body)
    assert new["invoice_number"] == "INV-000002"
    assert int(new["invoice_id"]) > int(old["invoice_id"])
    assert again.call("POST", "/contacts", {"contact_name": "stays"})[1]["code"] == 3062
    twin = {"contact_name": "Twin", "custom_fields": fields}
    assert again.call("POST", "/contacts", twin)[1]["code"] == 120303
    headers = again.call("GET", "/items")[2]
    assert headers["X-Rate-Limit-Remaining"] == str(5000 - 7)
    assert again.sandbox.requests()[0].number == 3


def test_a_record_is_in_the_file_before_the_answer_leaves(opened, tmp_path):
    store = tmp_path / "s.sqlite"
    client = opened(store, faults=["cut-after:at=1"])
    with pytest.raises(requests.ConnectionError):
        client.call("POST", "/items", {"name": "A", "rate": 1})
    copied = tmp_path / "copy.sqlite"
    for suffix in ("", "-wal"):
        source = store.with_name(store.name + suffix)
        copied.with_name(copied.name + suffix).write_bytes(source.read_bytes())
    assert len(opened(copied).sandbox.records("items")) == 1


def test_the_clock_goes_on_where_it_stopped(opened, tmp_path):
    store = tmp_path / "s.sqlite"
    client = opened(store)
    client.sandbox.skip(500_000)
    stopped = client.sandbox.clock.now()
    client.sandbox.__exit__(None, None, None)
    assert opened(store).sandbox.clock.now() >= stopped


def test_a_fast_clock_shortens_latency_and_minutes(opened):
    client = opened(speed=600, latency_ms=(30_000, 30_000))
    begun, sandbox_begun = time.monotonic(), client.sandbox.clock.now()
    client.call("GET", "/items")
    assert 0.045 <= time.monotonic() - begun < 1
    assert client.sandbox.clock.now() - sandbox_begun >= 30


def test_time_stamps_come_from_the_sandbox_clock(opened):
    client = opened(start=datetime(2026, 6, 9, 17, 15, 34, tzinfo=UTC), speed=0.001)
    record = client.create("items", {"name": "A", "rate": 1})
    assert record["created_time"] == record["last_modified_time"] == "2026-06-09T13:15:34-0400"


def test_clear_forgets_records_and_log(opened):
    client = opened()
    client.item("A")
    client.sandbox.clear()
    assert (client.sandbox.records("items"), client.sandbox.requests()) == ([], [])
    client.item("A")
    client.sandbox.clear_requests()
    assert len(client.sandbox.records("items")) == 1


def test_clear_store_deletes_the_file_or_nothing(opened, tmp_path):
    store = tmp_path / "s.sqlite"
    clear_store(store)
    client = opened(store)
    client.item("A")
    with pytest.raises(ZbbulkError) as caught:
        clear_store(store)
    assert caught.value.code == "ZB504"
    client.sandbox.__exit__(None, None, None)
    clear_store(store)
    assert list(tmp_path.iterdir()) == []


def _refused(**settings):
    with pytest.raises(ZbbulkError) as caught:
        Sandbox(**settings).__enter__()
    assert caught.value.code == "ZB504"
    return caught.value.message


def test_a_taken_port_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port}" in _refused(port=port)
    assert "port 70000" in _refused(port=70000)


def test_a_broken_file_is_told(tmp_path):
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database at all " * 100)
    assert "broken.sqlite" in _refused(store=broken)


def test_a_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    assert "file" in _refused(store=tmp_path / "file" / "s.sqlite")


def test_a_file_of_another_program_is_left_alone(tmp_path):
    foreign = tmp_path / "foreign.sqlite"
    db = sqlite3.connect(foreign)
    with db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = foreign.read_bytes()
    assert "another program" in _refused(store=foreign)
    assert foreign.read_bytes() == before


def test_a_file_that_is_in_use_is_told(opened, tmp_path):
    store = tmp_path / "s.sqlite"
    opened(store)
    assert "locked" in _refused(store=store)


@pytest.mark.parametrize(
    ("settings", "gist"),
    [
        ({"plan": "gold"}, "gold"),
        ({"edition": "mars"}, "mars"),
        ({"speed": 0}, "speed"),
        ({"latency_ms": (500, 50)}, "latency"),
        ({"faults": ["explode"]}, "explode"),
    ],
)
def test_a_wrong_setting_is_refused_at_once(settings, gist):
    with pytest.raises(UsageError) as caught:
        Sandbox(**settings)
    assert caught.value.code == "ZB001"
    assert gist in caught.value.message


def test_serve_announces_itself_and_ends_with_ctrl_c(monkeypatch):
    told = []

    class Interrupted:
        def wait(self):
            raise KeyboardInterrupt

    def announce(sandbox):
        told.append(requests.get(f"{sandbox.api_root}/items", timeout=5).status_code)
        monkeypatch.setattr("zbbulk.sandbox.serving.threading.Event", Interrupted)

    serve(Sandbox(), announce=announce)
    assert told == [401]
