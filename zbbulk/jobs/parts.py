"""Check the parts of a CSV file, in one process or in two, each reading its own part.

A part's rows of the result go to a spool file, its match keys to a log; what comes
back is small. Does not know what becomes of the parts: ``check_job.py`` joins them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from zbbulk.errors import ZbbulkError
from zbbulk.jobs.findings import Findings
from zbbulk.jobs.match_keys import KeyLog
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.progress import Progress, rows_in
from zbbulk.jobs.scan import key_logs, scan
from zbbulk.model import Block
from zbbulk.results import CsvLayout, CsvPart, PartFile
from zbbulk.rows import CsvSheet, SplitFailed, csv_spans

WORTH_TWO_BYTES = 4_000_000
"""A smaller file is checked sooner than a second process pays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the file, checked.

    Attributes:
        above: How many rows of the file stand above the row that is numbered 1 here,
            those of earlier parts not counted.
        found: Its rows by status and its Problems.
        file: Its rows of the result.
        logs: Its match keys, one log a key.
    """

    above: int
    found: Findings
    file: PartFile
    logs: list[KeyLog]


def checked_parts(
    prepared: Prepared,
    layout: CsvLayout,
    *,
    work: Path,
    workers: int | None,
    progress: Progress,
) -> list[Part]:
    """Return the parts of the sheet, checked, in the order of the file.

    Args:
        prepared: What to check and by which mapping.
        layout: How a row of the result is laid out.
        work: Folder for the spool files.
        workers: 1 or 2 processes; None takes 2 where that pays.
        progress: Shows how far the first part is.

    Raises:
        SourceError: a row can't be read.
    """
    sheet = prepared.sheet
    if isinstance(sheet, CsvSheet) and _wants_two(sheet, workers):
        try:
            return _both(prepared, sheet, layout, work=work, progress=progress)
        except SplitFailed:
            pass
    blocks = progress(sheet.blocks(), label="checking", weigh=rows_in)
    return [_checked(prepared, blocks, layout, work=work, name="whole", above=0)]


def _wants_two(sheet: CsvSheet, workers: int | None) -> bool:
    if sys.platform != "linux" or workers is not None:
        return sys.platform == "linux" and workers == 2
    return sheet.source.size >= WORTH_TWO_BYTES and len(os.sched_getaffinity(0)) > 1


def _checked(
    prepared: Prepared,
    blocks: Iterable[Block],
    layout: CsvLayout,
    *,
    work: Path,
    name: str,
    above: int,
) -> Part:
    logs = key_logs(prepared, work, name=name)
    with CsvPart(work / f"{name}.rows", layout) as part:
        found = scan(prepared, blocks, sink=part.add, logs=logs)
        return Part(above=above, found=found, file=part.close(), logs=logs)


def _both(
    prepared: Prepared, sheet: CsvSheet, layout: CsvLayout, *, work: Path, progress: Progress
) -> list[Part]:
    """Check the second half in a forked process and the first half here."""
    first, *rest = csv_spans(sheet, 2)
    if not rest:
        raise SplitFailed
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)

    def check_rest() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for us
        there.send(_half(prepared, sheet.blocks_of(rest[0]), layout, work=work))

    second = fork.Process(target=check_rest, daemon=True)
    second.start()
    there.close()
    try:
        blocks = progress(sheet.blocks_of(first), label="checking", weigh=rows_in)
        above = sheet.form.header_row
        part = _checked(prepared, blocks, layout, work=work, name="first", above=above)
        return [part, _received(here)]
    finally:
        second.terminate()
        second.join()
        here.close()


def _half(
    prepared: Prepared, blocks: Iterable[Block], layout: CsvLayout, *, work: Path
) -> Part | None:
    """Return what the forked process found, None when its half can't be read."""
    try:
        above = prepared.sheet.form.header_row
        part = _checked(prepared, blocks, layout, work=work, name="second", above=above)
    except (ZbbulkError, SplitFailed):
        return None
    for log in part.logs:
        log.spill()
    return part


def _received(here: Connection) -> Part:
    """Return the part that the other process sends. Raises SplitFailed when it has none."""
    try:
        part: Part | None = here.recv()
    except EOFError as error:
        raise SplitFailed from error
    if part is None:
        raise SplitFailed
    return part
