"""Write rows as a new workbook: ids as text, money as numbers, days as days.

What a cell can't hold is told, never cut: a text of more than 32,767 characters, and the few
signs that no XML file can hold. Knows no record and no layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from zbbulk.errors import Location, ResultError
from zbbulk.guard import marked
from zbbulk.layout import LayoutColumn, Look, OutCell
from zbbulk.results.cell_text import MOST
from zbbulk.results.new_book import new_book

if TYPE_CHECKING:
    from openpyxl.cell import Cell as PageCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""Of a sheet, below the header
(https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)."""

_DIGITS = 15
"""Excel keeps so many of a number."""

_FIRST_DAY = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was; earlier days are written as text."""

_FORMATS = {Look.DATE: "yyyy-mm-dd", Look.TEXT: "@"}
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_NO_XML = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_NARROWEST, _WIDEST, _LOOKED_AT = 9, 40, 200


def write_workbook(
    target: Path,
    columns: Sequence[LayoutColumn],
    rows: Iterable[Sequence[OutCell]],
    *,
    title: str,
) -> int:
    """Write *rows* below the names of *columns* to the new workbook *target*.

    Args:
        target: Ends in .xlsx; there whole or not at all.
        columns: In the order of the cells.
        rows: As many cells as columns.
        title: What the sheet is called.

    Returns:
        How many rows were written.

    Raises:
        ResultError: a cell can't hold its text (ZB533), there are too many rows (ZB534),
            the disk is full, or the folder may not be written to.
    """
    lines = iter(rows)
    first = list(islice(lines, _LOOKED_AT))
    with new_book(target, title=title) as page:
        _lay_out(page, columns, first)
        writer = _Writer(page, columns, target)
        for row in first:
            writer.add(row)
        for row in lines:
            writer.add(row)
        cast("Worksheet", page).auto_filter.ref = f"A1:{_letter(len(columns))}{writer.written + 1}"
    return writer.written


class _Writer:
    """Writes row after row; the header is written first."""

    def __init__(
        self, page: WriteOnlyWorksheet, columns: Sequence[LayoutColumn], target: Path
    ) -> None:
        from openpyxl.styles import Font  # noqa: PLC0415 - heavy

        self.written = 0
        self._page, self._columns, self._target = page, columns, target
        header = [self._text(column.name, column) for column in columns]
        for cell in header:
            cell.font = Font(bold=True)
        page.append(header)

    def add(self, row: Sequence[OutCell]) -> None:
        if self.written >= MOST_ROWS:
            message = f"A sheet of a workbook holds {MOST_ROWS:,} rows, and there are more."
            raise ResultError(message, code="ZB534")
        self.written += 1
        pairs = zip(row, self._columns, strict=True)
        self._page.append([self._cell(cell, column) for cell, column in pairs])

    def _cell(self, cell: OutCell, column: LayoutColumn) -> PageCell | None:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - heavy

        if cell == "" and isinstance(cell, str):
            return None
        if isinstance(cell, Decimal) and len(cell.as_tuple().digits) > _DIGITS:
            cell = f"{cell:f}"
        if isinstance(cell, date) and cell < _FIRST_DAY:
            cell = cell.isoformat()
        if isinstance(cell, str):
            return self._text(marked(cell), column)
        made: PageCell = WriteOnlyCell(self._page)
        made.value = cell
        if isinstance(cell, date):
            made.number_format = _FORMATS[Look.DATE]
        return made

    def _text(self, text: str, column: LayoutColumn) -> PageCell:
        """Return a text cell, never a formula and never taken for a number."""
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - heavy

        made: PageCell = WriteOnlyCell(self._page)
        made.value = self._held(text, column)
        made.data_type = "s"
        made.number_format = _FORMATS[Look.TEXT]
        return made

    def _held(self, text: str, column: LayoutColumn) -> str:
        """Return *text* as a cell holds it: Excel's own escape for signs that XML can't hold."""
        if text.isascii() and text.isprintable() and len(text) <= MOST and "_x" not in text:
            return text
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MOST:
            self._refuse(f"{len(text):,} characters are more than a cell holds", column)
        if found := _NO_XML.search(text):
            self._refuse(f"the sign U+{ord(found[0]):04X} can't stand in a workbook", column)
        text = _ESCAPED.sub(lambda found: f"_x005F{found[0]}", text)
        return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)

    def _refuse(self, why: str, column: LayoutColumn) -> None:
        at = Location(file=str(self._target), row=self.written + 1, column=column.name)
        raise ResultError(f"The workbook can't be written: {why}.", code="ZB533", at=at)


def _lay_out(
    sheet: WriteOnlyWorksheet, columns: Sequence[LayoutColumn], first: Sequence[Sequence[OutCell]]
) -> None:
    """Freeze the header, and give each column its width and format; hide those not for people."""
    page = cast("Worksheet", sheet)  # which has these too
    page.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        below = page.column_dimensions[_letter(number)]
        longest = max((len(str(row[number - 1])) for row in first), default=0)
        below.width = min(max(longest, len(column.name), _NARROWEST) + 2, _WIDEST)
        below.hidden = column.is_hidden
        if column.look in _FORMATS:
            below.number_format = _FORMATS[column.look]


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - heavy

    return str(get_column_letter(number))
