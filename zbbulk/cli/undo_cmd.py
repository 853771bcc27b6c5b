"""``zbbulk undo``: take a run back, after showing what that would do."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zbbulk.cli.options import (
    ReportingCommand,
    loudness_options,
    output_option,
    progress_option,
    runs_option,
    sandbox_flag,
)
from zbbulk.cli.progress import terminal_progress
from zbbulk.cli.reporters import counts_text, problem_text, say, show_json
from zbbulk.cli.target_options import run_target, target_options
from zbbulk.errors import UsageError

if TYPE_CHECKING:
    from zbbulk.jobs.undo_reports import UndoPreview, UndoReport

_ROWS_SHOWN = 5


@click.command("undo", cls=ReportingCommand)
@click.argument("run")
@runs_option
@sandbox_flag
@target_options
@click.option("--preview", is_flag=True, help="Only show what would be undone.")
@click.option("-y", "--yes", is_flag=True, help="Undo without asking first.")
@progress_option
@output_option
@loudness_options
def undo_cmd(  # noqa: PLR0913 - one argument an option
    *,
    run: str,
    runs: Path,
    preview: bool,
    yes: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    """Take RUN back: its folder, the name of it, or `last`; or a migration with all its runs.

    What was created is deleted, or voided where Zoho Books does not delete it; what was
    updated gets its old values again. Records that somebody has changed since are kept.
    """
    from zbbulk.api.undoing import preview_undo, undo_runs  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.open_run import find_runs  # noqa: PLC0415 - start-up stays small

    is_silent = quiet or output == "json"
    shows_progress = terminal_progress(wanted=progress, silent=is_silent)
    folders = find_runs(runs, run)
    with run_target(folders[0], **where) as target:
        if preview:
            for folder in folders:
                told = preview_undo(folder.path, target=target, runs=runs, progress=shows_progress)
                if output == "json":
                    show_json(told.to_json())
                elif not quiet:
                    _show_preview(told)
            return 0

        def agreed(told: UndoPreview) -> bool:
            if not is_silent:
                _show_preview(told)
            return yes or not target.is_real or not told.n_done or _asked()

        reports = undo_runs(
            run,
            target=target,
            runs=runs,
            agreed=agreed,
            told=lambda report: _show(report, output=output, quiet=quiet, verbose=verbose),
            progress=shows_progress,
        )
    return max(int(report.exit_code) for report in reports)


def _asked() -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "Nothing was undone: nobody is there to be asked before real books change.",
            fix="Add --yes to undo without being asked.",
        )
    return click.confirm("Undo?", err=True)


def _show_preview(preview: UndoPreview) -> None:
    told = ", ".join(f"{number} {way.value}" for way, number in preview.counts.items())
    say(f"run      {preview.run}: {told or 'nothing to undo'}; {preview.calls} calls")
    _show_rows("stays", preview.stays)


def _show(report: UndoReport, *, output: str, quiet: bool, verbose: bool) -> None:
    if output == "json":
        show_json(report.to_json())
        return
    for error in (report.stopped, report.unwritten):
        for problem in error.as_problems() if error else ():
            say(problem_text(problem), err=True)
    _show_rows("refused", report.refused)
    if quiet:
        return
    done = ", ".join(f"{number} {how}" for how, number in report.done.items())
    say(f"undone   {done or 'nothing'}")
    say(f"rows     {counts_text(report.counts)}")
    if verbose:
        say(f"calls    {report.calls}")
    if not report.unwritten:
        say(f"result   {report.result}")


def _show_rows(word: str, found: Mapping[str, Sequence[int]]) -> None:
    """Print why records stay as they are, and the first rows they come from."""
    for why, rows in found.items():
        named = ", ".join(str(row) for row in rows[:_ROWS_SHOWN] if row)
        more = f" and {len(rows) - _ROWS_SHOWN} more" if len(rows) > _ROWS_SHOWN else ""
        say(f"{word:<8} {len(rows)}: {why}" + (f" (rows {named}{more})" if named else ""))
