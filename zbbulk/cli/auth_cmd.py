"""``zbbulk auth``: sign in to Zoho, see as whom, and sign out."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from zbbulk.cli.login_answers import LoginAnswers, console_hint
from zbbulk.cli.options import ReportingCommand, output_option
from zbbulk.cli.reporters import say, show_error, show_json
from zbbulk.errors import ExitCode, ZohoError
from zbbulk.settings import REGIONS, accounts_url_from, config_folder, region_of

if TYPE_CHECKING:
    from zbbulk.jobs.account_status import AccountStatus
    from zbbulk.jobs.profiles import Profile, Profiles
    from zbbulk.jobs.scopes import Need
    from zbbulk.jobs.sign_in_job import Login


_Function = TypeVar("_Function", bound=Callable[..., Any])


def _named_profile(help_text: str) -> Callable[[_Function], _Function]:
    return click.option(
        "--profile", metavar="NAME", envvar="ZBBULK_PROFILE", default="default", help=help_text
    )


@click.group("auth")
def auth_group() -> None:
    """Sign in to Zoho Books, see what you may do there, and sign out."""


@auth_group.command("login", cls=ReportingCommand)
@_named_profile("Name of the account, to tell several apart.  [default: default]")
@click.option(
    "--region",
    type=click.Choice(list(REGIONS)),
    help="Data centre: what stands behind `books.zoho.` in your browser.  [default: us]",
)
@click.option("--accounts-url", metavar="URL", help="Another sign-in; https or this machine.")
@click.option("--api-root", metavar="URL", help="Another root of the API; https or this machine.")
@click.option("--client-id", metavar="ID", help="Of your client in Zoho's API console.")
@click.option(
    "--client-file",
    type=click.File("rb", lazy=False),
    metavar="FILE",
    help="The self_client.json that the API console gives: client, secret and code; - reads it "
    "from the input.",
)
@click.option("--browser", is_flag=True, help="Sign in by the browser (server-based client).")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="With --browser: port of the redirect URI http://127.0.0.1:PORT/callback, as entered "
    "in the API console.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="With --browser: so long it is waited for.",
)
@click.option("--scopes", metavar="LIST", help="Scopes to ask for, between commas.")
@click.option(
    "-m", "--mapping", metavar="MAPPING", help="Ask for the scopes that this mapping needs."
)
@click.option("--organization", metavar="ID", help="The organization that is usually meant.")
@click.option(
    "--keyring/--no-keyring", default=True, help="Keep secrets in the keyring of the system."
)
def login_cmd(  # noqa: PLR0913 - one argument an option
    *,
    profile: str,
    region: str | None,
    accounts_url: str | None,
    api_root: str | None,
    client_id: str | None,
    client_file: IO[bytes] | None,
    browser: bool,
    port: int,
    timeout: float,
    scopes: str | None,
    mapping: str | None,
    organization: str | None,
    keyring: bool,
) -> int:
    """Sign in, by a code of the API console or by the browser.

    Client secret and code are asked for, or read from --client-file, or from the
    variables ZBBULK_CLIENT_SECRET and ZBBULK_GRANT_CODE; they are never given as an
    option, where other programs could see them.
    """
    from zbbulk.jobs.profiles import Profile, checked_name  # noqa: PLC0415
    from zbbulk.jobs.sign_in_job import Login  # noqa: PLC0415 - start-up stays small
    from zbbulk.settings import checked_api_root  # noqa: PLC0415
    from zbbulk.zoho.clock import RealClock  # noqa: PLC0415

    answers = LoginAnswers.read(client_file, os.environ)
    wanted = scopes or ",".join(need.scope for need in _needed(mapping)) or answers.scopes
    accounts = accounts_url_from(os.environ, region=region, accounts_url=accounts_url)
    meant = Profile(
        name=checked_name(profile),
        accounts_url=accounts,
        api_root=checked_api_root(api_root) if api_root else "",
        client_id=client_id or answers.client_id(console_hint(accounts, wanted, browser=browser)),
        scopes=wanted,
    )
    login = Login(
        profile=meant,
        client_secret=answers.client_secret(),
        profiles=_profiles(),
        in_keyring=keyring,
        clock=RealClock(),
    )
    kept = _signed_in(login, answers, browser=browser, port=port, timeout=timeout)
    if client_file is not None and client_file.name not in ("-", "<stdin>"):
        say(f"delete   {client_file.name}: it holds the client's secret, and its code is used up")
    return _told(kept, organization)


def _signed_in(
    login: Login, answers: LoginAnswers, *, browser: bool, port: int, timeout: float
) -> Profile:
    from zbbulk.jobs.sign_in_job import (  # noqa: PLC0415 - start-up stays small
        sign_in_by_browser,
        sign_in_by_code,
    )

    if browser:
        return sign_in_by_browser(login, show=_show_address, port=port, within_s=timeout)
    return sign_in_by_code(login, answers.code())


def _show_address(url: str) -> None:
    import webbrowser  # noqa: PLC0415 - here alone

    say(f"Open this address, if your browser does not by itself:\n\n  {url}\n", err=True)
    webbrowser.open(url)


def _told(kept: Profile, organization: str | None) -> int:
    """Tell what was kept, and which organization it is for."""
    from zbbulk.codes import CODES  # noqa: PLC0415 - here alone

    where = region_of(kept.accounts_url) or kept.accounts_url
    say(f"signed in as profile {kept.name}, data centre {where}, {kept.api_root}")
    if kept.in_keyring:
        say("secrets  in the keyring of this system")
    else:
        path = config_folder(os.environ) / "secrets.json"
        say(f"ZB428 warning: {CODES['ZB428'].title}: {path}.", err=True)
        say(f"  fix: {CODES['ZB428'].fix}   (more: zbbulk explain ZB428)", err=True)
    return _organization_told(kept, organization)


def _organization_told(kept: Profile, wanted: str | None) -> int:
    """Find out which organization *kept* is for, note and tell it."""
    from zbbulk.jobs.organizations import chosen, listed_at, use  # noqa: PLC0415
    from zbbulk.jobs.sign_in_job import token_of  # noqa: PLC0415
    from zbbulk.zoho.clock import RealClock  # noqa: PLC0415

    profiles = _profiles()
    try:
        found = listed_at(kept.api_root, token_of(kept, profiles, clock=RealClock()))
    except ZohoError as error:
        profiles.change(replace(kept, organization_id=wanted or ""))
        say(f"organization  {wanted or 'none chosen'}; they could not be listed:", err=True)
        show_error(error, output="text")
        return ExitCode.FINE
    if wanted is None and len(found) != 1:
        number = str(len(found) or "none")
        say(f"organization  none chosen, there are {number}: see `zbbulk orgs`")
        return ExitCode.FINE
    one = chosen(found, wanted) if wanted else found[0]
    use(one, kept, profiles)
    say(f"organization  {one.organization_id} {one.name}")
    return ExitCode.FINE


def _profiles() -> Profiles:
    from zbbulk.jobs.profiles import Profiles  # noqa: PLC0415 - start-up stays small

    return Profiles(config_folder(os.environ))


@auth_group.command("status", cls=ReportingCommand)
@click.option("--profile", metavar="NAME", help="Only this account.")
@click.option("-m", "--mapping", metavar="MAPPING", help="Tell which scopes this mapping lacks.")
@click.option(
    "--offline", is_flag=True, help="Ask nobody; else one call tells whether each sign-in works."
)
@output_option
def status_cmd(*, profile: str | None, mapping: str | None, offline: bool, output: str) -> int:
    """Show the accounts you have signed in to, whether they work, and what each may do."""
    from zbbulk.jobs.account_status import statuses  # noqa: PLC0415 - start-up stays small

    found = statuses(os.environ, only=profile or "", needs=_needed(mapping), asks=not offline)
    if output == "json":
        show_json({"accounts": [each.to_json() for each in found]})
    elif not found:
        say("Nobody has signed in. Type `zbbulk auth login`.")
    for each in found if output == "text" else ():
        _show_status(each, with_needs=mapping is not None)
    fine = all(each.error is None and not each.must_lacks for each in found)
    return ExitCode.FINE if fine else ExitCode.CREDENTIALS


def _show_status(told: AccountStatus, *, with_needs: bool) -> None:
    say(f"{told.title}")
    say(f"  data centre   {told.region or 'not one of the table'}: {told.accounts_url}")
    say(f"  API           {told.api_root or 'told by the sign-in'}")
    say(f"  organization  {told.organization or 'none chosen: see `zbbulk orgs`'}")
    say(f"  secrets       {told.secrets}")
    say(f"  scopes        {told.scopes or 'not told by Zoho'}")
    if with_needs and told.scopes:
        for need in told.lacks:
            say(f"  lacks         {need.scope} ({need.why})")
        if not told.lacks:
            say("  lacks         nothing for this mapping")
    if told.good_for_s is not None:
        until = datetime.now().astimezone() + timedelta(seconds=told.good_for_s)
        say(f"  works         yes; access token until {until:%H:%M}, then it is renewed")
    if told.error is not None:
        say("  works         no:")
        show_error(told.error, output="text")


def _needed(mapping: str | None) -> list[Need]:
    if mapping is None:
        return []
    from zbbulk.jobs.prepare import find_mapping  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.scopes import needs_of  # noqa: PLC0415
    from zbbulk.mapping import load_mapping  # noqa: PLC0415

    return needs_of(load_mapping(find_mapping(mapping)))


@auth_group.command("logout", cls=ReportingCommand)
@_named_profile("The account.  [default: default]")
@click.option("--here-only", is_flag=True, help="Forget it here, and do not tell Zoho.")
def logout_cmd(*, profile: str, here_only: bool) -> int:
    """Take the access back at Zoho and forget the account."""
    from zbbulk.jobs.sign_in_job import sign_out  # noqa: PLC0415 - start-up stays small

    was_known = sign_out(profile, _profiles(), here_only=here_only)
    told = "signed out" if was_known else "forgotten here; Zoho did not know the token any more"
    if here_only:
        told = "forgotten here; at Zoho it is still good: remove it there under Connected Apps"
    say(f"profile  {profile}: {told}")
    return ExitCode.FINE
