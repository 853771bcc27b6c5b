"""Write ``result.csv``: the user's file again, with five columns of ours behind each row.

UTF-8 with a BOM, so that Excel reads every letter rightly; delimiter and line end
as in the user's file. Does not know how a row is laid out: ``csv_layout.py`` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from zbbulk.model import Block, Outcome
from zbbulk.results.csv_layout import CsvLayout
from zbbulk.results.csv_part import CsvPart, PartFile, Rising
from zbbulk.results.new_file import new_file
from zbbulk.results.outcomes import Lookup


def join_parts(
    parts: Sequence[PartFile],
    target: Path,
    *,
    layout: CsvLayout,
    additions: Iterable[tuple[int, Outcome]] = (),
) -> None:
    """Write the rows of all *parts* to *target*, which is there whole or not at all.

    Args:
        parts: In the order of the file.
        target: The result file; its folder must be there.
        layout: As the parts were written.
        additions: What was found out later, such as a match key that stands twice:
            index of the row (0 is the first row below the header, counted over all
            parts), rising, and what is to be told too. Code, message and fix are put behind
            those already there, the status is replaced.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    first_row, waiting = 0, Rising(additions)
    with new_file(target) as file:
        file.write(layout.head().encode("utf-8-sig"))
        for part in parts:
            for chunk in part.chunks(layout, waiting, first_row=first_row):
                file.write(chunk)
            first_row += part.rows


def write_csv_result(
    blocks: Iterable[Block], outcomes: Lookup, *, target: Path, layout: CsvLayout
) -> None:
    """Write every row once and in order, with what became of it, to *target*.

    A row of which *outcomes* knows nothing is ``ready``: accepted and not sent.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    spool = target.with_name(f"{target.name}.rows")
    part = CsvPart(spool, layout)
    try:
        for block in blocks:
            numbers = range(block.first, block.first + len(block.cells))
            known = enumerate(map(outcomes, numbers))
            part.add(block, {index: outcome for index, outcome in known if outcome})
        join_parts([part.close()], target, layout=layout)
    finally:
        part.discard()
