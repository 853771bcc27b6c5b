"""Where to reach Zoho Books and as whom: flag, else environment, else default.

Knows the data centres and the names of the environment variables; does not know
how a request is made. The access token is never part of a repr.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zbbulk.errors import AuthError, UsageError

REGIONS = {
    "us": "https://www.zohoapis.com/books/v3",
    "eu": "https://www.zohoapis.eu/books/v3",
    "in": "https://www.zohoapis.in/books/v3",
    "au": "https://www.zohoapis.com.au/books/v3",
    "jp": "https://www.zohoapis.jp/books/v3",
    "ca": "https://www.zohoapis.ca/books/v3",
    "cn": "https://www.zohoapis.com.cn/books/v3",
    "sa": "https://www.zohoapis.sa/books/v3",
}
"""Data centre -> Books API root (https://www.zoho.com/books/api/v3/introduction/)."""

ACCOUNTS = {
    "us": "https://accounts.zoho.com",
    "eu": "https://accounts.zoho.eu",
    "in": "https://accounts.zoho.in",
    "au": "https://accounts.zoho.com.au",
    "jp": "https://accounts.zoho.jp",
    "ca": "https://accounts.zohocloud.ca",
    "cn": "https://accounts.zoho.com.cn",
    "sa": "https://accounts.zoho.sa",
}
"""Data centre -> its sign-in (https://www.zoho.com/books/api/v3/oauth/)."""

BOOKS_PATH = "/books/v3"

TOKEN_VARIABLE = "ZBBULK_ACCESS_TOKEN"  # noqa: S105 - the variable's name, not a token
ORGANIZATION_VARIABLE = "ZBBULK_ORGANIZATION_ID"
API_ROOT_VARIABLE = "ZBBULK_API_ROOT"
REGION_VARIABLE = "ZBBULK_REGION"


STATE_VARIABLE = "ZBBULK_STATE"
CONFIG_VARIABLE = "ZBBULK_CONFIG"
PROFILE_VARIABLE = "ZBBULK_PROFILE"
REFRESH_VARIABLES = ("ZBBULK_REFRESH_TOKEN", "ZBBULK_CLIENT_ID", "ZBBULK_CLIENT_SECRET")


def config_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder where the accounts that a user has signed in to are kept."""
    given = environment.get(CONFIG_VARIABLE, "").strip()
    if given:
        return Path(given)
    from platformdirs import user_config_path  # noqa: PLC0415 - only who signs in pays

    return user_config_path("zbbulk", appauthor=False)


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder where processes of this user tell each other what they send."""
    given = environment.get(STATE_VARIABLE, "").strip()
    if given:
        return Path(given)
    from platformdirs import user_state_path  # noqa: PLC0415 - only who sends pays

    return user_state_path("zbbulk", appauthor=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One Zoho Books organization and the way to it.

    Attributes:
        api_root: Without a slash at the end; https, or http on this machine only.
        organization_id: Zoho's number of the organization, as text.
        access_token: Secret; not shown by repr.
    """

    api_root: str
    organization_id: str
    access_token: str = field(repr=False)


def settings_from(
    environment: Mapping[str, str],
    *,
    region: str | None = None,
    api_root: str | None = None,
    organization_id: str | None = None,
) -> Settings:
    """Return the settings of a real account; a flag wins over the environment.

    Raises:
        AuthError: no token or no organization is given.
        UsageError: unknown region, or an API root that would send the token in clear.
    """
    token = environment.get(TOKEN_VARIABLE, "").strip()
    organization = (organization_id or environment.get(ORGANIZATION_VARIABLE, "")).strip()
    missing = [
        name
        for name, value in ((TOKEN_VARIABLE, token), (ORGANIZATION_VARIABLE, organization))
        if not value
    ]
    if missing:
        raise AuthError(
            f"Not told which account to use: {' and '.join(missing)} not set.", code="ZB415"
        )
    root = api_root or (None if region else environment.get(API_ROOT_VARIABLE))
    root = root or _region_root(region or environment.get(REGION_VARIABLE) or "us")
    return Settings(
        api_root=checked_api_root(root), organization_id=organization, access_token=token
    )


def _region_root(region: str) -> str:
    if region not in REGIONS:
        known = ", ".join(REGIONS)
        raise UsageError(f"Unknown region {region!r}.", fix=f"Use one of: {known}.")
    return REGIONS[region]


def checked_api_root(root: str) -> str:
    """Return *root* without a slash at the end.

    Raises:
        UsageError: it is neither https nor http on a loopback address, or it holds a
            user, a password, a query or a fragment: what it holds is shown and kept.
    """
    from urllib.parse import urlsplit  # noqa: PLC0415 - start-up stays small

    parts = urlsplit(root)
    host = parts.hostname or ""
    is_plain = parts.netloc.rpartition("@")[0] == "" and not (parts.query or parts.fragment)
    is_secret = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if host and is_plain and is_secret:
        return root.rstrip("/")
    raise UsageError(
        f"An API root at {host!r} that is not a plain https address may not be sent a token.",
        code="ZB004",
    )


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine."""
    if host == "localhost":
        return True
    from ipaddress import ip_address  # noqa: PLC0415 - start-up stays small

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
