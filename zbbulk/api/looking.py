"""Look at the runs there were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from zbbulk.api.given import PathLike
from zbbulk.jobs import runs_job
from zbbulk.jobs.open_run import LAST, find_run, find_run_or_export, find_runs
from zbbulk.jobs.row_outcomes import outcomes_of_run
from zbbulk.jobs.runs_job import RunSummary
from zbbulk.model import Outcome
from zbbulk.settings import RUNS


def known_runs(runs: PathLike = RUNS) -> list[RunSummary]:
    """Return what is below *runs*, the last run first; one that can't be read says so."""
    return runs_job.known_runs(Path(runs))


def describe_run(run: PathLike = LAST, *, runs: PathLike = RUNS) -> RunSummary:
    """Return how a run or an export stands, and what may be done about it.

    Args:
        run: Its folder, the name of it, or ``last``.
        runs: Folder of all runs.

    Raises:
        UsageError: there is no such run (ZB514).
    """
    return runs_job.run_summary(find_run_or_export(Path(runs), os.fspath(run)))


def runs_of(run: PathLike, *, runs: PathLike = RUNS) -> list[Path]:
    """Return the folders of the runs of a migration, the last one first; or of one run.

    Args:
        run: The folder of the migration, or its name.
        runs: Folder of all runs.

    Raises:
        UsageError: there is no such run (ZB514).
        ResultError: the migration's state can't be read.
    """
    return [folder.path for folder in find_runs(Path(runs), os.fspath(run))]


def outcomes(run: PathLike = LAST, *, runs: PathLike = RUNS) -> Iterator[tuple[int, Outcome]]:
    """Yield row number and outcome of every row of a run below its header, in order, one by one.

    Args:
        run: Its folder, the name of it, or ``last``.
        runs: Folder of all runs.

    Raises:
        UsageError: there is no such run (ZB514).
        ResultError: its journal can't be read.
    """
    return outcomes_of_run(find_run(Path(runs), os.fspath(run)))
