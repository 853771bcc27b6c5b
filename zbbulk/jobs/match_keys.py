"""Find match keys that stand twice in one file, in memory that does not grow with it.

Keys are packed and spilled to disk, their hashes beside them; at the end the hashes
are searched, a share of them at a time, and only keys whose hash stands twice are
read again and compared. Knows neither rows nor mappings, only values and numbers, and
is told which values are the same.

Two processes that fork from one share the hash seed, so their hashes fit together.
"""

from __future__ import annotations

import marshal
import struct
from array import array
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

_IN_MEMORY = 32_768
_AT_A_TIME = 131_072


class Duplicate(NamedTuple):
    """A key that an earlier row already has.

    Attributes:
        row: Number of the later row.
        first_row: Number of the earliest row with this key.
        field: Index of the match key in the mapping's list.
        value: The key.
        first_value: The earlier row's: the same, or another spelling of it.
    """

    row: int
    first_row: int
    field: int
    value: str
    first_value: str


class Sameness(NamedTuple):
    """Which keys count as the same.

    Attributes:
        prints: Gives prints of keys, all at once and fast: keys that are the same have
            the same print, and few others do.
        spelled: Gives a key as it is compared at last.
    """

    prints: Callable[[Sequence[str]], Sequence[Hashable]]
    spelled: Callable[[str], str]


EXACT = Sameness(prints=tuple, spelled=str)
"""Sign for sign."""


class KeyLog:
    """The keys of one match key over one part of the file."""

    def __init__(self, folder: Path, *, name: str, sameness: Sameness = EXACT) -> None:
        """Keep what memory does not hold in *folder*; *name* keeps logs apart."""
        self.sameness = sameness
        self._stem = folder / f"keys-{name}"
        self._hashes = bytearray()
        self._blocks: list[bytes] = []
        self._firsts: list[int] = []
        self._held = 0
        self._chunks = 0
        self._spilled = 0

    def add(self, keys: Sequence[str | None], rows: Sequence[int]) -> None:
        """Take the *keys* of these *rows*, in the order of the file; None is no key.

        They are packed at once: texts that stay in memory one by one would cost more
        than all else that is done with them.
        """
        there = [key for key in keys if key is not None]
        if len(there) < len(keys):
            rows = [row for key, row in zip(keys, rows, strict=True) if key is not None]
        self._firsts.append(self._held)
        self._hashes += struct.pack(f"{len(there)}q", *map(hash, self.sameness.prints(there)))
        self._blocks.append(marshal.dumps((there, list(rows)), 2))
        self._held += len(there)
        if self._held >= _IN_MEMORY:
            self.spill()

    def spill(self) -> None:
        """Write what is held to disk, so that another process can read it."""
        self._file(self._chunks, "hashes").write_bytes(self._hashes)
        packed = marshal.dumps((self._blocks, self._firsts), 2)
        self._file(self._chunks, "keys").write_bytes(packed)
        self._spilled += self._held
        self._chunks += 1
        self._hashes, self._blocks, self._firsts, self._held = bytearray(), [], [], 0

    def __len__(self) -> int:
        return self._spilled + self._held

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Yield every key and its row number, in the order of the file."""
        for number, chunk in enumerate(self.hashes()):
            yield from self.entries(number, range(len(chunk)))

    def hashes(self) -> Iterator[array[int]]:
        """Yield the hashes of all keys in the order of the file, a chunk at a time."""
        for number in range(self._chunks):
            yield array("q", self._file(number, "hashes").read_bytes())
        yield array("q", bytes(self._hashes))

    def entries(self, chunk: int, places: Sequence[int]) -> Iterator[tuple[str, int]]:
        """Yield the keys and row numbers that stand at *places*, which rise, in one chunk.

        *chunk* is the number of the chunk as ``hashes`` yields them.
        """
        blocks, firsts = self._blocks, self._firsts
        if chunk < self._chunks:
            packed = self._file(chunk, "keys").read_bytes()
            blocks, firsts = marshal.loads(packed)  # noqa: S302 - our own file
        for block, inside in groupby(places, lambda place: bisect_right(firsts, place) - 1):
            keys, rows = marshal.loads(blocks[block])  # noqa: S302 - our own file
            for place in inside:
                yield keys[place - firsts[block]], rows[place - firsts[block]]

    def _file(self, chunk: int, what: str) -> Path:
        return self._stem.with_name(f"{self._stem.name}-{chunk}.{what}")


def duplicates(logs: Sequence[Sequence[tuple[KeyLog, int]]]) -> list[Duplicate]:
    """Return every key that an earlier row already has, in the order of the rows.

    Args:
        logs: For each match key its logs in file order, each with the number that
            is added to its row numbers.
    """
    found: list[Duplicate] = []
    for field, parts in enumerate(logs):
        twice = _hashes_that_stand_twice([log for log, _ in parts])
        if twice:
            found += _later(_keys_of(parts, twice), sameness=parts[0][0].sameness, field=field)
    return sorted(found)


def _hashes_that_stand_twice(logs: Sequence[KeyLog]) -> set[int]:
    """Return every hash that two keys of *logs* have: equal keys, or by chance others."""
    shares = 1
    while sum(map(len, logs)) > shares * _AT_A_TIME:
        shares *= 2
    again: set[int] = set()
    for share in range(shares):
        seen: set[int] = set()
        for log in logs:
            for chunk in log.hashes():
                mine = _share(chunk, share, shares)
                for number in mine:
                    if number in seen:
                        again.add(number)
                    else:
                        seen.add(number)
    return again


def _share(chunk: array[int], share: int, shares: int) -> Sequence[int]:
    """Return the hashes of *chunk* that fall into *share* of *shares*, a power of two."""
    mask = shares - 1
    return [number for number in chunk if number & mask == share] if mask else chunk


def _keys_of(parts: Sequence[tuple[KeyLog, int]], hashes: set[int]) -> Iterator[tuple[str, int]]:
    """Yield each key that has one of *hashes*, and its row, in the order of the file."""
    for log, above in parts:
        for number, chunk in enumerate(log.hashes()):
            places = [place for place, value in enumerate(chunk) if value in hashes]
            if places:
                yield from ((key, row + above) for key, row in log.entries(number, places))


def _later(
    keys: Iterator[tuple[str, int]], *, sameness: Sameness, field: int
) -> Iterator[Duplicate]:
    firsts: dict[str, tuple[int, str]] = {}
    for value, row in keys:
        first_row, first_value = firsts.setdefault(sameness.spelled(value), (row, value))
        if first_row != row:
            yield Duplicate(row, first_row, field, value, first_value)
