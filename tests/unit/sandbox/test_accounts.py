"""The token endpoint and what a token may do."""

import pytest
import requests

from zbbulk.sandbox.tokens import FULL_ACCESS


def _ask(client, *, in_query=False, **given):
    sandbox = client.sandbox
    form = {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret} | given
    place = {"params" if in_query else "data": form}
    answer = client.session.post(f"{sandbox.accounts_url}/oauth/v2/token", timeout=10, **place)
    return answer.status_code, answer.json()


def _refresh(client, **given):
    token = client.sandbox.refresh_token
    return _ask(client, grant_type="refresh_token", refresh_token=token, **given)


def _with(client, token, method="GET", path="/items", body=None):
    return client.call(method, path, body, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("in_query", [True, False])
def test_a_refresh_token_gives_an_access_token_that_is_taken(opened, in_query):
    client = opened()
    status, body = _refresh(client, in_query=in_query)
    assert (status, body["expires_in"], body["token_type"]) == (200, 3600, "Bearer")
    assert body["api_domain"] == client.sandbox.api_root.removesuffix("/books/v3")
    assert "refresh_token" not in body
    assert _with(client, body["access_token"])[0] == 200


def test_a_grant_code_works_once(opened):
    client = opened()
    given = {"grant_type": "authorization_code", "code": client.sandbox.grant_code()}
    status, body = _ask(client, **given)
    assert (status, _with(client, body["access_token"])[0]) == (200, 200)
    assert _ask(client, grant_type="refresh_token", refresh_token=body["refresh_token"])[0] == 200
    assert _ask(client, **given) == (200, {"error": "invalid_code"})


def test_a_grant_code_dies_after_three_minutes(opened):
    client = opened()
    code = client.sandbox.grant_code()
    client.sandbox.skip(180)
    assert _ask(client, grant_type="authorization_code", code=code) == (
        200,
        {"error": "invalid_code"},
    )


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"client_secret": "x"}, "invalid_client_secret"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"refresh_token": "x"}, "invalid_code"),
    ],
)
def test_errors_come_with_http_200(opened, given, error):
    client = opened()
    usual = {"grant_type": "refresh_token", "refresh_token": client.sandbox.refresh_token}
    assert _ask(client, **(usual | given)) == (200, {"error": error})


def test_the_eleventh_token_in_ten_minutes_is_denied(opened):
    client = opened()
    assert {_refresh(client)[0] for _ in range(10)} == {200}
    status, body = _refresh(client)
    assert (status, body["error"], body["status"]) == (400, "Access Denied", "failure")
    client.sandbox.skip(600)
    assert _refresh(client)[0] == 200


def test_a_token_lives_one_hour_of_the_sandbox_clock(opened):
    client = opened()
    token = client.sandbox.access_token()
    client.sandbox.skip(3599)
    assert _with(client, token)[0] == 200
    client.sandbox.skip(1)
    status, body, _ = _with(client, token)
    assert (status, body["code"]) == (401, 57)
    assert client.sandbox.access_token() != token


def test_a_scope_that_is_missing_is_answered_57(opened):
    client = opened()
    token = client.sandbox.access_token(scopes="ZohoBooks.settings.READ,ZohoBooks.contacts.ALL")
    assert _with(client, token)[0] == 200
    assert _with(client, token, "POST", "/contacts", {"contact_name": "A"})[0] == 201
    status, body, _ = _with(client, token, "POST", "/items", {"name": "A", "rate": 1})
    assert (status, body["code"]) == (401, 57)


def test_the_31st_token_of_a_refresh_token_removes_the_oldest(opened):
    client = opened()
    tokens = [client.sandbox.access_token(scopes=FULL_ACCESS) for _ in range(29)]
    assert _with(client, tokens[0])[0] == 200
    client.sandbox.access_token(scopes=FULL_ACCESS)
    client.sandbox.access_token(scopes=FULL_ACCESS)
    assert _with(client, tokens[0])[0] == 401
    assert _with(client, tokens[-1])[0] == 200


def test_a_revoked_token_is_dead(opened):
    client = opened()
    token = client.sandbox.access_token()
    url = f"{client.sandbox.accounts_url}/oauth/v2/token/revoke"
    assert client.session.post(url, params={"token": token}, timeout=10).status_code == 200
    assert client.session.post(url, params={"token": token}, timeout=10).status_code == 400
    assert _with(client, token)[0] == 401


def test_credentials_and_tokens_outlive_the_process_and_stand_in_no_file(opened, tmp_path):
    store = tmp_path / "sandbox.sqlite"
    client = opened(store)
    sandbox = client.sandbox
    secrets = [sandbox.client_secret, sandbox.refresh_token, sandbox.access_token()]
    _refresh(client)
    client.call("GET", "/items")
    sandbox.__exit__(None, None, None)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [secret for secret in secrets if secret.encode() in written] == []
    again = opened(store)
    assert [again.sandbox.client_secret, again.sandbox.refresh_token] == secrets[:2]
    assert _with(again, secrets[2])[0] == 200


def test_get_is_not_how_a_token_is_asked_for(opened):
    client = opened()
    answer = requests.get(f"{client.sandbox.accounts_url}/oauth/v2/token", timeout=10)
    assert answer.status_code == 404


def test_the_sixth_new_refresh_token_in_a_minute_is_denied(opened):
    client = opened()

    def exchange():
        return _ask(client, grant_type="authorization_code", code=client.sandbox.grant_code())

    assert {exchange()[0] for _ in range(5)} == {200}
    assert exchange()[0] == 400
    client.sandbox.skip(60)
    assert exchange()[0] == 200


def test_the_21st_refresh_token_removes_the_oldest_and_its_access_tokens(opened):
    client = opened()
    oldest = client.sandbox.access_token()
    for _ in range(20):
        client.sandbox.skip(60)
        code = client.sandbox.grant_code()
        assert _ask(client, grant_type="authorization_code", code=code)[0] == 200
    assert _refresh(client) == (200, {"error": "invalid_code"})
    assert _with(client, oldest)[0] == 401
