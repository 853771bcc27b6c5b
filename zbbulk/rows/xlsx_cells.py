"""The cells of an .xlsx sheet of which the value alone does not tell all.

Three kinds: cells shown by a number format that must not be lost, cells with an
Excel error (#N/A), which come empty otherwise, and formulas that were never
calculated. They are found by looking through the sheet's XML for their marks; a sheet
without any costs little more than unpacking it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from html import unescape
from operator import itemgetter
from typing import IO, NamedTuple

from zbbulk.rows.marked_cells import MarkedCell, MarkedCells, always
from zbbulk.rows.number_formats import Shown
from zbbulk.rows.xlsx_parts import sheet_part, shown_styles

_BLOCK = 1 << 20
_PLACE = re.compile(rb"""\sr=["']([A-Z]+)([0-9]+)["']""")
_ROW_NUMBER = re.compile(rb"""\sr=["']([0-9]+)["']""")
_STYLE = re.compile(rb"""\ss=["']([0-9]+)["']""")
_TEXT_RESULT = re.compile(rb"""\st=["']str["']""")


class _Marks(NamedTuple):
    """What to look for in the XML; ``p`` is the prefix the file gives its elements.

    Each pattern begins with fixed text: such are found ten times as fast.
    """

    p: bytes
    styles: dict[int, Shown]
    style: re.Pattern[bytes] | None
    error: re.Pattern[bytes]
    no_value: tuple[re.Pattern[bytes], ...]


def marked_xlsx_cells(archive: zipfile.ZipFile, sheet: str) -> MarkedCells:
    """Yield the marked cells of *sheet* in the order of the file.

    Raises:
        zipfile.BadZipFile, xml.etree.ElementTree.ParseError: the file is broken.
    """
    part = sheet_part(archive, sheet)
    if part is None:
        return
    styles = shown_styles(archive)
    rows_before = 0
    with archive.open(part) as file:
        marks: _Marks | None = None
        for block in _blocks(file):
            marks = marks or _marks(block, styles)
            for start, shown in _hits(block, marks):
                row, column = _place(block, start, rows_before=rows_before, prefix=marks.p)
                yield MarkedCell(row, column, shown)
            rows_before += block.count(b"<" + marks.p + b"row")


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the XML in pieces that end behind a row."""
    rest = b""
    while piece := file.read(_BLOCK):
        rest += piece
        cut = rest.rfind(b"row>") + 4
        if cut > 3:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _marks(first_block: bytes, styles: dict[int, Shown]) -> _Marks:
    found = re.search(rb"<(\w+:)?sheetData", first_block)
    p = (found and found[1]) or b""
    empty = rb"\s*(?:<%bv\s*/>|<%bv>\s*</%bv>)?\s*</%bc>" % (p, p, p, p)
    numbers = b"|".join(b"%d" % number for number in styles)
    return _Marks(
        p=p,
        styles=styles,
        style=re.compile(rb""" s=["'](?:%b)["']""" % numbers) if styles else None,
        error=re.compile(rb""" t=["']e["']"""),
        no_value=(
            re.compile(rb"</%bf>" % p + empty),
            re.compile(rb"<%bf [^>]*/>" % p + empty),
        ),
    )


def _hits(block: bytes, marks: _Marks) -> list[tuple[int, Shown | None]]:
    """Return where each marked cell of *block* begins, in order, and what it shows."""
    cell = b"<" + marks.p + b"c "
    hits: list[tuple[int, Shown | None]] = []
    for found in marks.style.finditer(block) if marks.style else ():
        start = block.rfind(b"<", 0, found.start())
        if block.startswith(cell, start):
            hits.append((start, marks.styles[int(found[0][4:-1])]))
    for found in marks.error.finditer(block):
        start = block.rfind(b"<", 0, found.start())
        if block.startswith(cell, start):
            hits.append((start, always(_value(block, found.end(), marks.p))))
    for pattern in marks.no_value:
        for found in pattern.finditer(block):
            start = block.rfind(cell[:-1], 0, found.start())
            if not _TEXT_RESULT.search(block, start, block.find(b">", start)):
                hits.append((start, None))
    return sorted(hits, key=itemgetter(0))


def _value(block: bytes, start: int, prefix: bytes) -> str:
    """Return the text of the first value behind *start*, an error's name."""
    found = re.compile(rb"<%bv>([^<]*)<" % prefix).search(block, start)
    return unescape(found[1].decode()) if found else "#N/A"


def _place(block: bytes, start: int, *, rows_before: int, prefix: bytes) -> tuple[int, int]:
    """Return row (from 1) and column (from 0) of the cell that begins at *start*."""
    place = _PLACE.match(block, start + len(prefix) + 2)
    place = place or _PLACE.search(block, start, block.find(b">", start))
    if place:
        return int(place[2]), column_index(place[1])
    row_tag = b"<" + prefix + b"row"
    row_start = block.rfind(row_tag, 0, start)
    number = _ROW_NUMBER.search(block, row_start, block.find(b">", row_start))
    cell = re.compile(rb"<%bc[ />]" % prefix)
    column = sum(1 for _found in cell.finditer(block, row_start, start))
    return int(number[1]) if number else rows_before + block.count(row_tag, 0, start), column


@cache
def column_index(letters: bytes) -> int:
    """Return the number of the column *letters*, from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
