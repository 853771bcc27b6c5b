"""The cells of an .xlsb sheet of which the value alone does not tell all.

Goes through the records of the binary format ([MS-XLSB] 2.1.4) and reads no more
than positions, styles and errors.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

from zbbulk.rows.marked_cells import ERROR_TEXTS, MarkedCell, MarkedCells, always
from zbbulk.rows.number_formats import PERCENT_FORMATS, Shown, percent_text, shown_by
from zbbulk.rows.xlsx_parts import related_part

_BUNDLE_SHEET, _ROW, _FORMAT, _XF, _BEGIN_STYLES, _END_STYLES = 156, 0, 44, 47, 617, 618
_ERRORS = frozenset({3, 11})
_NUMBERS = frozenset({2, 5, 9})
_WORKBOOK = "xl/workbook.bin"
_STYLES = "xl/styles.bin"


def marked_xlsb_cells(archive: zipfile.ZipFile, sheet: str) -> MarkedCells:
    """Yield the marked cells of *sheet* in the order of the file.

    Raises:
        zipfile.BadZipFile, KeyError, IndexError, struct.error: the file is broken.
    """
    part = _sheet_part(archive, sheet)
    if part is None:
        return
    styles = _styles(archive)
    row = 0
    for number, content in _records(archive.read(part)):
        if number == _ROW:
            row = int(struct.unpack_from("<I", content)[0]) + 1
        elif number in _ERRORS:
            (column,) = struct.unpack_from("<I", content)
            yield MarkedCell(row, column, always(ERROR_TEXTS.get(content[8], "#VALUE!")))
        elif number in _NUMBERS:
            column, style = struct.unpack_from("<II", content)
            if (style & 0xFFFFFF) in styles:
                yield MarkedCell(row, column, styles[style & 0xFFFFFF])


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each record; both number and size take 7 bits a byte."""
    place, end = 0, len(part)
    while place < end:
        number = part[place]
        place += 1
        if number & 0x80:
            number = (number & 0x7F) | (part[place] << 7)
            place += 1
        size = shift = 0
        more = True
        while more:
            byte = part[place]
            size |= (byte & 0x7F) << shift
            more, shift, place = bool(byte & 0x80), shift + 7, place + 1
        yield number, part[place : place + size]
        place += size


def _text(content: bytes, start: int) -> tuple[str, int]:
    """Return the text at *start* and where it ends."""
    (count,) = struct.unpack_from("<I", content, start)
    end = start + 4 + 2 * count
    return content[start + 4 : end].decode("utf-16-le", "replace"), end


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    for number, content in _records(archive.read(_WORKBOOK)):
        if number == _BUNDLE_SHEET:
            relation, end = _text(content, 8)
            if _text(content, end)[0] == sheet:
                return related_part(archive, relation, of=_WORKBOOK)
    return None


def _styles(archive: zipfile.ZipFile) -> dict[int, Shown]:
    """Return what the cell styles do that must not be lost, by the style's number."""
    formats: dict[int, Shown] = dict.fromkeys(PERCENT_FORMATS, percent_text)
    styles: list[Shown | None] = []
    of_cells = False
    records = _records(archive.read(_STYLES)) if _STYLES in archive.namelist() else iter(())
    for number, content in records:
        if number == _FORMAT:
            shown = shown_by(_text(content, 2)[0])
            if shown:
                formats[struct.unpack_from("<H", content)[0]] = shown
        elif number in (_BEGIN_STYLES, _END_STYLES):
            of_cells = number == _BEGIN_STYLES
        elif number == _XF and of_cells:
            styles.append(formats.get(struct.unpack_from("<H", content, 2)[0]))
    return {number: shown for number, shown in enumerate(styles) if shown}
