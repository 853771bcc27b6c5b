"""Turn every row into a Record, check it, and say what is wrong with it.

The one path that check and import share, so that a check can't promise what the
import then refuses. Memory does not grow with the rows; nothing is sent or printed.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path as Folder

from zbbulk.errors import Location, Problem
from zbbulk.jobs.match_keys import Duplicate, KeyLog
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.tally import Tally
from zbbulk.model import Cell, Fault, Outcome, Path, Record, Row, Status
from zbbulk.results import READY
from zbbulk.rows import padded, row_faults

BLANK = Outcome(status=Status.SKIPPED, message="The row is blank.")

_BLOCK = 32
"""Rows that are checked before their keys and results are put away: few enough to
stay in the processor's cache, which was measured to save a tenth of the time."""

Sink = Callable[[Sequence[Row], Mapping[int, Outcome]], None]
"""Takes a block of rows, each row once and in order, and the outcomes of those that
are not READY by their index in the block."""

KeyReader = Callable[[Sequence[Record]], list[str | None]]
"""Takes a match key out of each Record, None where a part of it is missing."""


def key_logs(prepared: Prepared, folder: Folder, *, name: str) -> list[KeyLog]:
    """Return an empty log for each match key; *name* keeps the parts of a file apart."""
    return [KeyLog(folder, name=f"{name}-{number}") for number in range(len(prepared.program.keys))]


@dataclass(slots=True)
class Findings:
    """What one pass over rows found.

    Attributes:
        rows: How many there were.
        blank: How many of them are SKIPPED.
        refused: The numbers of those that are REJECTED, rising.
        tally: Their Problems.
    """

    rows: int = 0
    blank: int = 0
    refused: array[int] = field(default_factory=lambda: array("Q"))
    tally: Tally = field(default_factory=Tally)

    def merge(self, later: Findings, *, above: int) -> None:
        """Take over what was found in a later part of the file.

        *above* is added to its row numbers.
        """
        self.tally.merge(later.tally, rows=above)
        self.refused.extend(row + above for row in later.refused)
        self.blank += later.blank
        self.rows += later.rows

    def refuse_too(self, rows: Iterable[int]) -> None:
        """Note *rows* as REJECTED that may be so already."""
        self.refused = array("Q", sorted({*self.refused, *rows}))

    def by_status(self) -> dict[Status, int]:
        """Return the number of rows of each status that has any."""
        refused = len(self.refused)
        ready = self.rows - refused - self.blank
        found = {Status.READY: ready, Status.SKIPPED: self.blank, Status.REJECTED: refused}
        return {status: number for status, number in found.items() if number}


def scan(
    prepared: Prepared, rows: Iterable[Row], *, sink: Sink, logs: Sequence[KeyLog]
) -> Findings:
    """Check *rows*, hand them in blocks to *sink*, and return what was found.

    The match keys of all rows go to *logs*; what is twice is known only at the end.

    Raises:
        SourceError: a row can't be read.
    """
    readers = [key_reader(fields) for fields in prepared.program.keys]
    found = Findings()
    for block in _blocks(rows):
        records, numbers, noted = _scanned(prepared, block, found=found)
        for read, log in zip(readers, logs, strict=True):
            log.add(read(records), numbers)
        found.rows += len(block)
        sink(block, noted)
    return found


def _blocks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while block := list(islice(source, _BLOCK)):
        yield block


def _scanned(
    prepared: Prepared, block: Sequence[Row], *, found: Findings
) -> tuple[list[Record], list[int], dict[int, Outcome]]:
    """Return the Records of *block*, their row numbers, and the outcomes that are not READY.

    This is the loop that every row passes: it is measured, keep it tight.
    """
    convert, accepts = prepared.program.convert, prepared.checker.is_valid
    width = len(prepared.sheet.header)
    records: list[Record] = []
    numbers: list[int] = []
    noted: dict[int, Outcome] = {}
    for index, row in enumerate(block):
        number, cells, _ = row
        record: Record | None
        if len(cells) == width and any(cells):
            record, faults = convert(cells)
            if faults is None and accepts(record):
                records.append(record)
                numbers.append(number)
                continue
        record, noted[index] = _judged(prepared, row, found=found)
        if record is not None:
            records.append(record)
            numbers.append(number)
    return records, numbers, noted


def key_reader(fields: tuple[str, ...]) -> KeyReader:
    """Return a function that takes the match key *fields* out of Records."""
    if len(fields) == 1:
        (field,) = fields

        def read_one(records: Sequence[Record]) -> list[str | None]:
            values = [record.get(field) for record in records]
            return [_text(value) if value.__class__ is not str else value for value in values]

        return read_one

    def read_all(records: Sequence[Record]) -> list[str | None]:
        found = ([record.get(field) for field in fields] for record in records)
        return [None if None in values else "\x1f".join(map(str, values)) for values in found]

    return read_all


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _judged(prepared: Prepared, row: Row, *, found: Findings) -> tuple[Record | None, Outcome]:
    """Return Record and outcome of a row that did not pass at once; note it in *found*."""
    record, faults = examined(prepared, row)
    if record is None:
        found.blank += 1
        return None, BLANK
    if not faults:
        return record, READY
    problems = [problem_of(prepared, fault, row=row.number, cells=row.cells) for fault in faults]
    for problem in problems:
        found.tally.add(problem)
    found.refused.append(row.number)
    return record, rejected(problems)


def examined(prepared: Prepared, row: Row) -> tuple[Record | None, list[Fault]]:
    """Return the Record of *row* and all its faults; None for a blank row.

    A field that could not be read is not also told to be missing.
    """
    header = prepared.sheet.header
    if not any(cell != "" for cell in row.cells):
        return None, []
    faults = row_faults(row, header)
    record, unread = prepared.program.convert(padded(row.cells, len(header)))
    faults += unread or []
    told = {fault.path for fault in faults if fault.path}
    faults += [fault for fault in prepared.checker.faults(record) if fault.path not in told]
    return record, faults


def problem_of(
    prepared: Prepared, fault: Fault, *, row: int, cells: Sequence[Cell] | None = None
) -> Problem:
    """Return *fault* with its place in the user's file; *cells* tell a list's entries apart."""
    column = fault.column or _columns(prepared, fault.path, cells=cells)
    at = Location(file=prepared.sheet.file, row=row, column=column)
    return Problem(code=fault.code, message=fault.message, at=at, fix=fault.fix)


def _columns(prepared: Prepared, path: Path, *, cells: Sequence[Cell] | None) -> str | None:
    if not path:
        return None
    is_in_list = cells is not None and any(isinstance(step, int) for step in path)
    whole = padded(cells, len(prepared.sheet.header)) if cells and is_in_list else None
    return ", ".join(prepared.program.origin(path, cells=whole).columns) or None


def rejected(problems: Sequence[Problem]) -> Outcome:
    """Return the outcome of a row with *problems*: all codes, messages and fixes."""
    return Outcome(
        status=Status.REJECTED,
        code=" ".join(dict.fromkeys(problem.code for problem in problems)),
        message="; ".join(_with_column(problem) for problem in problems),
        fix=" ".join(dict.fromkeys(problem.fix for problem in problems)),
    )


def _with_column(problem: Problem) -> str:
    return f"{problem.at.column}: {problem.message}" if problem.at.column else problem.message


def duplicate_problem(prepared: Prepared, duplicate: Duplicate) -> Problem:
    """Return the Problem of a row whose match key an earlier row already has."""
    fields = prepared.program.keys[duplicate.field]
    fault = Fault(
        code="ZB307",
        message=f"{_shown(duplicate.value)} already stands in row {duplicate.first_row}",
        path=(fields[0],),
    )
    return problem_of(prepared, fault, row=duplicate.row)


def _shown(key: str) -> str:
    return " + ".join(repr(part) for part in key.split("\x1f"))
