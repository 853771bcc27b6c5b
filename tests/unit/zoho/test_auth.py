import threading
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.errors import AuthError, ExitCode, Unavailable
from zbbulk.zoho.auth import GivenToken, OAuthClient, RefreshedToken
from zbbulk.zoho.token_endpoint import hidden

SECRETS = ("client-secret-0123", "1000.refresh-token-0123")


@pytest.fixture
def source(server, clock):
    def make():
        root = server.root.removesuffix("/books/v3")
        return RefreshedToken(OAuthClient(root, "1000.CLIENT", *SECRETS), clock=clock)

    return make


def given_token(text="1000.new-access-token", **more):
    return {"access_token": text, "token_type": "Bearer", "expires_in": 3600, **more}


def test_a_given_token_can_not_be_renewed(token_text):
    source = GivenToken(token_text)
    assert source.token() == token_text
    assert source.renew(token_text) is False


@pytest.mark.parametrize("text", ["", "two words", "line\nbreak", "naïve", "a\x00b"])
def test_what_can_not_be_a_token_is_refused_without_showing_it(text):
    with pytest.raises(AuthError) as caught:
        GivenToken(text)
    assert (caught.value.code, caught.value.exit_code) == ("ZB402", ExitCode.CREDENTIALS)
    assert not text or text not in str(caught.value)


def test_a_refresh_token_is_asked_with_once_and_its_token_kept(server, canned, source, clock):
    server.script = [canned(200, given_token("1000.a")), canned(200, given_token("1000.b"))]
    tokens = source()
    assert [tokens.token(), tokens.token()] == ["1000.a", "1000.a"]
    asked = server.seen[0]
    assert (asked.method, asked.path, asked.query) == ("POST", "/oauth/v2/token", {})
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["refresh_token"],
        "client_id": ["1000.CLIENT"],
        "client_secret": [SECRETS[0]],
        "refresh_token": [SECRETS[1]],
    }
    clock.time += 3541
    assert tokens.token() == "1000.b", "a minute before it expires"
    assert len(server.seen) == 2


def test_however_many_threads_were_refused_one_new_token_is_made(server, canned, source):
    server.script = [canned(200, given_token(f"1000.{n}")) for n in range(9)]
    tokens = source()
    refused = tokens.token()
    threads = [threading.Thread(target=tokens.renew, args=(refused,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.seen) == 2
    assert tokens.token() == "1000.1"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, {"error": "invalid_code"}, "ZB412"),
        (200, {"error": "invalid_client"}, "ZB412"),
        (
            400,
            {
                "error_description": "You have made too many requests continuously.",
                "error": "Access Denied",
                "status": "failure",
            },
            "ZB413",
        ),
        (200, {"error": "Access Denied", "status": "failure"}, "ZB413"),
    ],
)
def test_a_refusal_of_the_sign_in_is_not_asked_again(server, canned, source, status, body, code):
    server.script = [canned(status, body)]
    tokens = source()
    for _ in range(2):
        with pytest.raises(AuthError) as caught:
            tokens.token()
    assert caught.value.code == code
    assert caught.value.zoho_code == body["error"]
    assert body["error"] in str(caught.value)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "answer", [{"status": 502, "body": b"<html>"}, {"status": 200, "body": {}}, {"cut": "before"}]
)
def test_a_sign_in_that_says_nothing_is_unavailable(server, canned, source, answer):
    server.script = [canned(**answer)]
    with pytest.raises(Unavailable) as caught:
        source().token()
    assert caught.value.code == "ZB404"
    assert len(server.seen) == 1


def test_a_sign_in_that_can_not_be_reached_is_tried_three_times(server, source, clock):
    tokens = source()
    server.close()
    with pytest.raises(Unavailable, match="refused the connection"):
        tokens.token()
    assert clock.waits == [1, 2]


def test_no_secret_is_shown_even_if_the_sign_in_repeats_it(server, canned, source):
    server.script = [canned(200, {"error": f"bad {SECRETS[1]}", "error_description": SECRETS[0]})]
    tokens = source()
    with pytest.raises(AuthError) as caught:
        tokens.token()
    shown = f"{caught.value!r} {caught.value} {tokens!r} {tokens._client!r}"
    assert not any(secret in shown for secret in SECRETS)
    assert "bad ***" in shown


@given(st.text("0123456789abcdef.", min_size=20, max_size=70), st.binary(max_size=50))
def test_a_repeated_secret_is_blotted_out(token, around):
    assert token.encode() not in hidden(around + token.encode() + around, token)


def test_a_text_too_short_for_a_secret_is_left_alone():
    assert hidden(b'{"code": 0}', "0") == b'{"code": 0}'
