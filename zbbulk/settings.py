"""Where to reach Zoho Books and as whom: flag, else environment, else default.

Knows the data centres and the names of the environment variables; does not know
how a request is made. No secret is ever part of a repr.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zbbulk.errors import AuthError, UsageError

RUNS = Path("zbbulk-runs")
"""Where runs, and the books of the sandbox, are kept unless told otherwise."""

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
REFRESH_VARIABLE = "ZBBULK_REFRESH_TOKEN"
CLIENT_VARIABLE = "ZBBULK_CLIENT_ID"
SECRET_VARIABLE = "ZBBULK_CLIENT_SECRET"  # noqa: S105 - the variable's name, not a secret
ORGANIZATION_VARIABLE = "ZBBULK_ORGANIZATION_ID"
API_ROOT_VARIABLE = "ZBBULK_API_ROOT"
ACCOUNTS_VARIABLE = "ZBBULK_ACCOUNTS_URL"
REGION_VARIABLE = "ZBBULK_REGION"
STATE_VARIABLE = "ZBBULK_STATE"
CONFIG_VARIABLE = "ZBBULK_CONFIG"
NOTIFY_SECRET_VARIABLE = "ZBBULK_NOTIFY_SECRET"  # noqa: S105 - the name, not a secret
"""Signs what a webhook is told."""

PROFILE_VARIABLE = "ZBBULK_PROFILE"


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


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The application that Zoho's API console knows, and one user's leave for it.

    Attributes:
        accounts_url: The sign-in of the data centre, e.g. ``https://accounts.zoho.com``.
        client_id: Not a secret, but nobody's business either.
        client_secret: Secret.
        refresh_token: Secret.
    """

    accounts_url: str
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @property
    def form(self) -> dict[str, str]:
        """Return what the sign-in is asked for an access token with; secret."""
        return {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One Zoho Books organization and the way to it, as the environment tells it.

    Attributes:
        api_root: Without a slash at the end; https, or http on this machine only. "" leaves
            it to the sign-in to tell.
        organization_id: Zoho's number of the organization, as text; "" for none.
        access_token: Secret; "" when *client* makes tokens.
        client: What makes access tokens, None when there is only the one token.
    """

    api_root: str
    organization_id: str
    access_token: str = field(repr=False, default="")
    client: OAuthClient | None = None


def has_credentials(environment: Mapping[str, str]) -> bool:
    """Tell whether *environment* holds a token of either kind."""
    return any(said(environment, name) for name in (TOKEN_VARIABLE, REFRESH_VARIABLE))


def settings_from(
    environment: Mapping[str, str],
    *,
    region: str | None = None,
    api_root: str | None = None,
    organization_id: str | None = None,
    needs_organization: bool = True,
) -> Settings:
    """Return the settings of a real account; a flag wins over the environment.

    Raises:
        AuthError: no token or no organization is given.
        UsageError: unknown region, or an address that would be sent a secret in clear.
    """
    organization = (organization_id or said(environment, ORGANIZATION_VARIABLE)).strip()
    missing = _missing(environment)
    if needs_organization and not organization:
        missing.append(ORGANIZATION_VARIABLE)
    if missing:
        is_known = missing == [ORGANIZATION_VARIABLE]
        fix = "`zbbulk orgs` lists them; name one with --organization, or by the variable."
        raise AuthError(
            f"Not told which account to use: {' and '.join(missing)} not set.",
            fix=fix if is_known else "",
            code="ZB415",
        )
    root = api_root or ("" if region else said(environment, API_ROOT_VARIABLE))
    token = said(environment, TOKEN_VARIABLE)
    named = region or said(environment, REGION_VARIABLE) or ("us" if token else "")
    root = root or (_of_region(named, REGIONS) if named else "")
    return Settings(
        api_root=checked_api_root(root) if root else "",
        organization_id=organization,
        access_token=token,
        client=None if token else _client(environment, region=region),
    )


def said(environment: Mapping[str, str], name: str) -> str:
    """Return what a variable says, "" when it is not set or blank."""
    return environment.get(name, "").strip()


def _missing(environment: Mapping[str, str]) -> list[str]:
    """Return the variables that are missing for either kind of token."""
    if said(environment, TOKEN_VARIABLE):
        return []
    if not said(environment, REFRESH_VARIABLE):
        return [TOKEN_VARIABLE]
    names = (CLIENT_VARIABLE, SECRET_VARIABLE)
    return [name for name in names if not said(environment, name)]


def _client(environment: Mapping[str, str], *, region: str | None) -> OAuthClient:
    return OAuthClient(
        accounts_url_from(environment, region=region),
        said(environment, CLIENT_VARIABLE),
        said(environment, SECRET_VARIABLE),
        said(environment, REFRESH_VARIABLE),
    )


def accounts_url_from(
    environment: Mapping[str, str], *, region: str | None = None, accounts_url: str | None = None
) -> str:
    """Return the sign-in to use. Raises UsageError: unknown region, or an unsafe address."""
    own = accounts_url or ("" if region else said(environment, ACCOUNTS_VARIABLE))
    named = region or said(environment, REGION_VARIABLE) or "us"
    return checked_url(own or _of_region(named, ACCOUNTS), what="A sign-in")


def region_of(accounts_url: str) -> str:
    """Return the data centre with this sign-in, "" for one that is not in the table."""
    return next((name for name, url in ACCOUNTS.items() if url == accounts_url), "")


def console_url(accounts_url: str) -> str:
    """Return the API console of a data centre, where clients and codes are made."""
    return accounts_url.replace("//accounts.", "//api-console.", 1)


def _of_region(region: str, table: Mapping[str, str]) -> str:
    if region not in table:
        known = ", ".join(table)
        raise UsageError(f"Unknown region {region!r}.", fix=f"Use one of: {known}.")
    return table[region]


def checked_api_root(root: str) -> str:
    """Return *root* without a slash at the end; see ``checked_url``. Raises UsageError."""
    return checked_url(root, what="An API root")


def checked_url(root: str, *, what: str) -> str:
    """Return *root* without a slash at the end.

    Raises:
        UsageError: it is neither https nor http on a loopback address, or it holds a
            user, a password, a query or a fragment: what it holds is shown and kept.
    """
    from urllib.parse import urlsplit  # noqa: PLC0415 - start-up stays small

    try:
        parts = urlsplit(root)
        host = parts.hostname or ""
    except ValueError:
        raise UsageError(f"{what} is not a web address.", code="ZB004") from None
    is_plain = parts.netloc.rpartition("@")[0] == "" and not (parts.query or parts.fragment)
    is_secret = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if host and is_plain and is_secret:
        return root.rstrip("/")
    raise UsageError(
        f"{what} at {host!r} that is not a plain https address may not be sent a token.",
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
