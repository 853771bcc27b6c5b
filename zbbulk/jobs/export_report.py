"""What an export did, for whoever called it: plain values, nothing printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from zbbulk.errors import ExitCode, ZbbulkError
from zbbulk.model import JsonObject


class Cost(NamedTuple):
    """What it takes to read each record by itself.

    Attributes:
        records: So many.
        calls: So many calls more.
        minutes: At Zoho's pace, at least.
        left_today: Calls that are left today, None where Zoho did not tell.
    """

    records: int
    calls: int
    minutes: int
    left_today: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What an export did.

    Attributes:
        resource: What was exported.
        folder: Of the run.
        file: What was written, None when it ended before.
        mapping: The mapping that reads the file back, None when there is none.
        records, rows, columns: How many were written.
        passed_over: Rows of the list that are none of those asked for.
        twice: Records that came twice because the list changed while it was read.
        left_out: What no column can show, and why.
        refused: Records that could not be read by themselves: id and Zoho's words.
        calls: Calls that left, in all tries.
        needed: The calls that it takes if none is repeated: ``list``, ``records``.
        stopped: Why it ended early, None when it did not.
        took_s: Seconds, of Zoho's clock.
    """

    resource: str
    folder: Path
    file: Path | None
    mapping: Path | None
    records: int
    rows: int
    columns: int
    passed_over: int
    twice: int
    left_out: Mapping[str, str]
    refused: Sequence[tuple[str, str]]
    calls: int
    needed: Mapping[str, int]
    stopped: ZbbulkError | None
    took_s: float

    @property
    def exit_code(self) -> ExitCode:
        """Return the stop's code, SOME_ROWS when a record could not be read whole, else FINE."""
        if self.stopped is not None:
            is_login = self.stopped.exit_code is ExitCode.CREDENTIALS
            return ExitCode.CREDENTIALS if is_login else ExitCode.STOPPED
        return ExitCode.SOME_ROWS if self.refused else ExitCode.FINE

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        stopped = self.stopped.as_problems() if self.stopped else ()
        return {
            "resource": self.resource,
            "run": self.folder.name,
            "file": str(self.file) if self.file else None,
            "mapping": str(self.mapping) if self.mapping else None,
            "records": self.records,
            "rows": self.rows,
            "columns": self.columns,
            "passed_over": self.passed_over,
            "twice": self.twice,
            "left_out": dict(self.left_out),
            "refused": [{"id": zb_id, "message": why} for zb_id, why in self.refused],
            "calls": self.calls,
            "calls_needed": dict(self.needed),
            "stopped": [problem.to_json() for problem in stopped],
            "took_s": round(self.took_s, 3),
            "exit_code": int(self.exit_code),
        }
