"""``zbbulk delete``: take the records that a sheet names out of Zoho Books."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zbbulk.cli.asking import announced_wait
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
from zbbulk.cli.reporters import plan_text, say, show_findings, show_import
from zbbulk.cli.target_options import opened_target, target_options
from zbbulk.errors import UsageError

if TYPE_CHECKING:
    from zbbulk.jobs.reports import CheckReport
    from zbbulk.jobs.target import Target


@click.command("delete", cls=ReportingCommand)
@file_argument
@click.option("-m", "--mapping", metavar="MAPPING", help="Mapping whose key or id tells records.")
@click.option("-r", "--resource", metavar="RESOURCE", help="What is deleted, without a mapping.")
@click.option(
    "--by",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="With --resource: the field that tells a record and its column, e.g. sku=Code; "
    "`id` is Zoho's id. May be given several times.",
)
@edition_option
@runs_option
@click.option("--sandbox", is_flag=True, help="Delete in the embedded Zoho Books.")
@target_options
@quota_options
@notify_option
@preflight_option
@yes_option
@progress_option
@output_option
@loudness_options
def delete_cmd(  # noqa: PLR0913 - one argument an option
    *,
    file: Path,
    mapping: str | None,
    resource: str | None,
    by: tuple[str, ...],
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
    """Delete the records that the rows of FILE name, by their ids or by a key.

    All rows are looked up and the plan is shown first; a row that names no record, or several,
    deletes nothing. A deletion can't be taken back: you are asked for the number of records.
    """
    from zbbulk.api.deleting import delete_file  # noqa: PLC0415 - start-up stays small

    found = _mapping(mapping, resource, by, runs=runs)
    is_silent = quiet or output == "json"
    with opened_target(found, **where) as opened:
        target = replace(opened, reserve=reserve, preflight=preflight)
        ask = _agreement(target, yes=yes, silent=is_silent)

        def agreed(check: CheckReport) -> bool:
            if output == "text":
                show_findings(check, quiet=quiet, verbose=verbose)
            return ask(check)

        report = delete_file(
            file,
            found,
            target=target,
            runs=runs,
            agreed=agreed,
            notify=notify,
            waits=announced_wait(target.speed) if wait else None,
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    show_import(report, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)


def _mapping(mapping: str | None, resource: str | None, by: tuple[str, ...], *, runs: Path) -> Path:
    """Return the mapping that is meant, or one made of --resource and --by."""
    from zbbulk.api.deleting import write_delete_mapping  # noqa: PLC0415 - start-up
    from zbbulk.jobs.prepare import find_mapping  # noqa: PLC0415 - start-up stays small

    if (mapping is None) == (resource is None) or (mapping is not None and by):
        raise UsageError(
            "Say either --mapping, or --resource with --by.",
            fix='E.g. zbbulk delete old.csv -r items --by "id=Item ID".',
        )
    if mapping is not None:
        return find_mapping(mapping)
    return write_delete_mapping(resource or "", by, runs=runs)


def _agreement(target: Target, *, yes: bool, silent: bool) -> Callable[[CheckReport], bool]:
    """Return what shows the plan and asks for the number of records, if real books are meant."""

    def agreed(check: CheckReport) -> bool:
        plan = plan_text(check, to=target.name, per_minute=target.per_minute)
        if not silent:
            say(plan)
        records = check.plan.n_records if check.plan else 0
        if yes or not target.is_real or not records:
            return True
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(
                "Nothing was deleted: nobody is there to be asked.",
                fix="Add --yes to delete without being asked.",
            )
        if silent:
            click.echo(plan, err=True)
        words = "This can't be taken back. Type the number of records to delete them"
        return bool(click.prompt(words, err=True) == str(records))

    return agreed
