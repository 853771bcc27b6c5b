"""The cells of an OpenDocument sheet of which the value alone does not tell all.

OpenDocument writes beside each value the text that is shown, so what counts is read
off: errors, percentages, and numbers shown with zeros in front.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from zbbulk.rows.marked_cells import ERROR_TEXTS, MarkedCell, MarkedCells, always
from zbbulk.rows.number_formats import Shown, percent_text

_PART = "content.xml"
_BLOCK = 1 << 20
_WORTH_A_LOOK = re.compile(rb'value-type="(?:percentage|error)"|:p>(?:0[0-9]|#|Err:)')
_ERRORS = frozenset(ERROR_TEXTS.values())
_OTHER_ERROR = "#VALUE!"
_FORMULA_ERROR = re.compile(r"Err:[0-9]+")
_ZEROS_IN_FRONT = re.compile(r"0[0-9]+")
_CELLS: Final = ("table-cell", "covered-table-cell")


def marked_ods_cells(archive: zipfile.ZipFile, sheet: str) -> MarkedCells:
    """Yield the marked cells of *sheet* in the order of the file.

    Raises:
        zipfile.BadZipFile, KeyError: the file is broken.
        ValueError: its XML is.
    """
    if not any(map(_WORTH_A_LOOK.search, _blocks(archive))):
        return
    walk = _Walk(sheet)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = walk.begin
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    try:
        for block in _blocks(archive):
            parser.Parse(block)
            yield from walk.taken()
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


def _blocks(archive: zipfile.ZipFile) -> Iterator[bytes]:
    with archive.open(_PART) as file:
        while block := file.read(_BLOCK):
            yield block


class _Walk:
    """Goes through the document and keeps the marked cells of one sheet."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._inside = False
        self._row = 0
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._depth = 0  # of elements below the cell; its own text stands at 1
        self._shown = ""
        self._marked: list[MarkedCell] = []
        self._of_row: list[MarkedCell] = []

    def taken(self) -> list[MarkedCell]:
        """Return what was found since the last time."""
        marked, self._marked = self._marked, []
        return marked

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        local = _local(name)
        if self._cell is not None:
            self._depth += 1
        elif local == "table":
            self._inside = attributes.get(f"{name.partition(' ')[0]} name") == self._sheet
            self._row = 0
        elif self._inside and local == "table-row":
            self._repeat = _repeat(attributes, "number-rows-repeated")
            self._column, self._of_row = 0, []
        elif self._inside and local in _CELLS:
            self._cell = {_local(key): value for key, value in attributes.items()}
            self._depth, self._shown = 0, ""

    def text(self, text: str) -> None:
        """Take a piece of text; what is shown in a cell stands directly in its paragraph."""
        if self._cell is not None and self._depth == 1:
            self._shown += text

    def end(self, name: str) -> None:
        """Take the end of an element."""
        local = _local(name)
        if self._cell is not None and self._depth:
            self._depth -= 1
        elif self._cell is not None:
            self._end_cell(self._cell)
        elif self._inside and local == "table-row":
            self._end_row()
        elif local == "table":
            self._inside = False

    def _end_cell(self, cell: dict[str, str]) -> None:
        repeat = _repeat(cell, "number-columns-repeated")
        shown = _shown_by(cell, self._shown)
        if shown:
            columns = range(self._column, self._column + repeat)
            self._of_row += [MarkedCell(0, column, shown) for column in columns]
        self._column += repeat
        self._cell = None

    def _end_row(self) -> None:
        if self._of_row:
            rows = range(self._row + 1, self._row + self._repeat + 1)
            self._marked += [cell._replace(row=row) for row in rows for cell in self._of_row]
        self._row += self._repeat


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _repeat(attributes: dict[str, str], local: str) -> int:
    found = (value for key, value in attributes.items() if _local(key) == local)
    return int(next(found, "1"))


def _shown_by(cell: dict[str, str], text: str) -> Shown | None:
    """Return what *text*, as shown in *cell*, says beyond its value; None if nothing."""
    kind = cell.get("value-type", "")
    if "formula" in cell and text in _ERRORS:
        return always(text)
    if "formula" in cell and _FORMULA_ERROR.fullmatch(text):
        return always(_OTHER_ERROR)
    if kind == "percentage":
        return percent_text
    if kind == "float" and _ZEROS_IN_FRONT.fullmatch(text):
        return always(text)
    return None
