"""The cells of an .xls sheet of which the value alone does not tell all.

Goes through the records of the old binary format ([MS-XLS] 2.3) and reads no more
than positions, styles and errors.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from zbbulk.rows.marked_cells import ERROR_TEXTS, MarkedCell, MarkedCells, always
from zbbulk.rows.number_formats import PERCENT_FORMATS, Shown, percent_text, shown_by
from zbbulk.rows.ole_file import OleFile

_BOF, _EOF, _BOUND_SHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_FORMULA, _BOOL_OR_ERROR, _MULTIPLE = 0x0006, 0x0205, 0x00BD
_NUMBERS = frozenset({0x0203, 0x027E, _FORMULA})
_BIFF8 = 0x0600


def marked_xls_cells(file: BinaryIO, sheet: str) -> MarkedCells:
    """Yield the marked cells of *sheet* in the order of the file.

    Raises:
        ValueError, struct.error: the file is broken.
    """
    ole = OleFile(file)
    stream = ole.stream("Workbook") or ole.stream("Book")
    if stream is None:
        return
    start, styles = _found(stream, sheet)
    if start is not None:
        yield from _cells(stream, start, styles)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of the records from byte *start* to the end of their part."""
    depth = 0
    while start + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, start)
        start += 4
        depth += (number == _BOF) - (number == _EOF)
        if depth <= 1:  # deeper lies a chart within the sheet
            yield number, stream[start : start + size]
        if depth == 0:
            return
        start += size


def _found(stream: bytes, sheet: str) -> tuple[int | None, dict[int, Shown]]:
    """Return where *sheet* begins, and the styles that show what must not be lost."""
    place: int | None = None
    version = _BIFF8
    formats: dict[int, Shown] = dict.fromkeys(PERCENT_FORMATS, percent_text)
    styles: list[Shown | None] = []
    for number, content in _records(stream, 0):
        if number == _BOF:
            (version,) = struct.unpack_from("<H", content)
        elif number == _BOUND_SHEET and _text(content, 6, version) == sheet:
            (place,) = struct.unpack_from("<I", content)
        elif number == _FORMAT and version == _BIFF8:
            shown = shown_by(_text(content, 2, version, wide_count=True))
            if shown:
                formats[struct.unpack_from("<H", content)[0]] = shown
        elif number == _XF:
            styles.append(formats.get(struct.unpack_from("<H", content, 2)[0]))
    return place, {number: shown for number, shown in enumerate(styles) if shown}


def _text(content: bytes, start: int, version: int, *, wide_count: bool = False) -> str:
    """Return the text at *start*: its length, from BIFF8 on a byte of flags, its letters."""
    count = content[start] | (content[start + 1] << 8 if wide_count else 0)
    start += 2 if wide_count else 1
    if version != _BIFF8:
        return content[start : start + count].decode("windows-1252", "replace")
    wide = content[start] & 1
    letters = content[start + 1 : start + 1 + count * (1 + wide)]
    return letters.decode("utf-16-le" if wide else "latin-1", "replace")


def _cells(stream: bytes, start: int, styles: dict[int, Shown]) -> MarkedCells:
    for number, content in _records(stream, start):
        if number in (_FORMULA, _BOOL_OR_ERROR) and (error := _error(number, content)):
            row, column = struct.unpack_from("<HH", content)
            yield MarkedCell(row + 1, column, always(error))
        elif number in _NUMBERS:
            row, column, style = struct.unpack_from("<HHH", content)
            if style in styles:
                yield MarkedCell(row + 1, column, styles[style])
        elif number == _MULTIPLE:
            yield from _multiple(content, styles)


def _multiple(content: bytes, styles: dict[int, Shown]) -> MarkedCells:
    """Yield the marked cells of a record that holds several numbers side by side."""
    row, first = struct.unpack_from("<HH", content)
    for index, place in enumerate(range(4, len(content) - 2, 6)):
        shown = styles.get(struct.unpack_from("<H", content, place)[0])
        if shown:
            yield MarkedCell(row + 1, first + index, shown)


def _error(number: int, content: bytes) -> str | None:
    if number == _BOOL_OR_ERROR:
        return ERROR_TEXTS.get(content[6], "#VALUE!") if content[7] else None
    if content[12:14] == b"\xff\xff" and content[6] == 2:
        return ERROR_TEXTS.get(content[8], "#VALUE!")
    return None
