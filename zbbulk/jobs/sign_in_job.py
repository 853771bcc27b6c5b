"""Sign in to Zoho, by a code of the API console or by the browser, and sign out again."""

from __future__ import annotations

import base64
import hashlib
import secrets as chance
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from zbbulk.errors import AuthError
from zbbulk.jobs.profiles import Profile, Profiles
from zbbulk.jobs.redirect import RedirectListener
from zbbulk.jobs.scopes import FULL_ACCESS
from zbbulk.jobs.secret_store import Secrets
from zbbulk.jobs.token_file import TokenFile
from zbbulk.settings import (
    ACCOUNTS,
    BOOKS_PATH,
    REGIONS,
    OAuthClient,
    checked_api_root,
    region_of,
)
from zbbulk.zoho.auth import RefreshedToken, issued_from
from zbbulk.zoho.clock import Clock, RealClock
from zbbulk.zoho.token_endpoint import Granted, exchanged, revoked

BROWSER_S = 300.0
"""So long the browser is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A sign-in that is under way.

    Attributes:
        profile: What it will be known by; its ``api_root`` is "" to be told by the sign-in.
        client_secret: Secret.
        profiles: Where it is kept.
        in_keyring: The system's keyring is tried.
        clock: Measures waits.
    """

    profile: Profile
    client_secret: str
    profiles: Profiles
    in_keyring: bool = True
    clock: Clock

    def __repr__(self) -> str:
        return f"Login({self.profile.name!r})"


def sign_in_by_code(login: Login, code: str) -> Profile:
    """Sign in by a *code* that the API console generated for a self client.

    Such a code is good for minutes and for one use (https://www.zoho.com/books/api/v3/oauth/).

    Raises:
        AuthError, Unavailable: the sign-in gives no token.
        UsageError, ResultError: the profile can't be kept.
    """
    return _kept(login, _exchanged(login, {"code": code}))


def sign_in_by_browser(
    login: Login, *, show: Callable[[str], None], port: int = 0, within_s: float = BROWSER_S
) -> Profile:
    """Sign in by the browser, which comes back to this machine.

    Zoho documents the challenge (PKCE) for mobile and desktop clients
    (https://www.zoho.com/accounts/protocol/oauth/mobile-and-desktop-apps/get-authorization-code.html);
    a server that does not know it ignores it.

    Args:
        login: Of a server-based client, or a mobile or desktop one.
        show: Opens, or shows, the address of Zoho's sign-in.
        port: Of the redirect URI; 0 takes a free one.
        within_s: How long the browser is waited for.

    Raises:
        AuthError, Unavailable: there is no token to be had.
        UsageError: the port is taken, or the profile can't be kept.
        ResultError: the profile can't be kept.
    """
    verifier = chance.token_urlsafe(48)
    with RedirectListener(port) as redirect:
        asked = {
            "response_type": "code",
            "client_id": login.profile.client_id,
            "scope": login.profile.scopes or FULL_ACCESS,
            "redirect_uri": redirect.uri,
            "access_type": "offline",
            "prompt": "consent",
            "state": redirect.state,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        show(f"{login.profile.accounts_url}/oauth/v2/auth?{urlencode(asked)}")
        brought = redirect.wait(seconds=within_s)
    login = _moved(login, brought.accounts_url)
    form = {"code": brought.code, "redirect_uri": redirect.uri, "code_verifier": verifier}
    return _kept(login, _exchanged(login, form))


def _moved(login: Login, accounts_url: str) -> Login:
    """Return *login* at the data centre that the browser named, if it is one of Zoho's.

    The client's secret goes there, so nothing is taken on trust.
    """
    if accounts_url in ("", login.profile.accounts_url):
        return login
    region = region_of(accounts_url)
    if not region or not region_of(login.profile.accounts_url):
        raise AuthError(
            f"The browser names a sign-in that is not known: {accounts_url!r}.", code="ZB425"
        )
    profile = replace(login.profile, accounts_url=ACCOUNTS[region], api_root=REGIONS[region])
    return replace(login, profile=profile)


def _exchanged(login: Login, form: dict[str, str]) -> Granted:
    client = {"client_id": login.profile.client_id, "client_secret": login.client_secret}
    return exchanged(login.profile.accounts_url, {**client, **form}, clock=login.clock)


def sign_out(
    name: str, profiles: Profiles, *, here_only: bool = False, clock: Clock | None = None
) -> bool:
    """Take the refresh token of a profile back and drop it; False when Zoho knew it no more.

    With *here_only* Zoho is not asked: whoever has the token may use it.

    Raises:
        AuthError: nobody has signed in under *name*.
        Unavailable: the sign-in can't be reached; the profile is kept.
        UsageError, ResultError: the profile can't be dropped.
    """
    profile = profiles.get(name)
    was_known = False
    if not here_only:
        client = client_of(profile, profiles)
        token, clock = client.refresh_token, clock or RealClock()
        was_known = revoked(profile.accounts_url, token, clock=clock)
        TokenFile(profiles.folder, client).forget()
    profiles.forget(name)
    return was_known


def client_of(profile: Profile, profiles: Profiles) -> OAuthClient:
    """Return what the access tokens of *profile* are made from. Raises AuthError."""
    kept = profiles.secrets(profile.name)
    return OAuthClient(
        profile.accounts_url, profile.client_id, kept.client_secret, kept.refresh_token
    )


def token_of(profile: Profile, profiles: Profiles, *, clock: Clock) -> RefreshedToken:
    """Return where the access tokens of a profile come from. Raises AuthError."""
    client = client_of(profile, profiles)
    return RefreshedToken(client, clock=clock, cache=TokenFile(profiles.folder, client))


def _kept(login: Login, given: Granted) -> Profile:
    """Keep what was given: the secrets, the profile, and the access token for all processes."""
    profile, secret = login.profile, login.client_secret
    if not given.refresh_token:
        raise AuthError(
            "Zoho's sign-in gave no refresh token.",
            fix="Generate a new code; for the browser, remove the app's access in Zoho first.",
            code="ZB412",
        )
    root = profile.api_root
    if not root and given.api_domain:
        root = f"{given.api_domain.rstrip('/')}{BOOKS_PATH}"
    root = root or REGIONS.get(region_of(profile.accounts_url), "")
    known = replace(
        profile,
        api_root=checked_api_root(root),
        scopes=given.scopes or profile.scopes,
    )
    kept = login.profiles.keep(
        known, Secrets(secret, given.refresh_token), in_keyring=login.in_keyring
    )
    client = OAuthClient(kept.accounts_url, kept.client_id, secret, given.refresh_token)
    cache = TokenFile(login.profiles.folder, client)
    cache.keep(issued_from(given, now=cache.now()))
    return kept


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
