"""Options that name an organization or the embedded sandbox, and what they open.

Shared by ``import`` and ``check``; one of them sends, the other only looks ids up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from zbbulk.cli.sandbox_options import STORE, sandbox_options
from zbbulk.errors import UsageError
from zbbulk.settings import REGIONS

if TYPE_CHECKING:
    from zbbulk.jobs.opening import Went
    from zbbulk.jobs.run_folder import RunFolder
    from zbbulk.jobs.saved_plan import SavedPlan
    from zbbulk.jobs.target import Target

_Function = TypeVar("_Function", bound=Callable[..., Any])


def target_options(function: _Function) -> _Function:
    """Add what the sandbox is like, and which organization is meant without it."""
    speed = click.option(
        "--speed",
        type=click.FloatRange(min=0, min_open=True),
        default=60.0,
        show_default=True,
        help="With --sandbox: its clock; 60 makes a minute of Zoho's limits last one second.",
    )
    region = click.option(
        "--region", type=click.Choice(list(REGIONS)), help="Data centre of the organization."
    )
    root = click.option(
        "--api-root", metavar="URL", help="Another root of the API; https or this machine."
    )
    organization = click.option(
        "--organization", metavar="ID", help="Zoho's number of the organization."
    )
    profile = click.option(
        "--profile", metavar="NAME", help="Account that you have signed in to under this name."
    )
    return speed(sandbox_options(profile(region(root(organization(function))))))


_OF_A_SANDBOX = ("speed", "store", "plan", "per_day", "faults")
_OF_AN_ORGANIZATION = ("profile", "region", "api_root", "organization")


def _refuse_contradictions(*, sandbox: bool) -> None:
    """Raise UsageError for an option that would be ignored: it tells what the user believes."""
    context = click.get_current_context()
    ignored = [
        option.opts[0]
        for option in context.command.params
        if option.name in (_OF_AN_ORGANIZATION if sandbox else _OF_A_SANDBOX)
        and context.get_parameter_source(option.name) is not ParameterSource.DEFAULT
    ]
    if ignored:
        other = "without --sandbox" if sandbox else "together with --sandbox"
        raise UsageError(
            f"{', '.join(ignored)} would have no effect here.", fix=f"Use it only {other}."
        )


@contextmanager
def opened_target(  # noqa: PLR0913 - one argument an option
    mapping: Path | None,
    *,
    sandbox: bool,
    speed: float,
    store: Path,
    plan: str,
    per_day: int | None,
    edition: str | None,
    faults: tuple[str, ...],
    profile: str | None,
    region: str | None,
    api_root: str | None,
    organization: str | None,
) -> Iterator[Target]:
    """Open what the options name: the embedded sandbox, or a real organization.

    *mapping* tells which country a sandbox plays, where no option does; None leaves that open.
    """
    from zbbulk.jobs.accounts import Asked, account  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.opening import opened_sandbox  # noqa: PLC0415 - start-up stays small

    _refuse_contradictions(sandbox=sandbox)
    if not sandbox:
        asked = Asked(
            profile=profile or "",
            region=region,
            api_root=api_root,
            organization_id=organization,
            edition=edition,
        )
        yield account(asked, os.environ)
        return
    opened = opened_sandbox(
        store,
        mapping=mapping,
        edition=edition,
        plan=plan,
        per_day=per_day,
        faults=faults,
        speed=speed,
    )
    with opened as target:
        yield target


@contextmanager
def plan_target(
    saved: SavedPlan,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> Iterator[Target]:
    """Open where *saved* is to be sent: its sandbox, or the organization that is named."""
    from zbbulk.jobs.opening import where_it_goes  # noqa: PLC0415 - start-up stays small

    with _opened_again(where_it_goes(saved), **where) as target:
        yield target


@contextmanager
def run_target(
    folder: RunFolder,
    *,
    sandbox: bool = False,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> Iterator[Target]:
    """Open where the run of *folder* went: its sandbox, or the organization that is named."""
    from zbbulk.jobs.opening import where_it_went  # noqa: PLC0415 - start-up stays small

    went = where_it_went(folder)
    if sandbox and not went.is_sandbox:
        message = f"The run went to organization {went.organization_id}, not to a sandbox."
        raise UsageError(message, fix="Leave --sandbox away.", code="ZB516")
    with _opened_again(went, **where) as target:
        yield target


@contextmanager
def _opened_again(
    went: Went,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> Iterator[Target]:
    """Open where something went; the options may name another file of books, or an account."""
    if went.is_sandbox and went.store and where["store"] == STORE:
        where["store"] = went.store
    opened = opened_target(went.mapping, sandbox=went.is_sandbox, edition=went.edition, **where)
    with opened as target:
        yield target


@contextmanager
def checked_target(
    mapping: Path,
    *,
    online: bool,
    sandbox: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> Iterator[tuple[Target | None, str]]:
    """Open where a check looks ids up, None for nowhere, and whose kept lists it takes then.

    Raises:
        UsageError: --online and --sandbox contradict each other.
    """
    if online and sandbox:
        raise UsageError("--online and --sandbox name two organizations.", fix="Keep one of them.")
    if online or sandbox:
        with opened_target(mapping, sandbox=sandbox, **where) as target:
            yield target, target.organization_id
        return
    _refuse_contradictions(sandbox=False)
    yield None, where["organization"] or _usual_organization(where["profile"])


def _usual_organization(profile: str | None) -> str:
    """Return the organization whose kept lists a check without a connection takes, or ""."""
    from zbbulk.jobs.accounts import usual_organization  # noqa: PLC0415 - start-up stays small

    return usual_organization(profile or "", os.environ)
