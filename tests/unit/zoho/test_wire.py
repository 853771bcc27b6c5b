import socket
import ssl
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.zoho.wire import AnswerLost, NotSent, Wire, json_bytes, reason_of


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_sent_digit_for_digit_without_exponent(number):
    sent = json_bytes({"rate": number})
    assert sent == f'{{"rate": {number:f}}}'.encode()


def test_the_decimals_of_a_sheet_stay_as_they_are():
    record = {"a": Decimal("19.990"), "b": [Decimal("0.0000001")], "c": 30, "n": "Bäcker ☃"}
    expected = '{"a": 19.990, "b": [0.0000001], "c": 30, "n": "Bäcker ☃"}'
    assert json_bytes(record) == expected.encode()


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_a_number_that_json_has_not_is_refused(number):
    with pytest.raises(ValueError, match=r"(?i)json|compliant"):
        json_bytes({"rate": number})


def test_what_json_has_not_is_refused():
    with pytest.raises(TypeError, match="set is not JSON"):
        json_bytes({"rate": {1}})


def exchange(root, **more):
    more = {"body": b'{"a": 1}', "headers": {}, **more}
    with Wire(root, connect_s=2, read_s=0.3) as wire:
        return wire.exchange("POST", f"{root}/items", **more)


def test_a_port_nobody_listens_on_is_not_sent():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(NotSent, match="the server refused the connection"):
            exchange(f"http://127.0.0.1:{port}")
        with pytest.raises(NotSent):
            exchange(f"http://127.0.0.1:{port}", body=None)


def test_an_unknown_name_is_not_sent():
    with pytest.raises(NotSent, match="the name of the server is not known"):
        exchange("http://nowhere.invalid")


def test_a_server_that_speaks_no_tls_is_not_sent(server, canned):
    server.script = [canned(400)]
    with pytest.raises(NotSent):
        exchange(server.root.replace("http:", "https:"))
    assert server.seen == []


def test_a_connection_cut_before_the_answer_is_lost(server, canned):
    server.script = [canned(cut="before")]
    with pytest.raises(AnswerLost, match="connection"):
        exchange(server.root)
    assert len(server.seen) == 1, "and it is not sent a second time"


def test_an_answer_cut_in_the_middle_is_lost(server, canned):
    server.script = [canned(body={"code": 0, "message": "x" * 100}, cut="middle")]
    with pytest.raises(AnswerLost, match="the answer broke off in the middle"):
        exchange(server.root)


def test_an_answer_that_does_not_come_is_lost():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(AnswerLost, match="no answer came in time"):
            exchange(f"http://127.0.0.1:{port}")
        with pytest.raises(AnswerLost):
            exchange(f"http://127.0.0.1:{port}", body=None)


def test_a_redirect_is_not_followed(server, canned):
    server.script = [canned(302, headers={"Location": f"{server.root}/elsewhere"})]
    assert exchange(server.root, authorization="secret").status == 302
    assert len(server.seen) == 1


def test_netrc_cookies_and_the_proxy_of_the_environment_do_not_touch_a_local_server(
    server, canned, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.script = [canned(200, headers={"Set-Cookie": "a=b; Path=/"})]
    with Wire(server.root) as wire:
        for _ in range(2):
            wire.exchange("POST", server.root, headers={}, authorization="mine", body=b"{}")
    assert [seen.headers["authorization"] for seen in server.seen] == ["mine", "mine"]
    assert "cookie" not in server.seen[1].headers


def test_one_connection_serves_many_requests_and_an_old_one_is_not_trusted(
    server, canned, monkeypatch
):
    server.script = [canned(200)]
    made = []
    real = server.http.process_request
    monkeypatch.setattr(server.http, "process_request", lambda *a: (made.append(1), real(*a))[1])
    with Wire(server.root) as wire:
        wire.exchange("GET", server.root, headers={})
        wire.exchange("GET", server.root, headers={})
        assert len(made) == 1
        wire._idle_since -= 21
        wire.exchange("GET", server.root, headers={})
        assert len(made) == 2


def test_a_certificate_is_named_as_the_reason():
    assert "certificate" in reason_of(ssl.SSLCertVerificationError(1, "self-signed"))


def test_an_unknown_reason_is_told_in_the_systems_words():
    assert reason_of(OSError(113, "No route to host")) == "No route to host"
    assert reason_of(ValueError()) == "the connection broke"
