"""What a migration hands back: its steps as they were checked, and as they were sent.

Plain values, nothing printed. ``to_json`` gives the fields that ``--format json`` prints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from zbbulk.errors import ExitCode, Problem, ZbbulkError
from zbbulk.jobs.migration_steps import OpenedMigration, Step
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.model import JsonObject, Status


class Ending(StrEnum):
    """How a step ended.

    BEFORE: an earlier start of the migration brought all its rows in. DONE: this one did.
    OPEN: it ended, and some rows are not in Zoho Books. STOPPED: it ended before its last row.
    HELD: it was not begun.
    """

    BEFORE = "before"
    DONE = "done"
    OPEN = "open"
    STOPPED = "stopped"
    HELD = "held"


_SENT = (Status.CREATED, Status.UPDATED, Status.DELETED, Status.FAILED, Status.UNKNOWN)
_NOT_THERE = (Status.FAILED, Status.UNKNOWN, Status.READY, Status.SENDING, Status.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCheck:
    """One step, checked before anything of the migration is sent.

    Attributes:
        step: The step.
        check: What was found; None when an earlier start brought all its rows in.
        fingerprint: Of the files it reads.
        run: The run of an earlier start, "" for none.
    """

    step: Step
    check: CheckReport | None
    fingerprint: str
    run: str = ""

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {
            "step": self.step.id,
            "after": dict(self.step.parents),
            "run": self.run,
            "check": self.check.to_json() if self.check else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """One step, as it ended.

    Attributes:
        step: The step.
        ending: See Ending.
        report: What its import did; None when it was not begun.
        why: Why it was not begun, or what stopped it before its import began.
        error: What stopped it.
        calls: Kind of call -> how many left in this start of the migration.
    """

    step: Step
    ending: Ending
    report: ImportReport | None = None
    why: str = ""
    error: ZbbulkError | None = None
    calls: Table[str, int] = field(default_factory=dict)

    @property
    def holds_others(self) -> bool:
        """Tell whether the steps that need this one must wait."""
        if self.ending in (Ending.STOPPED, Ending.HELD):
            return True
        counts = self.report.counts if self.report else {}
        return any(counts.get(status) for status in _NOT_THERE)

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        problems = self.error.as_problems() if self.error else ()
        return {
            "step": self.step.id,
            "ending": self.ending.value,
            "why": self.why,
            "stopped": [problem.to_json() for problem in problems],
            "calls": dict(self.calls),
            "import": self.report.to_json() if self.report else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationReport:
    """What a migration did.

    Attributes:
        migration: The opened file.
        folder: Holds the results of the check and how far the migration is.
        checks: The steps as they were checked.
        steps: The steps as they were sent; () when only the check was asked for.
        reads: Calls that the check took.
        notices: What should be known of the notice to a webhook, if there was one.
    """

    migration: OpenedMigration
    folder: Path
    checks: tuple[StepCheck, ...]
    steps: tuple[StepReport, ...] = ()
    reads: int = 0
    notices: tuple[Problem, ...] = ()

    @property
    def sends_nothing(self) -> bool:
        """Tell whether no row of any step is ready: there is nothing to ask."""
        return not any(each.check and each.check.ready for each in self.checks)

    @property
    def calls(self) -> Counter[str]:
        """Return all calls by kind, those of the check with them."""
        found = Counter({"read": self.reads})
        for step in self.steps:
            found.update(step.calls)
        return +found

    @property
    def exit_code(self) -> ExitCode:
        """Return what the process tells the shell."""
        if not self.steps:
            bad = any(each.check and each.check.problem_counts for each in self.checks)
            return ExitCode.SOME_ROWS if bad else ExitCode.FINE
        errors = [step.error for step in self.steps if step.error]
        if any(error.exit_code is ExitCode.CREDENTIALS for error in errors):
            return ExitCode.CREDENTIALS
        was_sent = any(
            step.ending is Ending.BEFORE or _has(step.report, _SENT) for step in self.steps
        )
        is_whole = all(step.ending in (Ending.BEFORE, Ending.DONE) for step in self.steps)
        if is_whole:
            return ExitCode.FINE
        if not was_sent:
            return ExitCode.NOTHING_SENT
        is_cut = any(step.ending in (Ending.STOPPED, Ending.HELD) for step in self.steps)
        return ExitCode.STOPPED if is_cut else ExitCode.SOME_ROWS

    def to_json(self) -> JsonObject:
        """Return the report as JSON values."""
        return {
            "migration": self.migration.says.file,
            "title": self.migration.says.title,
            "folder": str(self.folder),
            "checks": [each.to_json() for each in self.checks],
            "steps": [each.to_json() for each in self.steps],
            "calls": dict(self.calls),
            "exit_code": int(self.exit_code),
        }


def ending_of(report: ImportReport) -> Ending:
    """Return how an import ended, as a step."""
    if report.stopped:
        return Ending.STOPPED
    bad = (*_NOT_THERE, Status.REJECTED)
    is_whole = not report.failures and not _has(report, bad)
    return Ending.DONE if is_whole else Ending.OPEN


def _has(report: ImportReport | None, statuses: tuple[Status, ...]) -> bool:
    return report is not None and any(report.counts.get(status) for status in statuses)
