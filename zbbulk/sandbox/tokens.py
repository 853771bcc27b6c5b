"""Who may call: clients, grant codes, refresh tokens and access tokens.

Source: https://zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html
(an hour; 10 new ones in 10 minutes for a refresh token; 30 alive at a time) and
https://www.zoho.com/pdfeditor/help/api/oauth-step4.html (20 refresh tokens a
user, 5 new ones a minute). Secrets are derived from a seed and tokens kept as
digests, so that no token stands in the sandbox's file. It knows no HTTP.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections import deque
from dataclasses import dataclass

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import from_json, to_json
from zbbulk.sandbox.clock import Clock
from zbbulk.sandbox.store import Store

LIFE_S = 3600.0
CODE_LIFE_S = 180.0
PAGE_CODE_LIFE_S = 120.0
"""Of a code from the authorization page
(https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html)."""
FULL_ACCESS = "ZohoBooks.fullaccess.all"
_PER_REFRESH_TOKEN = (10, 600.0)
_NEW_REFRESH_TOKENS = (5, 60.0)
_ALIVE = 30
_REFRESH_TOKENS = 20
_SPARE_S = 300.0


class GrantRefused(Exception):
    """The token endpoint says no; the argument is Zoho's word for it, e.g. ``invalid_code``."""


class TooManyGrants(Exception):
    """Too many tokens were asked for: "Access Denied"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What is known about an access token.

    Attributes:
        expires_s: Sandbox seconds since 1970.
        scopes: Separated by commas.
        parent: Digest of the refresh token it came from.
    """

    expires_s: float
    scopes: str
    parent: str

    def allows(self, family: str, verb: str) -> bool:
        """Tell whether the scopes hold ``ZohoBooks.<family>.<verb>``."""
        wanted = {FULL_ACCESS, f"ZohoBooks.{family}.{verb}", f"ZohoBooks.{family}.ALL"}
        return not wanted.isdisjoint(self.scopes.split(","))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a grant code stands for.

    Attributes:
        scopes: Separated by commas.
        life_s: Sandbox seconds.
        redirect_uri: Where the authorization page sent it, "" for a self client.
        challenge: S256 of what the client must show for it, "" for nothing.
        is_offline: A refresh token comes with it.
    """

    scopes: str = FULL_ACCESS
    life_s: float = CODE_LIFE_S
    redirect_uri: str = ""
    challenge: str = ""
    is_offline: bool = True


class Tokens:
    """The accounts server's memory.

    Attributes:
        client_id: Of the self client.
        client_secret: The same in every run on the same file.
        refresh_token: One with full access that is there from the start.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.RLock()
        kept = store.facts()
        self._seed = kept.get("token_seed") or secrets.token_hex(32)
        self.client_id = f"1000.{self._derive('client')[:30].upper()}"
        self.client_secret = self._derive("secret")[:42]
        self.refresh_token = self._opaque("refresh", 0)
        self._codes: dict[str, tuple[float, Grant]] = {}
        self._refresh: dict[str, str] = {_digest(self.refresh_token): FULL_ACCESS}
        self._refresh |= _kept(kept, "refresh_tokens")
        self._access = {
            digest: AccessToken(expires_s=float(expires_s), scopes=scopes, parent=parent)
            for digest, (expires_s, scopes, parent) in _kept(kept, "access_tokens").items()
        }
        self._grants: dict[str, deque[float]] = {}
        self._own: tuple[str, float] = ("", 0.0)
        self._save()

    def grant_code(self, grant: Grant) -> str:
        """Return a grant code for one use, as the API console or the page generates it."""
        code = self._opaque("code")
        with self._lock:
            self._codes[_digest(code)] = (self._clock.now() + grant.life_s, grant)
        return code

    def exchange(self, code: str, *, redirect_uri: str = "", verifier: str = "") -> tuple[str, str]:
        """Return a new access and a new refresh token for a grant code; "" for none of these.

        Raises:
            GrantRefused: ``invalid_code``, also the second time; ``invalid_redirect_uri``.
            TooManyGrants: more than 5 a minute.
        """
        with self._lock:
            expires_s, grant = self._codes.pop(_digest(code), (0.0, Grant()))
            if self._clock.now() >= expires_s or not _is_met(grant.challenge, verifier):
                raise GrantRefused("invalid_code")
            if redirect_uri != grant.redirect_uri:
                raise GrantRefused("invalid_redirect_uri")
            if not grant.is_offline:
                return self._issue("online", scopes=grant.scopes), ""
            self._count_grant("refresh tokens", _NEW_REFRESH_TOKENS)
            refresh_token = self._opaque("refresh")
            if len(self._refresh) >= _REFRESH_TOKENS:
                self._forget_refresh(next(iter(self._refresh)))
            self._refresh[_digest(refresh_token)] = grant.scopes
            return self._issue(_digest(refresh_token)), refresh_token

    def refresh(self, refresh_token: str) -> str:
        """Return a new access token.

        Raises:
            GrantRefused: ``invalid_code`` for an unknown or revoked refresh token.
            TooManyGrants: more than 10 in 10 minutes.
        """
        parent = _digest(refresh_token)
        with self._lock:
            if parent not in self._refresh:
                raise GrantRefused("invalid_code")
            self._count_grant(parent, _PER_REFRESH_TOKEN)
            return self._issue(parent)

    def own_token(self, *, life_s: float = LIFE_S, scopes: str | None = None) -> str:
        """Return a valid access token without asking the token endpoint.

        The same one is returned until it has less than five minutes to live, unless
        *life_s* or *scopes* are given.
        """
        is_usual = life_s == LIFE_S and scopes is None
        with self._lock:
            token, expires_s = self._own
            is_alive = _digest(token) in self._access
            if is_usual and is_alive and self._clock.now() < expires_s - _SPARE_S:
                return token
            token = self._issue(_digest(self.refresh_token), life_s=life_s, scopes=scopes)
            if is_usual:
                self._own = (token, self._clock.now() + life_s)
            return token

    def find(self, token: str) -> AccessToken | None:
        """Return what is known about a live access token, None when there is none."""
        found = self._access.get(_digest(token))
        return found if found and self._clock.now() < found.expires_s else None

    def revoke(self, token: str) -> bool:
        """Forget a refresh or access token; tell whether it was known."""
        digest = _digest(token)
        with self._lock:
            known = digest in self._refresh or digest in self._access
            self._forget_refresh(digest)
            self._access.pop(digest, None)
            self._save()
        return known

    def scopes_of(self, token: str) -> str:
        """Return the scopes of a live access token, "" when there is none."""
        found = self.find(token)
        return found.scopes if found else ""

    def is_client(self, client_id: str) -> bool:
        """Tell whether this is the sandbox's client."""
        return hmac.compare_digest(client_id.encode(), self.client_id.encode())

    def is_secret(self, client_secret: str) -> bool:
        """Tell whether this is the client's secret."""
        return hmac.compare_digest(client_secret.encode(), self.client_secret.encode())

    def _issue(self, parent: str, *, life_s: float = LIFE_S, scopes: str | None = None) -> str:
        token = self._opaque("access")
        siblings = [key for key, held in self._access.items() if held.parent == parent]
        if len(siblings) >= _ALIVE:
            del self._access[siblings[0]]
        self._access[_digest(token)] = AccessToken(
            expires_s=self._clock.now() + life_s,
            scopes=scopes or self._refresh.get(parent, FULL_ACCESS),
            parent=parent,
        )
        self._save()
        return token

    def _count_grant(self, name: str, limit: tuple[int, float]) -> None:
        most, window_s = limit
        now = self._clock.now()
        times = self._grants.setdefault(name, deque())
        while times and times[0] <= now - window_s:
            times.popleft()
        if len(times) >= most:
            raise TooManyGrants
        times.append(now)

    def _forget_refresh(self, digest: str) -> None:
        if self._refresh.pop(digest, None) is not None:
            self._access = {
                key: held for key, held in self._access.items() if held.parent != digest
            }

    def _derive(self, name: str) -> str:
        return hmac.new(self._seed.encode(), name.encode(), hashlib.sha256).hexdigest()

    def _opaque(self, kind: str, number: int | None = None) -> str:
        drawn = secrets.token_hex(8) if number is None else str(number)
        text = self._derive(f"{kind} {drawn}")
        return f"1000.{text[:32]}.{text[32:]}"

    def _save(self) -> None:
        now = self._clock.now()
        alive = {
            key: [str(held.expires_s), held.scopes, held.parent]
            for key, held in self._access.items()
            if held.expires_s > now
        }
        self._store.save_facts(
            {
                "token_seed": self._seed,
                "refresh_tokens": to_json(self._refresh),
                "access_tokens": to_json(alive),
            }
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_met(challenge: str, verifier: str) -> bool:
    """Tell whether *verifier* belongs to *challenge* (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return not challenge or hmac.compare_digest(made.encode(), challenge.encode())


def _kept(facts: dict[str, str], name: str) -> JsonObject:
    found = from_json(facts.get(name, "{}"))
    return found if isinstance(found, dict) else {}
