"""Read one sheet of an .xlsx workbook as a stream of rows, byte for byte.

Spreadsheet programs write a plain kind of XML, and only that kind is known here:
anything else (a comment, CDATA, another encoding) is an OddSheet, never a guess.
Does not know what is added to a row: ``sheet_edit.py`` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

_MOST = 64 << 20
"""Bytes that one row, or all before the first row, may take."""

_ATTRIBUTES = rb'(?:\s+[\w:.-]+="[^"<]*")*+'
_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([\w.-]+)["']""")
_NUMBER = re.compile(rb'\sr="([0-9]+)"')
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})[0-9]+"')


class OddSheet(Exception):
    """The workbook has a shape in which no one can be sure where a row begins."""


class XmlCell(NamedTuple):
    """One cell of a row.

    Attributes:
        column: The first column is 1.
        text: The whole element.
        filled: Whether there is a value or a formula in it, and not only a style.
    """

    column: int
    text: bytes
    filled: bool


class XmlRow(NamedTuple):
    """One row of the sheet.

    Attributes:
        number: As the spreadsheet shows it.
        opening: The tag that opens it, as it is, with the space before it.
        attributes: What stands behind the tag's name, as it is.
        cells: What stands between the tags, as it is.
        closing: The tag that closes it; empty when the opening tag does that too.
    """

    number: int
    opening: bytes
    attributes: bytes
    cells: bytes
    closing: bytes


class SheetXml:
    """A sheet's XML, read once from its start: ``head``, then ``rows()``, then ``tail()``.

    Attributes:
        prefix: The namespace prefix of every tag, with its colon; mostly empty.
        head: All up to the tag that opens the rows.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Read the head. Raises OddSheet."""
        self._chunks = iter(chunks)
        self._buffer = b""
        self._at = 0
        self.prefix = b""
        self.head = self._read_head()
        self._row = _row_pattern(self.prefix)
        self._close = b"</" + self.prefix + b"row>"
        self._end = b"</" + self.prefix + b"sheetData>"
        self._cell = _cell_pattern(self.prefix)

    def rows(self) -> Iterator[XmlRow]:
        """Yield the rows in rising order. Raises OddSheet."""
        last = 0
        while (row := self._next_row(last)) is not None:
            if row.number <= last:
                raise OddSheet(f"row {row.number} behind row {last}")
            last = row.number
            yield row

    def tail(self) -> Iterator[bytes]:
        """Yield all behind the last row; call it when ``rows()`` has ended."""
        yield self._buffer[self._at :]
        yield from self._chunks

    def cells(self, row: XmlRow) -> list[XmlCell]:
        """Return the cells of a row. Raises OddSheet."""
        found: list[XmlCell] = []
        at, column = 0, 0
        while match := self._cell.match(row.cells, at):
            place = _PLACE.search(match[1])
            column = column_number(place[1]) if place else column + 1
            filled = bool(match[2] and match[2].strip())
            found.append(XmlCell(column, match[0].strip(), filled))
            at = match.end()
        if row.cells[at:].strip():
            raise OddSheet(f"row {row.number} holds something other than cells")
        return found

    def _next_row(self, last: int) -> XmlRow | None:
        while True:
            match = self._row.match(self._buffer, self._at)
            if match:
                end = match.end() if match[2] else self._buffer.find(self._close, match.end())
                if end >= 0:
                    return self._found(match, end, last)
            elif self._ends_here():
                return None
            self._more()

    def _found(self, match: re.Match[bytes], end: int, last: int) -> XmlRow:
        opening, attributes, closed = match.group(0, 1, 2)
        closing = b"" if closed else self._close
        cells = self._buffer[match.end() : end]
        self._at = end + len(closing)
        if (b"!" in cells and b"<!" in cells) or (b"?" in cells and b"<?" in cells):
            raise OddSheet("a comment, CDATA or an instruction between the cells")
        number = _NUMBER.search(attributes)
        return XmlRow(int(number[1]) if number else last + 1, opening, attributes, cells, closing)

    def _ends_here(self) -> bool:
        rest = self._buffer[self._at : self._at + 4096].lstrip()
        if rest.startswith(self._end):
            return True
        if b">" in rest:
            raise OddSheet(f"not a row: {rest[:60]!r}")
        return False

    def _more(self) -> None:
        """Put the next chunk behind what is not used up."""
        chunk = next(self._chunks, b"")
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        if not chunk or len(self._buffer) > _MOST:
            raise OddSheet("the rows do not end")

    def _read_head(self) -> bytes:
        while True:
            root = _ROOT.search(self._buffer)
            if root:
                self.prefix = root[1] + b":" if root[1] else b""
                opening = re.search(b"<" + self.prefix + rb"sheetData\s*>", self._buffer)
                if opening:
                    self._at = opening.end()
                    return _plain(self._buffer[: self._at])
            self._more()


def _plain(head: bytes) -> bytes:
    encoding = _ENCODING.search(head)
    if encoding and encoding[1].lower() not in {b"utf-8", b"us-ascii"}:
        raise OddSheet(f"encoding {encoding[1]!r}")
    if b"<!" in head:
        raise OddSheet("a comment or a document type before the rows")
    return head


@cache
def _row_pattern(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\s*<" + prefix + rb"row(" + _ATTRIBUTES + rb")\s*(/)?>")


@cache
def _cell_pattern(prefix: bytes) -> re.Pattern[bytes]:
    opening = rb"\s*<" + prefix + rb"c(" + _ATTRIBUTES + rb")\s*"
    return re.compile(opening + rb"(?:/>|>(.*?)</" + prefix + rb"c>)", re.DOTALL)


@cache
def column_number(letters: bytes) -> int:
    """Return the number of a column, ``b"A"`` being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@cache
def column_letters(number: int) -> bytes:
    """Return the letters of a column, 1 being ``b"A"``."""
    letters = b""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = bytes([65 + letter]) + letters
    return letters
