"""Options that several commands share, and the command class that reports errors.

An error of zbbulk is shown in the format that was asked for, and becomes the exit code.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from zbbulk.cli.reporters import show_error
from zbbulk.errors import ZbbulkError
from zbbulk.settings import RUNS

_Function = TypeVar("_Function", bound=Callable[..., Any])


class ReportingCommand(click.Command):
    """A command whose ZbbulkErrors are told as text or JSON, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; a ZbbulkError ends it with the error's exit code."""
        try:
            return super().invoke(ctx)
        except ZbbulkError as error:
            show_error(error, output=ctx.params.get("output", "text"))
            return int(error.exit_code)


def output_option(function: _Function) -> _Function:
    """Add ``--format text|json``."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json"]),
        default="text",
        help="How to print the report: text for people, json for machines.",
    )(function)


def loudness_options(function: _Function) -> _Function:
    """Add ``-q`` and ``-v``."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print only what went wrong.")
    verbose = click.option("-v", "--verbose", is_flag=True, help="Print more about what was found.")
    return quiet(verbose(function))


def progress_option(function: _Function) -> _Function:
    """Add ``--progress/--no-progress``."""
    return click.option(
        "--progress/--no-progress",
        default=None,
        help="Show a progress bar; by default only on a terminal.",
    )(function)


def mapping_option(function: _Function) -> _Function:
    """Add ``-m MAPPING``."""
    return click.option(
        "-m",
        "--mapping",
        required=True,
        metavar="MAPPING",
        help="Path of your mapping, or the name of one that ships with zbbulk.",
    )(function)


def edition_option(function: _Function) -> _Function:
    """Add ``--edition CODE``."""
    return click.option(
        "--edition",
        metavar="CODE",
        help="Country edition of the organization, e.g. in for India; wins over the mapping's.",
    )(function)


def runs_option(function: _Function) -> _Function:
    """Add ``--runs FOLDER``."""
    return click.option(
        "--runs",
        type=click.Path(file_okay=False, path_type=Path),
        default=RUNS,
        show_default=True,
        help="Folder that gets a folder of its own for this run.",
    )(function)


def file_argument(function: _Function) -> _Function:
    """Add the FILE argument."""
    return click.argument("file", type=click.Path(path_type=Path))(function)


def yes_option(function: _Function) -> _Function:
    """Add ``-y`` and ``--yes``."""
    return click.option("-y", "--yes", is_flag=True, help="Send without asking first.")(function)


def again_option(function: _Function) -> _Function:
    """Add ``--again``."""
    return click.option(
        "--again", is_flag=True, help="Create what an earlier run created once more."
    )(function)


def quota_options(function: _Function) -> _Function:
    """Add ``--reserve`` and ``--wait``."""
    reserve = click.option(
        "--reserve",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Calls of each day that are left to other apps.",
    )
    wait = click.option(
        "--wait", is_flag=True, help="When the day's calls are used up, wait for the next day."
    )
    return reserve(wait(function))


def preflight_option(function: _Function) -> _Function:
    """Add ``--preflight/--no-preflight``."""
    return click.option(
        "--preflight/--no-preflight",
        default=True,
        show_default=True,
        help="Look first whether the organization fits: sign-in, edition, custom fields, calls "
        "left. One or two calls.",
    )(function)


def notify_option(function: _Function) -> _Function:
    """Add ``--notify URL``."""
    return click.option(
        "--notify",
        default="",
        metavar="URL",
        help="Webhook that is told how it ended; signed with ZBBULK_NOTIFY_SECRET.",
    )(function)


def sandbox_flag(function: _Function) -> _Function:
    """Add ``--sandbox``, which a run knows by itself: it is refused where it is not true."""
    return click.option(
        "--sandbox", is_flag=True, help="The run went to the embedded Zoho Books; it knows that."
    )(function)
