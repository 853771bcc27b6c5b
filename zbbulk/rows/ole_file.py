"""Take one stream out of an OLE2 file, the wrapping of .xls ([MS-CFB]).

Knows sectors and directory entries, not what a stream means.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

_HEADER = 512
_ENTRY = 128
_END = 0xFFFFFFFA  # sector numbers from here on are marks
_DIFAT_IN_HEADER = 109


class _Entry(NamedTuple):
    """A directory entry: where a stream begins, and its bytes."""

    name: str
    first: int
    size: int


class OleFile:
    """An OLE2 file held in memory.

    Raises:
        ValueError: its chains lead nowhere.
        struct.error: it ends too early.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._bytes = file.read()
        shift, self._mini_shift = struct.unpack_from("<HH", self._bytes, 30)
        self._shift = shift
        first_directory, self._mini_limit, first_mini = struct.unpack_from(
            "<I4xII", self._bytes, 48
        )
        self._fat = self._table(self._fat_sectors())
        directory = self._chain(first_directory)
        if len(directory) % (1 << self._shift):
            raise ValueError("it is cut off")
        self._entries = list(_entries(directory))
        self._mini_fat = self._numbers(self._chain(first_mini) if first_mini < _END else b"")

    def names(self) -> list[str]:
        """Return the names of all streams and storages."""
        return [entry.name for entry in self._entries]

    def stream(self, name: str) -> bytes | None:
        """Return the bytes of the stream *name*, None if there is none."""
        entry = next((each for each in self._entries if each.name == name), None)
        if entry is None:
            return None
        if entry.size >= self._mini_limit:
            return self._chain(entry.first)[: entry.size]
        root = self._chain(self._entries[0].first)
        size = 1 << self._mini_shift
        sectors = _followed(self._mini_fat, entry.first)
        return b"".join(root[each * size : (each + 1) * size] for each in sectors)[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        if start >= len(self._bytes):
            raise ValueError("it is cut off")
        return self._bytes[start : start + (1 << self._shift)]

    def _chain(self, first: int) -> bytes:
        return b"".join(map(self._sector, _followed(self._fat, first)))

    def _fat_sectors(self) -> list[int]:
        sectors = list(struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", self._bytes, 76))
        (following, count) = struct.unpack_from("<II", self._bytes, 68)
        for _ in range(count):
            *more, following = self._numbers(self._sector(following))
            sectors += more
        return [sector for sector in sectors if sector < _END]

    def _table(self, sectors: Sequence[int]) -> tuple[int, ...]:
        return self._numbers(b"".join(map(self._sector, sectors)))

    @staticmethod
    def _numbers(piece: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(piece) // 4}I", piece)


def _followed(table: Sequence[int], first: int) -> list[int]:
    sectors: list[int] = []
    while first < _END:
        if first >= len(table) or len(sectors) > len(table):
            raise ValueError("a chain of sectors leads nowhere")
        sectors.append(first)
        first = table[first]
    return sectors


def _entries(directory: bytes) -> list[_Entry]:
    entries = []
    for start in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        name, length = struct.unpack_from("<64sH", directory, start)
        first, size = struct.unpack_from("<II", directory, start + 116)
        text = name[: max(length - 2, 0)].decode("utf-16-le", "replace")
        entries.append(_Entry(text, first, size))
    return entries
