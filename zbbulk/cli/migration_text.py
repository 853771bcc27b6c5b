"""How a migration looks on the terminal: its order, its steps, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from zbbulk.cli.reporters import (
    counts_text,
    failure_text,
    problem_text,
    say,
    show_findings,
)

if TYPE_CHECKING:
    from zbbulk.jobs.migration_reports import MigrationReport, StepCheck, StepReport
    from zbbulk.jobs.migration_steps import OpenedMigration
    from zbbulk.jobs.target import Target


def order_text(migration: OpenedMigration) -> str:
    """Return the title and the steps in their order."""
    names = ", ".join(step.id for step in migration.steps)
    return f"migrate  {migration.says.title}: {names}"


def show_step_check(step: StepCheck, *, quiet: bool, verbose: bool) -> None:
    """Print what the check of one step found."""
    if step.check is None:
        if not quiet:
            say(
                f"step     {step.step.id}: an earlier start has brought all its rows in, {step.run}"
            )
        return
    if not quiet:
        say(f"step     {step.step.id}{_after_text(step.step.parents)}")
    show_findings(step.check, quiet=quiet, verbose=verbose)
    if not quiet and (step.check.problem_counts or verbose):
        say(f"result   {step.check.result}")


def migration_plan_text(report: MigrationReport, target: Target) -> str:
    """Return what is about to be sent, step by step, where to, and how long it takes at least."""
    lines, calls = [], 0
    for each in report.checks:
        if each.check is not None:
            number = 0 if each.check.refused_whole else each.check.calls_needed
            calls += number
            rows = f"{each.check.ready} of {each.check.rows} rows, {_calls(number)}"
            told = "nothing: the file as a whole is refused" if each.check.refused_whole else rows
            lines.append(f"         {each.step.id}: {told}")
    minutes = calls // target.per_minute
    time = {0: "less than a minute", 1: "about a minute"}.get(minutes, f"about {minutes} minutes")
    if not lines:
        return "sending  nothing: earlier starts have brought all rows in"
    head = f"sending  to {target.name}: {_calls(calls)} at most, {time} of Zoho's time"
    return "\n".join([head, *lines])


def show_step(step: StepReport, *, quiet: bool, verbose: bool) -> None:
    """Print how one step ended."""
    report = step.report
    for failure in report.failures if report else ():
        say(failure_text(failure, file=report.check.file if report else ""))
    for problem in step.error.as_problems() if step.error else ():
        say(problem_text(problem), err=True)
    if step.why:
        say(f"step     {step.step.id}: not begun, because {step.why}", err=True)
    if quiet:
        return
    if report is None:
        if not step.why and step.error is None:
            say(f"step     {step.step.id}: nothing left to do")
        return
    rows = f"{sum(report.counts.values())} rows: {counts_text(report.counts)}"
    say(f"step     {step.step.id}: {rows}; {calls_by_kind_text(step.calls)}")
    if verbose:
        say(f"took     {report.took_s:.1f} s, {report.api_root}")
    say(f"result   {report.check.result}")


def show_totals(report: MigrationReport) -> None:
    """Print what all steps add up to, and how it goes on."""
    if not report.steps:
        say(f"checked  {len(report.checks)} steps; {calls_by_kind_text(report.calls)}")
        say("next     the same without --check sends the rows that are ready")
        return
    say(f"calls    {calls_by_kind_text(report.calls)}")
    if report.exit_code:
        say(
            f"next     mend what is told above, then start again: "
            f"zbbulk migrate {report.migration.says.file} goes on from where it stood"
        )


def calls_by_kind_text(calls: Mapping[str, int]) -> str:
    """Return e.g. ``12 calls: 2 read, 10 create``."""
    total = sum(calls.values())
    kinds = ", ".join(f"{number} {kind}" for kind, number in calls.items() if number)
    return f"{_calls(total)}: {kinds}" if kinds else _calls(total)


def _calls(number: int) -> str:
    return "1 call" if number == 1 else f"{number} calls"


def _after_text(parents: Mapping[str, str]) -> str:
    """Return e.g. `` after customers and suppliers, as it looks up contacts``."""
    by_reason: dict[str, list[str]] = {}
    for name, why in parents.items():
        by_reason.setdefault(why, []).append(name)
    told = (f" after {' and '.join(names)}, as it {why}" for why, names in by_reason.items())
    return ";".join(told)
