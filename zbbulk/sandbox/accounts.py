"""The accounts server below ``/oauth/v2``: tokens for codes and refresh tokens.

Its errors come with HTTP 200, as Zoho's do; only too many requests give 400.
Parameters may come in the query or as a form. Source:
https://zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Reply, json_reply
from zbbulk.sandbox.api import unknown_url
from zbbulk.sandbox.calls import Call
from zbbulk.sandbox.tokens import FULL_ACCESS, LIFE_S, GrantRefused, Tokens, TooManyGrants

_DENIED = {
    "error_description": (
        "You have made too many requests continuously. Please try again after some time."
    ),
    "error": "Access Denied",
    "status": "failure",
}


class Accounts:
    """Answers the token endpoint.

    Args:
        tokens: Who may call.
        api_domain: What a token answer names as the API's host.
    """

    def __init__(self, tokens: Tokens, *, api_domain: str) -> None:
        self._tokens = tokens
        self._api_domain = api_domain
        self._asked: dict[str, Mapping[str, str]] = {}

    def answer(self, call: Call) -> Reply:
        """Return the answer to a call, an error too."""
        given = _given(call)
        if call.method == "GET" and call.path == "/auth":
            return self._authorize(given)
        if call.method == "POST" and call.path == "/token":
            return self._grant(given)
        if call.method == "POST" and call.path == "/token/revoke":
            return self._revoke(given)
        return unknown_url()

    def _grant(self, given: Mapping[str, str]) -> Reply:
        try:
            return json_reply(self._granted(given))
        except GrantRefused as refused:
            return json_reply({"error": str(refused)})
        except TooManyGrants:
            return json_reply(dict(_DENIED), status=400)

    def _granted(self, given: Mapping[str, str]) -> JsonObject:
        if not self._tokens.is_client(given.get("client_id", "")):
            raise GrantRefused("invalid_client")
        if not self._tokens.is_secret(given.get("client_secret", "")):
            raise GrantRefused("invalid_client_secret")
        kind = given.get("grant_type")
        if kind == "refresh_token":
            return self._success(self._tokens.refresh(given.get("refresh_token", "")))
        if kind == "authorization_code":
            self._check_redirect(given)
            access_token, refresh_token = self._tokens.exchange(given.get("code", ""))
            return self._success(access_token) | {"refresh_token": refresh_token}
        raise GrantRefused("unsupported_grant_type")

    def _authorize(self, given: Mapping[str, str]) -> Reply:
        """Play the page on which the user agrees: send the browser back with a code."""
        redirect_uri = given.get("redirect_uri", "")
        if not self._tokens.is_client(given.get("client_id", "")) or not redirect_uri:
            return json_reply({"error": "invalid_client"}, status=400)
        code = self._tokens.grant_code(scopes=given.get("scope") or FULL_ACCESS)
        self._asked[code] = given
        told = {"code": code, "state": given.get("state", ""), "location": "us"}
        location = f"{redirect_uri}?{urlencode(told)}"
        return Reply(status=302, body=b"", headers={"Location": location})

    def _check_redirect(self, given: Mapping[str, str]) -> None:
        """Refuse a code of the browser for another redirect, or without its verifier."""
        asked = self._asked.pop(given.get("code", ""), None)
        if asked is None:
            return
        if asked.get("redirect_uri") != given.get("redirect_uri"):
            raise GrantRefused("invalid_redirect_uri")
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked.get("code_challenge", challenge) != challenge:
            raise GrantRefused("invalid_code")

    def _success(self, access_token: str) -> JsonObject:
        return {
            "access_token": access_token,
            "api_domain": self._api_domain,
            "token_type": "Bearer",
            "expires_in": int(LIFE_S),
        }

    def _revoke(self, given: Mapping[str, str]) -> Reply:
        if self._tokens.revoke(given.get("token", "")):
            return json_reply({"status": "success"})
        return json_reply({"error": "invalid_token"}, status=400)


def _given(call: Call) -> dict[str, str]:
    return {**call.query, **dict(parse_qsl(call.body.decode("utf-8", "replace")))}
