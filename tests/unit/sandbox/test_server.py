"""Sockets: keep-alive, one write, odd requests."""

import http.client
import socket
import time
from urllib.parse import urlsplit


def _address(client):
    parts = urlsplit(client.sandbox.api_root)
    return parts.hostname, parts.port


def _raw(client, sent):
    with socket.create_connection(_address(client), timeout=5) as connection:
        connection.sendall(sent)
        return connection.recv(65536)


def test_many_calls_go_over_one_connection_without_stalling(client):
    connection = http.client.HTTPConnection(*_address(client), timeout=5)
    path = f"/books/v3/items?organization_id={client.sandbox.organization_id}"
    connection.connect()
    own = connection.sock.getsockname()
    begun = time.monotonic()
    for _ in range(50):
        connection.request("GET", path, headers=client.headers)
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, connection.sock.getsockname()) == (200, own)
    connection.close()
    # a delayed acknowledgement would cost 40 ms for each call
    assert time.monotonic() - begun < 1.5


def test_an_answer_is_one_write(client):
    sent = b"GET /books/v3/items HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    head, _, body = _raw(client, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 401 Unauthorized\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b'"code":14' in body


def test_a_client_that_wants_to_close_is_closed(client):
    sent = b"GET /books/v3/items HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert b"\r\nConnection: close\r\n" in _raw(client, sent)


def test_a_head_request_gets_no_body(client):
    answer = _raw(client, b"HEAD /books/v3/items HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n")


def test_a_body_of_unknown_length_is_refused(client):
    for header in (b"Transfer-Encoding: chunked", b"Content-Length: many", b"Content-Length: -1"):
        answer = _raw(client, b"POST /books/v3/items HTTP/1.1\r\n" + header + b"\r\n\r\n")
        assert b" 400 " in answer.split(b"\r\n")[0]
        assert b"Connection: close" in answer


def test_a_client_that_hangs_up_harms_nobody(client):
    with socket.create_connection(_address(client), timeout=5) as connection:
        connection.sendall(b"POST /books/v3/items HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
    assert client.call("GET", "/items")[0] == 200


def test_a_path_outside_of_everything_is_answered_5(client):
    root = client.sandbox.api_root.removesuffix("/books/v3")
    answer = client.session.get(f"{root}/crm/v2/Leads", timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (404, 5)
