"""Turn every row into a Record, check it, and say what is wrong with it.

The one path that check and import share, so that a check can't promise what the
import then refuses. Memory does not grow with the rows; nothing is sent or printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path as Folder

from zbbulk.checks import UNREADABLE
from zbbulk.jobs.batch_sides import SidesLog
from zbbulk.jobs.fed_back import Earlier, earlier_outcomes, sent_before
from zbbulk.jobs.findings import Findings
from zbbulk.jobs.keys import FOLDED, KeyReader, key_reader, legacy_keys
from zbbulk.jobs.match_keys import KeyLog
from zbbulk.jobs.passed_over import passed_over
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.row_problems import alone_faults, examined, problem_of, rejected
from zbbulk.jobs.row_rules import RowRules
from zbbulk.model import Block, Cell, Fault, Outcome, Record, Row
from zbbulk.results import READY

_NOT_CONVERTED: tuple[Record, list[Fault] | None] = ({}, [])

Reader = Callable[[Sequence[Record], Iterable[Sequence[Cell]]], list[str | None]]
"""Takes the text for a log out of the Record and the cells of each row."""

Sink = Callable[[Block, Mapping[int, Outcome]], None]
"""Takes a block of rows, each row once and in order, and the outcomes of those that
are not READY by their index in the block."""


def key_logs(prepared: Prepared, folder: Folder, *, name: str) -> list[KeyLog]:
    """Return an empty log for each match key, and for all else that rows are compared by.

    That is the legacy key if there is one, and what goes together where rows travel in one call.
    *name* keeps the parts of a file apart.
    """
    n_keys, n_logs = len(prepared.program.keys), len(_readers(prepared))
    keys = [KeyLog(folder, name=f"{name}-{n}", sameness=FOLDED) for n in range(n_keys)]
    return [*keys, *(KeyLog(folder, name=f"{name}-{n}") for n in range(n_keys, n_logs))]


def _readers(prepared: Prepared) -> list[Reader]:
    """Return what takes the text for each of the logs out of rows."""
    batching = prepared.batching
    found = [_of_records(key_reader(fields)) for fields in prepared.program.keys]
    if prepared.program.has_legacy_key:
        found.append(lambda _, cells: legacy_keys(prepared, cells))
    if batching is not None:
        found.append(_of_records(batching.read))
        if lines := prepared.resource.balanced:
            found.append(_of_records(SidesLog(batching, lines).read))
    return found


def _of_records(read: KeyReader) -> Reader:
    return lambda records, _: read(records)


def _cells_of(block: Block, numbers: Sequence[int]) -> Iterator[Sequence[Cell]]:
    return (block.cells[number - block.first] for number in numbers)


def scan(
    prepared: Prepared, blocks: Iterable[Block], *, sink: Sink, logs: Sequence[KeyLog]
) -> Findings:
    """Check all rows, hand block after block to *sink*, and return what was found.

    The match keys of all rows go to *logs*; what is twice is known only at the end.

    Raises:
        SourceError: a row can't be read.
    """
    readers = _readers(prepared)
    found, earlier = Findings(), earlier_outcomes(prepared)
    rules, refused = RowRules(prepared), list[int]()
    scanned = _scanned if prepared.program.grouped is None else _scanned_alone
    for block in blocks:
        records, numbers, noted = scanned(prepared, block, earlier=earlier, found=found)
        for read, log in zip(readers, logs, strict=True) if records else ():
            log.add(read(records, _cells_of(block, numbers)), numbers)
        if rules:
            refused += rules.judge(block, records, numbers, noted, found=found)
        found.rows += len(block.cells)
        sink(block, noted)
    if refused:
        found.refuse_too(refused)
    return found


def _scanned(
    prepared: Prepared, block: Block, *, earlier: Earlier, found: Findings
) -> tuple[list[Record], Sequence[int], dict[int, Outcome]]:
    """Return the Records of *block*, their row numbers, and the outcomes that are not READY.

    *earlier* are the columns that tell what earlier runs did.
    This is the loop that every row passes: it is measured, keep it tight.
    """
    records: list[Record] = []
    without: list[int] = []
    noted: dict[int, Outcome] = {}
    is_result = bool(earlier)
    for index, record in enumerate(_accepted(prepared, block)):
        if is_result and (sent := sent_before(block.cells[index], earlier)):
            noted[index] = sent
            found.skipped += 1
            without.append(index)
        elif record is not None:
            records.append(record)
        else:
            judged, outcome = _judged(prepared, block.row(index), found=found)
            if outcome is not READY:
                noted[index] = outcome
            if judged is None:
                without.append(index)
            else:
                records.append(judged)
    return records, _numbers(block, without), noted


def _scanned_alone(
    prepared: Prepared, block: Block, *, earlier: Earlier, found: Findings
) -> tuple[list[Record], Sequence[int], dict[int, Outcome]]:
    """Return what can be said of rows that make documents with others, each looked at alone."""
    noted: dict[int, Outcome] = {}
    for index in range(len(block.cells)):
        row = block.row(index)
        left_out = sent_before(row.cells, earlier) or passed_over(prepared, row)
        if left_out is not None:
            noted[index] = left_out
            found.skipped += 1
        elif faults := alone_faults(prepared, row):
            noted[index] = _refused(prepared, row, faults, found=found)
    return [], (), noted


def _accepted(prepared: Prepared, block: Block) -> list[Record | None]:
    """Return the Record of each row that passes at once, None for any other row.

    One step for all rows of the block and then the next: that was measured to be
    faster than all steps for one row, as a step's code and data stay in the cache.
    """
    convert, accepts = prepared.program.convert, prepared.checker.accepts
    width = len(prepared.sheet.header)
    converted = [
        convert(cells) if len(cells) == width and any(cells) else _NOT_CONVERTED
        for cells in block.cells
    ]
    if prepared.program.has_condition or prepared.program.has_legacy_key:
        takes, unread = prepared.program.takes, prepared.program.legacy_faults
        whole = zip(block.cells, converted, strict=True)
        converted = [
            each if len(cells) == width and takes(cells) and not unread(cells) else _NOT_CONVERTED
            for cells, each in whole
        ]
    try:
        return [r if faults is None and accepts(r) else None for r, faults in converted]
    except UNREADABLE:
        is_valid = prepared.checker.is_valid
        return [r if faults is None and is_valid(r) else None for r, faults in converted]


def _numbers(block: Block, without: Sequence[int]) -> Sequence[int]:
    """Return the row numbers of *block*, those of the rows *without* a Record left out."""
    numbers = range(block.first, block.first + len(block.cells))
    left_out = {block.first + index for index in without}
    return [number for number in numbers if number not in left_out] if without else numbers


def _judged(prepared: Prepared, row: Row, *, found: Findings) -> tuple[Record | None, Outcome]:
    """Return Record and outcome of a row that did not pass at once; note it in *found*."""
    left_out = passed_over(prepared, row)
    if left_out is not None:
        found.skipped += 1
        return None, left_out
    record, faults = examined(prepared, row)
    if not faults:
        return record, READY
    return record, _refused(prepared, row, faults, found=found)


def _refused(prepared: Prepared, row: Row, faults: Sequence[Fault], *, found: Findings) -> Outcome:
    """Return the outcome of a row with *faults*, and note it in *found*."""
    told = (problem_of(prepared, fault, row=row.number, cells=row.cells) for fault in faults)
    problems = list(dict.fromkeys(told))  # one cell may feed two fields
    for problem in problems:
        found.tally.add(problem)
    found.note_sought(faults)
    found.refused.add(row.number)
    return rejected(problems)
