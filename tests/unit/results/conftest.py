"""Workbooks to write results of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from zbbulk.model import Row, SheetForm


@dataclass(frozen=True)
class OpenedWorkbook:
    """A sheet as a reader of workbooks hands it on."""

    file: str
    form: SheetForm
    header: tuple[str, ...]
    values: Sequence[Sequence[object]] = ()
    warnings: tuple = ()

    @property
    def path(self):
        return Path(self.file)

    def rows(self):
        for number, cells in enumerate(self.values, start=self.form.header_row + 1):
            yield Row(number, cells)


def cells_of(path, sheet):
    """Return all cells of a sheet as calamine reads them, from A1 on."""
    page = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet)
    return page.to_python(skip_empty_area=False)


@pytest.fixture(scope="session")
def opened():
    """Return a function that opens a workbook as rows/ would."""

    def open_workbook(path, sheet, *, header_row=1):
        grid = cells_of(path, sheet)
        form = SheetForm(kind=Path(path).suffix[1:], header_row=header_row, sheet=sheet)
        header = tuple(str(cell) for cell in grid[header_row - 1] if cell != "")
        return OpenedWorkbook(str(path), form, header, grid[header_row:])

    return open_workbook


@pytest.fixture(scope="session")
def read_back():
    return cells_of


@pytest.fixture
def rich_workbook(tmp_path):
    """Return a workbook with all that must stay: styles, formulas, a table, other sheets."""
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Notes"
    notes["A1"] = "not touched"
    page = book.create_sheet("Items & more")
    page.append(["Name", "Rate", "Twice", "Since"])
    page.append(["Ärmel <1>", 12.5, "=B2*2", datetime(2024, 3, 1)])  # noqa: DTZ001 - Excel has none
    page.append(["Pen", 3, "=B3*2", None])
    page.append([])
    page.append(["=not a formula"])
    page["A5"].data_type = "s"
    page["A2"].font = Font(bold=True)
    page["D9"].fill = PatternFill("solid", fgColor="FFFF00")
    page["E3"].fill = PatternFill("solid", fgColor="FFFF00")
    page["D2"].number_format = "dd/mm/yyyy"
    page["B2"].comment = Comment("dear", "me")
    page.add_table(Table(displayName="Items", ref="A1:D3"))
    page.auto_filter.ref = "A1:D3"
    path = tmp_path / "rich.xlsx"
    book.save(path)
    return path
