"""``zbbulk resume``, ``retry`` and ``runs``: go on with a run, and look at those there were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from zbbulk.cli.asking import agreement, announced_wait
from zbbulk.cli.options import (
    ReportingCommand,
    loudness_options,
    notify_option,
    output_option,
    progress_option,
    quota_options,
    runs_option,
    sandbox_flag,
    yes_option,
)
from zbbulk.cli.progress import terminal_progress
from zbbulk.cli.reporters import say, show_findings, show_import, show_json
from zbbulk.cli.run_text import run_line, show_run, standing_text
from zbbulk.cli.target_options import run_target, target_options

if TYPE_CHECKING:
    from zbbulk.jobs.reports import CheckReport, ImportReport
    from zbbulk.jobs.run_folder import RunFolder

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _going_on(function: _Function) -> _Function:
    """Add what the commands share that go on with a run."""
    for option in (
        loudness_options,
        output_option,
        progress_option,
        yes_option,
        quota_options,
        notify_option,
        sandbox_flag,
        target_options,
        runs_option,
        click.argument("run"),
    ):
        function = option(function)
    return function


@click.command("resume", cls=ReportingCommand)
@_going_on
def resume_cmd(*, run: str, runs: Path, **options: Any) -> int:  # noqa: ANN401 - see _go_on
    """Go on with RUN where it stood: its folder, the name of it, or `last`.

    What is in doubt is looked up in Zoho Books first; nothing is sent twice. The
    organization, or the sandbox, is the one that the run went to.
    """
    from zbbulk.cli.export_cmd import go_on_exporting  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.open_run import find_run_or_export  # noqa: PLC0415 - start-up stays small

    folder = find_run_or_export(runs, run)
    if folder.is_export:
        return go_on_exporting(folder, **options)
    return _go_on(folder, runs=runs, is_retry=False, **options)


@click.command("retry", cls=ReportingCommand)
@_going_on
@click.argument("mended", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
def retry_cmd(
    *,
    run: str,
    mended: Path | None,
    runs: Path,
    **options: Any,  # noqa: ANN401 - see _go_on
) -> int:
    """Send the rows of RUN once more that Zoho Books refused, and those not sent yet.

    FILE is the result file of RUN in which you have mended cells: it is imported by the
    same mapping as a run of its own, without the rows that RUN has sent.
    """
    from zbbulk.jobs.open_run import find_run  # noqa: PLC0415 - start-up stays small

    folder = find_run(runs, run)
    if mended is not None:
        return _import_mended(folder, mended, runs=runs, **options)
    return _go_on(folder, runs=runs, is_retry=True, **options)


def _import_mended(  # noqa: PLR0913 - one argument an option
    folder: RunFolder,
    mended: Path,
    *,
    runs: Path,
    reserve: int,
    notify: str,
    wait: bool,
    yes: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    from zbbulk.api.resuming import retry_run  # noqa: PLC0415 - start-up stays small

    is_silent = quiet or output == "json"
    with run_target(folder, **where) as opened:
        target = replace(opened, reserve=reserve)
        ask = agreement(target, yes=yes, silent=is_silent)

        def agreed(check: CheckReport) -> bool:
            if output == "text":
                show_findings(check, quiet=quiet, verbose=verbose)
            return ask(check)

        report = retry_run(
            folder.path,
            mended=mended,
            target=target,
            runs=runs,
            agreed=agreed,
            notify=notify,
            waits=announced_wait(target.speed) if wait else None,
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    show_import(report, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)


def _go_on(  # noqa: PLR0913 - one argument an option
    folder: RunFolder,
    *,
    runs: Path,
    is_retry: bool,
    reserve: int,
    notify: str,
    wait: bool,
    yes: bool,
    progress: bool | None,
    output: str,
    quiet: bool,
    verbose: bool,
    **where: Any,  # noqa: ANN401 - the options that name the target
) -> int:
    from zbbulk.api.resuming import resume_run, retry_run  # noqa: PLC0415 - start-up stays small

    is_silent = quiet or output == "json"
    with run_target(folder, **where) as opened:
        target = replace(opened, reserve=reserve)
        ask = agreement(target, yes=yes, silent=is_silent)

        def agreed(check: CheckReport) -> bool:
            if not is_silent:
                say(standing_text(folder, check))
            return ask(check)

        go_on = retry_run if is_retry else resume_run
        report: ImportReport = go_on(
            folder.path,
            target=target,
            runs=runs,
            agreed=agreed,
            notify=notify,
            waits=announced_wait(target.speed) if wait else None,
            progress=terminal_progress(wanted=progress, silent=is_silent),
        )
    show_import(report, output=output, quiet=quiet, verbose=verbose)
    return int(report.exit_code)


@click.group("runs", invoke_without_command=True)
@runs_option
@output_option
@click.pass_context
def runs_group(context: click.Context, *, runs: Path, output: str) -> None:
    """List the runs, the last one first: when, what, how it ended."""
    from zbbulk.api.looking import known_runs  # noqa: PLC0415 - start-up stays small

    context.obj = runs
    if context.invoked_subcommand is not None:
        return
    found = known_runs(runs)
    if output == "json":
        show_json({"runs": [each.to_json() for each in found]})
        return
    if not found:
        say(f"There are no runs in {str(runs)!r}.")
    for each in found:
        say(run_line(each))


@runs_group.command("show", cls=ReportingCommand)
@click.argument("run")
@output_option
@click.pass_obj
def show_cmd(runs: Path, *, run: str, output: str) -> None:
    """Show one RUN: what it was about, how its rows stand, and what to do next."""
    from zbbulk.api.looking import describe_run  # noqa: PLC0415 - start-up stays small

    summary = describe_run(run, runs=runs)
    if output == "json":
        show_json(summary.to_json())
    else:
        show_run(summary)
