"""``zbbulk check``: say what would be sent and what is wrong; send nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

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
from zbbulk.cli.reporters import show_check
from zbbulk.cli.target_options import checked_target, target_options
from zbbulk.settings import RUNS


@click.command("check", cls=ReportingCommand)
@file_argument
@mapping_option
@edition_option
@runs_option
@click.option(
    "--workers",
    type=click.IntRange(1, 2),
    default=None,
    help="Processes to use; by default 2 for a large CSV file where there are 2 cores.",
)
@click.option(
    "--show",
    type=click.IntRange(min=1),
    metavar="N",
    help="Print the first N records as they would be sent.",
)
@click.option(
    "--records",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write all records as they would be sent to FILE, one JSON object a line.",
)
@click.option("--force", is_flag=True, help="With --records: overwrite FILE.")
@click.option("--sandbox", is_flag=True, help="Look ids up in the embedded Zoho Books.")
@click.option("--online", is_flag=True, help="Look ids up in your organization; nothing is sent.")
@target_options
@progress_option
@output_option
@loudness_options
def check_cmd(  # noqa: PLR0913 - one argument an option
    *,
    file: Path,
    mapping: str,
    runs: Path,
    workers: int | None,
    show: int | None,
    records: Path | None,
    force: bool,
    online: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    """Check every cell of FILE against a mapping; send nothing.

    The result file is your own sheet with what is wrong, and the fix, beside every row.
    Ids that the mapping looks up by name are taken from the lists of earlier runs, or
    read now with --online or --sandbox.
    """
    from zbbulk.api.checking import check_file  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.prepare import find_mapping  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.preview import Preview  # noqa: PLC0415 - start-up stays small

    found = find_mapping(mapping)
    with checked_target(found, online=online, **where) as (target, organization_id):
        report = check_file(
            file,
            found,
            runs=runs,
            edition=where["edition"],
            target=target,
            organization_id=organization_id,
            workers=workers,
            progress=terminal_progress(wanted=progress, silent=quiet or output == "json"),
            preview=Preview(show=show or 0, records=records, force=force),
        )
    kept = ["--runs", str(runs)] if runs != RUNS else []
    show_check(report, output=output, quiet=quiet, verbose=verbose, options=kept)
    return int(report.exit_code)
