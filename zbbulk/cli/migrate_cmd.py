"""``zbbulk migrate``: several files in the order they need, each record once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zbbulk.cli.asking import announced_wait, asked
from zbbulk.cli.migration_text import (
    migration_plan_text,
    order_text,
    show_step,
    show_step_check,
    show_totals,
)
from zbbulk.cli.options import (
    ReportingCommand,
    edition_option,
    file_argument,
    loudness_options,
    notify_option,
    output_option,
    preflight_option,
    progress_option,
    quota_options,
    runs_option,
    yes_option,
)
from zbbulk.cli.progress import terminal_progress
from zbbulk.cli.reporters import problem_text, say, show_json
from zbbulk.cli.target_options import opened_target, target_options

if TYPE_CHECKING:
    from zbbulk.jobs.migration_reports import MigrationReport, StepCheck, StepReport
    from zbbulk.jobs.target import Target


@click.command("migrate", cls=ReportingCommand)
@file_argument
@click.option("--check", "only_check", is_flag=True, help="Check all steps and send nothing.")
@click.option("--anew", is_flag=True, help="Begin anew, whatever an earlier start has done.")
@edition_option
@runs_option
@click.option("--sandbox", is_flag=True, help="Send to the embedded Zoho Books, no account needed.")
@target_options
@quota_options
@notify_option
@preflight_option
@yes_option
@progress_option
@output_option
@loudness_options
def migrate_cmd(  # noqa: PLR0913 - one argument an option
    *,
    file: Path,
    only_check: bool,
    anew: bool,
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
    """Send the files that the migration FILE lists, in the order that their lookups need.

    All steps are checked before anything is sent; records that refer to a refused record are
    refused too. Started again, it goes on from where it stood.
    """
    from zbbulk.api.migrating import migrate_files  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.migration_steps import open_migration  # noqa: PLC0415 - the same

    is_silent = quiet or output == "json"
    migration = open_migration(file, edition=where["edition"])
    where["edition"] = migration.edition
    if not is_silent:
        say(order_text(migration))

    with opened_target(migration.steps[0].mapping, **where) as opened:
        target = replace(opened, reserve=reserve, preflight=preflight)
        report = migrate_files(
            file,
            target=replace(target, edition=migration.edition),
            runs=runs,
            only_check=only_check,
            anew=anew,
            agreed=_agreement(target, yes=yes, silent=is_silent),
            told=_silence if output == "json" else _teller(quiet=quiet, verbose=verbose),
            notify=notify,
            waits=announced_wait(target.speed) if wait else None,
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    if output == "json":
        show_json(report.to_json())
    elif not quiet:
        show_totals(report)
        for problem in report.notices:
            say(problem_text(problem))
    return int(report.exit_code)


def _silence(_: StepCheck | StepReport) -> None:
    """Print nothing: all is in the one JSON document at the end."""


def _teller(*, quiet: bool, verbose: bool) -> Callable[[StepCheck | StepReport], None]:
    """Return what prints each step when it was checked, and when it has ended."""
    from zbbulk.jobs.migration_reports import StepCheck  # noqa: PLC0415 - start-up stays small

    def told(step: StepCheck | StepReport) -> None:
        if isinstance(step, StepCheck):
            show_step_check(step, quiet=quiet, verbose=verbose)
        else:
            show_step(step, quiet=quiet, verbose=verbose)

    return told


def _agreement(target: Target, *, yes: bool, silent: bool) -> Callable[[MigrationReport], bool]:
    """Return what shows the plan and asks, if somebody's books are meant and *yes* was not said."""

    def agreed(report: MigrationReport) -> bool:
        plan = migration_plan_text(report, target)
        if not silent:
            say(plan)
        is_settled = yes or not target.is_real or report.sends_nothing
        return is_settled or asked(plan, is_shown=not silent)

    return agreed
