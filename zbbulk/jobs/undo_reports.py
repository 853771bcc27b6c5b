"""What an undo would do and what it did: plain values, nothing printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zbbulk.errors import ExitCode, ZbbulkError
from zbbulk.jobs.row_outcomes import folder_of, outcomes_of_run
from zbbulk.jobs.undo_plan import Way
from zbbulk.model import JsonObject, Outcome, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPreview:
    """What an undo would do.

    Attributes:
        run: Name of the run's folder.
        counts: Way -> how many records.
        stays: What stays as it is: why -> first rows of the records.
        calls: Calls that it takes, if none must be repeated.
    """

    run: str
    counts: dict[Way, int]
    stays: dict[str, list[int]]
    calls: int

    @property
    def n_done(self) -> int:
        """Return how many records change in Zoho Books."""
        return self.counts.get(Way.TAKE_BACK, 0) + self.counts.get(Way.RESTORE, 0)

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {
            "run": self.run,
            "counts": {way.value: number for way, number in self.counts.items()},
            "stays": {why: list(rows) for why, rows in self.stays.items()},
            "calls": self.calls,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoReport:
    """What an undo did.

    Attributes:
        preview: What it was to do.
        done: How the records were taken back: ``delete``, ``void`` ... -> how many.
        refused: What Zoho refused: its code and words -> first rows.
        counts: Rows of the run by status, afterwards.
        result: The result file.
        calls: Requests that left for Zoho Books.
        stopped: Why it ended early, None when it did not.
        unwritten: Why the result file can't be written, None when it is.
    """

    preview: UndoPreview
    done: dict[str, int]
    refused: dict[str, list[int]]
    counts: dict[Status, int]
    result: Path
    calls: int
    stopped: ZbbulkError | None
    unwritten: ZbbulkError | None

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Yield row number and outcome of every row below the header, in order, one by one.

        Raises:
            ResultError: the journal can't be read.
        """
        return outcomes_of_run(folder_of(self.result))

    @property
    def exit_code(self) -> ExitCode:
        """Return the stop's code, SOME_ROWS when something stays, else FINE."""
        if self.stopped or self.unwritten:
            return ExitCode.STOPPED
        return ExitCode.SOME_ROWS if self.refused or self.preview.stays else ExitCode.FINE

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        errors = [error for error in (self.stopped, self.unwritten) if error]
        return {
            "preview": self.preview.to_json(),
            "done": dict(self.done),
            "refused": {why: list(rows) for why, rows in self.refused.items()},
            "counts": {status.value: number for status, number in self.counts.items()},
            "result": str(self.result),
            "calls": self.calls,
            "stopped": [problem.to_json() for e in errors for problem in e.as_problems()],
            "exit_code": int(self.exit_code),
        }
