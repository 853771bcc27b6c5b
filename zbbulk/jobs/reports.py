"""What a job hands back to whoever called it: plain values, nothing printed.

``to_json`` gives the fields under the names that ``--format json`` prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from zbbulk.errors import ExitCode, Problem, SourceError, ZbbulkError
from zbbulk.jobs.failure import Failure
from zbbulk.jobs.looked_up import LEVELS, LookedUp
from zbbulk.jobs.mirror_report import MirrorReport
from zbbulk.jobs.plan import Plan
from zbbulk.jobs.preflight_report import Preflight
from zbbulk.jobs.row_outcomes import folder_of, outcomes_in_result, outcomes_of_run
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.mapping import LeftOut
from zbbulk.model import Action, JsonObject, Outcome, Record, SheetForm, Status

if TYPE_CHECKING:
    from zbbulk.jobs.error_logging import Logged


class Shown(NamedTuple):
    """One call as it would be sent.

    Attributes:
        rows: The rows it comes from.
        call: Method, path and query, e.g. ``POST /items``.
        record: The body.
    """

    rows: tuple[int, ...]
    call: str
    record: Record

    def to_json(self) -> JsonObject:
        """Return it as JSON values, amounts as Decimal."""
        return {"rows": list(self.rows), "call": self.call, "record": self.record}


class MissingText(NamedTuple):
    """A text that was looked up in vain.

    Attributes:
        resource, field: Where.
        text: As it stands in the sheet.
        nearest: The nearest that there is, "" when none is near.
        rows: How many rows have it.
    """

    resource: str
    field: str
    text: str
    nearest: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a check found.

    Attributes:
        file, mapping: As the user typed them.
        resource, action: What the mapping makes of a row.
        edition: Country edition whose fields were asked for, None when none was named.
        form: How the file turned out to be written.
        dates: Date style of each column that was found out, not declared.
        left_out: The columns of a mapping that ships which the file does not have.
        counts: Rows by status.
        spared: How many rows to be sent travel in the call of another row.
        documents: How many records the rows make, None where each row is one.
        calls_each: Calls for each record: to send it, and what goes before and after.
        reads_list: The list of the resource is read first, to find records by their key.
        problems: The first Problems of each code, in the order of the rows.
        problem_counts: Code -> number of Problems in the whole file.
        warnings: What refuses nothing but should be known; of the rows' the first of each code.
        warning_counts: Code -> number of warnings about rows.
        refused_whole: The file as a whole is refused: nothing of it is sent.
        looked_up: Where the ids of its lookups came from, None when it looks nothing up.
        missing: The texts that were looked up in vain, the commonest first.
        result: The result file.
        took_s: Seconds.
        shown: The first Records as they would be sent, if that was asked for.
        plan: What is about to be done; None where it was not found out.
        preflight: What is known of the organization, None when nothing is.
        mirror: What a mirror changes, None where the sheet is none.
    """

    file: str
    mapping: str
    resource: str
    action: Action
    edition: str | None
    form: SheetForm
    dates: Table[str, str]
    left_out: tuple[LeftOut, ...]
    counts: Table[Status, int]
    spared: int
    documents: int | None
    calls_each: int
    reads_list: bool
    problems: tuple[Problem, ...]
    problem_counts: Table[str, int]
    warnings: tuple[Problem, ...]
    warning_counts: Table[str, int]
    refused_whole: bool
    looked_up: LookedUp | None
    missing: tuple[MissingText, ...]
    result: Path
    took_s: float
    shown: tuple[Shown, ...] = ()
    plan: Plan | None = None
    preflight: Preflight | None = None
    mirror: MirrorReport | None = None

    @property
    def rows(self) -> int:
        """Return the number of rows below the header."""
        return sum(self.counts.values())

    @property
    def ready(self) -> int:
        """Return the number of rows that passed."""
        return self.counts.get(Status.READY, 0)

    @property
    def sends_nothing(self) -> bool:
        """Tell whether it is known already that nothing would be sent: there is nothing to ask."""
        return self.refused_whole or (self.plan is not None and not self.plan.n_records)

    @property
    def calls_needed(self) -> int:
        """Return how many calls the rows that passed take, if none must be repeated.

        The pages of a list that is read to find records by their key come on top.
        """
        if self.plan is not None:
            return self.plan.n_calls
        return (self.ready - self.spared) * self.calls_each

    @property
    def depth(self) -> int:
        """Return how deep the check went, an index of ``LEVELS``; importing is the next."""
        is_unchecked = self.looked_up is not None and bool(self.looked_up.unchecked)
        return LEVELS.index("document" if is_unchecked else "lookups")

    @property
    def exit_code(self) -> ExitCode:
        """Return FINE, or SOME_ROWS when a row is refused."""
        return ExitCode.SOME_ROWS if self.problem_counts else ExitCode.FINE

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Yield row number and outcome of every row below the header, in order, one by one.

        They are read from the result file; where the check is that of a run, from its journal.

        Raises:
            SourceError: the result file is gone.
            UsageError: its columns were changed (ZB012).
            ResultError: the journal can't be read.
        """
        folder = folder_of(self.result)
        if folder.journal.is_file():
            return outcomes_of_run(folder)
        return outcomes_in_result(self.result, self.form)

    def to_json(self) -> JsonObject:
        """Return the report as JSON values."""
        return {
            "file": self.file,
            "mapping": self.mapping,
            "resource": self.resource,
            "action": self.action.value,
            "edition": self.edition,
            "form": form_json(self.form),
            "dates": dict(self.dates),
            "left_out": [each._asdict() for each in self.left_out],
            "rows": self.rows,
            "documents": self.documents,
            "counts": {status.value: number for status, number in self.counts.items()},
            "calls_needed": self.calls_needed,
            "plan": self.plan.to_json() if self.plan else None,
            "preflight": self.preflight.to_json() if self.preflight else None,
            "mirror": self.mirror.to_json() if self.mirror else None,
            "reads_list": self.reads_list,
            "problems": [problem.to_json() for problem in self.problems],
            "problem_counts": dict(self.problem_counts),
            "warnings": [problem.to_json() for problem in self.warnings],
            "warning_counts": dict(self.warning_counts),
            "depth": {"level": self.depth, "of": len(LEVELS) - 1, "name": LEVELS[self.depth]},
            "lookups": self.looked_up.to_json() if self.looked_up else None,
            "missing": [each._asdict() for each in self.missing],
            "result": str(self.result),
            "shown": [each.to_json() for each in self.shown],
            "took_s": round(self.took_s, 3),
            "exit_code": int(self.exit_code),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did.

    Attributes:
        check: What the check before it found; its result is the import's result file.
        counts: Rows by status, after sending.
        failures: Why rows failed or are unknown, one entry a code, the commonest first.
        organization_id, api_root: Where it was sent.
        journal: The run's durable memory.
        calls: Requests that left for Zoho Books.
        stopped: Why it ended before the last row, None when it did not.
        unwritten: Why the result file can't be written, None when it is.
        unheld: By row what the journal could not take any more.
        took_s: Seconds, of Zoho's clock (the sandbox's may run faster).
        logged: What became of the error log, None when the mapping has none.
        notices: What should be known of the notice to a webhook, if there was one.
    """

    check: CheckReport
    counts: Table[Status, int]
    failures: tuple[Failure, ...]
    organization_id: str
    api_root: str
    journal: Path
    calls: int
    stopped: ZbbulkError | None
    took_s: float
    unwritten: ZbbulkError | None = None
    unheld: Table[int, Outcome] = field(default_factory=dict)
    logged: Logged | None = None
    notices: tuple[Problem, ...] = ()

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Yield row number and outcome of every row below the header, in order, one by one.

        Raises:
            ResultError: the journal can't be read.
        """
        return outcomes_of_run(RunFolder(self.journal.parent), unheld=self.unheld)

    @property
    def errors(self) -> tuple[ZbbulkError, ...]:
        """Return all that went wrong with the run as a whole."""
        return tuple(filter(None, (self.stopped, self.unwritten)))

    @property
    def exit_code(self) -> ExitCode:
        """Return the stop's code, else NOTHING_SENT, SOME_ROWS or FINE."""
        if self.stopped and self.stopped.exit_code is ExitCode.CREDENTIALS:
            return ExitCode.CREDENTIALS
        if self.stopped:
            is_refused = isinstance(self.stopped, SourceError) or not self.calls
            return ExitCode.NOTHING_SENT if is_refused else ExitCode.STOPPED
        if self.unwritten:
            return ExitCode.STOPPED
        bad = sum(self.counts.get(status, 0) for status in _BAD)
        if bad and not any(self.counts.get(status) for status in _SENT):
            return ExitCode.NOTHING_SENT
        return ExitCode.SOME_ROWS if bad or self.failures else ExitCode.FINE

    def to_json(self) -> JsonObject:
        """Return the report as JSON values: the check's fields, overlaid by the import's."""
        stopped = [problem for error in self.errors for problem in error.as_problems()]
        return self.check.to_json() | {
            "counts": {status.value: number for status, number in self.counts.items()},
            "failures": [failure._asdict() for failure in self.failures],
            "organization_id": self.organization_id,
            "api_root": self.api_root,
            "journal": str(self.journal),
            "calls": self.calls,
            "stopped": [problem.to_json() for problem in stopped],
            "error_log": self.logged.to_json() if self.logged else None,
            "notices": [problem.to_json() for problem in self.notices],
            "took_s": round(self.took_s, 3),
            "exit_code": int(self.exit_code),
        }


_SENT = (Status.CREATED, Status.UPDATED, Status.DELETED, Status.FAILED, Status.UNKNOWN)
_BAD = (Status.REJECTED, Status.FAILED, Status.UNKNOWN, Status.READY, Status.SENDING)


def form_json(form: SheetForm) -> JsonObject:
    """Return how a file is written, as JSON values."""
    return {
        "kind": form.kind,
        "encoding": form.encoding,
        "delimiter": form.delimiter,
        "line_end": form.line_end,
        "sheet": form.sheet,
        "sheets": list(form.sheets),
        "header_row": form.header_row,
    }
