"""Check one step of a migration before anything of it is sent, and learn what it will create."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zbbulk.errors import ResultError
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.expected import Expected
from zbbulk.jobs.findings import check_report
from zbbulk.jobs.migration_reports import Ending, StepCheck
from zbbulk.jobs.migration_steps import Step
from zbbulk.jobs.noting import noted
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.preflight import preflighted, with_preflight
from zbbulk.jobs.prepare import Prepared, prepare
from zbbulk.jobs.progress import Progress
from zbbulk.jobs.reports import CheckReport
from zbbulk.jobs.result_file import write_result
from zbbulk.jobs.run import Run
from zbbulk.jobs.run_facts import sha256_of
from zbbulk.jobs.run_folder import RunFolder, work_folder
from zbbulk.jobs.target import Target
from zbbulk.journal.journal import Journal
from zbbulk.journal.migration_state import StepState
from zbbulk.model import Status
from zbbulk.zoho.pace import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What the checks of all steps share.

    Attributes:
        target: Whose lists are read.
        folder: Of the migration.
        runs: Of all runs.
        log: Of the requests.
        pace: The gate that they all pass.
        progress: Shows how far it is.
        expected: What the steps so far will create.
        known: How the steps stand that an earlier start of the migration began.
    """

    target: Target
    folder: Path
    runs: Path
    log: EventLog
    pace: Pace
    progress: Progress
    expected: Expected
    known: Mapping[str, StepState]


def check_step(step: Step, checking: Checking) -> StepCheck:
    """Return what is found in the rows of *step*; its records are expected from now on.

    Raises:
        SourceError, MappingError: a file must be mended first.
        ZohoError: a list can't be read.
        ResultError: the result can't be written.
    """
    prepared = prepare(step.file, step.mapping, edition=checking.target.edition)
    fingerprint = fingerprint_of(prepared)
    known = checking.known.get(step.id)
    run = known.run if known else ""
    if known and _is_all_in(known, checking.runs) and known.fingerprint == fingerprint:
        return StepCheck(step=step, check=None, fingerprint=fingerprint, run=run)
    with work_folder(RunFolder(checking.folder)) as work:
        check = _checked(step, prepared, checking, work=work)
    return StepCheck(step=step, check=check, fingerprint=fingerprint, run=run)


def _is_all_in(known: StepState, runs: Path) -> bool:
    """Tell whether a step has ended with all its rows in, and nobody took them back since."""
    journal = RunFolder(runs / known.run).journal
    if known.ending != Ending.DONE or not journal.is_file():
        return False
    with Journal.open(journal) as opened:
        return not opened.count().get(Status.UNDONE)


def _checked(step: Step, prepared: Prepared, checking: Checking, *, work: Path) -> CheckReport:
    folder = RunFolder(checking.folder / f"check-{step.id}")
    try:
        folder.path.mkdir(exist_ok=True)
    except OSError as error:
        message = f"The folder {str(folder.path)!r} can't be made: {error.strerror}."
        raise ResultError(message) from error
    with Journal.create(work / "journal.sqlite", {}) as journal:
        run = preflighted(
            Run(
                prepared=prepared,
                target=checking.target,
                folder=folder,
                runs=checking.runs,
                journal=journal,
                log=checking.log,
                pace=checking.pace,
                progress=checking.progress,
                beyond=checking.expected,
            )
        )
        found = noted(run)
        outcomes = Outcomes(journal, unwritten={}).in_order()
        result = write_result(prepared.sheet, outcomes, folder=folder, rows=found.rows)
        why = f"the file as a whole is refused, {found.whole[0].message}" if found.whole else ""
        checking.expected.learn(step, run.prepared, journal, whole=why)
        told = run.lookups.told if run.lookups else None
        check = check_report(run.prepared, found, result=result, took_s=0.0, looked_up=told)
        return with_preflight(check, run)


def fingerprint_of(prepared: Prepared) -> str:
    """Return a text that is another one when a file that a step reads was changed."""
    others = [other.path for other in prepared.others.values()]
    paths = [prepared.sheet.path, Path(prepared.mapping.file), *others]
    return hashlib.sha256(" ".join(map(sha256_of, paths)).encode()).hexdigest()
