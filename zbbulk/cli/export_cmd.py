"""``zbbulk export``: records of Zoho Books into a file, to look at or to change and import."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zbbulk.cli.asking import announced_wait
from zbbulk.cli.export_text import cost_text, show_export
from zbbulk.cli.options import (
    ReportingCommand,
    edition_option,
    loudness_options,
    output_option,
    progress_option,
    quota_options,
    runs_option,
    yes_option,
)
from zbbulk.cli.progress import terminal_progress
from zbbulk.cli.reporters import say
from zbbulk.cli.target_options import opened_target, run_target, target_options

if TYPE_CHECKING:
    from zbbulk.jobs.export_report import Cost
    from zbbulk.jobs.run_folder import RunFolder


@click.command("export", cls=ReportingCommand)
@click.argument("resource", metavar="RESOURCE")
@click.option(
    "-o",
    "--output",
    "target_file",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; its end says what it is: .xlsx, .csv or .jsonl.",
)
@click.option(
    "--columns", metavar="A,B", help="Only these fields, with commas between; dotted ones too."
)
@click.option(
    "--with",
    "laid_out_by",
    metavar="MAPPING",
    help="Lay the sheet out as this mapping reads it, in the place of a mirror.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only records with this value; may be given several times.",
)
@click.option("--since", metavar="WHEN", help="Only records changed since, e.g. 2026-11-01.")
@click.option(
    "--details/--no-details",
    default=None,
    help="Read each record by itself: lines, addresses, all fields; a call each, 100 items a call. "
    "By default for documents, and where a column needs it.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@edition_option
@runs_option
@click.option("--sandbox", is_flag=True, help="Export from the embedded Zoho Books.")
@target_options
@quota_options
@yes_option
@progress_option
@output_option
@loudness_options
def export_cmd(  # noqa: PLR0913 - one argument an option
    *,
    resource: str,
    target_file: Path,
    columns: str | None,
    laid_out_by: str | None,
    where: tuple[str, ...],
    since: str | None,
    details: bool | None,
    force: bool,
    runs: Path,
    reserve: int,
    wait: bool,
    yes: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **target: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    """Write the records of RESOURCE in Zoho Books to a file.

    A sheet is a mirror: beside it lies a mapping, and cells that you change are sent by
    `zbbulk import FILE -m FILE.mirror.yml`, nothing else. Nothing is changed by an export.
    """
    from zbbulk.api.exporting import export_records  # noqa: PLC0415 - start-up stays small

    is_silent = quiet or output == "json"
    with opened_target(None, **target) as opened:
        report = export_records(
            resource,
            target_file,
            target=replace(opened, reserve=reserve),
            runs=runs,
            columns=[name.strip() for name in (columns or "").split(",") if name.strip()],
            where=where,
            since=since,
            details=details,
            laid_out_by=laid_out_by,
            force=force,
            agreed=_agreement(yes=yes, silent=is_silent),
            waits=announced_wait(opened.speed) if wait else None,
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    show_export(report, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)


def go_on_exporting(  # noqa: PLR0913 - one argument an option
    folder: RunFolder,
    *,
    reserve: int,
    notify: str,  # noqa: ARG001 - of a run that changes books
    wait: bool,
    yes: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    """Go on with the export in *folder*, as ``zbbulk resume`` does with a run."""
    from zbbulk.api.exporting import resume_export  # noqa: PLC0415 - start-up stays small

    is_silent = quiet or output == "json"
    with run_target(folder, **where) as opened:
        report = resume_export(
            folder.path,
            target=replace(opened, reserve=reserve),
            agreed=_agreement(yes=yes, silent=is_silent),
            waits=announced_wait(opened.speed) if wait else None,
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    show_export(report, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)


def _agreement(*, yes: bool, silent: bool) -> Callable[[Cost], bool]:
    """Return what says the cost of reading records one by one, and asks a person for it."""

    def agreed(cost: Cost) -> bool:
        if not silent:
            say(cost_text(cost))
        is_watched = sys.stdin.isatty() and sys.stderr.isatty()
        if yes or not is_watched:
            return True
        return click.confirm("Read them?", default=True, err=True)

    return agreed
