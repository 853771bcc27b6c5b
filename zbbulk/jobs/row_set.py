"""A set of row numbers that costs a byte a row of the sheet, however many are in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_GROWTH = 4096


class RowSet:
    """Row numbers from 0 on; iterates in rising order."""

    def __init__(self, rows: Iterable[int] = ()) -> None:
        """Hold *rows*."""
        self._marks = bytearray()
        self._size = 0
        self.update(rows)

    def add(self, row: int) -> None:
        """Add one row; it may be in already."""
        if row >= len(self._marks):
            self._marks.extend(bytes(max(row + 1 - len(self._marks), _GROWTH)))
        self._size += not self._marks[row]
        self._marks[row] = 1

    def update(self, rows: Iterable[int]) -> None:
        """Add many rows."""
        for row in rows:
            self.add(row)

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and 0 <= row < len(self._marks) and bool(self._marks[row])

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[int]:
        row = self._marks.find(1)
        while row >= 0:
            yield row
            row = self._marks.find(1, row + 1)
