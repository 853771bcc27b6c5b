"""Find match keys that stand twice in one file, in memory that does not grow with it.

Keys are scattered over buckets by their hash and spilled to disk; at the end one
bucket at a time is searched. Knows neither rows nor mappings, only values and numbers.

Two processes that fork from one share the hash seed, so their buckets fit together.
"""

from __future__ import annotations

import marshal
import struct
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

BUCKETS = 64
_IN_MEMORY = 32_768
_SIZE = struct.Struct("<Q")


class Duplicate(NamedTuple):
    """A key that an earlier row already has.

    Attributes:
        row: Number of the later row.
        first_row: Number of the earliest row with this key.
        field: Index of the match key in the mapping's list.
        value: The key.
    """

    row: int
    first_row: int
    field: int
    value: str


class KeyLog:
    """The keys of one match key over one part of the file."""

    def __init__(self, folder: Path, *, name: str) -> None:
        """Keep what memory does not hold in *folder*; *name* keeps logs apart."""
        self._folder = folder / f"keys-{name}"
        self._values: list[list[str]] = [[] for _ in range(BUCKETS)]
        self._rows: list[array[int]] = [array("I") for _ in range(BUCKETS)]
        self._held = 0

    def add(self, keys: Sequence[str | None], rows: Sequence[int]) -> None:
        """Take the *keys* of these *rows*, in the order of the file; None is no key."""
        values, numbers = self._values, self._rows
        for key, row in zip(keys, rows, strict=True):
            if key is not None:
                bucket = hash(key) % BUCKETS
                values[bucket].append(key)
                numbers[bucket].append(row)
        self._held += len(keys)
        if self._held >= _IN_MEMORY:
            self.spill()

    def spill(self) -> None:
        """Write what is held to disk, so that another process can read it."""
        self._folder.mkdir(exist_ok=True)
        for number, (values, rows) in enumerate(zip(self._values, self._rows, strict=True)):
            with (self._folder / str(number)).open("ab") as file:
                spilled = marshal.dumps((values, rows.tobytes()), 2)
                file.write(_SIZE.pack(len(spilled)) + spilled)
            values.clear()
            del rows[:]
        self._held = 0

    def bucket(self, number: int) -> tuple[list[str], array[int]]:
        """Return the keys of one bucket and their row numbers, in the order of the rows."""
        values, rows = list[str](), array("I")
        path = self._folder / str(number)
        for spilled, numbers in _spilled(path) if path.exists() else ():
            values += spilled
            rows.frombytes(numbers)
        return values + self._values[number], rows + self._rows[number]


def _spilled(path: Path) -> Iterator[tuple[list[str], bytes]]:
    with path.open("rb") as file:
        while size := file.read(_SIZE.size):
            yield marshal.loads(file.read(*_SIZE.unpack(size)))  # noqa: S302 - our own file


def duplicates(logs: Sequence[Sequence[tuple[KeyLog, int]]]) -> list[Duplicate]:
    """Return every key that an earlier row already has, in the order of the rows.

    Args:
        logs: For each match key its logs in file order, each with the number that
            is added to its row numbers.
    """
    found: list[Duplicate] = []
    for field, parts in enumerate(logs):
        for number in range(BUCKETS):
            buckets = [(*log.bucket(number), above) for log, above in parts]
            values = [value for bucket in buckets for value in bucket[0]]
            if len(set(values)) < len(values):
                rows = [row + above for _, numbers, above in buckets for row in numbers]
                found += _later(values, rows, field=field)
    return sorted(found)


def _later(values: list[str], rows: list[int], *, field: int) -> Iterator[Duplicate]:
    first_rows: dict[str, int] = {}
    for value, row in zip(values, rows, strict=True):
        first = first_rows.setdefault(value, row)
        if first != row:
            yield Duplicate(row, first, field, value)
