"""Ask before real books change."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from zbbulk.cli.reporters import plan_text, say, show_import
from zbbulk.errors import UsageError

if TYPE_CHECKING:
    from zbbulk.jobs.reports import CheckReport, ImportReport
    from zbbulk.jobs.target import Target


def agreement(target: Target, *, yes: bool, silent: bool) -> Callable[[CheckReport], bool]:
    """Return what shows a plan and asks, if somebody's books are meant and *yes* was not said."""

    def agreed(check: CheckReport) -> bool:
        plan = plan_text(check, to=target.name, per_minute=target.per_minute)
        if not silent:
            say(plan)
        if yes or not target.is_real or check.sends_nothing:
            return True
        return asked(plan, is_shown=not silent)

    return agreed


def asked(plan: str, *, is_shown: bool) -> bool:
    """Ask before real books change. Raises UsageError where nobody can answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "Nothing was sent: nobody is there to be asked before real books change.",
            fix="Add --yes to send without being asked.",
        )
    if not is_shown:
        click.echo(plan, err=True)
    return click.confirm("Send?", err=True)


def going_on(*, output: str, quiet: bool, verbose: bool) -> Callable[[ImportReport], bool]:
    """Return what shows what became of a trial and asks whether to go on.

    Where nobody can answer, the rest waits for `zbbulk resume`.
    """

    def goes_on(report: ImportReport) -> bool:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        show_import(report, output=output, quiet=quiet, verbose=verbose)
        return click.confirm("Go on with the others?", err=True)

    return goes_on


def announced_wait(speed: float) -> Callable[[float], None]:
    """Return what tells that a run waits for the calls of the next day, and until when.

    *speed* is how much faster than ours the clock of Zoho Books runs there.
    """

    def waits(seconds: float) -> None:
        until = datetime.now().astimezone() + timedelta(seconds=seconds / speed)
        told = f"{until:%Y-%m-%d %H:%M} {until.tzname()}"
        say(
            f"waiting  until {told}: the day's calls are used up; what was sent is safe, "
            "Ctrl-C ends the run",
            err=True,
        )

    return waits
