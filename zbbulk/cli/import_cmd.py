"""``zbbulk import``: check a file, send what passes, give the sheet back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zbbulk.cli.asking import agreement, announced_wait, going_on
from zbbulk.cli.options import (
    ReportingCommand,
    again_option,
    edition_option,
    file_argument,
    loudness_options,
    mapping_option,
    notify_option,
    output_option,
    preflight_option,
    progress_option,
    quota_options,
    runs_option,
    yes_option,
)
from zbbulk.cli.progress import terminal_progress
from zbbulk.cli.reporters import show_findings, show_import
from zbbulk.cli.target_options import opened_target, target_options

if TYPE_CHECKING:
    from zbbulk.jobs.reports import CheckReport


@click.command("import", cls=ReportingCommand)
@file_argument
@mapping_option
@edition_option
@runs_option
@click.option("--sandbox", is_flag=True, help="Send to the embedded Zoho Books, no account needed.")
@target_options
@quota_options
@notify_option
@preflight_option
@yes_option
@again_option
@click.option(
    "--trial",
    type=click.IntRange(min=1),
    metavar="N",
    help="Send N records first, as different as can be; then you are asked whether to go on.",
)
@progress_option
@output_option
@loudness_options
def import_cmd(  # noqa: PLR0913 - one argument an option
    *,
    file: Path,
    mapping: str,
    runs: Path,
    reserve: int,
    preflight: bool,
    notify: str,
    wait: bool,
    yes: bool,
    again: bool,
    trial: int | None,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    """Check FILE, send the rows that pass to Zoho Books, and give your sheet back.

    Rows with problems are not sent; the others are, each once. A real organization is the
    one you have signed in to with `zbbulk auth login`, or named by variables for scripts.
    """
    from zbbulk.api.importing import import_file  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.prepare import find_mapping  # noqa: PLC0415 - start-up stays small

    is_silent = quiet or output == "json"
    found = find_mapping(mapping)
    with opened_target(found, **where) as opened:
        target = replace(opened, reserve=reserve, preflight=preflight)
        ask = agreement(target, yes=yes, silent=is_silent)

        def agreed(check: CheckReport) -> bool:
            if output == "text":
                show_findings(check, quiet=quiet, verbose=verbose)
            return ask(check)

        report = import_file(
            file,
            found,
            target=target,
            runs=runs,
            agreed=agreed,
            again=again,
            trial=trial or 0,
            notify=notify,
            waits=announced_wait(target.speed) if wait else None,
            goes_on=going_on(output=output, quiet=quiet, verbose=verbose),
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    show_import(report, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)
