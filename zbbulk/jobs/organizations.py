"""The organizations that an account may work in, and the one that a profile is for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from zbbulk.errors import AuthError
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.profiles import Profile, Profiles
from zbbulk.jobs.target import Target, open_client, real_target
from zbbulk.zoho.auth import TokenSource
from zbbulk.zoho.organization import Organization, organizations

__all__ = ["Organization", "chosen", "listed", "listed_at", "use"]


def listed(target: Target) -> list[Organization]:
    """Return the organizations of the account of *target*. One call, which no log keeps.

    Raises:
        ZohoError: they can't be read.
        ResultError: the file where all processes count their calls can't be used.
    """
    with EventLog(Path(os.devnull)) as log, open_client(target, log=log) as client:
        return organizations(client)


def listed_at(api_root: str, token: TokenSource) -> list[Organization]:
    """Return the organizations that *token* opens; as ``listed``."""
    return listed(real_target(api_root, "", token=token))


def chosen(found: Sequence[Organization], organization_id: str) -> Organization:
    """Return the one with this id. Raises AuthError (ZB403) with those there are."""
    for each in found:
        if each.organization_id == organization_id:
            return each
    there = ", ".join(f"{each.organization_id} {each.name}" for each in found) or "none"
    raise AuthError(
        f"The organization {organization_id} is not one of this account's.",
        fix=f"Take one of: {there}. Another one may live in another data centre, or belong to "
        "another user.",
        code="ZB403",
    )


def use(organization: Organization, profile: Profile, profiles: Profiles) -> None:
    """Note that *profile* is for *organization*. Raises UsageError, ResultError."""
    told = replace(
        profile,
        organization_id=organization.organization_id,
        organization=organization.name,
    )
    profiles.change(told)
