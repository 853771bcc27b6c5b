"""What is known of each account: where it is, whether it works, what it may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from zbbulk.errors import ZbbulkError
from zbbulk.jobs.accounts import Asked, account
from zbbulk.jobs.organizations import chosen, listed
from zbbulk.jobs.profiles import Profile, Profiles
from zbbulk.jobs.scopes import Need, lacking
from zbbulk.jobs.target import Target
from zbbulk.model import JsonObject
from zbbulk.settings import config_folder, has_credentials, region_of, settings_from
from zbbulk.zoho.auth import RefreshedToken


class _Found(NamedTuple):
    """What asking told."""

    organization: str = ""
    good_for_s: float | None = None
    error: ZbbulkError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatus:
    """One account.

    Attributes:
        profile: Its name, "" for the environment.
        region: Name of the data centre, "" for one that is not in the table.
        accounts_url, api_root: Where it is; "" for what is not known.
        organization: Id and name, "" when none is chosen.
        secrets: Where they are, in words.
        scopes: Between commas, "" when nobody told.
        lacks: What a mapping needs beyond them.
        good_for_s: Seconds the access token is still good, None when that is not known.
        error: Why it does not work, None when it does or nobody was asked.
    """

    profile: str
    region: str
    accounts_url: str
    api_root: str
    organization: str
    secrets: str
    scopes: str
    lacks: tuple[Need, ...] = ()
    good_for_s: float | None = None
    error: ZbbulkError | None = None

    @property
    def title(self) -> str:
        """Return what it is called by."""
        return f"profile {self.profile}" if self.profile else "the variables of the environment"

    @property
    def must_lacks(self) -> tuple[Need, ...]:
        """Return the scopes without which nothing can be sent."""
        return tuple(need for need in self.lacks if need.is_must)

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {
            "profile": self.profile,
            "region": self.region,
            "accounts_url": self.accounts_url,
            "api_root": self.api_root,
            "organization": self.organization,
            "secrets": self.secrets,
            "scopes": self.scopes,
            "lacks": [{"scope": need.scope, "why": need.why} for need in self.lacks],
            "error": None if self.error is None else self.error.as_problems()[0].to_json(),
        }


def statuses(
    environment: Mapping[str, str], *, only: str = "", needs: Sequence[Need] = (), asks: bool
) -> list[AccountStatus]:
    """Return every account, or the profile *only*; with *asks*, one call for each.

    Raises:
        AuthError: there is no profile *only*.
        UsageError: the file of profiles can't be read.
    """
    profiles = Profiles(config_folder(environment))
    known = [profiles.get(only)] if only else list(profiles.all().values())
    found = [_of_profile(each, profiles, needs, asks=asks) for each in known]
    if not only and has_credentials(environment):
        found.append(_of_environment(environment, asks=asks))
    return found


def _of_profile(
    profile: Profile, profiles: Profiles, needs: Sequence[Need], *, asks: bool
) -> AccountStatus:
    place = "in the keyring of this system"
    told = AccountStatus(
        profile=profile.name,
        region=region_of(profile.accounts_url),
        accounts_url=profile.accounts_url,
        api_root=profile.api_root,
        organization=f"{profile.organization_id} {profile.organization}".strip(),
        secrets=place if profile.in_keyring else f"in {profiles.folder / 'secrets.json'}",
        scopes=profile.scopes,
        lacks=tuple(lacking(profile.scopes, needs)) if profile.scopes else (),
    )
    own = {"ZBBULK_CONFIG": str(profiles.folder)}
    return _with(told, _tried(Asked(profile=profile.name), own, asks=asks))


def _of_environment(environment: Mapping[str, str], *, asks: bool) -> AccountStatus:
    told = AccountStatus(
        profile="",
        region="",
        accounts_url="",
        api_root="",
        organization="",
        secrets="in variables of the environment",
        scopes="",
    )
    try:
        settings = settings_from(environment, needs_organization=False)
    except ZbbulkError as error:
        return replace(told, error=error)
    url = settings.client.accounts_url if settings.client else ""
    told = replace(
        told,
        region=region_of(url),
        accounts_url=url or "none: the access token can't be renewed",
        api_root=settings.api_root,
        organization=settings.organization_id,
    )
    return _with(told, _tried(Asked(), environment, asks=asks))


def _with(told: AccountStatus, found: _Found) -> AccountStatus:
    return replace(
        told,
        organization=found.organization or told.organization,
        good_for_s=found.good_for_s,
        error=found.error,
    )


def _tried(asked: Asked, environment: Mapping[str, str], *, asks: bool) -> _Found:
    """Ask Zoho for the organizations; what goes wrong is what there is to tell."""
    if not asks:
        return _Found()
    try:
        target = account(replace(asked, needs_organization=False), environment)
        found = listed(target)
        named = ""
        if target.organization_id:
            one = chosen(found, target.organization_id)
            named = f"{one.organization_id} {one.name}"
        return _Found(organization=named, good_for_s=_good_for_s(target))
    except ZbbulkError as error:
        return _Found(error=error)


def _good_for_s(target: Target) -> float | None:
    token = target.token
    return token.good_for_s() if isinstance(token, RefreshedToken) else None
