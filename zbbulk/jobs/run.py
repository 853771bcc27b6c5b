"""What all steps of one import share, and how its lookups are filled.

Owns no step: ``noting``, ``planning``, ``sending`` and ``settling`` each take a Run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from zbbulk.errors import ZbbulkError
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.lookups import Beyond, Lookups, lookup_rules, online_lookups
from zbbulk.jobs.make_missing import make_missing
from zbbulk.jobs.preflight_report import Preflight
from zbbulk.jobs.prepare import Prepared, with_finder
from zbbulk.jobs.progress import Progress
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.jobs.target import Target
from zbbulk.jobs.waiting import Waits
from zbbulk.journal.journal import Journal
from zbbulk.zoho.pace import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One import, from its first row to its result.

    Attributes:
        prepared: The sheet and all that is needed to make Records of it.
        target: Where they are sent to.
        folder: Of the run.
        runs: Of all runs.
        journal: The run's durable memory.
        log: Of its requests.
        pace: The gate that they all pass.
        progress: Shows how far it is.
        again: Records that an earlier run created are created once more.
        waits: Told before the run waits for the calls of the next day; None stops it then.
        lookups: What the mapping looks up, None when that is nothing.
        beyond: What a migration knows of records that are not in Zoho Books yet.
        preflight: What was found out about the organization, None before anybody looked.
    """

    prepared: Prepared
    target: Target
    folder: RunFolder
    runs: Path
    journal: Journal
    log: EventLog
    pace: Pace
    progress: Progress
    again: bool = False
    waits: Waits | None = None
    lookups: Lookups | None = None
    beyond: Beyond | None = None
    preflight: Preflight | None = None


@contextmanager
def told_to(journal: Journal) -> Iterator[None]:
    """Write into *journal* why the run ends here, if it does."""
    try:
        yield
    except ZbbulkError as error:
        journal.finish(error.code)
        raise


def looked_up(run: Run) -> Run:
    """Return *run* with what its mapping looks up, read before the first row.

    Raises:
        ZohoError: a list can't be read.
        ResultError: the lists can't be kept.
    """
    if not lookup_rules(run.prepared.mapping):
        return run
    with told_to(run.journal):
        lookups = online_lookups(
            run.target,
            run.prepared.mapping,
            runs=run.runs,
            log=run.log,
            pace=run.pace,
            beyond=run.beyond,
        )
    return replace(run, prepared=with_finder(run.prepared, lookups), lookups=lookups)


def wants_missing(run: Run) -> bool:
    """Tell whether records must be created first because rows name them."""
    return run.lookups is not None and bool(run.lookups.wanted)


def missing_made(run: Run) -> Run:
    """Return *run* with the records that its rows name and that were missing until now.

    Raises:
        ZohoError: one can't be created (ZB316).
    """
    if run.lookups is None or not run.lookups.wanted:
        return run
    with told_to(run.journal):
        make_missing(
            run.lookups,
            target=run.target,
            journal=run.journal,
            runs=run.runs,
            log=run.log,
            pace=run.pace,
        )
    return replace(run, prepared=with_finder(run.prepared, run.lookups))


def wanting_nothing(run: Run) -> Run:
    """Return *run* that has noted nothing yet of what its rows name and is missing."""
    if run.lookups is None:
        return run
    run.lookups.wanted.clear()
    return replace(run, prepared=with_finder(run.prepared, run.lookups))
