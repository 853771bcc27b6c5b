"""How a CSV file is written: its encoding and its delimiter.

The delimiter is found by reading the first rows with each candidate; the one that
gives them all as many cells as the header has wins. Nothing is judged by the values.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from zbbulk.errors import Location, SourceError
from zbbulk.model import ReadOptions
from zbbulk.rows.byte_range import text_of
from zbbulk.rows.csv_encoding import BadByte, found_encoding, undecodable
from zbbulk.rows.source_file import SourceFile

MAX_CELL = 1 << 20
"""Characters. A longer cell is an unclosed quote; Excel's own limit is 32,767."""

_CANDIDATES = "\t;|,"  # the later is the likelier to stand inside a cell: it loses a tie
_LOOK_AT_ROWS = 50
_NO_DELIMITER = frozenset('"\r\n')


def found_form(source: SourceFile, options: ReadOptions) -> tuple[str, str]:
    """Return encoding and delimiter of *source*; what *options* declare wins.

    Raises:
        SourceError: a byte that does not fit the encoding, with its place (ZB104, ZB123);
            a declared encoding (ZB117) or delimiter (ZB119) that is none.
    """
    if options.delimiter is not None:
        _check_delimiter(options.delimiter, source)
    with source.open() as file:
        encoding = found_encoding(file, declared=options.encoding, name=source.name)
        delimiter = options.delimiter or _found_delimiter(
            file, encoding.name, above=options.header_row - 1
        )
        if encoding.bad:
            row, column, before = _place_of(
                file,
                encoding.name,
                bad=encoding.bad,
                delimiter=delimiter or ",",
                header_row=options.header_row,
            )
            at = Location(file=source.name, row=row, column=column)
            raise undecodable(encoding, encoding.bad, at=at, before=before)
    if delimiter is None:
        delimiter = "\t" if source.suffix == ".tsv" else ","
    return encoding.name, delimiter


def _check_delimiter(delimiter: str, source: SourceFile) -> None:
    if len(delimiter) != 1 or delimiter in _NO_DELIMITER:
        raise SourceError(
            f"{delimiter!r} can't be a delimiter.", at=Location(file=source.name), code="ZB119"
        )


def _found_delimiter(file: BinaryIO, encoding: str, *, above: int) -> str | None:
    """Return the delimiter, or None if no candidate parts the header."""
    scores = {mark: _score(file, encoding, mark=mark, above=above) for mark in _CANDIDATES}
    best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] > 0 else None


def _score(file: BinaryIO, encoding: str, *, mark: str, above: int) -> float:
    """Return the columns that *mark* makes, weighed by the share of rows that have as many."""
    widths = [len(cells) for cells in _first_rows(file, encoding, mark=mark, above=above) if cells]
    if not widths or widths[0] < 2:
        return 0
    return (widths[0] - 1) * widths.count(widths[0]) / len(widths)


def _first_rows(file: BinaryIO, encoding: str, *, mark: str, above: int) -> Iterator[list[str]]:
    text = text_of(file, encoding, errors="replace")
    csv.field_size_limit(MAX_CELL)
    try:
        yield from islice(csv.reader(text, delimiter=mark), above, above + _LOOK_AT_ROWS)
    except csv.Error:
        return  # a wrong candidate may open a quote that nothing closes
    finally:
        text.detach()


def _place_of(
    file: BinaryIO, encoding: str, *, bad: BadByte, delimiter: str, header_row: int
) -> tuple[int, str | None, str]:
    """Return row and column of *bad*, and what stands before it in its cell.

    The row is how many there are if the file ended behind it. The column is None above the
    rows of values.
    """
    text = text_of(file, encoding, end=bad.offset + 1, errors="replace")
    header: list[str] = []
    cells: list[str] = []
    row = 0
    try:
        for row, cells in enumerate(csv.reader(text, delimiter=delimiter), 1):
            header = cells if row == header_row else header
    except csv.Error:
        return row + 1, None, ""
    is_named = row > header_row and len(cells) <= len(header)
    column = header[len(cells) - 1].strip() if is_named else None
    return row, column or None, cells[-1].rstrip("\ufffd") if cells else ""
