"""Write an empty workbook to fill in: headers with notes, drop-downs, and a page that explains.

Knows no mapping and no field: what stands where is given as values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, cast

from zbbulk.model import JsonObject
from zbbulk.results.cell_text import cell_text
from zbbulk.results.new_file import new_file

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as PageCell
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

TEXT, GENERAL = "@", "General"
"""Number formats: as text, digits stay as they are typed."""

_README, _LISTS = "Read me", "Lists"
_README_WIDTHS = {"A": 26, "B": 30, "C": 18, "D": 60, "E": 60}
_LAST_ROW = 1_048_576
_MOST_INLINE = 255
"""Characters of a list that a data validation holds itself
(https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)."""

_NOTE_WIDTH, _NOTE_LETTERS, _NOTE_LINE = 320, 46, 18
"""Of a note in points, letters in a line, and points a line."""


class Need(StrEnum):
    """How much a column is needed."""

    ALWAYS = "required"
    AT_TIMES = "required at times"
    NEVER = ""


_COLOURS = {Need.ALWAYS: ("1F4E78", "FFFFFF"), Need.AT_TIMES: ("9DC3E6", "000000")}
_PLAIN_COLOURS = ("E7E6E6", "000000")
"""Fill and letters of a header; required ones are dark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateColumn:
    """One column to fill in.

    Attributes:
        name: The header.
        fields: The Zoho fields that it feeds.
        need: Whether it must be filled in.
        about: Lines that say what goes in.
        choices: The words of its drop-down, () for none.
        only_choices: Excel refuses any other word.
        number_format: As Excel writes it.
        width: In letters.
    """

    name: str
    fields: tuple[str, ...]
    need: Need = Need.NEVER
    about: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    only_choices: bool = True
    number_format: str = GENERAL
    width: int = 16

    def to_json(self) -> JsonObject:
        """Return the column under the names that ``--format json`` prints."""
        return {
            "column": self.name,
            "fields": list(self.fields),
            "need": self.need.value,
            "about": list(self.about),
            "choices": list(self.choices),
            "only_choices": self.only_choices,
            "number_format": self.number_format,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An empty sheet and the page that explains it.

    Attributes:
        sheet: Name of the sheet to fill in.
        header_row: The row of the headers.
        columns: Its columns.
        intro: Lines above the explanations, the first one being the title.
    """

    sheet: str
    header_row: int
    columns: Sequence[TemplateColumn]
    intro: tuple[str, ...]


def write_template(template: Template, target: Path) -> None:
    """Write *template* to the new workbook *target*.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - heavy

    book = Workbook()
    book.remove(book.worksheets[0])
    page = book.create_sheet(template.sheet)
    readme = book.create_sheet(_README)
    for number, column in enumerate(template.columns, start=1):
        _write_header(page, column, row=template.header_row, number=number)
    _add_choices(book, page, template)
    page.freeze_panes = _cell(page, template.header_row + 1, 1)
    page.row_dimensions[template.header_row].height = 30
    _write_readme(readme, template)
    with new_file(target, opener=None) as file:
        book.save(file)


def _write_header(page: Worksheet, column: TemplateColumn, *, row: int, number: int) -> None:
    """Write a header with its note; the cells below it take its number format."""
    from openpyxl.comments import Comment  # noqa: PLC0415 - heavy
    from openpyxl.styles import Alignment  # noqa: PLC0415 - heavy

    cell = _cell(page, row, number)
    _write_text(cell, column.name)
    _paint(cell, column.need)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    note = Comment("\n".join(column.about), "zbbulk")
    lines = sum(1 + len(line) // _NOTE_LETTERS for line in column.about)
    note.width, note.height = _NOTE_WIDTH, _NOTE_LINE * (lines + 1)
    cell.comment = note
    below = page.column_dimensions[cell.column_letter]
    below.width = column.width
    below.number_format = column.number_format


def _cell(page: Worksheet, row: int, number: int) -> PageCell:
    return cast("PageCell", page.cell(row, number))  # no cell is merged here


def _paint(cell: PageCell, need: Need) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415 - heavy

    fill, letters = _COLOURS.get(need, _PLAIN_COLOURS)
    cell.font = Font(bold=need is not Need.NEVER, color=letters)
    cell.fill = PatternFill("solid", start_color=fill)


def _write_text(cell: PageCell, text: str) -> None:
    """Put *text* into *cell*, never as a formula."""
    cell.value = cell_text(text)
    cell.data_type = "s"


def _add_choices(book: Workbook, page: Worksheet, template: Template) -> None:
    """Give the cells below each header their drop-down; long lists get a hidden sheet."""
    lists: Worksheet | None = None
    for number, column in enumerate(template.columns, start=1):
        if not column.choices:
            continue
        source = _inline(column.choices)
        if source is None:
            lists = lists or book.create_sheet(_LISTS)
            source = _listed(lists, column)
        letter = _cell(page, template.header_row, number).column_letter
        choice = _validation(column, source)
        choice.add(f"{letter}{template.header_row + 1}:{letter}{_LAST_ROW}")
        page.add_data_validation(choice)
    if lists:
        lists.sheet_state = "hidden"


def _inline(words: Sequence[str]) -> str | None:
    """Return the words as Excel takes a list in the validation itself, None if it can't."""
    joined = ",".join(words)
    if len(joined) > _MOST_INLINE or any(set(word) & {",", '"'} for word in words):
        return None
    return f'"{joined}"'


def _listed(lists: Worksheet, column: TemplateColumn) -> str:
    """Write the words into the next free column of *lists* and return where they stand."""
    place = lists.max_column + (1 if lists.max_row > 1 else 0)
    for row, word in enumerate((column.name, *column.choices), start=1):
        _write_text(_cell(lists, row, place), word)
    letter = _cell(lists, 1, place).column_letter
    return f"'{lists.title}'!${letter}$2:${letter}${len(column.choices) + 1}"


def _validation(column: TemplateColumn, source: str) -> DataValidation:
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - heavy

    return DataValidation(
        type="list",
        formula1=source,
        allow_blank=True,
        showErrorMessage=column.only_choices,
        errorTitle="Not in the list",
        error="Take one of the words of the list.",
    )


def _write_readme(page: Worksheet, template: Template) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - heavy

    for row, line in enumerate(template.intro, start=1):
        _write_text(_cell(page, row, 1), line)
        page.cell(row, 1).font = Font(bold=row == 1)
    first = len(template.intro) + 2
    for row, texts in enumerate(_readme_lines(template.columns), start=first):
        for number, text in enumerate(texts, start=1):
            cell = _cell(page, row, number)
            _write_text(cell, text)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=row == first)
    for row, column in enumerate(template.columns, start=first + 1):
        _paint(_cell(page, row, 1), column.need)
    for letter, width in _README_WIDTHS.items():
        page.column_dimensions[letter].width = width
    page.freeze_panes = _cell(page, first + 1, 2)


def _readme_lines(columns: Sequence[TemplateColumn]) -> Iterator[tuple[str, ...]]:
    yield "Column", "Zoho Books field", "Needed", "What goes in", "Words of the list"
    for column in columns:
        fields, about = "\n".join(column.fields), "\n".join(column.about)
        yield column.name, fields, column.need.value, about, ", ".join(column.choices)
