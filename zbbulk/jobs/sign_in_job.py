"""Sign in to Zoho, by a code of the API console or by the browser, and sign out again."""

from __future__ import annotations

import base64
import hashlib
import secrets as chance
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from zbbulk.errors import AuthError
from zbbulk.jobs.profiles import Profile, Profiles, Secrets
from zbbulk.jobs.redirect import listening
from zbbulk.settings import BOOKS_PATH, checked_api_root
from zbbulk.zoho.auth import OAuthClient
from zbbulk.zoho.cached_token import CachedToken
from zbbulk.zoho.clock import Clock, RealClock
from zbbulk.zoho.token_endpoint import Granted, granted, revoked

FULL_ACCESS = "ZohoBooks.fullaccess.all"
BROWSER_S = 300.0
"""So long the browser is waited for."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a sign-in left.

    Attributes:
        profile: As it is kept.
        is_in_keyring: Its secrets are in the system's keyring, not in a file.
    """

    profile: Profile
    is_in_keyring: bool


def sign_in_by_code(
    profile: Profile,
    *,
    client_secret: str,
    code: str,
    profiles: Profiles,
    clock: Clock | None = None,
) -> SignedIn:
    """Sign in by a code that the API console generated for a self client.

    Such a code is good for minutes and for one use (https://www.zoho.com/books/api/v3/oauth/).

    Raises:
        AuthError, Unavailable: the sign-in gives no token.
        ResultError: the profile can't be kept.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": profile.client_id,
        "client_secret": client_secret,
        "code": code,
    }
    given = granted(profile.accounts_url, form, clock=clock or RealClock())
    return _kept(profile, client_secret, given, profiles)


def sign_in_by_browser(  # noqa: PLR0913 - each is given by name
    profile: Profile,
    *,
    client_secret: str,
    profiles: Profiles,
    show: Callable[[str], None],
    port: int = 0,
    within_s: float = BROWSER_S,
    clock: Clock | None = None,
) -> SignedIn:
    """Sign in by the browser, which comes back to this machine.

    Args:
        profile: What is signed in to.
        client_secret: Of a server-based client.
        profiles: Keep it.
        show: Opens, or shows, the address of Zoho's sign-in.
        port: Of the redirect URI; 0 takes a free one.
        within_s: How long the browser is waited for.
        clock: Measures waits.

    Raises:
        AuthError, Unavailable: there is no token to be had.
        UsageError: the port is taken.
        ResultError: the profile can't be kept.
    """
    state, verifier = chance.token_urlsafe(24), chance.token_urlsafe(48)
    with listening(port, state=state) as redirect:
        asked = {
            "response_type": "code",
            "client_id": profile.client_id,
            "scope": profile.scopes or FULL_ACCESS,
            "redirect_uri": redirect.url,
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        show(f"{profile.accounts_url}/oauth/v2/auth?{urlencode(asked)}")
        code = redirect.code(within_s=within_s)
        form = {
            "grant_type": "authorization_code",
            "client_id": profile.client_id,
            "client_secret": client_secret,
            "code": code,
            "redirect_uri": redirect.url,
            "code_verifier": verifier,
        }
    given = granted(profile.accounts_url, form, clock=clock or RealClock())
    return _kept(profile, client_secret, given, profiles)


def sign_out(name: str, profiles: Profiles, *, clock: Clock | None = None) -> bool:
    """Take the refresh token of a profile back and drop it; False when Zoho knew it no more.

    Raises:
        AuthError: nobody has signed in under *name*.
        Unavailable: the sign-in can't be reached; the profile is kept.
        ResultError: the profile can't be dropped.
    """
    profile = profiles.get(name)
    kept = profiles.secrets(name)
    was_known = revoked(profile.accounts_url, kept.refresh_token, clock=clock or RealClock())
    profiles.forget(name)
    return was_known


def token_of(profile: Profile, profiles: Profiles, *, clock: Clock) -> CachedToken:
    """Return where the access tokens of a profile come from. Raises AuthError."""
    kept = profiles.secrets(profile.name)
    client = OAuthClient(
        accounts_url=profile.accounts_url,
        client_id=profile.client_id,
        client_secret=kept.client_secret,
        refresh_token=kept.refresh_token,
    )
    return CachedToken(client, profiles.token_path(profile.name), clock=clock)


def lacking(scopes: str, needed: Sequence[str]) -> list[str]:
    """Return those of the *needed* scopes that *scopes*, between commas, do not allow."""
    held = {scope.strip() for scope in scopes.split(",")}
    if FULL_ACCESS in held:
        return []
    return [each for each in needed if not {each, f"{each.rpartition('.')[0]}.ALL"} & held]


def _kept(profile: Profile, client_secret: str, given: Granted, profiles: Profiles) -> SignedIn:
    if not given.refresh_token:
        raise AuthError(
            "Zoho's sign-in gave no refresh token.",
            fix="Generate a new code; for the browser, remove the app's access in Zoho first.",
            code="ZB412",
        )
    root = f"{given.api_domain.rstrip('/')}{BOOKS_PATH}" if given.api_domain else profile.api_root
    known = replace(profile, api_root=checked_api_root(root), scopes=given.scopes or profile.scopes)
    is_in_keyring = profiles.keep(known, Secrets(client_secret, given.refresh_token))
    return SignedIn(known, is_in_keyring)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
