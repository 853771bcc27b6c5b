"""Which account is meant: a profile, or what the environment says.

A profile that is named wins; then tokens in the environment; then the profile
``default``. What contradicts itself is refused: rows must not go into the wrong books.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zbbulk.errors import UsageError
from zbbulk.jobs.profiles import DEFAULT, Profile, Profiles
from zbbulk.jobs.sign_in_job import token_of
from zbbulk.jobs.target import Target, real_target
from zbbulk.jobs.token_file import TokenFile
from zbbulk.settings import (
    BOOKS_PATH,
    ORGANIZATION_VARIABLE,
    PROFILE_VARIABLE,
    REGIONS,
    Settings,
    checked_api_root,
    config_folder,
    has_credentials,
    region_of,
    said,
    settings_from,
)
from zbbulk.zoho.auth import GivenToken, RefreshedToken, TokenSource
from zbbulk.zoho.clock import RealClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user said of the account; "" or None where nothing.

    Attributes:
        profile: Name of a profile.
        region, api_root, organization_id: As options.
        edition: Country edition.
        needs_organization: Without one the account is not enough.
    """

    profile: str = ""
    region: str | None = None
    api_root: str | None = None
    organization_id: str | None = None
    edition: str | None = None
    needs_organization: bool = True


def account(asked: Asked, environment: Mapping[str, str]) -> Target:
    """Return the organization that is meant.

    Raises:
        AuthError: no account is given (ZB415), or nobody has signed in (ZB424); the
            sign-in gives no token.
        UsageError: unknown region, an address that may not be sent a secret, or settings
            that name two accounts (ZB422).
        Unavailable: the sign-in must tell where the API is, and can't be reached.
    """
    profile = profile_meant(asked.profile, environment)
    if profile is not None:
        return _of_profile(profile, asked, environment)
    settings = settings_from(
        environment,
        region=asked.region,
        api_root=asked.api_root,
        organization_id=asked.organization_id,
        needs_organization=asked.needs_organization,
    )
    return _of_environment(settings, asked, environment)


def profile_meant(name: str, environment: Mapping[str, str]) -> Profile | None:
    """Return the profile that is meant, None when it is the environment that counts.

    Raises:
        AuthError: the one that is named is not there.
        UsageError: the file of profiles can't be read.
    """
    named = name or said(environment, PROFILE_VARIABLE)
    if not named and has_credentials(environment):
        return None
    profiles = Profiles(config_folder(environment))
    known = profiles.all()
    if not named and DEFAULT not in known:
        if not known:
            return None
        message = f"No account is named, and there is no profile {DEFAULT!r}."
        raise UsageError(message, f"Name one with --profile: {', '.join(known)}.", code="ZB422")
    return profiles.get(named or DEFAULT)


def usual_organization(name: str, environment: Mapping[str, str]) -> str:
    """Return the organization that is meant when none is named, "" when that is not known.

    Nobody is asked and nothing is opened: it is for what is kept of earlier runs.

    Raises:
        AuthError: there is no profile *name*.
        UsageError: the file of profiles can't be read.
    """
    told = said(environment, ORGANIZATION_VARIABLE)
    if told or (has_credentials(environment) and not name):
        return told
    known = Profiles(config_folder(environment))
    named = name or said(environment, PROFILE_VARIABLE)
    profile = known.get(named) if named else known.all().get(DEFAULT)
    return profile.organization_id if profile else ""


def _of_environment(settings: Settings, asked: Asked, environment: Mapping[str, str]) -> Target:
    token: TokenSource
    root = settings.api_root
    if settings.client is None:
        token = GivenToken(settings.access_token)
    else:
        cache = TokenFile(config_folder(environment), settings.client)
        token = refreshed = RefreshedToken(settings.client, clock=RealClock(), cache=cache)
        root = root or _told_root(refreshed, settings.client.accounts_url)
    return real_target(
        root, settings.organization_id, token=token, edition=asked.edition, scopes=""
    )


def _told_root(token: RefreshedToken, accounts_url: str) -> str:
    """Return the API root that the sign-in names, else that of its data centre."""
    domain = token.api_domain()
    if domain:
        return checked_api_root(f"{domain.rstrip('/')}{BOOKS_PATH}")
    region = region_of(accounts_url)
    if region:
        return REGIONS[region]
    raise UsageError(
        f"The sign-in {accounts_url} does not tell where the API is.", "Name it with --api-root."
    )


def _of_profile(profile: Profile, asked: Asked, environment: Mapping[str, str]) -> Target:
    _refuse_elsewhere(profile, asked)
    named = said(environment, ORGANIZATION_VARIABLE)
    organization = asked.organization_id or profile.organization_id or named
    if not asked.organization_id and named not in ("", organization):
        raise UsageError(
            f"{ORGANIZATION_VARIABLE} names the organization {named}, the profile "
            f"{profile.name!r} is for {organization}.",
            fix="Say which one with --organization, or unset the variable.",
            code="ZB422",
        )
    if not organization and asked.needs_organization:
        raise UsageError(
            f"No organization is chosen for the profile {profile.name!r}.",
            fix="`zbbulk orgs` lists them; `zbbulk orgs --use ID` chooses one, --organization "
            "names one for a single command.",
            code="ZB422",
        )
    return real_target(
        profile.api_root,
        organization,
        token=token_of(profile, Profiles(config_folder(environment)), clock=RealClock()),
        edition=asked.edition,
        scopes=profile.scopes,
        known_as=_known_as(profile, organization),
    )


def _known_as(profile: Profile, organization: str) -> str:
    is_its_own = profile.organization and organization == profile.organization_id
    name = f"{profile.organization}, " if is_its_own else ""
    return f"{name}profile {profile.name}"


def _refuse_elsewhere(profile: Profile, asked: Asked) -> None:
    """Raise UsageError when an option names another place than *profile* is for."""
    here = {"--region": region_of(profile.accounts_url), "--api-root": profile.api_root}
    told = {"--region": asked.region, "--api-root": (asked.api_root or "").rstrip("/")}
    for option, value in told.items():
        if value and value != here[option]:
            raise UsageError(
                f"{option} says {value}, the profile {profile.name!r} has signed in at "
                f"{here[option] or profile.accounts_url}.",
                fix=f"Leave {option} away, or name another profile with --profile.",
                code="ZB422",
            )
