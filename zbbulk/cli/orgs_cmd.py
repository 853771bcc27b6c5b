"""``zbbulk orgs``: the organizations of an account, and the one that is usually meant."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from zbbulk.cli.options import ReportingCommand, output_option
from zbbulk.cli.reporters import say, show_json
from zbbulk.errors import ExitCode, UsageError
from zbbulk.settings import ORGANIZATION_VARIABLE, REGIONS, config_folder

if TYPE_CHECKING:
    from zbbulk.zoho.organization import Organization


@click.command("orgs", cls=ReportingCommand)
@click.option("--profile", metavar="NAME", help="Account that you have signed in to.")
@click.option("--region", type=click.Choice(list(REGIONS)), help="Data centre.")
@click.option("--api-root", metavar="URL", help="Another root of the API; https or this machine.")
@click.option("--use", metavar="ID", help="From now on the account is for this organization.")
@output_option
def orgs_cmd(
    *, profile: str | None, region: str | None, api_root: str | None, use: str | None, output: str
) -> int:
    """List the organizations of your account: id, name, edition, currency, plan, time zone.

    The one that is marked is meant when no other is named. One call.
    """
    from zbbulk.jobs.accounts import Asked, account, profile_meant  # noqa: PLC0415
    from zbbulk.jobs.organizations import chosen, listed  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.organizations import use as use_it  # noqa: PLC0415
    from zbbulk.jobs.profiles import Profiles  # noqa: PLC0415

    asked = Asked(profile=profile or "", region=region, api_root=api_root, needs_organization=False)
    target = account(asked, os.environ)
    found = listed(target)
    meant = target.organization_id
    if use is not None:
        its_profile = profile_meant(profile or "", os.environ)
        if its_profile is None:
            raise UsageError(
                "The account comes from the environment, which zbbulk does not change.",
                fix="Set ZBBULK_ORGANIZATION_ID.",
                code="ZB422",
            )
        use_it(chosen(found, use), its_profile, Profiles(config_folder(os.environ)))
        meant = use
    if output == "json":
        show_json({"organizations": [each.to_json() for each in found], "meant": meant})
        return ExitCode.FINE
    for each in found:
        say(_line(each, is_meant=each.organization_id == meant))
    if not found:
        say("This account belongs to no organization of Zoho Books.")
    elif not meant:
        is_profile = profile_meant(profile or "", os.environ) is not None
        how = "zbbulk orgs --use ID" if is_profile else f"export {ORGANIZATION_VARIABLE}=ID"
        say(f"next     {how}")
    return ExitCode.FINE


def _line(told: Organization, *, is_meant: bool) -> str:
    edition = f"edition {told.edition}" if told.edition else ""
    facts = ", ".join(filter(None, (edition, told.currency_code, told.plan, told.time_zone)))
    return f"{'*' if is_meant else ' '} {told.organization_id:<14} {told.name}   {facts}"
