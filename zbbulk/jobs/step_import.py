"""Send one step of a migration: as an import of its own, or by going on with its earlier run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from zbbulk.jobs.expected import Expected, Refusals
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.migration_reports import StepCheck
from zbbulk.jobs.open_run import reopened
from zbbulk.jobs.progress import Progress
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.jobs.resume_job import resume_run
from zbbulk.jobs.run_facts import PLANNED
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.jobs.target import Target, pace_of
from zbbulk.jobs.waiting import Waits
from zbbulk.journal.journal import Journal
from zbbulk.journal.kept_lists import forget_list, lists_path
from zbbulk.journal.migration_state import StepState
from zbbulk.model import Status
from zbbulk.zoho.pace import Pace


@dataclass(slots=True, kw_only=True)
class Sending:
    """What all steps of a migration share while they are sent.

    Attributes:
        target: Where to.
        runs: Folder of all runs.
        expected: Knows which records are refused.
        pace: The gate that all requests pass.
        waits: Told before a step waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.
    """

    target: Target
    runs: Path
    expected: Expected
    pace: Pace
    progress: Progress
    waits: Waits | None = None

    def send(
        self, step: StepCheck, known: StepState | None, *, began: Callable[[Path], None]
    ) -> ImportReport:
        """Send the rows of a step that are not in Zoho Books yet.

        Args:
            step: The step as it was checked.
            known: How it stood when the migration was started last, None if it was not begun.
            began: Is told the folder of the run before anything is sent.

        Raises:
            ZbbulkError: as ``import_file``; nothing was sent.
        """
        if self.pace.is_stopped:
            self.pace = pace_of(self.target)
        report = self._gone_on_with(known) if known is not None else None
        is_same = known is not None and known.fingerprint == step.fingerprint
        if report is None or not is_same or report.counts.get(Status.REJECTED):
            report = self._begun(step, began)
        self._learn(step, report)
        return report

    def _gone_on_with(self, known: StepState) -> ImportReport | None:
        """Go on with an earlier run of a step; None when it was not planned, or was undone.

        A run that was killed after its last answer still owes its result file and its report.
        """
        folder = RunFolder(self.runs / known.run)
        if not known.run or not folder.journal.is_file():
            return None
        with Journal.open(folder.journal) as journal:
            is_planned = journal.facts().get(PLANNED) == "yes"
            is_undone = bool(journal.count().get(Status.UNDONE))
        if not is_planned or is_undone:
            return None
        return resume_run(
            folder.path,
            target=self.target,
            runs=self.runs,
            again=(Status.FAILED,),
            waits=self.waits,
            progress=self.progress,
            beyond=Refusals(self.expected),
            pace=self.pace,
        )

    def _begun(self, step: StepCheck, began: Callable[[Path], None]) -> ImportReport:
        def agreed(check: CheckReport) -> bool:
            began(check.result)
            return True

        return import_file(
            step.step.file,
            step.step.mapping,
            target=replace(self.target, preflight=False),  # its check was a look before
            runs=self.runs,
            agreed=agreed,
            waits=self.waits,
            progress=self.progress,
            beyond=Refusals(self.expected),
            pace=self.pace,
        )

    def _learn(self, step: StepCheck, report: ImportReport) -> None:
        """Take in what was refused only now, and that lists which show the records have changed."""
        folder = RunFolder(report.journal.parent)
        with Journal.open(folder.journal) as journal:
            prepared = reopened(folder, journal.facts())
            whole = report.stopped.message if report.check.refused_whole and report.stopped else ""
            self.expected.learn(step.step, prepared, journal, whole=whole)
        for name in self.expected.shown_in(prepared.resource.name):
            forget_list(lists_path(self.runs, self.target.organization_id), name)
