"""The ``checks:`` of a mapping, and what Zoho asks of a whole document, row by row.

Runs beside the gate only where a mapping asks for it; other mappings pay nothing. Rules
that only all rows together answer are in ``late_faults.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from zbbulk.checks import CONTROL, doubts_of, unseen
from zbbulk.checks.rules import sides_of, total_faults
from zbbulk.errors import Level, Location, Problem
from zbbulk.jobs.findings import Findings
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.row_problems import key_path, problem_of, rejected, warned
from zbbulk.mapping import field_names
from zbbulk.mapping.policies import Check
from zbbulk.mapping.words import CheckName
from zbbulk.model import CUSTOM, Block, Cell, Fault, Outcome, Record, Status, field_value
from zbbulk.resources import schema
from zbbulk.results import READY, joined
from zbbulk.rows import CsvSheet, padded


class Judged(NamedTuple):
    """What a rule says of one Record, and whether that refuses it."""

    level: Level
    fault: Fault


class RowRules:
    """The rules that one Record and what its row says answer."""

    def __init__(self, prepared: Prepared) -> None:
        """Compile nothing anew: all is in *prepared*."""
        self._prepared = prepared
        self._checks = prepared.mapping.checks
        self._totals = _numbered(self._checks, CheckName.TOTAL_EQUALS)
        self._controls = _numbered(self._checks, CheckName.CONTROL_TOTAL)
        self._balanced = "" if _travels_in_batches(prepared) else _balanced(prepared)
        self._unique_field = prepared.mapping.policy.upsert_by
        self._formulas = _numbered(self._checks, CheckName.FORMULA)
        mapping = prepared.mapping
        self._doubts = doubts_of(schema(mapping.resource), field_names(mapping.fields))
        self._may_hide = _may_hide(prepared)
        self._asks_of_all = any(
            (self._totals, self._controls, self._balanced, self._unique_field, self._formulas)
        )

    def __bool__(self) -> bool:
        """Tell whether there is anything to judge."""
        return self._asks_of_all or bool(self._doubts) or self._may_hide

    def judge(
        self,
        block: Block,
        records: Sequence[Record],
        numbers: Sequence[int],
        noted: dict[int, Outcome],
        *,
        found: Findings,
    ) -> list[int]:
        """Add to *noted* what is wrong with Records of *block*; return the rows refused now.

        Args:
            block: The rows.
            records: The Records of those that have one.
            numbers: Their row numbers.
            noted: Outcomes by the index in the block.
            found: Problems and sums are added to it.
        """
        if self._controls:
            self._add_up(block, found)
        refused: list[int] = []
        for place in self._looked_at(block, records):
            record, number = records[place], numbers[place]
            index = number - block.first
            before = noted.get(index, READY)
            cells = padded(block.cells[index], len(self._prepared.sheet.header))
            judged = list(self._unread(cells))
            if before.status is not Status.REJECTED:
                judged += self.of_record(record, cells)
                judged += self.of_row(cells)
            if judged:
                problems = [self._problem(each, number, cells) for each in judged]
                noted[index] = joined(before, _told(problems))
                for problem in problems:
                    found.note(problem)
                if noted[index].status is not before.status:
                    refused.append(number)
        return refused

    def _looked_at(self, block: Block, records: Sequence[Record]) -> Sequence[int]:
        """Return the places of the *records* that must be looked at closely, rising."""
        if self._asks_of_all or (self._may_hide and _hides_something(block)):
            return range(len(records))
        return sorted(self._doubts.suspects(records))

    def of_record(self, record: Record, cells: Sequence[Cell]) -> Iterator[Judged]:
        """Yield what is wrong with one whole *record* that passed the gate."""
        if self._balanced:
            faults = sides_of(record, self._balanced).faults(self._balanced)
            yield from (Judged(Level.ERROR, fault) for fault in faults)
        if self._unique_field:
            yield from _unfit_for_header(record, self._unique_field)
        yield from (Judged(Level.WARNING, fault) for fault in self._doubts.faults(record))
        if self._may_hide:
            yield from (Judged(Level.WARNING, fault) for fault in unseen(record))
        said = self._said(cells)[0] if self._totals else {}
        for _, check in self._totals:
            if check.column in said:
                found = total_faults(
                    record, said[check.column], within=check.within, column=check.column
                )
                yield from (Judged(check.level, _worded(check, fault)) for fault in found)

    def of_row(self, cells: Sequence[Cell]) -> Iterator[Judged]:
        """Yield what is wrong with one row that passed the gate: formulas that are not true.

        What can't be computed refuses the row, whatever the level of the check is.
        """
        if not self._formulas:
            return
        for number, fault in self._prepared.program.unmet(cells):
            check = self._checks[number]
            if fault.code == "ZB323":
                yield Judged(check.level, _said_of(check, fault))
            else:
                yield Judged(Level.ERROR, fault)

    def _add_up(self, block: Block, found: Findings) -> None:
        """Add up the columns of the control totals: of every row, sent or not."""
        width = len(self._prepared.sheet.header)
        for cells in block.cells:
            said, _ = self._said(padded(cells, width))
            for number, check in self._controls:
                if check.column in said:
                    found.add_up(number, said[check.column])

    def _unread(self, cells: Sequence[Cell]) -> Iterator[Judged]:
        """Yield what can't be read in the columns of the checks."""
        _, faults = self._said(cells)
        for fault in faults or ():
            column = str(fault.path[0])
            yield Judged(Level.ERROR, fault._replace(path=(), column=column))

    def _said(self, cells: Sequence[Cell]) -> tuple[Record, list[Fault] | None]:
        told = self._prepared.program.told
        return told(cells) if told else ({}, None)

    def _problem(self, judged: Judged, number: int, cells: Sequence[Cell]) -> Problem:
        return problem_of(self._prepared, judged.fault, row=number, cells=cells, level=judged.level)


def whole_faults(prepared: Prepared, found: Findings) -> Iterator[Problem]:
    """Yield what is wrong with the file as a whole: control totals that are not met."""
    for number, check in _numbered(prepared.mapping.checks, CheckName.CONTROL_TOTAL):
        total = found.sums.get(number, Decimal(0))
        if abs(total - check.expect) > check.within:
            message = f"the rows add up to {total:f}, the mapping expects {check.expect:f}"
            at = Location(file=prepared.sheet.file, column=check.column)
            fault = _worded(check, Fault("ZB322", message))
            yield Problem(code=fault.code, message=fault.message, at=at, level=check.level)


def _may_hide(prepared: Prepared) -> bool:
    """Tell whether a cell can hold a sign that nobody sees: a CSV file was looked through."""
    sheet = prepared.sheet
    return not isinstance(sheet, CsvSheet) or sheet.has_controls or bool(prepared.others)


def _hides_something(block: Block) -> bool:
    texts = "".join([cell for cells in block.cells for cell in cells if isinstance(cell, str)])
    return not texts.isprintable() and CONTROL.search(texts) is not None


def _numbered(checks: Sequence[Check], rule: CheckName) -> list[tuple[int, Check]]:
    return [(number, check) for number, check in enumerate(checks) if check.rule is rule]


def _balanced(prepared: Prepared) -> str:
    """Return the list whose debits and credits Zoho wants equal, "" where there is none."""
    return prepared.resource.balanced


def _travels_in_batches(prepared: Prepared) -> bool:
    return prepared.batching is not None


def _unfit_for_header(record: Record, unique_field: str) -> Iterator[Judged]:
    """Yield why Zoho can't be told by which value to find *record*: it travels in a header."""
    name = f"{CUSTOM}{unique_field}"
    value = field_value(record, name)
    if value in (None, ""):
        fault = Fault("ZB301", f"{unique_field} is blank; it tells the record", key_path(name))
        yield Judged(Level.ERROR, fault)
    elif not _is_header_safe(str(value)):
        message = f"{value!r} has signs that can't stand in a header of a request"
        fix = "Use letters of Western Europe, digits and signs, without line breaks."
        yield Judged(Level.ERROR, Fault("ZB304", message, key_path(name), fix=fix))


def _is_header_safe(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return text.isprintable() and text == text.strip()


def _worded(check: Check, fault: Fault) -> Fault:
    return fault._replace(message=f"{check.message}: {fault.message}") if check.message else fault


def _said_of(check: Check, fault: Fault) -> Fault:
    """Return *fault* in the user's own words, if there are any."""
    return fault._replace(message=check.message) if check.message else fault


def _told(problems: Sequence[Problem]) -> Outcome:
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    warnings = [problem for problem in problems if problem.level is Level.WARNING]
    told = warned(warnings) if warnings else READY
    return joined(told, rejected(errors)) if errors else told
