"""Write the result as a new .xlsx workbook, for files that can't be edited in place.

Old (.xls), binary (.xlsb) and OpenDocument (.ods) workbooks come here. Values stay,
dates as dates and texts as texts; styles and other sheets are not taken along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zbbulk.model import Cell, Sheet
from zbbulk.results.cell_text import cell_text
from zbbulk.results.columns import own_cells, own_columns
from zbbulk.results.new_book import new_book
from zbbulk.results.outcomes import Lookup

if TYPE_CHECKING:
    from openpyxl.cell import Cell as PageCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_FIRST_YEAR = 1900
"""Excel has no earlier days; such a date is written as text."""


def write_new_workbook(
    sheet: Sheet, target: Path, *, outcomes: Lookup, above: Iterable[Sequence[Cell]] = ()
) -> None:
    """Write the rows of *sheet*, and what became of them, to the new workbook *target*.

    Args:
        sheet: The user's sheet; its rows keep their numbers.
        target: Ends in .xlsx.
        outcomes: Row number -> Outcome; None leaves our cells of the row empty.
        above: The rows above the header row, which ``sheet`` does not yield.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    width = len(sheet.header)
    written = 0
    with new_book(target, title=sheet.form.sheet) as page:
        for number, values in _lines(sheet, outcomes, above, width):
            for _ in range(written + 1, number):
                page.append([])
            page.append([_cell(page, value) for value in values])
            written = number


def _lines(
    sheet: Sheet, outcomes: Lookup, above: Iterable[Sequence[Cell]], width: int
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield every line of the new sheet with its number."""
    yield from enumerate(above, start=1)
    yield sheet.form.header_row, (*sheet.header, *own_columns(sheet.header))
    for number, cells, _ in sheet.rows():
        outcome = outcomes(number)
        ours = own_cells(outcome) if outcome else ("",) * 5
        padding = ("",) * (width - len(cells))
        yield number, (*cells[:width], *padding, *ours, *cells[width:])


def _cell(page: WriteOnlyWorksheet, value: Cell) -> PageCell | None:
    """Return a cell that holds *value* and never a formula."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - heavy

    if isinstance(value, date) and value.year < _FIRST_YEAR:
        value = value.isoformat()
    if value == "":
        return None
    cell = WriteOnlyCell(page)
    cell.value = cell_text(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
