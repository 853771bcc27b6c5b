"""What a pass over all rows found: how many of each status, and their Problems.

What only all rows together tell is added at the end, by ``late_faults.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from zbbulk.checks.lines import LINES
from zbbulk.errors import Level, Problem
from zbbulk.jobs.fed_back import earlier_outcomes
from zbbulk.jobs.looked_up import LookedUp
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.reports import CheckReport, MissingText
from zbbulk.jobs.row_set import RowSet
from zbbulk.jobs.tally import Tally
from zbbulk.jobs.update_lines import reads_first
from zbbulk.model import Action, Fault, Sought, Status


@dataclass(slots=True)
class Findings:
    """What one pass over rows found.

    Attributes:
        rows: How many there were.
        skipped: How many of them are SKIPPED.
        refused: The numbers of those that are REJECTED, rising.
        tally: Their Problems.
        spared: How many rows to be sent travel in the call of another row.
        warned: What refuses nothing.
        sums: What each ``control_total`` added up, by its place in the checks.
        whole: What is wrong with the file as a whole: nothing of it is sent.
        sought: What was looked up in vain, and in how many rows.
        documents: How many records the rows make, None where each row is one.
    """

    rows: int = 0
    skipped: int = 0
    refused: RowSet = field(default_factory=RowSet)
    tally: Tally = field(default_factory=Tally)
    spared: int = 0
    warned: Tally = field(default_factory=Tally)
    sums: dict[int, Decimal] = field(default_factory=dict)
    whole: list[Problem] = field(default_factory=list)

    def add_up(self, check: int, amount: Decimal) -> None:
        """Add *amount* to the sum of the check with this number."""
        self.sums[check] = self.sums.get(check, Decimal(0)) + amount

    def note(self, problem: Problem) -> None:
        """Count a Problem by its level."""
        (self.tally if problem.level is Level.ERROR else self.warned).add(problem)

    sought: Counter[Sought] = field(default_factory=Counter)
    documents: int | None = None

    def merge(self, later: Findings, *, above: int) -> None:
        """Take over what was found in a later part of the file.

        *above* is added to its row numbers.
        """
        self.tally.merge(later.tally, rows=above)
        self.warned.merge(later.warned, rows=above)
        for check, amount in later.sums.items():
            self.add_up(check, amount)
        self.refused.update(row + above for row in later.refused)
        self.skipped += later.skipped
        self.sought += later.sought
        self.rows += later.rows

    def note_sought(self, faults: Iterable[Fault]) -> None:
        """Count what the *faults* of one row tell was looked up in vain."""
        self.sought.update({fault.sought for fault in faults if fault.sought is not None})

    def refuse_too(self, rows: Iterable[int]) -> None:
        """Note *rows* as REJECTED that may be so already."""
        self.refused.update(rows)

    def by_status(self) -> dict[Status, int]:
        """Return the number of rows of each status that has any."""
        refused = len(self.refused)
        ready = self.rows - refused - self.skipped
        found = {Status.READY: ready, Status.SKIPPED: self.skipped, Status.REJECTED: refused}
        return {status: number for status, number in found.items() if number}


def check_report(
    prepared: Prepared,
    found: Findings,
    *,
    result: Path,
    took_s: float,
    looked_up: LookedUp | None = None,
) -> CheckReport:
    """Return what a pass over all rows found, as a report."""
    return CheckReport(
        file=prepared.sheet.file,
        mapping=prepared.mapping.file,
        resource=prepared.resource.name,
        action=prepared.mapping.action,
        edition=prepared.mapping.edition,
        form=prepared.own_sheet.form,
        dates=prepared.dates,
        left_out=prepared.left_out,
        counts=found.by_status(),
        spared=found.spared,
        documents=found.documents,
        calls_each=_calls_each(prepared),
        reads_list=prepared.mapping.policy.reads_list,
        problems=tuple(found.tally.problems()),
        problem_counts=dict(found.tally.counts),
        warnings=(*prepared.warnings, *_unasked(prepared), *found.warned.problems()),
        warning_counts=dict(found.warned.counts),
        refused_whole=bool(found.whole),
        looked_up=looked_up,
        missing=_missing(found.sought),
        result=result,
        took_s=took_s,
    )


def _unasked(prepared: Prepared) -> list[Problem]:
    """Return warnings of the rows of other sheets that belong to no row of the sheet.

    Rows that an earlier run has sent are not looked at, and so nothing is said of theirs.
    """
    if earlier_outcomes(prepared):
        return []
    return [problem for sheet in prepared.others.values() for problem in sheet.unasked()]


def _calls_each(prepared: Prepared) -> int:
    """Return how many calls a record takes: to read its lines, to send it, its status calls."""
    mapping = prepared.mapping
    has_lines = mapping.action is Action.UPDATE and LINES in mapping.fields.fields
    return 1 + len(mapping.after_create) + (has_lines and reads_first(mapping.policy))


def _missing(sought: Counter[Sought]) -> tuple[MissingText, ...]:
    """Return what was looked up in vain, the commonest first."""
    return tuple(MissingText(*each, rows) for each, rows in sought.most_common())
