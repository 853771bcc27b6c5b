"""Which account is meant: a profile, or what the environment says; and what it may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.lookups import lookup_rules
from zbbulk.jobs.profiles import DEFAULT, Profile, Profiles
from zbbulk.jobs.sign_in_job import token_of
from zbbulk.jobs.target import Target, open_client, real_target
from zbbulk.mapping import Mapping as Rules
from zbbulk.model import Action, JsonObject
from zbbulk.resources import resource
from zbbulk.settings import (
    ACCOUNTS,
    ORGANIZATION_VARIABLE,
    PROFILE_VARIABLE,
    REFRESH_VARIABLES,
    REGION_VARIABLE,
    TOKEN_VARIABLE,
    config_folder,
    settings_from,
)
from zbbulk.zoho.auth import OAuthClient, RefreshedToken, TokenSource
from zbbulk.zoho.clock import RealClock
from zbbulk.zoho.organization import organizations


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user said of the account; "" or None where nothing.

    Attributes:
        profile: Name of a profile.
        region, api_root, organization_id: As options.
        edition: Country edition.
    """

    profile: str = ""
    region: str | None = None
    api_root: str | None = None
    organization_id: str | None = None
    edition: str | None = None


def account(asked: Asked, environment: Mapping[str, str]) -> Target:
    """Return the organization that is meant.

    A profile that is named wins; then tokens in the environment; then the profile `default`.

    Raises:
        AuthError: no account is given (ZB415), or nobody has signed in (ZB424).
        UsageError: unknown region, or an API root that may not be sent a token.
    """
    name = asked.profile or environment.get(PROFILE_VARIABLE, "").strip()
    profiles = Profiles(config_folder(environment))
    if not name and not environment.get(TOKEN_VARIABLE, "").strip():
        refreshed = _refreshed(environment, asked.region)
        if refreshed is not None:
            return _of_environment(asked, {**environment, TOKEN_VARIABLE: "-"}, refreshed)
        name = DEFAULT if DEFAULT in profiles.all() else ""
    if not name:
        return _of_environment(asked, environment, None)
    return _of_profile(profiles.get(name), profiles, asked, environment)


def _of_environment(
    asked: Asked, environment: Mapping[str, str], token: TokenSource | None
) -> Target:
    settings = settings_from(
        environment,
        region=asked.region,
        api_root=asked.api_root,
        organization_id=asked.organization_id,
    )
    return real_target(settings, edition=asked.edition, token=token)


def _of_profile(
    profile: Profile, profiles: Profiles, asked: Asked, environment: Mapping[str, str]
) -> Target:
    organization = (
        asked.organization_id
        or environment.get(ORGANIZATION_VARIABLE, "").strip()
        or profile.organization_id
    )
    settings = settings_from(
        {TOKEN_VARIABLE: "-", ORGANIZATION_VARIABLE: organization},
        api_root=asked.api_root or profile.api_root,
    )
    token = token_of(profile, profiles, clock=RealClock())
    return real_target(settings, edition=asked.edition, token=token)


def _refreshed(environment: Mapping[str, str], region: str | None) -> TokenSource | None:
    """Return the token source of a refresh token in the environment, None without one."""
    refresh_token, client_id, client_secret = (
        environment.get(name, "").strip() for name in REFRESH_VARIABLES
    )
    if not (refresh_token and client_id and client_secret):
        return None
    where = region or environment.get(REGION_VARIABLE) or "us"
    accounts_url = environment.get("ZBBULK_ACCOUNTS_URL") or ACCOUNTS.get(where, ACCOUNTS["us"])
    client = OAuthClient(
        accounts_url=accounts_url,
        client_id=client_id,
        client_secret=client_secret,
        refresh_token=refresh_token,
    )
    return RefreshedToken(client, clock=RealClock())


def organizations_of(target: Target, *, log: Path) -> list[JsonObject]:
    """Return the organizations of the account as Zoho lists them.

    Raises:
        ZohoError: they can't be read.
        ResultError: the log can't be written.
    """
    with EventLog(log) as events, open_client(target, log=events) as client:
        return organizations(client)


def scopes_for(rules: Rules) -> list[str]:
    """Return the scopes that an import by this mapping needs, each once."""
    facts = resource(rules.resource)
    verbs = ["CREATE"] if rules.action is Action.CREATE else ["READ", "UPDATE"]
    if rules.policy.reads_list:
        verbs += ["READ", "UPDATE"]
    needed = [f"ZohoBooks.{facts.scope}.{verb}" for verb in verbs]
    needed += [f"ZohoBooks.{facts.scope}.UPDATE"] * bool(rules.after_create)
    for rule in lookup_rules(rules):
        needed += [f"ZohoBooks.{resource(name).scope}.READ" for name in rule.resources]
    return list(dict.fromkeys(needed))
