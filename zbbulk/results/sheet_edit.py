"""Add our five columns to one sheet of an .xlsx workbook and leave all else as it is.

Works on the stream of ``sheet_xml.py``: a row is copied byte for byte and our cells
are put behind its own. Does not know where the sheet lies in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from zbbulk.model import Outcome
from zbbulk.results.cell_text import cell_text
from zbbulk.results.columns import own_cells, own_columns
from zbbulk.results.outcomes import Lookup
from zbbulk.results.sheet_xml import (
    OddSheet,
    SheetXml,
    XmlRow,
    column_letters,
    column_number,
)

_SPANS = re.compile(rb'\sspans="[^"]*"')
_LAST_CELL = re.compile(rb'<(?:[\w.-]+:)?c r="([A-Z]{1,3})[0-9]+"')
_WIDTH = 5
_MOST_COLUMNS = 16_384


class ColumnTaken(Exception):
    """A value of the user's stands where one of our cells should go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """Where our columns go.

    Attributes:
        header_row: The row of the column names.
        names: The names of our columns.
        first: The first of our columns; column A is 1.
    """

    header_row: int
    names: tuple[str, ...]
    first: int


def plan_sheet(xml: SheetXml, *, header: Sequence[str], header_row: int) -> SheetPlan:
    """Return the plan that puts our columns right behind the header. Raises OddSheet."""
    for row in xml.rows():
        if row.number == header_row:
            used = [cell.column for cell in xml.cells(row) if cell.filled]
            first = max(len(header), *used, 0) + 1
            return SheetPlan(header_row=header_row, names=own_columns(header), first=first)
    raise OddSheet(f"there is no row {header_row}")


def widest(xml: SheetXml) -> int:
    """Return the last column in which any row has a cell. Raises OddSheet."""
    return max((_last_column(xml, row) for row in xml.rows()), default=0)


def edited_sheet(xml: SheetXml, plan: SheetPlan, outcomes: Lookup) -> Iterator[bytes]:
    """Yield the sheet's XML with our columns in it.

    A row of which *outcomes* knows nothing stays as it is; a blank row that has no
    XML of its own gets some if there is an Outcome for it.

    Raises:
        OddSheet: the XML is of a kind that is not known.
        ColumnTaken: the plan does not work out.
    """
    if plan.first + _WIDTH - 1 > _MOST_COLUMNS:
        raise OddSheet("no room for more columns")
    cells = _OwnCells(xml.prefix, plan)
    yield _with_dimension(xml, plan)
    last = plan.header_row
    for row in xml.rows():
        for number in range(last + 1, row.number):
            yield _new_row(xml.prefix, number, cells.of(number, outcomes(number)))
        last = max(last, row.number)
        if row.number < plan.header_row:
            yield _unchanged(row)
        elif row.number == plan.header_row:
            yield _with_cells(xml, row, cells.header(), plan)
        else:
            yield _with_cells(xml, row, cells.of(row.number, outcomes(row.number)), plan)
    yield from xml.tail()


def _with_cells(xml: SheetXml, row: XmlRow, ours: bytes, plan: SheetPlan) -> bytes:
    """Return a row with our cells in it; one without them must leave our columns free too."""
    last = _last_column(xml, row)
    cells = row.cells + ours if last < plan.first else _among(xml, row, ours, plan)
    if not ours:
        return _unchanged(row)
    return b"<%srow%s>%s</%srow>" % (
        xml.prefix,
        _SPANS.sub(b"", row.attributes),
        cells,
        xml.prefix,
    )


def _unchanged(row: XmlRow) -> bytes:
    return row.opening + row.cells + row.closing


def _among(xml: SheetXml, row: XmlRow, ours: bytes, plan: SheetPlan) -> bytes:
    """Return the cells of a row that reaches into our columns or beyond them.

    A cell of the user's that has a style and no value makes room for ours.
    """
    behind = plan.first + _WIDTH
    cells = xml.cells(row)
    if any(cell.filled for cell in cells if plan.first <= cell.column < behind):
        raise ColumnTaken
    before = b"".join(cell.text for cell in cells if cell.column < plan.first)
    after = b"".join(cell.text for cell in cells if cell.column >= behind)
    return before + ours + after


def _last_column(xml: SheetXml, row: XmlRow) -> int:
    """Return the column of the row's last cell, 0 if it has none."""
    prefix, cells = xml.prefix, row.cells
    start = cells.rfind(b'<%sc r="' % prefix)
    match = _LAST_CELL.match(cells, start) if start >= 0 else None
    if match and _is_last(cells, start, b"</%sc>" % prefix):
        return column_number(match[1])
    return max((cell.column for cell in xml.cells(row)), default=0)


def _is_last(cells: bytes, start: int, close: bytes) -> bool:
    """Return whether the cell that begins at *start* ends where the row ends."""
    tag_end = cells.find(b">", start) + 1
    if cells.endswith(b"/>", start, tag_end):
        return tag_end == len(cells)
    return cells.find(close, tag_end) == len(cells) - len(close)


def _new_row(prefix: bytes, number: int, cells: bytes) -> bytes:
    return b'<%srow r="%d">%s</%srow>' % (prefix, number, cells, prefix) if cells else b""


def _with_dimension(xml: SheetXml, plan: SheetPlan) -> bytes:
    """Return the head with our columns inside what the sheet says is its used range."""
    pattern = b"(<" + xml.prefix + rb'dimension\s+ref=")([A-Z]+[0-9]+)(?::([A-Z]+)([0-9]+))?"'
    match = re.search(pattern, xml.head)
    if not match:
        return xml.head
    last = max(plan.first + _WIDTH - 1, column_number(match[3] or b"A"))
    row = max(plan.header_row, int(match[4] or 1))
    ref = b'%s%s:%s%d"' % (match[1], match[2], column_letters(last), row)
    return xml.head[: match.start()] + ref + xml.head[match.end() :]


class _OwnCells:
    """Makes the XML of our cells; the last Outcome's is kept, as many rows share one."""

    def __init__(self, prefix: bytes, plan: SheetPlan) -> None:
        self._plan = plan
        letters = (column_letters(plan.first + step) for step in range(_WIDTH))
        self._starts = [b'<%sc r="%s' % (prefix, column) for column in letters]
        self._before = b'" t="inlineStr"><%sis><%st xml:space="preserve">' % (prefix, prefix)
        self._after = b"</%st></%sis></%sc>" % (prefix, prefix, prefix)
        self._outcome: Outcome | None = None
        self._pieces: list[tuple[bytes, bytes]] = []

    def header(self) -> bytes:
        """Return the cells with the names of our columns."""
        return self._numbered(self._made(self._plan.names), self._plan.header_row)

    def of(self, number: int, outcome: Outcome | None) -> bytes:
        """Return the cells of the row *number*; an empty one is left out."""
        if outcome is None:
            return b""
        if outcome is not self._outcome:
            self._outcome, self._pieces = outcome, self._made(own_cells(outcome))
        return self._numbered(self._pieces, number)

    def _made(self, texts: Iterable[str]) -> list[tuple[bytes, bytes]]:
        return [
            (start, self._before + _xml_text(text) + self._after)
            for start, text in zip(self._starts, texts, strict=True)
            if text
        ]

    @staticmethod
    def _numbered(pieces: list[tuple[bytes, bytes]], number: int) -> bytes:
        return b"".join([b"%s%d%s" % (start, number, end) for start, end in pieces])


@lru_cache(maxsize=1024)
def _xml_text(text: str) -> bytes:
    return escape(cell_text(text), quote=False).replace("\r", "&#13;").encode("utf-8")
