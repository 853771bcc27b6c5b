"""Where to: a real organization, or the embedded Zoho Books."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zbbulk.api.given import PathLike
from zbbulk.jobs.accounts import Asked, account
from zbbulk.jobs.target import Target, sandbox_target
from zbbulk.sandbox import Sandbox


def open_organization(
    *,
    profile: str = "",
    region: str | None = None,
    api_root: str | None = None,
    organization_id: str | None = None,
    edition: str | None = None,
) -> Target:
    """Return a real organization: of a profile signed in to, or of the environment's variables.

    Args:
        profile: As ``zbbulk auth login --profile``; "" is the environment, else ``default``.
        region: Data centre, e.g. ``eu``.
        api_root: Another root of the API; https or this machine.
        organization_id: Zoho's number of it, where the account has several.
        edition: Country edition; None takes the mapping's.

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
    return account(asked, os.environ)


@contextmanager
def open_sandbox(
    store: PathLike | None = None,
    *,
    edition: str | None = None,
    has_examples: bool = True,
    speed: float = 60.0,
) -> Iterator[Target]:
    """Run a Zoho Books of its own on 127.0.0.1 inside a ``with`` block, and yield it.

    Args:
        store: The file that keeps its books; None forgets them at the end.
        edition: Country edition, e.g. ``in``; None is the United States'.
        has_examples: New books begin with the records that the samples refer to.
        speed: Its clock; 60 makes a minute of Zoho's limits last one second.

    Raises:
        UsageError: there is no such edition, or the file can't be opened.
    """
    books = Sandbox(
        None if store is None else Path(store),
        edition=edition or Sandbox.edition,
        has_examples=has_examples,
        speed=speed,
    )
    with books as running:
        yield sandbox_target(running, edition=edition)
