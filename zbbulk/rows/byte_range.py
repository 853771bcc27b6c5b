"""A part of a file, read as text.

Knows bytes and encodings, not rows. Line ends come through as they are.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER = 1 << 17


class ByteRange(io.RawIOBase):
    """The bytes *start* to *end* of an open file, as a file of its own.

    Closing it leaves the file underneath open.
    """

    def __init__(self, file: BinaryIO, *, start: int, end: int) -> None:
        super().__init__()
        self._file = file
        self._left = end - start
        file.seek(start)

    def readable(self) -> bool:
        """Return True: it is there to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill *buffer* with the next bytes and return how many they are."""
        room = memoryview(buffer).cast("B")
        piece = self._file.read(min(len(room), self._left))
        room[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)


def text_of(
    file: BinaryIO, encoding: str, *, start: int = 0, end: int | None = None, errors: str = "strict"
) -> io.TextIOWrapper:
    """Return the text from byte *start* to byte *end* (None: the whole rest) of *file*."""
    if end is None:
        file.seek(start)
        return io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    part = io.BufferedReader(ByteRange(file, start=start, end=end), _BUFFER)
    return io.TextIOWrapper(part, encoding=encoding, errors=errors, newline="")
