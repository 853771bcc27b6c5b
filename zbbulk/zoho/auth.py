"""Where the access token comes from, and how a refused one is renewed.

A token that the user gave can't be renewed; one made from a refresh token can, once
for all threads and, with a cache that is shared, for all processes that ask. Zoho
allows 10 new tokens in 10 minutes
(https://zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html), so nothing
here asks twice, nor when it is known that Zoho would refuse. No token and no secret is
in any repr, message or exception.
"""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Protocol

from zbbulk.errors import AuthError, ZohoError
from zbbulk.settings import OAuthClient
from zbbulk.zoho.clock import Clock
from zbbulk.zoho.token_endpoint import Granted, checked_token, granted

_EARLY_S = 60.0
"""So long before its end a token counts as expired."""

_MOST_IN_WINDOW = 10
_WINDOW_S = 600.0
_NEW_S = 300.0
_BLOCK_S = 900.0
"""After "Access Denied": clients met blocks of 15 minutes and more; asking makes them longer."""


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
            ResultError: the cache can't be used.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """An access token, and what was asked for lately.

    Attributes:
        token: Secret; "" when there is none.
        good_until: In the seconds of the cache's clock.
        api_domain: The host of the API, as the sign-in named it, "" if it did not.
        made: Moments of the tokens made in the last ten minutes, oldest first.
        blocked_until: Zoho refuses to make tokens until then; 0 when it does not.
    """

    token: str = field(repr=False, default="")
    good_until: float = 0.0
    api_domain: str = ""
    made: tuple[float, ...] = ()
    blocked_until: float = 0.0


class TokenCache(Protocol):
    """Keeps the access token of one refresh token, for all who ask."""

    def now(self) -> float:
        """Return the seconds of the cache's clock."""
        ...

    def alone(self) -> AbstractContextManager[object]:
        """Keep all others out: who is inside may read, ask and keep. Raises ResultError."""
        ...

    def read(self) -> IssuedToken:
        """Return what is kept, an empty one when there is nothing."""
        ...

    def keep(self, issued: IssuedToken) -> None:
        """Keep *issued* instead of what was kept. Raises ResultError."""
        ...


class OwnCache:
    """A cache of this process alone, which lives as long as it does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued = IssuedToken()

    def now(self) -> float:
        """Return the seconds of the clock."""
        return self._clock.now()

    def alone(self) -> AbstractContextManager[object]:
        """Keep nobody out: who asks holds a lock of its own."""
        return nullcontext()

    def read(self) -> IssuedToken:
        """Return what is kept."""
        return self._issued

    def keep(self, issued: IssuedToken) -> None:
        """Keep *issued*."""
        self._issued = issued


class RefreshedToken:
    """Makes access tokens from a refresh token; asks once however many want one."""

    def __init__(
        self, client: OAuthClient, *, clock: Clock, cache: TokenCache | None = None
    ) -> None:
        """Ask nothing yet; a *cache* may be shared with other processes."""
        self._client = client
        self._clock = clock
        self._cache = cache or OwnCache(clock)
        self._lock = Lock()
        self._issued = IssuedToken()
        self._failure: ZohoError | None = None

    def token(self) -> str:
        """Return a token, a new one shortly before the old one expires."""
        with self._lock:
            self._need()
            return self._issued.token

    def api_domain(self) -> str:
        """Return the host of the API as the sign-in names it, "" if it names none."""
        with self._lock:
            self._need()
            return self._issued.api_domain

    def age_s(self) -> float:
        """Return for how many seconds there has been the present token, which is needed."""
        with self._lock:
            self._need()
            made = self._issued.made
            return self._cache.now() - made[-1] if made else math.inf

    def good_for_s(self) -> float:
        """Return for how many seconds the present token is good."""
        with self._lock:
            self._need()
            return self._issued.good_until - self._cache.now()

    def renew(self, refused: str) -> bool:
        """Get a new token unless somebody has made one since *refused* was sent."""
        with self._lock:
            if self._issued.token == refused:
                self._take(refused)
            return True

    def _need(self) -> None:
        if not self._is_good(self._issued):
            self._take("")

    def _is_good(self, issued: IssuedToken) -> bool:
        return bool(issued.token) and self._cache.now() < issued.good_until

    def _take(self, refused: str) -> None:
        """Take the token of the cache if it is good, and not the *refused* one; else make one."""
        if self._failure is not None:
            raise self._failure  # asking again would only make a block longer
        with self._cache.alone():
            kept = self._cache.read()
            if kept.token == refused or not self._is_good(kept):
                kept = self._made(kept)
            self._issued = kept

    def _made(self, kept: IssuedToken) -> IssuedToken:
        now = self._cache.now()
        lately = tuple(moment for moment in kept.made if now - _WINDOW_S < moment <= now)
        try:
            _check_allowed(kept, lately, now=now)
            given = granted(self._client.accounts_url, self._client.form, clock=self._clock)
        except ZohoError as failure:
            self._failure = failure
            if failure.code == "ZB413" and failure.zoho_code:
                self._cache.keep(replace(kept, blocked_until=now + _BLOCK_S))
            raise
        issued = issued_from(given, now=now, made=lately)
        self._cache.keep(issued)
        return issued


class UnlessNew:
    """Renews a token that is refused unless it is new: then it may not do what was asked.

    Zoho tells a dead token and a missing scope by the same code (57); to ask for new tokens
    again and again for a scope that is missing would use up those of ten minutes.
    """

    def __init__(self, source: TokenSource) -> None:
        """Give the tokens of *source*."""
        self._source = source

    def token(self) -> str:
        """Return the token."""
        return self._source.token()

    def renew(self, refused: str) -> bool:
        """Tell whether there is now another token than *refused*."""
        if isinstance(self._source, RefreshedToken) and self._source.age_s() < _NEW_S:
            return self._source.token() != refused
        return self._source.renew(refused)


def issued_from(given: Granted, *, now: float, made: tuple[float, ...] = ()) -> IssuedToken:
    """Return what the sign-in gave as a cache keeps it, made *now* and after those in *made*."""
    return IssuedToken(
        token=given.access_token,
        good_until=now + max(given.life_s - _EARLY_S, 1.0),
        api_domain=given.api_domain,
        made=(*made, now),
    )


def _check_allowed(kept: IssuedToken, lately: tuple[float, ...], *, now: float) -> None:
    """Raise AuthError when Zoho would refuse: asking all the same makes a block longer."""
    free_at = kept.blocked_until
    if len(lately) >= _MOST_IN_WINDOW:
        free_at = max(free_at, lately[-_MOST_IN_WINDOW] + _WINDOW_S)
    if now < free_at:
        minutes = math.ceil((free_at - now) / 60)
        raise AuthError(
            "Zoho's sign-in was not asked for a token: it has given too many of late.",
            fix=f"Wait {minutes} {'minute' if minutes == 1 else 'minutes'}; "
            "trying again earlier makes the block longer.",
            code="ZB413",
        )
