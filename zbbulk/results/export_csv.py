"""Write rows as a CSV file that Excel opens rightly: UTF-8 with its mark, and no formulas.

Ids and codes stand there digit for digit; what a spreadsheet makes of them when it opens the
file is its own affair, which is why there are workbooks. Knows no record and no layout.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from zbbulk.guard import guarded
from zbbulk.layout import AsIs, LayoutColumn, OutCell
from zbbulk.results.new_file import new_text_file


def write_csv(
    target: Path, columns: Sequence[LayoutColumn], rows: Iterable[Sequence[OutCell]]
) -> int:
    """Write *rows* below the names of *columns* to *target*, whole or not at all.

    Returns how many rows were written.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    written = 0
    with new_text_file(target, encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow([guarded(column.name) for column in columns])
        for row in rows:
            writer.writerow([_text(cell) for cell in row])
            written += 1
    return written


def _text(cell: OutCell) -> str:
    """Return a cell as text; a number is no formula, whatever its sign."""
    if isinstance(cell, AsIs):
        return cell
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else f"{cell:f}"
