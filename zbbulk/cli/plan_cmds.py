"""``zbbulk plan`` and ``apply``: say exactly what would be done, then do exactly that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zbbulk.cli.asking import agreement, announced_wait
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
from zbbulk.cli.plan_text import show_plan
from zbbulk.cli.progress import terminal_progress
from zbbulk.cli.reporters import show_findings, show_import
from zbbulk.cli.target_options import opened_target, plan_target, target_options

if TYPE_CHECKING:
    from zbbulk.jobs.reports import CheckReport


@click.command("plan", cls=ReportingCommand)
@file_argument
@mapping_option
@edition_option
@runs_option
@click.option(
    "-o",
    "--output",
    "save",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="PLAN",
    help="Save the plan, for `zbbulk apply`.",
)
@click.option("--sandbox", is_flag=True, help="Plan for the embedded Zoho Books.")
@click.option(
    "--reserve",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Calls of each day that are left to other apps.",
)
@preflight_option
@target_options
@again_option
@progress_option
@output_option
@loudness_options
def plan_cmd(  # noqa: PLR0913 - one argument an option
    *,
    file: Path,
    mapping: str,
    runs: Path,
    save: Path | None,
    reserve: int,
    preflight: bool,
    again: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    """Say what an import of FILE would do: records, calls, days, totals. Send nothing.

    Lists are read to find what is there already, 200 records a call.
    """
    from zbbulk.api.planning import plan_file  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.prepare import find_mapping  # noqa: PLC0415 - start-up stays small

    found = find_mapping(mapping)
    with opened_target(found, **where) as opened:
        target = replace(opened, preflight=preflight)
        report = plan_file(
            file,
            found,
            target=target,
            runs=runs,
            save=save,
            reserve=reserve,
            again=again,
            progress=terminal_progress(wanted=progress, silent=quiet or output == "json"),
        )
        show_plan(report, to=target.name, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)


@click.command("apply", cls=ReportingCommand)
@click.argument("saved_plan", metavar="PLAN", type=click.Path(path_type=Path))
@runs_option
@target_options
@quota_options
@notify_option
@preflight_option
@yes_option
@progress_option
@output_option
@loudness_options
def apply_cmd(  # noqa: PLR0913 - one argument an option
    *,
    saved_plan: Path,
    runs: Path,
    reserve: int,
    preflight: bool,
    notify: str,
    wait: bool,
    yes: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    """Do exactly what the file PLAN says, or nothing.

    Refuses if the sheet, the mapping, the organization or what is in Zoho Books has
    changed since the plan was made, and says what did.
    """
    from zbbulk.api.planning import apply_plan  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.saved_plan import SavedPlan  # noqa: PLC0415 - start-up stays small

    saved = SavedPlan.read(saved_plan)
    saved.refuse_changed_files()
    is_silent = quiet or output == "json"
    with plan_target(saved, **where) as opened:
        target = replace(opened, reserve=reserve, preflight=preflight)
        ask = agreement(target, yes=yes, silent=is_silent)

        def agreed(check: CheckReport) -> bool:
            if output == "text":
                show_findings(check, quiet=quiet, verbose=verbose)
            return ask(check)

        report = apply_plan(
            saved_plan,
            target=target,
            runs=runs,
            agreed=agreed,
            notify=notify,
            waits=announced_wait(target.speed) if wait else None,
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    show_import(report, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)
