"""Read a sheet of an Excel or OpenDocument workbook.

The values come from calamine, which holds the sheet in memory; what a user sees and
the value does not tell (00123, 18%, #N/A) is laid over them. A cell with an Excel
error is the error's text, such as ``#N/A``. Row numbers are the spreadsheet's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from zbbulk.errors import Level, Location, Problem, SourceError
from zbbulk.model import Block, Cell, ReadOptions, Row, SheetForm
from zbbulk.rows.blocks import in_blocks
from zbbulk.rows.header import checked_header, column_letter, no_header
from zbbulk.rows.marked_cells import MarkedCell, MarkedCells, laid_over
from zbbulk.rows.sheet_choice import chosen_sheet, opened_workbook, without_cells, worksheet
from zbbulk.rows.source_file import SourceFile
from zbbulk.rows.workbook_marks import marked_cells

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookSheet:
    """An opened sheet of a workbook.

    Attributes:
        source: The file.
        file: Path as the user typed it.
        form: The sheet's name, and the names of the others.
        header: The column names, trimmed.
        above: The rows from the first one down to the header row, that included, with
            their plain values.
        warnings: What the user should know and what refuses nothing.
        values: The sheet as calamine holds it.
    """

    source: SourceFile
    file: str
    form: SheetForm
    header: tuple[str, ...]
    above: tuple[Row, ...]
    warnings: tuple[Problem, ...]
    values: CalamineSheet

    @property
    def path(self) -> Path:
        """Return where the file is read from."""
        return self.source.path

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header down to the last that is not blank.

        Cells behind the last column are left out where they are blank.

        Raises:
            SourceError: a formula without its value (ZB120), a broken file (ZB110),
                a file that changed meanwhile (ZB118).
        """
        width = len(self.header)
        blank: list[Row] = []
        shown = _shown_rows(self.values, source=self.source, form=self.form, header=self.header)
        for number, cells in islice(shown, self.form.header_row, None):
            if len(cells) > width and not _filled(cells[width:]):
                del cells[width:]
            if any(cells) or _filled(cells):
                yield from blank
                blank.clear()
                yield Row(number, cells)
            else:
                blank.append(Row(number, cells))

    def blocks(self) -> Iterator[Block]:
        """Yield the same rows, some at a time.

        Raises:
            SourceError: as ``rows``.
        """
        return in_blocks(self.rows())


def _shown_rows(
    values: CalamineSheet, *, source: SourceFile, form: SheetForm, header: tuple[str, ...]
) -> Iterator[tuple[int, list[Cell]]]:
    """Yield all rows from the first, each with its number and with what its cells show."""
    first_column = values.start[1] if values.start else 0
    with source.open() as file:
        marks = marked_cells(source, file, sheet=form.sheet or "")
        waiting = next(marks, None)
        for number, cells in enumerate(values.iter_rows(), 1):
            if waiting and waiting.row <= number:
                here, waiting = _marks_of_row(marks, waiting, number)
                if number > form.header_row:
                    _check_calculated(here, first_column, header=header, file=source.name)
                laid_over(cells, here, first_column=first_column)
            yield number, cells
        last = [waiting] if waiting else []
        _check_calculated(last, first_column, header=header, file=source.name)
        source.check_unchanged(file)


def _check_calculated(
    marked: list[MarkedCell], first_column: int, *, header: tuple[str, ...], file: str
) -> None:
    for cell in marked:
        if cell.shown:
            continue
        index, place = cell.column - first_column, f"{column_letter(cell.column)}{cell.row}"
        name = header[index] if 0 <= index < len(header) else None
        raise SourceError(
            f"The formula in {place} was never calculated: the workbook holds no value for it.",
            at=Location(file=file, row=cell.row, column=name),
            code="ZB120",
        )


def _marks_of_row(
    marks: MarkedCells, first: MarkedCell, row: int
) -> tuple[list[MarkedCell], MarkedCell | None]:
    """Return the marked cells down to *row*, and the first one below it."""
    here = [first]
    for cell in marks:
        if cell.row > row:
            return here, cell
        here.append(cell)
    return here, None


def _filled(cells: list[Cell]) -> bool:
    return any(cell != "" for cell in cells)


def open_workbook(source: SourceFile, options: ReadOptions) -> WorkbookSheet:
    """Return the sheet of the workbook *source* that *options* name, or its first visible one.

    Raises:
        SourceError: empty (ZB102), broken (ZB110), with a password (ZB109), no such sheet
            (ZB108), a header that is missing, nameless or twice the same.
    """
    with opened_workbook(source) as workbook:
        name, names = chosen_sheet(workbook, source=source, wanted=options.sheet)
        values = worksheet(workbook, name, source=source)
        if values.start is None:
            raise without_cells(workbook, name, source=source)
    form = SheetForm(
        kind=source.suffix.removeprefix("."),
        header_row=options.header_row,
        sheet=name,
        sheets=names,
    )
    first = enumerate(islice(values.iter_rows(), form.header_row), 1)
    above = tuple(Row(number, cells) for number, cells in first)
    header = _header(values, above, file=source.name, row=form.header_row)
    return WorkbookSheet(
        source=source,
        file=source.name,
        form=form,
        header=header,
        above=tuple(
            Row(number, cells)
            for number, cells in enumerate(islice(values.iter_rows(), form.header_row), 1)
        ),
        warnings=_one_column(header, form, source.name),
        values=values,
    )


def _header(
    values: CalamineSheet, above: tuple[Row, ...], *, file: str, row: int
) -> tuple[str, ...]:
    """Return the column names; blank cells behind the last name are not part of the header."""
    cells = list(above[-1].cells) if len(above) == row else []
    while cells and not str(cells[-1]).strip():
        cells.pop()
    if not cells:
        rows = list(values.iter_rows())
        filled = (number for number, cells in enumerate(rows, 1) if _filled(cells))
        raise no_header(file=file, row=row, first_filled=next(filled, None), rows=len(rows))
    first_column = values.start[1] if values.start else 0
    return checked_header(cells, file=file, row=row, first_column=first_column)


def _one_column(header: tuple[str, ...], form: SheetForm, file: str) -> tuple[Problem, ...]:
    if len(header) > 1:
        return ()
    message = f"The sheet {form.sheet!r} has only one column, {header[0]!r}."
    at = Location(file=file, row=form.header_row)
    fix = "Choose another sheet or header row in the mapping's `source:` block if that is wrong."
    return (Problem(code="ZB116", message=message, at=at, fix=fix, level=Level.WARNING),)
