"""``zbbulk auth`` and ``zbbulk orgs``: sign in to Zoho, see as whom, and sign out."""

from __future__ import annotations

import os
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zbbulk.cli.options import ReportingCommand, output_option
from zbbulk.cli.reporters import say, show_json
from zbbulk.errors import UsageError
from zbbulk.settings import ACCOUNTS, ORGANIZATION_VARIABLE, REGIONS

if TYPE_CHECKING:
    from zbbulk.jobs.profiles import Profile, Profiles
    from zbbulk.jobs.sign_in_job import SignedIn

_profile_option = click.option(
    "--profile",
    default="default",
    show_default=True,
    metavar="NAME",
    help="Name of the account, to tell several apart.",
)


@click.group("auth")
def auth_group() -> None:
    """Sign in to Zoho Books, see what you may do there, and sign out."""


@auth_group.command("login", cls=ReportingCommand)
@_profile_option
@click.option(
    "--region",
    type=click.Choice(list(REGIONS)),
    default="us",
    show_default=True,
    help="Data centre: what stands behind `books.zoho.` in your browser.",
)
@click.option("--accounts-url", metavar="URL", help="Another sign-in; https or this machine.")
@click.option("--api-root", metavar="URL", help="Another root of the API; https or this machine.")
@click.option("--client-id", metavar="ID", help="Of your client in Zoho's API console.")
@click.option(
    "--client-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The self_client.json that the API console gives: client, secret and code.",
)
@click.option("--browser", is_flag=True, help="Sign in by the browser (server-based client).")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="With --browser:"
    " port of the redirect URI http://127.0.0.1:PORT/callback, as entered in the API console.",
)
@click.option("--scopes", metavar="LIST", help="Scopes to ask for, between commas.")
@click.option("--organization", metavar="ID", help="The organization that is usually meant.")
def login_cmd(  # noqa: PLR0913 - one argument an option
    *,
    profile: str,
    region: str,
    accounts_url: str | None,
    api_root: str | None,
    client_id: str | None,
    client_file: Path | None,
    browser: bool,
    port: int,
    scopes: str | None,
    organization: str | None,
) -> int:
    """Sign in, by a code of the API console or by the browser.

    Client secret and code are asked for, or read from --client-file; they are never
    given as an option, where other programs could see them.
    """
    from zbbulk.jobs.profiles import Profile, checked_name  # noqa: PLC0415
    from zbbulk.settings import checked_api_root  # noqa: PLC0415

    told = _client_of(client_file)
    meant = Profile(
        name=checked_name(profile),
        accounts_url=checked_api_root(accounts_url or ACCOUNTS[region]),
        api_root=checked_api_root(api_root or REGIONS[region]),
        client_id=client_id or told.get("client_id") or _asked("Client ID", hidden=False),
        organization_id=organization or "",
        scopes=scopes or told.get("scope", ""),
    )
    secret = told.get("client_secret") or _asked("Client secret", hidden=True)
    signed_in = _signed_in(meant, secret, told, browser=browser, port=port)
    _tell(signed_in)
    return 0


def _signed_in(
    meant: Profile, secret: str, told: dict[str, str], *, browser: bool, port: int
) -> SignedIn:
    from zbbulk.jobs.sign_in_job import (  # noqa: PLC0415 - start-up stays small
        sign_in_by_browser,
        sign_in_by_code,
    )

    profiles = _profiles()
    if browser:
        return sign_in_by_browser(
            meant, client_secret=secret, profiles=profiles, show=_show_address, port=port
        )
    code = told.get("code") or _asked("Code", hidden=True)
    return sign_in_by_code(meant, client_secret=secret, code=code, profiles=profiles)


def _show_address(url: str) -> None:
    say(f"Open this address, if your browser does not by itself:\n\n  {url}\n")
    webbrowser.open(url)


def _tell(signed_in: SignedIn) -> None:
    profile = signed_in.profile
    say(f"profile  {profile.name}: {profile.api_root}")
    if not signed_in.is_in_keyring:
        say(
            "warning: this system has no keyring; the secrets are in a file only you can read.",
            err=True,
        )
    if not profile.organization_id:
        say("next     zbbulk orgs, then zbbulk auth login --organization ID or --organization")


def _client_of(path: Path | None) -> dict[str, str]:
    """Return what a self_client.json says. Raises UsageError."""
    if path is None:
        return {}
    import json  # noqa: PLC0415 - here alone

    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} is not a file of the API console.", code="ZB423") from error
    if not isinstance(told, dict):
        raise UsageError(f"{path} is not a file of the API console.", code="ZB423")
    scope = told.get("scope")
    scopes = ",".join(scope) if isinstance(scope, list) else str(scope or "")
    return {**{name: str(value) for name, value in told.items()}, "scope": scopes}


def _asked(what: str, *, hidden: bool) -> str:
    answer: str = click.prompt(what, hide_input=hidden, err=True)
    return answer.strip()


def _profiles() -> Profiles:
    from zbbulk.jobs.profiles import Profiles  # noqa: PLC0415 - start-up stays small
    from zbbulk.settings import config_folder  # noqa: PLC0415

    return Profiles(config_folder(os.environ))


@auth_group.command("status", cls=ReportingCommand)
@click.option("--profile", metavar="NAME", help="Only this account.")
@click.option("-m", "--mapping", metavar="MAPPING", help="Tell which scopes this mapping lacks.")
@output_option
def status_cmd(*, profile: str | None, mapping: str | None, output: str) -> int:
    """Show the accounts you have signed in to, and what each may do."""
    profiles = _profiles()
    known = [profiles.get(profile)] if profile else list(profiles.all().values())
    needed = _needed(mapping)
    found = [_status(each, needed) for each in known]
    if output == "json":
        show_json({"profiles": found})
    elif not found:
        say("Nobody has signed in. Type `zbbulk auth login`.")
    for each in found if output == "text" else ():
        say(f"profile  {each['profile']}: {each['api_root']}, sign-in {each['accounts_url']}")
        say(f"  organization  {each['organization_id'] or 'none chosen: see `zbbulk orgs`'}")
        say(f"  scopes        {each['scopes'] or 'not told by Zoho'}")
        if mapping:
            lacks = ", ".join(each["lacks"]) or "nothing"
            say(f"  lacks         {lacks}")
    return 3 if any(each["lacks"] for each in found) else 0


def _needed(mapping: str | None) -> list[str]:
    if mapping is None:
        return []
    from zbbulk.jobs.accounts import scopes_for  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.prepare import find_mapping  # noqa: PLC0415
    from zbbulk.mapping import load_mapping  # noqa: PLC0415

    return scopes_for(load_mapping(find_mapping(mapping)))


def _status(profile: Profile, needed: list[str]) -> dict[str, Any]:
    from zbbulk.jobs.sign_in_job import lacking  # noqa: PLC0415 - start-up stays small

    return {
        "profile": profile.name,
        "api_root": profile.api_root,
        "accounts_url": profile.accounts_url,
        "organization_id": profile.organization_id,
        "scopes": profile.scopes,
        "lacks": lacking(profile.scopes, needed) if profile.scopes else [],
    }


@auth_group.command("logout", cls=ReportingCommand)
@_profile_option
def logout_cmd(*, profile: str) -> int:
    """Take the access back at Zoho and forget the account."""
    from zbbulk.jobs.sign_in_job import sign_out  # noqa: PLC0415 - start-up stays small

    was_known = sign_out(profile, _profiles())
    told = "signed out" if was_known else "Zoho knew the token no more; forgotten here"
    say(f"profile  {profile}: {told}")
    return 0


@click.command("orgs", cls=ReportingCommand)
@click.option("--profile", metavar="NAME", help="Account that you have signed in to.")
@click.option("--region", type=click.Choice(list(REGIONS)), help="Data centre.")
@click.option("--api-root", metavar="URL", help="Another root of the API; https or this machine.")
@output_option
def orgs_cmd(*, profile: str | None, region: str | None, api_root: str | None, output: str) -> int:
    """List the organizations of your account: id, name, country, currency, plan."""
    from zbbulk.jobs.accounts import Asked, account, organizations_of  # noqa: PLC0415

    environment = {ORGANIZATION_VARIABLE: "-", **os.environ}
    asked = Asked(profile=profile or "", region=region, api_root=api_root)
    target = account(asked, environment)
    with tempfile.TemporaryDirectory() as folder:
        found = organizations_of(target, log=Path(folder) / "log.jsonl")
    if output == "json":
        show_json({"organizations": found})
        return 0
    for each in found:
        told = (each.get(name) for name in ("country", "currency_code", "plan_name", "time_zone"))
        facts = ", ".join(str(fact) for fact in told if fact)
        say(f"{each.get('organization_id', ''):<14} {each.get('name', '')}   {facts}")
    return 0
