"""How runs look on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zbbulk.cli.reporters import counts_text, say

if TYPE_CHECKING:
    from zbbulk.jobs.reports import CheckReport
    from zbbulk.jobs.run_folder import RunFolder
    from zbbulk.jobs.runs_job import RunSummary


def standing_text(folder: RunFolder, check: CheckReport) -> str:
    """Return how the rows of a run stand before it is gone on with."""
    return f"run      {folder.path.name}: {counts_text(check.counts)}"


def run_line(run: RunSummary) -> str:
    """Return one line about a run."""
    return f"{run.name:<34} {run.ending:<12} {_standing(run)}   {run.file}"


def _standing(run: RunSummary) -> str:
    """Return how many rows or records there are."""
    return counts_text(run.counts) if run.fetched is None else f"{run.fetched} fetched"


def show_run(run: RunSummary) -> None:
    """Print all that is known about a run."""
    say(f"run      {run.path}")
    say(f"file     {run.file}")
    if run.fetched is None:
        say(f"mapping  {run.mapping}: {run.action}s {run.resource}")
        say(f"to       {run.target}")
    else:
        say(f"exports  {run.resource}")
        say(f"from     {run.target}")
    say(f"begun    {run.started}")
    say(f"ended    {run.ended or 'not yet'}: {run.ending}")
    say(f"rows     {_standing(run)}")
    if run.result:
        say(f"result   {run.result}")
    say(f"next     {run.next_step}")
