"""Where the access token comes from, and how a refused one is renewed.

A token that the user gave can't be renewed; one made from a refresh token can, once
for all threads that ask (https://www.zoho.com/accounts/protocol/oauth/). Zoho allows
10 new tokens in 10 minutes, so nothing here asks twice. No token and no secret is in
any repr, message or exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from zbbulk.errors import ZohoError
from zbbulk.zoho.clock import Clock
from zbbulk.zoho.token_endpoint import checked_token, granted

EARLY_S = 60.0
"""So long before its end a token counts as expired."""


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
        self._token = checked_token(token)

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

    @property
    def form(self) -> dict[str, str]:
        """Return what the sign-in is asked for an access token with; secret."""
        return {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }


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
            given = granted(self._client.accounts_url, self._client.form, clock=self._clock)
        except ZohoError as failure:
            self._failure = failure
            raise
        self._token = given.access_token
        self._good_until = self._clock.now() + max(given.life_s - EARLY_S, 1.0)
