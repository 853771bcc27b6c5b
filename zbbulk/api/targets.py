"""Where to: a real organization, the embedded Zoho Books, or where an earlier run went."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from zbbulk.api.given import PathLike, mapping_path
from zbbulk.errors import UsageError
from zbbulk.jobs.accounts import Asked, account
from zbbulk.jobs.opening import PLAN, SPEED, Went, opened_again, opened_sandbox
from zbbulk.jobs.target import Target


def open_organization(  # noqa: PLR0913 - one argument a choice of the user
    profile: str = "",
    *,
    region: str | None = None,
    api_root: str | None = None,
    organization_id: str | None = None,
    edition: str | None = None,
    reserve: int = 0,
    preflight: bool = True,
) -> Target:
    """Return a real organization: of a profile signed in to, or of the environment's variables.

    Args:
        profile: As ``zbbulk auth login --profile``; "" is the environment, else ``default``.
        region: Data centre, e.g. ``eu``.
        api_root: Another root of the API; https or this machine.
        organization_id: Zoho's number of it, where the account has several.
        edition: Country edition; None takes the mapping's.
        reserve: Calls of each day that are left to other apps.
        preflight: Look first whether the organization fits. One or two calls.

    Raises:
        AuthError: nobody has signed in, or the settings contradict themselves.
        UsageError: there is no such profile or region.
    """
    asked = Asked(
        profile=profile,
        region=region,
        api_root=api_root,
        organization_id=organization_id,
        edition=edition,
    )
    return replace(account(asked, os.environ), reserve=reserve, preflight=preflight)


@contextmanager
def open_sandbox(  # noqa: PLR0913 - one argument a choice of the user
    store: PathLike | None = None,
    *,
    mapping: PathLike | None = None,
    edition: str | None = None,
    plan: str = PLAN,
    per_day: int | None = None,
    faults: Iterable[str] = (),
    has_examples: bool = True,
    speed: float = SPEED,
    reserve: int = 0,
) -> Iterator[Target]:
    """Run a Zoho Books of its own on 127.0.0.1 inside a ``with`` block, and yield it.

    Args:
        store: The file that keeps its books; None forgets them at the end.
        mapping: Tells the country, where *edition* does not.
        edition: Country edition, e.g. ``in``; None is the mapping's, else the United States'.
        plan: Zoho plan: its calls a day and at once.
        per_day: Calls a day where not as the plan says; 0 for no limit.
        faults: Faults on demand, e.g. ``cut-after:rate=0.05``; docs/sandbox.md lists them.
        has_examples: New books begin with the records that the samples refer to.
        speed: Its clock; 60 makes a minute of Zoho's limits last one second.
        reserve: Calls of each day that are left to other apps.

    Raises:
        UsageError: there is no such edition, plan or fault, or the file can't be opened.
        MappingError: the mapping is wrong.
    """
    opened = opened_sandbox(
        None if store is None else Path(store),
        mapping=None if mapping is None else mapping_path(mapping),
        edition=edition,
        plan=plan,
        per_day=per_day,
        faults=faults,
        has_examples=has_examples,
        speed=speed,
    )
    with opened as target:
        yield replace(target, reserve=reserve)


@contextmanager
def target_or(target: Target | None, went: Went) -> Iterator[Target]:
    """Yield *target*; where it is None, open what *went* tells.

    Raises:
        UsageError: *target* is none (ZB011), or as ``opened_again``.
        AuthError, Unavailable: as ``opened_again``.
    """
    if target is not None:
        refuse_no_target(target)
        yield target
        return
    with opened_again(went) as opened:
        yield opened


def refuse_no_target(target: Target) -> None:
    """Raise UsageError where a program gives something else as *target* (ZB011)."""
    if not isinstance(target, Target):
        raise UsageError(f"target= is no organization but a {type(target).__name__}.", code="ZB011")
