"""Write the rows of a CSV result to a spool file, and find single rows in it again.

A part holds result rows without a header; one process writes one part. Rows are
written in blocks, and the place of each block and the length of each row are kept,
so that a row can be changed when all rows are known. Joined by ``csv_result.py``.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from zbbulk.model import Outcome, Row
from zbbulk.results.csv_layout import CsvLayout
from zbbulk.results.new_file import unwritable
from zbbulk.results.outcomes import READY

BLOCK_ROWS = 128
"""Rows of one write; also the least that is read to change one row."""

_CHUNK = 1 << 20
_LINE_ENDS = "\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFile:
    """A closed part, small enough to be handed from one process to another.

    Attributes:
        path: The spool file: rows in UTF-8 with their line ends.
        rows: How many rows are in it.
        blocks: Byte offset of each block; all but the last hold BLOCK_ROWS rows.
    """

    path: Path
    rows: int
    blocks: array[int]

    def remove(self) -> None:
        """Delete the spool file; call it when the parts are joined."""
        self.path.unlink(missing_ok=True)
        _lengths_path(self.path).unlink(missing_ok=True)

    def chunks(
        self, layout: CsvLayout, additions: Mapping[int, Outcome], *, first_row: int
    ) -> Iterator[bytes]:
        """Yield the bytes of the part, with *additions* made to the rows they name.

        Args:
            layout: As the part was written.
            additions: Row index -> what is to be told too.
            first_row: The index of the part's first row.
        """
        mine: dict[int, dict[int, Outcome]] = {}
        for index, addition in additions.items():
            if 0 <= index - first_row < self.rows:
                block, row = divmod(index - first_row, BLOCK_ROWS)
                mine.setdefault(block, {})[row] = addition
        with self.path.open("rb") as file, _lengths_path(self.path).open("rb") as lengths:
            for block in sorted(mine):
                yield from _read(file, self.blocks[block] - file.tell())
                lengths.seek(block * BLOCK_ROWS * array("I").itemsize)
                sizes = array("I", lengths.read(BLOCK_ROWS * array("I").itemsize))
                yield _changed(file, sizes, layout, mine[block])
            yield from _read(file, None)


class CsvPart:
    """A part that is being written; close it, or use it in a ``with`` block.

    ``add`` sees every row of every check: a READY row costs one addition of two texts.
    """

    __slots__ = (
        "_blocks",
        "_end",
        "_file",
        "_layout",
        "_lengths",
        "_path",
        "_ready",
        "_rows",
        "_texts",
        "_width",
    )

    def __init__(self, path: Path, layout: CsvLayout) -> None:
        """Make the spool file *path*. Raises ResultError if that can't be done."""
        self._path = path
        self._layout = layout
        self._width = layout.width
        self._ready = layout.suffix(READY)
        self._texts: list[str] = []
        self._blocks = array("Q")
        self._rows = 0
        self._end = 0
        try:
            self._file = path.open("wb")
            self._lengths = _lengths_path(path).open("wb")
        except OSError as error:
            raise unwritable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, rows: Sequence[Row], outcomes: Mapping[int, Outcome]) -> None:
        """Append *rows*: the user's own text of each, and what became of it.

        Args:
            rows: In the order of the file.
            outcomes: By the index in *rows*; a row that is not in it is READY.

        Raises:
            ResultError: the disk is full.
        """
        texts, width, ready, row_text = self._texts, self._width, self._ready, self._layout.row
        start = len(texts)
        texts += [
            raw.rstrip(_LINE_ENDS) + ready
            if len(cells) == width
            else row_text(raw, len(cells), READY)
            for _, cells, raw in rows
        ]
        for index, outcome in outcomes.items():
            texts[start + index] = row_text(rows[index].raw, len(rows[index].cells), outcome)
        while len(texts) >= BLOCK_ROWS:
            self._write()

    def close(self) -> PartFile:
        """Write what is held and return the description of the part; harmless if repeated.

        Raises:
            ResultError: the disk is full.
        """
        if self._texts:
            self._write()
        try:
            self._file.close()
            self._lengths.close()
        except OSError as error:
            raise unwritable(self._path, error) from error
        return PartFile(path=self._path, rows=self._rows, blocks=self._blocks)

    def _write(self) -> None:
        """Write the first block of what is held."""
        end = self._layout.line_end.encode("ascii")
        rows = [text.encode("utf-8") for text in self._texts[:BLOCK_ROWS]]
        del self._texts[:BLOCK_ROWS]
        sizes, encoded = array("I", map(len, rows)), end.join(rows) + end
        self._blocks.append(self._end)
        self._end += len(encoded)
        self._rows += len(rows)
        try:
            self._file.write(encoded)
            self._lengths.write(sizes)
        except OSError as error:
            raise unwritable(self._path, error) from error


def _read(file: BinaryIO, size: int | None) -> Iterator[bytes]:
    """Yield the next *size* bytes, or all up to the end."""
    while size is None or size > 0:
        chunk = file.read(_CHUNK if size is None else min(size, _CHUNK))
        if not chunk:
            return
        yield chunk
        size = None if size is None else size - len(chunk)


def _changed(
    file: BinaryIO, sizes: array[int], layout: CsvLayout, additions: Mapping[int, Outcome]
) -> bytes:
    """Read one block and return it with the *additions*, which go by the row in the block."""
    rest = file.read(sum(sizes) + len(sizes) * len(layout.line_end))
    rows, start = [], 0
    for row, size in enumerate(sizes):
        text = rest[start : start + size]
        start += size + len(layout.line_end)
        if row in additions:
            text = layout.patched(text.decode("utf-8"), additions[row]).encode("utf-8")
        rows.append(text)
    end = layout.line_end.encode("ascii")
    return end.join(rows) + end


def _lengths_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.lengths")
