"""The accounts server below ``/oauth/v2``: the authorization page, and tokens for codes.

Errors of the token endpoint come with HTTP 200, as Zoho's do; only too many requests
give 400. Parameters may come in the query or as a form. The page asks nobody: it says
yes at once, and sends the browser back to this machine only. Sources:
https://zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html and
https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Reply, html_page, json_reply
from zbbulk.sandbox.api import unknown_url
from zbbulk.sandbox.calls import Call
from zbbulk.sandbox.tokens import (
    LIFE_S,
    PAGE_CODE_LIFE_S,
    Grant,
    GrantRefused,
    Tokens,
    TooManyGrants,
)

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

    def _authorize(self, given: Mapping[str, str]) -> Reply:
        """Send the browser on with a code, or show that the request is wrong."""
        target = given.get("redirect_uri", "")
        is_right = self._tokens.is_client(given.get("client_id", "")) and _is_local(target)
        if not is_right or given.get("response_type") != "code" or not given.get("scope"):
            return html_page(400)
        grant = Grant(
            scopes=given["scope"].replace(" ", ","),
            life_s=PAGE_CODE_LIFE_S,
            redirect_uri=target,
            challenge=given.get("code_challenge", ""),
            is_offline=given.get("access_type") == "offline",
        )
        told = {"code": self._tokens.grant_code(grant), "accounts-server": self._api_domain}
        told |= {name: given[name] for name in ("state",) if name in given}
        location = f"{target}{'&' if '?' in target else '?'}{urlencode(told)}"
        return Reply(status=302, body=b"", headers={"Location": location})

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
            access_token, refresh_token = self._tokens.exchange(
                given.get("code", ""),
                redirect_uri=given.get("redirect_uri", ""),
                verifier=given.get("code_verifier", ""),
            )
            more = {"refresh_token": refresh_token} if refresh_token else {}
            return self._success(access_token) | more
        raise GrantRefused("unsupported_grant_type")

    def _success(self, access_token: str) -> JsonObject:
        return {
            "access_token": access_token,
            "scope": self._tokens.scopes_of(access_token).replace(",", " "),
            "api_domain": self._api_domain,
            "token_type": "Bearer",
            "expires_in": int(LIFE_S),
        }

    def _revoke(self, given: Mapping[str, str]) -> Reply:
        if self._tokens.revoke(given.get("token", "")):
            return json_reply({"status": "success"})
        return json_reply({"error": "invalid_token"}, status=400)


def _is_local(redirect_uri: str) -> bool:
    parts = urlsplit(redirect_uri)
    if not (redirect_uri.isascii() and redirect_uri.isprintable()):
        return False
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}


def _given(call: Call) -> dict[str, str]:
    return {**call.query, **dict(parse_qsl(call.body.decode("utf-8", "replace")))}
