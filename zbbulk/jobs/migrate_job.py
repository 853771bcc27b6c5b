"""Migrate several files: check all of them, then send them step by step, in the order they need.

Owns the order of the steps and what is written down of them; how a step is checked and
sent is told in ``step_check`` and ``step_import``. Does not print.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from zbbulk.errors import MappingError, Problem, SourceError, UsageError, ZbbulkError, ZohoError
from zbbulk.jobs.call_kinds import calls_by_kind
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.expected import Expected
from zbbulk.jobs.holding import why_held
from zbbulk.jobs.migration_reports import (
    Ending,
    MigrationReport,
    StepCheck,
    StepReport,
    ending_of,
)
from zbbulk.jobs.migration_steps import (
    OpenedMigration,
    Step,
    refuse_other_organization,
)
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import ImportReport
from zbbulk.jobs.run_folder import RunFolder, make_run_folder
from zbbulk.jobs.step_check import Checking, check_step
from zbbulk.jobs.step_import import Sending
from zbbulk.jobs.target import Target, pace_of
from zbbulk.jobs.waiting import Waits
from zbbulk.journal.migration_state import NAME, MigrationState, StepState
from zbbulk.resources import resource

Agreed = Callable[[MigrationReport], bool]
"""Shown the checked steps before anything is sent; False ends the job."""

Told = Callable[[StepCheck | StepReport], None]
"""Is told of each step when it was checked, and when it has ended."""

_BEGUN = "begun"
_FILE, _ORGANIZATION, _FINISHED = "file", "organization_id", "finished"


def migrate(  # noqa: PLR0913 - one argument a choice of the user
    migration: OpenedMigration,
    *,
    target: Target,
    runs: Path,
    only_check: bool = False,
    anew: bool = False,
    agreed: Agreed = lambda _: True,
    told: Told = lambda _: None,
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> MigrationReport:
    """Check all steps of *migration*, and send them to *target*.

    Started again, it goes on from where it stood: steps whose rows are all in Zoho Books are
    left out, one that was broken off is gone on with by its journal.

    Args:
        migration: The opened migration.
        target: Where to send to.
        runs: Folder of all runs; made if missing.
        only_check: Send nothing.
        anew: Begin anew, whatever an earlier start has done.
        agreed: Shown the checked steps before anything is sent; False ends the job.
        told: Is told of each step.
        waits: Told before a step waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        SourceError, MappingError: nothing was sent, the input must be mended.
        UsageError: *agreed* said no, the migration is for another organization, or another
            process is at work in it; nothing was sent.
        ZohoError: a list that is needed can't be read; nothing was sent.
        ResultError: what must be written down can't be.
    """
    if target.is_real:
        refuse_other_organization(migration, target.organization_id)
    target = replace(target, edition=migration.edition)
    earlier = None if anew else _unfinished(runs, migration.path, target)
    is_gone_on = earlier is not None and not only_check
    folder = RunFolder(earlier) if earlier and is_gone_on else _new_folder(runs)
    with folder.locked(), EventLog(folder.log) as log:
        job = _Migration(
            migration=migration,
            target=target,
            runs=runs,
            folder=folder.path,
            known=_known(earlier),
            told=told,
            waits=waits,
            progress=progress,
        )
        if only_check:
            return job.checked(log)
        job.open_state().close()  # before the check: whoever starts the same now finds the lock
        report = job.checked(log)
        if not agreed(report):
            raise UsageError("Nothing was sent: you did not agree.", fix="Start again to send.")
        return replace(report, steps=job.sent(report.checks))


def _new_folder(runs: Path) -> RunFolder:
    return make_run_folder(runs, resource="migration", now=datetime.now().astimezone())


def _unfinished(runs: Path, path: Path, target: Target) -> Path | None:
    """Return the folder of the last start of this migration, None if it ended with all rows in."""
    meant = {_FILE: str(path.resolve()), _ORGANIZATION: target.organization_id}
    for folder in sorted((each.parent for each in runs.glob(f"*/{NAME}")), reverse=True):
        with MigrationState.open(folder) as state:
            facts = state.facts()
        if meant.items() <= facts.items():
            return None if _FINISHED in facts else folder
    return None


def _known(folder: Path | None) -> dict[str, StepState]:
    if folder is None:
        return {}
    with MigrationState.open(folder) as state:
        return state.steps()


@dataclass(slots=True, kw_only=True)
class _Migration:
    """One start of a migration; attributes as the arguments of ``migrate``."""

    migration: OpenedMigration
    target: Target
    runs: Path
    folder: Path
    known: dict[str, StepState]
    told: Told
    waits: Waits | None
    progress: Progress
    expected: Expected | None = None

    def checked(self, log: EventLog) -> MigrationReport:
        """Check every step; what is wrong with files is told of all of them at once."""
        self.expected = Expected(self.migration.steps, since=datetime.now(UTC))
        checking = Checking(
            target=self.target,
            folder=self.folder,
            runs=self.runs,
            log=log,
            pace=pace_of(self.target),
            progress=self.progress,
            expected=self.expected,
            known=self.known,
        )
        checks: list[StepCheck] = []
        wrong: list[ZbbulkError] = []
        for step in self.migration.steps:
            try:
                checks.append(check_step(step, checking))
            except (SourceError, MappingError) as error:
                wrong.append(error)
            else:
                self.told(checks[-1])
        _raise_all(wrong)
        return MigrationReport(
            migration=self.migration, folder=self.folder, checks=tuple(checks), reads=log.left
        )

    def open_state(self) -> MigrationState:
        """Open what is written down of the migration; it is made if it is not there."""
        facts = {
            _FILE: str(self.migration.path.resolve()),
            _ORGANIZATION: self.target.organization_id,
        }
        return MigrationState.open(self.folder, facts)

    def sent(self, checks: tuple[StepCheck, ...]) -> tuple[StepReport, ...]:
        """Send step after step, and write down how each ends."""
        reports: list[StepReport] = []
        with self.open_state() as state:
            sending = Sending(
                target=self.target,
                runs=self.runs,
                expected=self.expected or Expected((), since=datetime.now(UTC)),
                pace=pace_of(self.target),
                progress=self.progress,
                waits=self.waits,
            )
            for check in checks:
                reports.append(self._step(check, reports, sending, state))
                self.told(reports[-1])
            if all(report.ending in (Ending.BEFORE, Ending.DONE) for report in reports):
                state.note_facts({_FINISHED: datetime.now(UTC).isoformat(timespec="seconds")})
        return tuple(reports)

    def _step(
        self,
        check: StepCheck,
        reports: list[StepReport],
        sending: Sending,
        state: MigrationState,
    ) -> StepReport:
        step = check.step
        if check.check is None:
            return StepReport(step=step, ending=Ending.BEFORE)
        if why := why_held(step, reports):
            return StepReport(step=step, ending=Ending.HELD, why=why)
        known = self.known.get(step.id)
        noted = _Noted(state, check, runs=[known.run] if known and known.run else [])
        before = self._calls(step, noted.runs)
        try:
            report = sending.send(check, known, began=noted.began)
        except KeyboardInterrupt:
            stopped = ZohoError("You stopped the migration.", code="ZB414")
            ended = StepReport(step=step, ending=Ending.STOPPED, error=stopped)
        except ZbbulkError as error:
            ended = StepReport(step=step, ending=Ending.STOPPED, error=error)
        else:
            ended = noted.ended(report)
        return replace(ended, calls=self._calls(step, noted.runs) - before)

    def _calls(self, step: Step, runs: list[str]) -> Counter[str]:
        facts = resource(step.rules.resource)
        logs = [RunFolder(self.runs / run).log for run in dict.fromkeys(runs)]
        return sum((calls_by_kind(log, facts) for log in logs), start=Counter[str]())


@dataclass(slots=True)
class _Noted:
    """Writes down how one step stands; *runs* are its runs, the last one last."""

    state: MigrationState
    check: StepCheck
    runs: list[str]

    def began(self, folder: Path) -> None:
        self.runs.append(folder.name)
        self._note(_BEGUN)

    def ended(self, report: ImportReport) -> StepReport:
        self.runs.append(report.journal.parent.name)
        ending = ending_of(report)
        self._note(ending)
        return StepReport(step=self.check.step, ending=ending, report=report, error=report.stopped)

    def _note(self, ending: str) -> None:
        state = StepState(ending, self.runs[-1], self.check.fingerprint)
        self.state.note(self.check.step.id, state)


def _raise_all(wrong: list[ZbbulkError]) -> None:
    """Raise what is wrong with all files as one error."""
    if not wrong:
        return
    problems: list[Problem] = [problem for error in wrong for problem in error.as_problems()]
    first = wrong[0]
    if len(wrong) == 1:
        raise first
    message = f"{len(wrong)} steps can't be read: nothing was sent."
    raise MappingError(message, first.fix, first.at, first.code, problems=tuple(problems))
