"""Where the access token comes from, and how a refused one is renewed.

A token that the user gave can't be renewed; one made from a refresh token can, once
for all threads that ask (https://www.zoho.com/accounts/protocol/oauth/). Zoho allows
10 new tokens in 10 minutes, so nothing here asks twice. No token and no secret is in
any repr, message or exception.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from threading import Lock
from typing import Protocol
from urllib.parse import urlencode

from zbbulk.errors import AuthError, Unavailable, ZohoError
from zbbulk.zoho.clock import Clock
from zbbulk.zoho.envelope import Answer, read_answer
from zbbulk.zoho.wire import AnswerLost, NotSent, Wire

_TOKEN = re.compile(r"[\x21-\x7e]+")
_EARLY_S = 60.0
_LIFE_S = 3600
_TRIES = 3
_SHORTEST_SECRET = 8


class TokenSource(Protocol):
    """Gives the access token."""

    def token(self) -> str:
        """Return the token to send. Raises AuthError when there is none to be had."""
        ...

    def renew(self, refused: str) -> bool:
        """Tell whether ``token`` now gives another one than *refused*.

        Raises:
            AuthError: the sign-in gives no token.
            Unavailable: the sign-in can't be reached.
        """
        ...


class GivenToken:
    """A token that the user has; nobody can renew it."""

    def __init__(self, token: str) -> None:
        """Take *token*. Raises AuthError when it can't be one."""
        self._token = _checked(token)

    def token(self) -> str:
        """Return the token."""
        return self._token

    def renew(self, refused: str) -> bool:
        """Return False: there is no other one than *refused*."""
        return self._token != refused


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The application that Zoho's API console knows.

    Attributes:
        accounts_url: The sign-in of the data centre, e.g. ``https://accounts.zoho.com``.
        client_id: Not a secret, but nobody's business either.
        client_secret: Secret.
        refresh_token: Secret.
    """

    accounts_url: str
    client_id: str
    client_secret: str
    refresh_token: str

    def __repr__(self) -> str:
        return f"OAuthClient({self.accounts_url!r})"


class RefreshedToken:
    """Makes access tokens from a refresh token; asks once however many threads want one."""

    def __init__(self, client: OAuthClient, *, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._lock = Lock()
        self._token = ""
        self._good_until = 0.0
        self._failure: ZohoError | None = None

    def token(self) -> str:
        """Return a token, a new one shortly before the old one expires."""
        with self._lock:
            if not self._token or self._clock.now() >= self._good_until:
                self._make()
            return self._token

    def renew(self, refused: str) -> bool:
        """Make a new token unless another thread has done so since *refused* was sent."""
        with self._lock:
            if self._token == refused:
                self._make()
            return True

    def _make(self) -> None:
        if self._failure is not None:
            raise self._failure  # asking again would only make a block longer
        try:
            answer = self._ask()
            self._token = _token_in(answer)
        except ZohoError as failure:
            self._failure = failure
            raise
        life_s = (answer.body or {}).get("expires_in", _LIFE_S)
        is_number = isinstance(life_s, int) and life_s > _EARLY_S
        self._good_until = self._clock.now() + (life_s if is_number else _LIFE_S) - _EARLY_S

    def _ask(self) -> Answer:
        form = urlencode(
            {
                "grant_type": "refresh_token",
                "client_id": self._client.client_id,
                "client_secret": self._client.client_secret,
                "refresh_token": self._client.refresh_token,
            }
        ).encode("ascii")
        url = f"{self._client.accounts_url.rstrip('/')}/oauth/v2/token"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with Wire(url) as wire:
            for tries in range(_TRIES):
                if tries:
                    self._clock.sleep(2.0 ** (tries - 1))
                try:
                    reply = wire.exchange("POST", url, headers=headers, body=form)
                except NotSent as failure:
                    reason = str(failure)
                except AnswerLost as failure:
                    reason = str(failure)
                    break
                else:
                    content = hidden(
                        reply.content, self._client.refresh_token, self._client.client_secret
                    )
                    return read_answer(reply.status, headers=reply.headers, content=content)
        raise Unavailable(f"Zoho's sign-in ({self._client.accounts_url}) gave no answer: {reason}.")


def _token_in(answer: Answer) -> str:
    """Return the token in the sign-in's answer; an error also comes with HTTP 200."""
    body = answer.body or {}
    error = body.get("error")
    if error or body.get("status") == "failure":
        raise _sign_in_error(str(error or ""), str(body.get("error_description") or ""))
    token = body.get("access_token")
    if not isinstance(token, str) or not token:
        raise Unavailable(
            f"Zoho's sign-in gave neither a token nor a reason (HTTP {answer.status}).",
            fix="Try again in a few minutes.",
        )
    return _checked(token)


def _sign_in_error(error: str, described: str) -> AuthError:
    words = ": ".join(part for part in (error, described) if part)
    is_blocked = error.lower() == "access denied"
    return AuthError(
        f"Zoho's sign-in gave no token: {words or 'no reason given'}.",
        code="ZB413" if is_blocked else "ZB412",
        zoho_code=error,
        zoho_message=described,
    )


def _checked(token: str) -> str:
    """Return *token* if it can stand in a header."""
    if _TOKEN.fullmatch(token):
        return token
    raise AuthError(
        "The access token is empty, or holds a blank or a character that no token has.",
        fix="Copy the token anew, whole and without quotes or line breaks.",
    )


def hidden(content: bytes, *secrets: str) -> bytes:
    """Return *content* with each of *secrets* blotted out, should a server repeat one."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            content = content.replace(secret.encode(), b"***")
    return content
