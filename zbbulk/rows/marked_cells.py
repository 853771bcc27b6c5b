"""A cell whose value alone does not tell what the user sees in it.

Each reader of such cells (``xlsx_cells``, ``ods_cells``, ``xls_cells``, ``xlsb_cells``)
yields them in the order of the rows; ``workbook`` lays them over the values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from zbbulk.model import Cell
from zbbulk.rows.number_formats import Shown


class MarkedCell(NamedTuple):
    """One such cell.

    Attributes:
        row: As the spreadsheet shows it, from 1.
        column: From 0, which is column A.
        shown: What makes of the value what the user sees; None for a formula that was
            never calculated, so that there is no value.
    """

    row: int
    column: int
    shown: Shown | None


MarkedCells = Iterator[MarkedCell]

ERROR_TEXTS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Number of an error in .xls and .xlsb -> its text ([MS-XLS] 2.5.10)."""


def always(text: str) -> Shown:
    """Return a function that gives *text* whatever the value is."""

    def shown(_cell: Cell) -> Cell:
        return text

    return shown


def laid_over(cells: list[Cell], marked: Sequence[MarkedCell], *, first_column: int) -> None:
    """Put into *cells*, the values of one row, what its *marked* cells show.

    A marked cell outside of *cells* has nothing to show there.
    """
    for cell in marked:
        index = cell.column - first_column
        if 0 <= index < len(cells) and cell.shown:
            cells[index] = cell.shown(cells[index])
