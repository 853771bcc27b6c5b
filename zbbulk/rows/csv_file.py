"""Read a CSV file row by row, each with the text it was written as.

Memory does not grow with the file. Nothing is repaired: a quote that is not closed
ends the reading with the row in which it was opened.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, tee
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from zbbulk.errors import Level, Location, Problem, SourceError
from zbbulk.guard import without_guard
from zbbulk.model import Block, ReadOptions, Row, SheetForm
from zbbulk.rows.blocks import BLOCK_ROWS, row_texts
from zbbulk.rows.byte_range import text_of
from zbbulk.rows.csv_encoding import is_overruled
from zbbulk.rows.csv_form import MAX_CELL, found_form, text_below
from zbbulk.rows.file_kind import refuse_workbook_as_text
from zbbulk.rows.header import checked_header, no_header
from zbbulk.rows.source_file import SourceFile
from zbbulk.rows.spans import Span, SplitFailed, can_be_split

if TYPE_CHECKING:
    from _csv import Reader

_SHOWN = 60
_LOOK_FOR_HEADER = 100
_TOLD_BY_THE_BYTES = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvSheet:
    """An opened CSV file; can be sent to another process.

    Attributes:
        source: The file.
        file: Path as the user typed it.
        form: Encoding, delimiter, line end.
        header: The column names, trimmed.
        above: The rows from the first one down to the header row, that included.
        warnings: What the user should know and what refuses nothing.
        kept_line: The first line, with its end, where without it the delimiter could not be
            found; else "".
        has_controls: It holds signs that nobody can see, other than tabs and line ends.
        has_guards: It may hold cells with an apostrophe before what would be a formula: they
            are read without it.
        body: Byte at which the first row below the header begins; None if the file
            can't be read from anywhere but its beginning.
    """

    source: SourceFile
    file: str
    form: SheetForm
    header: tuple[str, ...]
    above: tuple[Row, ...]
    warnings: tuple[Problem, ...]
    body: int | None
    kept_line: str = ""
    has_controls: bool = False
    has_guards: bool = False

    @property
    def path(self) -> Path:
        """Return where the file is read from."""
        return self.source.path

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header in order.

        Raises:
            SourceError: quotes that do not match (ZB112), a file that changed meanwhile (ZB118).
        """
        rows = islice(_rows(self.source, self.form), self.form.header_row, None)
        return map(_unguarded_row, rows) if self.has_guards else rows

    def blocks(self) -> Iterator[Block]:
        """Yield the same rows, some at a time.

        Raises:
            SourceError: as ``rows``.
        """
        return self._unguarded(_blocks(self.source, self.form, above=self.form.header_row))

    def _unguarded(self, blocks: Iterator[Block]) -> Iterator[Block]:
        return map(_unguarded_block, blocks) if self.has_guards else blocks

    def blocks_of(self, span: Span) -> Iterator[Block]:
        """Yield the rows of *span* in order, some at a time, numbered from 1.

        Raises:
            SplitFailed: the span begins or ends inside a row, or can't be read; read
                the whole with ``blocks``, which tells what is wrong.
            SourceError: the file changed meanwhile (ZB118).
        """
        if self.body is None:
            raise SplitFailed(f"{self.form.encoding} can only be read from its beginning")
        return self._unguarded(_blocks(self.source, self.form, span=span))


def open_csv(source: SourceFile, options: ReadOptions) -> CsvSheet:
    """Return the CSV file *source*, its header checked.

    Raises:
        SourceError: empty (ZB102), no text (ZB110), undecodable (ZB104), quotes that do
            not match (ZB112), a header that is missing, nameless or twice the same.
    """
    with source.open() as file:
        _refuse_no_text(file, source)
    found = found_form(source, options)
    form = SheetForm(
        kind=source.suffix.removeprefix("."),
        header_row=options.header_row,
        encoding=found.encoding,
        delimiter=found.delimiter,
        line_end="\n",
        delimiter_line=found.line.rstrip(),
    )
    above = list(islice(_rows(source, form), options.header_row))
    if len(above) < options.header_row or not any(map(_filled, above[-1].cells)):
        raise _no_header(source, form, read=len(above))
    try:
        header = checked_header(above[-1].cells, file=source.name, row=form.header_row)
    except SourceError as error:
        raise _with_better_row(error, source, form) from None
    return CsvSheet(
        source=source,
        file=source.name,
        form=_with_line_end(form, above[-1].raw),
        header=header,
        above=tuple(above),
        warnings=(
            *_one_column(header, form, source.name),
            *_taken_for_windows(source, form, options),
            *_overruled(source, form, options),
        ),
        body=_bytes_of(found.line + "".join(row.raw for row in above), found.encoding),
        kept_line=found.line if found.is_needed else "",
        has_controls=found.has_controls,
        has_guards=found.has_guards,
    )


def _unguarded_row(row: Row) -> Row:
    return row._replace(cells=[without_guard(str(cell)) for cell in row.cells])


def _unguarded_block(block: Block) -> Block:
    cells = [[without_guard(str(cell)) for cell in row] for row in block.cells]
    return block._replace(cells=cells)


def _refuse_no_text(file: BinaryIO, source: SourceFile) -> None:
    head = file.read(64)
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe"):
        raise SourceError(
            f"{source.name} is empty: it has {source.size} bytes.",
            at=Location(file=source.name),
            code="ZB102",
        )
    refuse_workbook_as_text(head, name=source.name)


def _filled(cell: object) -> bool:
    return bool(str(cell).strip())


def _no_header(source: SourceFile, form: SheetForm, *, read: int) -> SourceError:
    looked_at = islice(_rows(source, form), form.header_row + _LOOK_FOR_HEADER)
    filled = (row.number for row in looked_at if any(map(_filled, row.cells)))
    first = next(filled, None)
    return no_header(file=source.name, row=form.header_row, first_filled=first, rows=read)


def _with_better_row(error: SourceError, source: SourceFile, form: SheetForm) -> SourceError:
    """Return *error* with a hint at the first row below that looks like a header."""
    if error.code != "ZB105":
        return error
    below = islice(_rows(source, form), form.header_row, form.header_row + _LOOK_FOR_HEADER)
    width = max((len(row.cells) for row in below), default=0)
    again = islice(_rows(source, form), form.header_row, form.header_row + _LOOK_FOR_HEADER)
    full = (row.number for row in again if len(row.cells) == width and all(map(_filled, row.cells)))
    row = next(full, None)
    if row is None:
        return error
    hint = f"If the column names stand in row {row}, set `header_row: {row}` in `source:`. Else: "
    problems = tuple(replace(each, fix=hint + each.fix) for each in error.problems)
    return SourceError(error.message, hint + error.fix, error.at, error.code, problems=problems)


def _with_line_end(form: SheetForm, raw: str) -> SheetForm:
    ends = ("\r\n", "\n", "\r")
    line_end = next((end for end in ends if raw.endswith(end)), "\n")
    return replace(form, line_end=line_end)


def _one_column(header: tuple[str, ...], form: SheetForm, name: str) -> tuple[Problem, ...]:
    if len(header) > 1:
        return ()
    at = Location(file=name, row=form.header_row)
    message = f"The file has only one column, {header[0]!r}, with the delimiter {form.delimiter!r}."
    return (Problem(code="ZB116", message=message, at=at, level=Level.WARNING),)


def _taken_for_windows(
    source: SourceFile, form: SheetForm, options: ReadOptions
) -> tuple[Problem, ...]:
    """Return a warning that shows how letters were read, where nothing tells the encoding."""
    if options.encoding is not None or form.encoding in ("ascii", None, *_TOLD_BY_THE_BYTES):
        return ()
    for row in _rows(source, form):
        odd = next((str(cell) for cell in row.cells if not str(cell).isascii()), None)
        if odd is not None:
            at = Location(file=source.name, row=row.number)
            message = f"Read as {form.encoding}, as it is not UTF-8: is {odd[:_SHOWN]!r} right?"
            return (Problem(code="ZB121", message=message, at=at, level=Level.WARNING),)
    return ()


def _overruled(source: SourceFile, form: SheetForm, options: ReadOptions) -> tuple[Problem, ...]:
    """Return a warning where the file's mark won over what the mapping declares."""
    if not is_overruled(options.encoding, form.encoding):
        return ()
    message = (
        f"The mapping declares {options.encoding!r}, but the file's own mark says UTF-8 and every"
        " byte bears it out: it is read as UTF-8."
    )
    return (
        Problem(code="ZB122", message=message, at=Location(file=source.name), level=Level.WARNING),
    )


def _bytes_of(text: str, encoding: str) -> int | None:
    return len(text.encode(encoding)) if can_be_split(encoding) else None


def _rows(source: SourceFile, form: SheetForm) -> Iterator[Row]:
    """Yield all records of *source*, numbered from 1."""
    number = 0
    with source.open() as file:
        lines, reader = _reader(file, form)
        try:
            for number, cells in enumerate(reader, 1):
                yield Row(number, cells, "".join(lines.taken(reader.line_num)))
        except (csv.Error, UnicodeDecodeError) as error:
            source.check_unchanged(file)
            text = "".join(lines.taken(reader.line_num))
            raise _unreadable(error, name=source.name, row=number + 1, text=text) from error
        source.check_unchanged(file)


def _blocks(
    source: SourceFile, form: SheetForm, *, above: int = 0, span: Span | None = None
) -> Iterator[Block]:
    """Yield the records of *source* behind the first *above*, or those of *span*, in blocks.

    Records are numbered from 1. This is the loop that every row of every file passes:
    it is measured, keep it tight.
    """
    with source.open() as file:
        lines, reader = _reader(file, form, span)
        try:
            number = len([lines.taken(reader.line_num) for _ in islice(reader, above)]) + 1
            while rows := list(islice(reader, BLOCK_ROWS)):
                raws = lines.taken(reader.line_num)
                yield Block(number, rows, row_texts(rows, raws))
                number += len(rows)
        except (csv.Error, UnicodeDecodeError) as error:
            source.check_unchanged(file)
            if span:
                raise SplitFailed(f"bytes {span.start} to {span.end}: {error}") from error
            for _ in _rows(source, form):
                pass  # row by row it is known where: this raises
            raise
        source.check_unchanged(file)


class _Lines:
    """The lines of a text on their way to the reader, and again for who asks for them."""

    __slots__ = ("_again", "_seen", "read")

    def __init__(self, text: Iterator[str]) -> None:
        self.read, self._again = tee(text)
        self._seen = 0

    def taken(self, until: int) -> list[str]:
        """Return the lines behind those returned before, up to the line number *until*."""
        taken = list(islice(self._again, until - self._seen))
        self._seen = until
        return taken


def _reader(file: BinaryIO, form: SheetForm, span: Span | None = None) -> tuple[_Lines, Reader]:
    """Return the lines of *file* or of *span*, and the CSV reader that takes them."""
    csv.field_size_limit(MAX_CELL)
    encoding = form.encoding or "utf-8"
    if span is None:
        lines = _Lines(text_below(file, encoding, line=form.delimiter_line))
    else:
        encoding = encoding.removesuffix("-sig")
        lines = _Lines(text_of(file, encoding, start=span.start, end=span.end))
    return lines, csv.reader(lines.read, delimiter=form.delimiter or ",", strict=True)


def _unreadable(error: Exception, *, name: str, row: int, text: str) -> SourceError:
    at = Location(file=name, row=row)
    if isinstance(error, UnicodeDecodeError):
        return SourceError(f"{name} changed while it was read.", at=at, code="ZB118")
    begin = text.splitlines()[0][:_SHOWN] if text else ""
    reason = str(error)
    if "expected after" in reason:
        last = text.splitlines()[-1][:_SHOWN] if text else ""
        message = f"In the row that begins with {begin!r}, something follows a closing quote"
        message += f" (near {last!r})." if last != begin else "."
    else:
        message = f"A quote is opened in the row that begins with {begin!r} and never closed"
        if "limit" in reason and '"' not in text:
            message = (
                f"A cell of the row that begins with {begin!r} is over a million characters long."
            )
            fix = "Shorten the cell: no field of Zoho Books takes so much."
            return SourceError(message, fix=fix, at=at, code="ZB112")
        message += ": the cell would be over a million characters long." * ("limit" in reason)
        message = message.removesuffix(".") + "."
    return SourceError(message, at=at, code="ZB112")
