"""``zbbulk import``: check a file, send what passes, give the sheet back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from zbbulk.cli.options import (
    ReportingCommand,
    edition_option,
    file_argument,
    loudness_options,
    mapping_option,
    output_option,
    progress_option,
    runs_option,
)
from zbbulk.cli.progress import terminal_progress
from zbbulk.cli.reporters import plan_text, say, show_findings, show_import
from zbbulk.cli.sandbox_options import sandbox_options
from zbbulk.errors import UsageError
from zbbulk.settings import REGIONS, settings_from

if TYPE_CHECKING:
    from zbbulk.jobs.reports import CheckReport
    from zbbulk.jobs.target import Target


@click.command("import", cls=ReportingCommand)
@file_argument
@mapping_option
@edition_option
@runs_option
@click.option("--sandbox", is_flag=True, help="Send to the embedded Zoho Books, no account needed.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="With --sandbox: its clock; 60 makes a minute of Zoho's limits last one second.",
)
@sandbox_options
@click.option("--region", type=click.Choice(list(REGIONS)), help="Data centre of the organization.")
@click.option("--api-root", metavar="URL", help="Another root of the API; https or this machine.")
@click.option("--organization", metavar="ID", help="Zoho's number of the organization.")
@click.option("-y", "--yes", is_flag=True, help="Send without asking first.")
@progress_option
@output_option
@loudness_options
def import_cmd(  # noqa: PLR0913 - one argument an option
    *,
    file: Path,
    mapping: str,
    runs: Path,
    yes: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    """Check FILE, send the rows that pass to Zoho Books, and give your sheet back.

    Rows with problems are not sent; the others are, each once. A real organization is
    named by ZBBULK_ACCESS_TOKEN and ZBBULK_ORGANIZATION_ID.
    """
    from zbbulk.jobs.import_job import import_file  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.prepare import find_mapping  # noqa: PLC0415 - start-up stays small

    is_silent = quiet or output == "json"
    found = find_mapping(mapping)
    with _target(found, **where) as target:

        def agreed(check: CheckReport) -> bool:
            if output == "text":
                show_findings(check, quiet=quiet, verbose=verbose)
            plan = plan_text(check, to=target.name, per_minute=target.per_minute)
            if not is_silent:
                say(plan)
            if yes or not target.is_real or not check.ready or check.refused_whole:
                return True
            return _asked(plan, is_shown=not is_silent)

        report = import_file(
            file,
            found,
            target=target,
            runs=runs,
            agreed=agreed,
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    show_import(report, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)


def _asked(plan: str, *, is_shown: bool) -> bool:
    """Ask before real books change. Raises UsageError where nobody can answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "Nothing was sent: nobody is there to be asked before real books change.",
            fix="Add --yes to send without being asked.",
        )
    if not is_shown:
        click.echo(plan, err=True)
    return click.confirm("Send?", err=True)


_OF_A_SANDBOX = ("speed", "store", "plan", "faults")
_OF_AN_ORGANIZATION = ("region", "api_root", "organization")


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
def _target(  # noqa: PLR0913 - one argument an option
    mapping: Path,
    *,
    sandbox: bool,
    speed: float,
    store: Path,
    plan: str,
    edition: str | None,
    faults: tuple[str, ...],
    region: str | None,
    api_root: str | None,
    organization: str | None,
) -> Iterator[Target]:
    """Open what the options name: the embedded sandbox, or a real organization."""
    from zbbulk.jobs.target import (  # noqa: PLC0415 - start-up stays small
        real_target,
        sandbox_edition,
        sandbox_target,
    )
    from zbbulk.sandbox import Sandbox  # noqa: PLC0415 - start-up stays small

    _refuse_contradictions(sandbox=sandbox)
    if not sandbox:
        settings = settings_from(
            os.environ, region=region, api_root=api_root, organization_id=organization
        )
        yield real_target(settings, edition=edition)
        return
    books = Sandbox(
        store,
        plan=plan,
        edition=sandbox_edition(mapping, edition=edition),
        faults=faults,
        speed=speed,
        has_examples=True,
    )
    with books as running:
        yield sandbox_target(running, edition=edition)
