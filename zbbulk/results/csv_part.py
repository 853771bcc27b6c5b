"""Write the rows of a CSV result to a spool file, and find single rows in it again.

A part holds result rows without a header; one process writes one part. It is kept
where every block of rows stands and how long each row is, so that a row can be changed
when all rows are known. Joined by ``csv_result.py``.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, Self

from zbbulk.model import Block, Outcome
from zbbulk.results.csv_layout import CsvLayout
from zbbulk.results.new_file import unwritable
from zbbulk.results.outcomes import READY

_CHUNK = 1 << 20
_BUFFER = 1 << 16
_LINE_ENDS = "\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFile:
    """A closed part, small enough to be handed from one process to another.

    Attributes:
        path: The spool file: rows in UTF-8 with their line ends.
        rows: How many rows are in it.
        firsts: Index of the first row of each block.
        starts: Byte offset of each block, and at last the size of the file.
    """

    path: Path
    rows: int
    firsts: array[int]
    starts: array[int]

    def remove(self) -> None:
        """Delete the spool file; call it when the parts are joined."""
        self.path.unlink(missing_ok=True)
        _lengths_path(self.path).unlink(missing_ok=True)

    def chunks(self, layout: CsvLayout, additions: Rising, *, first_row: int) -> Iterator[bytes]:
        """Yield the bytes of the part, with *additions* made to the rows they name.

        Args:
            layout: As the part was written.
            additions: What is to be told too; that of the part's rows is taken.
            first_row: The index of the part's first row.
        """
        with self.path.open("rb") as file, _lengths_path(self.path).open("rb") as lengths:
            for block, first in enumerate(self.firsts):
                end = self.firsts[block + 1] if block + 1 < len(self.firsts) else self.rows
                own = additions.below(first_row + end)
                if own:
                    yield from _read(file, self.starts[block] - file.tell())
                    encoded = file.read(self.starts[block + 1] - self.starts[block])
                    told = {index - first_row - first: outcome for index, outcome in own}
                    yield _changed(encoded, self._sizes(lengths, block), layout, told)
            yield from _read(file, self.starts[-1] - file.tell())

    def _sizes(self, file: BinaryIO, block: int) -> array[int]:
        """Return the lengths in bytes of the rows of *block*."""
        found = array("I")
        end = self.firsts[block + 1] if block + 1 < len(self.firsts) else self.rows
        file.seek(self.firsts[block] * found.itemsize)
        found.frombytes(file.read((end - self.firsts[block]) * found.itemsize))
        return found


class Rising:
    """Pairs of row index and Outcome in rising order, taken block by block."""

    def __init__(self, pairs: Iterable[tuple[int, Outcome]]) -> None:
        """Take the first pair only."""
        self._pairs = iter(pairs)
        self._next = next(self._pairs, None)

    def below(self, end: int) -> list[tuple[int, Outcome]]:
        """Return the next pairs whose index is below *end*."""
        found = []
        while self._next is not None and self._next[0] < end:
            found.append(self._next)
            self._next = next(self._pairs, None)
        return found


class CsvPart:
    """A part that is being written; close it, or use it in a ``with`` block.

    ``add`` sees every row of every check: READY rows that are a line each cost next to
    nothing.
    """

    def __init__(self, path: Path, layout: CsvLayout) -> None:
        """Make the spool file *path*. Raises ResultError if that can't be done."""
        self._path = path
        self._layout = layout
        self._width = layout.width
        self._ready = (layout.suffix(READY) + layout.line_end).encode()
        self._firsts, self._starts = array("Q"), array("Q")
        self._rows = 0
        self._end = 0
        try:
            self._file = path.open("wb", buffering=_BUFFER)
            self._lengths = _lengths_path(path).open("wb")
        except OSError as error:
            raise unwritable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, block: Block, outcomes: Mapping[int, Outcome]) -> None:
        """Append the rows of *block*: the user's own text of each, and what became of it.

        Args:
            block: The next rows of the file.
            outcomes: By the index in the block; a row that is not in it is READY.

        Raises:
            ResultError: the disk is full.
        """
        width, ready = self._width, self._ready
        rows = [
            raw.rstrip(_LINE_ENDS).encode() + ready
            if len(cells) == width
            else self._encoded(raw, cells, READY)
            for raw, cells in zip(block.raws, block.cells, strict=True)
        ]
        for index, outcome in outcomes.items():
            rows[index] = self._encoded(block.raws[index], block.cells[index], outcome)
        self._write(rows)

    def close(self) -> PartFile:
        """Write what is held and return the description of the part; harmless if repeated.

        Raises:
            ResultError: the disk is full.
        """
        try:
            self._file.close()
            self._lengths.close()
        except OSError as error:
            raise unwritable(self._path, error) from error
        return PartFile(
            path=self._path,
            rows=self._rows,
            firsts=self._firsts,
            starts=self._starts + array("Q", (self._end,)),
        )

    def discard(self) -> None:
        """Delete the spool file, however full the disk is; harmless if repeated."""
        for file in (self._file, self._lengths):
            with suppress(OSError):
                file.close()
        for path in (self._path, _lengths_path(self._path)):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _encoded(self, raw: str, cells: Sequence[object], outcome: Outcome) -> bytes:
        return (self._layout.row(raw, len(cells), outcome) + self._layout.line_end).encode()

    def _write(self, rows: Sequence[bytes]) -> None:
        try:
            self._file.write(b"".join(rows))
            self._lengths.write(array("I", [*map(len, rows)]))
        except OSError as error:
            raise unwritable(self._path, error) from error
        self._firsts.append(self._rows)
        self._starts.append(self._end)
        self._rows += len(rows)
        self._end += sum(map(len, rows))


def _read(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the next *size* bytes."""
    while chunk := file.read(min(size, _CHUNK)):
        yield chunk
        size -= len(chunk)


def _changed(
    encoded: bytes, sizes: array[int], layout: CsvLayout, additions: Mapping[int, Outcome]
) -> bytes:
    """Return one block with the *additions*, which go by the row in the block."""
    rows = [encoded[end - size : end] for size, end in zip(sizes, accumulate(sizes), strict=True)]
    for index, addition in additions.items():
        row = rows[index].decode("utf-8").removesuffix(layout.line_end)
        rows[index] = (layout.patched(row, addition) + layout.line_end).encode("utf-8")
    return b"".join(rows)


def _lengths_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.lengths")
