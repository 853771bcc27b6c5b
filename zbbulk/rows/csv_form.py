"""How a CSV file is written: its encoding and its delimiter.

A first line ``sep=;``, which Excel takes for the delimiter's name and does not show, is
understood and counts as no row. Else the delimiter is found by reading the first rows with
each candidate; the one that gives them all as many cells as the header has wins. Nothing is
judged by the values.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

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
_DELIMITER_LINE = re.compile(r'"?sep=(?P<mark>[^"\r\n])"?[\t ,;|]*[\r\n]*', re.IGNORECASE)
_LONGEST_LINE = 40


class TextForm(NamedTuple):
    """How a CSV file turned out to be written.

    Attributes:
        encoding: The codec.
        delimiter: One character.
        line: The first line where it names the delimiter, with its end; else "".
        is_needed: Without that line the delimiter would not be found.
        has_controls: It holds signs that nobody can see.
        has_guards: It may hold cells with an apostrophe before what would be a formula.
    """

    encoding: str
    delimiter: str
    line: str = ""
    is_needed: bool = False
    has_controls: bool = False
    has_guards: bool = False


def found_form(source: SourceFile, options: ReadOptions) -> TextForm:
    """Return how *source* is written; what *options* declare wins.

    Raises:
        SourceError: a byte that does not fit the encoding, with its place (ZB104, ZB123);
            a declared encoding (ZB117) or delimiter (ZB119) that is none.
    """
    if options.delimiter is not None:
        _check_delimiter(options.delimiter, source)
    with source.open() as file:
        encoding = found_encoding(file, declared=options.encoding, name=source.name)
        line, named = _delimiter_line(file, encoding.name)
        above = options.header_row - 1
        found = _found_delimiter(file, encoding.name, line=line, above=above)
        delimiter = options.delimiter or named or found
        if encoding.bad:
            row, column, before = _place_of(
                file,
                encoding.name,
                bad=encoding.bad,
                line=line,
                delimiter=delimiter or ",",
                header_row=options.header_row,
            )
            at = Location(file=source.name, row=row, column=column)
            raise undecodable(encoding, encoding.bad, at=at, before=before)
    if delimiter is None:
        delimiter = "\t" if source.suffix == ".tsv" else ","
    is_needed = bool(named) and not options.delimiter and named != found
    return TextForm(
        encoding.name, delimiter, line, is_needed, encoding.has_controls, encoding.has_guards
    )


def text_below(
    file: BinaryIO, encoding: str, *, line: str, end: int | None = None, errors: str = "strict"
) -> io.TextIOWrapper:
    """Return the text of *file* without its first *line* where that names the delimiter."""
    text = text_of(file, encoding, end=end, errors=errors)
    if line:
        text.readline()
    return text


def _delimiter_line(file: BinaryIO, encoding: str) -> tuple[str, str | None]:
    """Return the first line where it names the delimiter, and the delimiter; else nothing."""
    text = text_of(file, encoding, errors="replace")
    line = text.readline(_LONGEST_LINE)
    text.detach()
    found = _DELIMITER_LINE.fullmatch(line)
    return (line, found["mark"]) if found else ("", None)


def _check_delimiter(delimiter: str, source: SourceFile) -> None:
    if len(delimiter) != 1 or delimiter in _NO_DELIMITER:
        raise SourceError(
            f"{delimiter!r} can't be a delimiter.", at=Location(file=source.name), code="ZB119"
        )


def _found_delimiter(file: BinaryIO, encoding: str, *, line: str, above: int) -> str | None:
    """Return the delimiter, or None if no candidate parts the header."""
    scores = {
        mark: _score(_first_rows(file, encoding, line=line, mark=mark, above=above))
        for mark in _CANDIDATES
    }
    best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] > 0 else None


def _score(rows: Iterator[list[str]]) -> float:
    """Return how many columns the *rows* make, weighed by the share of rows that have as many."""
    widths = [len(cells) for cells in rows if cells]
    if not widths or widths[0] < 2:
        return 0
    return (widths[0] - 1) * widths.count(widths[0]) / len(widths)


def _first_rows(
    file: BinaryIO, encoding: str, *, line: str, mark: str, above: int
) -> Iterator[list[str]]:
    text = text_below(file, encoding, line=line, errors="replace")
    csv.field_size_limit(MAX_CELL)
    try:
        yield from islice(csv.reader(text, delimiter=mark), above, above + _LOOK_AT_ROWS)
    except csv.Error:
        return  # a wrong candidate may open a quote that nothing closes
    finally:
        text.detach()


def _place_of(
    file: BinaryIO, encoding: str, *, bad: BadByte, line: str, delimiter: str, header_row: int
) -> tuple[int, str | None, str]:
    """Return row and column of *bad*, and what stands before it in its cell.

    The row is how many there are if the file ended behind it. The column is None above the
    rows of values.
    """
    text = text_below(file, encoding, line=line, end=bad.offset + 1, errors="replace")
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
