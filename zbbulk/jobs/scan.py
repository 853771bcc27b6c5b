"""Turn every row into a Record, check it, and say what is wrong with it.

The one path that check and import share, so that a check can't promise what the
import then refuses. Memory does not grow with the rows; nothing is sent or printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path as Folder

from zbbulk.jobs.batches import batching_of
from zbbulk.jobs.fed_back import earlier_outcomes, sent_before
from zbbulk.jobs.findings import Findings
from zbbulk.jobs.match_keys import KeyLog
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.row_problems import examined, problem_of, rejected
from zbbulk.model import Outcome, Record, Row, Status
from zbbulk.results import READY

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
    """Return an empty log for each match key, and one more where rows travel in one call.

    *name* keeps the parts of a file apart.
    """
    return [KeyLog(folder, name=f"{name}-{number}") for number in range(len(_readers(prepared)))]


def _readers(prepared: Prepared) -> list[KeyReader]:
    """Return what takes the text for each of the logs out of Records."""
    batching = batching_of(prepared.resource, prepared.mapping.action)
    keys = [key_reader(fields) for fields in prepared.program.keys]
    return keys if batching is None else [*keys, batching.read]


def scan(
    prepared: Prepared, rows: Iterable[Row], *, sink: Sink, logs: Sequence[KeyLog]
) -> Findings:
    """Check *rows*, hand them in blocks to *sink*, and return what was found.

    The match keys of all rows go to *logs*; what is twice is known only at the end.

    Raises:
        SourceError: a row can't be read.
    """
    readers = _readers(prepared)
    found, earlier = Findings(), earlier_outcomes(prepared)
    for block in _blocks(rows):
        records, numbers, noted = _scanned(prepared, block, earlier=earlier, found=found)
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
    prepared: Prepared, block: Sequence[Row], *, earlier: Sequence[int], found: Findings
) -> tuple[list[Record], list[int], dict[int, Outcome]]:
    """Return the Records of *block*, their row numbers, and the outcomes that are not READY.

    *earlier* are the places of the columns that tell what earlier runs did.
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
        if earlier and (sent := sent_before(row, earlier)):
            noted[index] = sent
            found.skipped += 1
            continue
        if len(cells) == width and any(cells):
            record, faults = convert(cells)
            if faults is None and accepts(record):
                records.append(record)
                numbers.append(number)
                continue
        record, outcome = _judged(prepared, row, found=found)
        if outcome is not READY:
            noted[index] = outcome
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
        found.skipped += 1
        return None, BLANK
    if not faults:
        return record, READY
    problems = [problem_of(prepared, fault, row=row.number, cells=row.cells) for fault in faults]
    for problem in problems:
        found.tally.add(problem)
    found.refused.append(row.number)
    return record, rejected(problems)
