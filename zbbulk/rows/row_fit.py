"""Rows that are longer or shorter than the header.

A longer row is a fault if there is something in the surplus cells: most often a
delimiter in a cell without quotes, and then all cells behind it have slipped.
A shorter row is none: many programs leave out empty cells at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

from zbbulk.model import Cell, Fault, Row
from zbbulk.rows.header import column_letter


def padded(cells: Sequence[Cell], width: int) -> Sequence[Cell]:
    """Return *cells* brought to *width*: filled up with ``""``, or the surplus cut off."""
    missing = width - len(cells)
    if missing > 0:
        return [*cells, *[""] * missing]
    return cells if missing == 0 else cells[:width]


def row_faults(row: Row, header: Sequence[str]) -> list[Fault]:
    """Return what is wrong with the length of *row*: one ZB107, or nothing.

    Blank cells behind the last column are no fault.
    """
    width = len(header)
    surplus = [
        (index, cell)
        for index, cell in enumerate(row.cells[width:], width)
        if cell != "" and not (isinstance(cell, str) and cell.isspace())
    ]
    if not surplus:
        return []
    index, cell = surplus[0]
    where = f"{cell!r} stands behind the last column, {header[-1]!r}"
    if not row.raw:
        fix = "Give the column a header, or clear the cell."
        return [Fault(code="ZB107", message=f"{where}, in a column without a header.", fix=fix)]
    last = index if len(surplus) == 1 else surplus[-1][0]
    count = f"the row has {last + 1} cells, the header {width}"
    return [Fault(code="ZB107", message=f"{where} (column {column_letter(index)}): {count}.")]
