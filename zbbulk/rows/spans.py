"""Cut a CSV file into byte ranges that can be read at the same time.

A cut is only ever tried: it stands behind a line end, and that line end may lie
inside a quoted cell. So each part must end cleanly where the next begins. The first
part begins at a true row; if it ends cleanly the second does too, and so on. The
reader raises SplitFailed otherwise, and the file is read in one piece.
"""

from __future__ import annotations

import codecs
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from zbbulk.rows.csv_file import CsvSheet

_BLOCK = 1 << 16
_ONE_BYTE = ("ascii", "cp125", "cp437", "cp85", "iso8859", "koi8", "mac-")


class Span(NamedTuple):
    """The bytes *start* to *end* of a file, the end not included."""

    start: int
    end: int


class SplitFailed(Exception):
    """A span can't be read by itself; the file must be read in one piece."""


def can_be_split(encoding: str) -> bool:
    """Tell whether a line end is one and the same byte wherever it stands in the file."""
    name = codecs.lookup(encoding).name
    return name in {"utf-8", "utf-8-sig"} or name.startswith(_ONE_BYTE)


def csv_spans(sheet: CsvSheet, parts: int) -> list[Span]:
    """Return at most *parts* spans that cover all below the header of *sheet*.

    They are about equal in bytes; one span at least, and only one if the file can't
    be split.

    Raises:
        SourceError: the file is gone or changed.
    """
    size = sheet.source.size
    if sheet.body is None or sheet.body >= size:
        return [Span(sheet.body or 0, size)]
    end_of_line = b"\r" if sheet.form.line_end == "\r" else b"\n"
    step = (size - sheet.body) / parts
    with sheet.source.open() as file:
        wanted = (sheet.body + int(step * part) for part in range(1, parts))
        cuts = {_line_start(file, place, end_of_line) for place in wanted}
    edges = sorted(cuts | {sheet.body, size})
    return [Span(start, end) for start, end in pairwise(edges)]


def _line_start(file: BinaryIO, place: int, end_of_line: bytes) -> int:
    """Return where the first line that begins behind *place* begins, or the file's end."""
    file.seek(place)
    while block := file.read(_BLOCK):
        found = block.find(end_of_line)
        if found >= 0:
            return _behind_pair(file, place + found + 1, end_of_line)
        place += len(block)
    return place


def _behind_pair(file: BinaryIO, place: int, end_of_line: bytes) -> int:
    file.seek(place)
    return place + 1 if end_of_line == b"\r" and file.read(1) == b"\n" else place
