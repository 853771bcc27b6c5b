"""``zbbulk import``: check a file, send what passes, give the sheet back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zbbulk.cli.options import (
    ReportingCommand,
    file_argument,
    loudness_options,
    mapping_option,
    output_option,
    progress_option,
    runs_option,
)
from zbbulk.cli.progress import terminal_progress
from zbbulk.cli.reporters import plan_text, show_findings, show_import
from zbbulk.cli.sandbox_options import sandbox_options
from zbbulk.settings import REGIONS, settings_from

if TYPE_CHECKING:
    from zbbulk.jobs.reports import CheckReport
    from zbbulk.jobs.target import Target


@click.command("import", cls=ReportingCommand)
@file_argument
@mapping_option
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
    with _target(**where) as target:

        def agreed(check: CheckReport) -> bool:
            if output == "text":
                show_findings(check, quiet=quiet, verbose=verbose)
            if not is_silent:
                click.echo(plan_text(check, to=target.name))
            return not _must_ask(check, target, yes=yes) or click.confirm("Send?", err=True)

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


def _must_ask(check: CheckReport, target: Target, *, yes: bool) -> bool:
    """Tell whether a person who can answer is to be asked before real books change."""
    is_watched = sys.stdin.isatty() and sys.stderr.isatty()
    return target.is_real and not yes and is_watched and bool(check.ready)


@contextmanager
def _target(  # noqa: PLR0913 - one argument an option
    *,
    sandbox: bool,
    speed: float,
    store: Path,
    plan: str,
    edition: str,
    faults: tuple[str, ...],
    region: str | None,
    api_root: str | None,
    organization: str | None,
) -> Iterator[Target]:
    """Open what the options name: the embedded sandbox, or a real organization."""
    from zbbulk.jobs.target import real_target, sandbox_target  # noqa: PLC0415 - start-up
    from zbbulk.sandbox import Sandbox  # noqa: PLC0415 - start-up stays small

    if not sandbox:
        settings = settings_from(
            os.environ, region=region, api_root=api_root, organization_id=organization
        )
        yield real_target(settings)
        return
    books = Sandbox(
        store, plan=plan, edition=edition, faults=faults, speed=speed, has_examples=True
    )
    with books as running:
        yield sandbox_target(running)
