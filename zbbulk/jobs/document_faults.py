"""What is wrong with documents of many rows: one bad row refuses the whole document.

Makes and checks the Record of each document; holds no Record and only the numbers of
rows that are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from zbbulk.errors import Level, Problem
from zbbulk.folding import folded
from zbbulk.jobs.batch_faults import incomplete
from zbbulk.jobs.documents import documents
from zbbulk.jobs.fed_back import earlier_outcomes, sent_before
from zbbulk.jobs.findings import Findings
from zbbulk.jobs.keys import FOLDED, key_reader
from zbbulk.jobs.match_keys import Duplicate, KeyLog, duplicates
from zbbulk.jobs.parcels import legacy_of
from zbbulk.jobs.passed_over import passed_over
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.row_problems import duplicate_problem, problem_of
from zbbulk.jobs.row_rules import RowRules
from zbbulk.mapping.grouping import Grouping, Made, RowFault
from zbbulk.model import Fault, Row

Told = Iterator[tuple[int, Problem]]
"""Row numbers, and what is wrong with each."""


def document_problems(prepared: Prepared, grouped: Grouping, found: Findings) -> Told:
    """Yield what is wrong with the rows of all documents.

    Args:
        prepared: What to check.
        grouped: How its rows become documents.
        found: Knows the rows that are refused already; what was looked up in vain, how many
            rows travel with another one and how many documents there are is added to it.
    """
    judge = _Judge(prepared, grouped, found)
    found.documents = 0
    with TemporaryDirectory(prefix="zbbulk-") as folder:
        logs = [
            KeyLog(Path(folder), name=f"key-{number}", sameness=FOLDED)
            for number in range(len(prepared.program.keys))
        ]
        logs += [
            KeyLog(Path(folder), name="legacy-key") for _ in range(prepared.program.has_legacy_key)
        ]
        for rows in documents(prepared, lambda row: passed_over(prepared, row) is not None):
            found.documents += 1
            yield from judge.told(rows, logs)
        twice = {each.row: each for each in reversed(duplicates([[(log, 0)] for log in logs]))}
    if twice:
        for rows in documents(prepared, lambda row: passed_over(prepared, row) is not None):
            if rows[0].number in twice:
                yield from judge.told_twice(rows, twice[rows[0].number])


class _Judge:
    """Sees every document of a sheet."""

    def __init__(self, prepared: Prepared, grouped: Grouping, found: Findings) -> None:
        self._prepared = prepared
        self._grouped = grouped
        self._found = found
        self._refused = found.refused
        self._earlier = earlier_outcomes(prepared)
        self._rules = RowRules(prepared)
        self._readers = [key_reader(fields) for fields in prepared.program.keys]
        self._thing = prepared.resource.single_key.replace("_", " ")

    def told(self, rows: Sequence[Row], logs: Sequence[KeyLog]) -> Told:
        """Yield what is wrong with one document; the keys of one that is fine go to *logs*."""
        sent = [row.number for row in rows if sent_before(row.cells, self._earlier)]
        rows = [row for row in rows if row.number not in sent]
        if not rows:
            return
        numbers = [row.number for row in rows]
        made = self._grouped.made(
            [row.cells for row in rows], numbers, convert=self._prepared.program.convert
        )
        faults = self._faults(made)
        problems = [self._problem(rows, each, Level.ERROR) for each in faults]
        bad = {rows[each.at].number for each in faults} | {
            number for number in numbers if number in self._refused
        }
        if not bad:
            judged = [
                (made.of_row(each.fault), each.level)
                for each in self._rules.of_record(made.record, rows[0].cells)
            ]
            judged += [
                (RowFault(at, each.fault), each.level)
                for at, row in enumerate(rows)
                for each in self._rules.of_row(row.cells)
            ]
            problems += [self._problem(rows, told, level) for told, level in judged]
            bad = {n for n, problem in problems if problem.level is Level.ERROR}
        yield from dict.fromkeys(problems)
        yield from self._with_them(rows, sorted(bad), sent)
        if not bad and not sent:
            self._found.spared += len(rows) - 1
            keys = [read([made.record])[0] for read in self._readers]
            if self._prepared.program.has_legacy_key:
                keys.append(folded(legacy_of(self._prepared.program, rows)) or None)
            for key, log in zip(keys, logs, strict=True):
                log.add([key], numbers[:1])

    def told_twice(self, rows: Sequence[Row], duplicate: Duplicate) -> Told:
        """Yield what is told of a document whose match key an earlier one has."""
        is_lenient = duplicate.field in self._prepared.program.lenient
        problem = duplicate_problem(
            self._prepared,
            duplicate,
            is_first_refused=duplicate.first_row in self._refused,
            level=Level.WARNING if is_lenient else Level.ERROR,
        )
        yield duplicate.row, problem
        if not is_lenient:
            self._found.spared -= len(rows) - 1
            yield from self._with_them(rows, [duplicate.row], [])

    def _faults(self, made: Made) -> list[RowFault]:
        """Return the faults of all rows of a document; what can't be read is not also missing."""
        told = {(each.at, each.fault.path) for each in made.faults if each.fault.path}
        beside = {(at, path[:-1]) for at, path in told}
        missing = map(made.of_row, self._prepared.checker.faults(made.record))
        faults = [
            *made.faults,
            *(
                each
                for each in missing
                if (each.at, each.fault.path) not in told
                and not (each.fault.code == "ZB301" and (each.at, each.fault.path) in beside)
            ),
        ]
        self._found.note_sought(each.fault for each in faults)
        return faults

    def _with_them(self, rows: Sequence[Row], bad: Sequence[int], sent: Sequence[int]) -> Told:
        """Yield why the other rows of a document are not sent either."""
        for row in rows:
            if row.number not in bad:
                for fault in incomplete(bad, sent, thing=self._thing):
                    yield row.number, problem_of(self._prepared, fault, row=row.number)

    def _problem(self, rows: Sequence[Row], told: RowFault, level: Level) -> tuple[int, Problem]:
        row, fault = rows[told.at], _worded(told.fault, self._thing)
        problem = problem_of(self._prepared, fault, row=row.number, cells=row.cells, level=level)
        return row.number, problem


def _worded(fault: Fault, thing: str) -> Fault:
    """Return *fault* with the document called by its name."""
    words = fault.message.replace("of the same record", f"of the same {thing}")
    return fault._replace(message=words)
