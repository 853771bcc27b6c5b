"""What is sent in one call: the Record of one row, or of many rows put together.

Knows Records and row numbers; not what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from zbbulk.jobs.batches import Batching
from zbbulk.model import Record


class Parcel(NamedTuple):
    """One Record on its way.

    Attributes:
        rows: Row numbers of the sheet, rising.
        key: Its match key as text, "" when it has none.
        record: What is sent.
    """

    rows: tuple[int, ...]
    key: str
    record: Record


def put_together(parcels: Iterable[Parcel], batching: Batching) -> Iterator[Parcel]:
    """Yield *parcels*, those of one batch as one, its entries in the order of the rows.

    Rows of one batch may lie far apart, so the Records of every batch that is not full
    yet are held in memory: all of a sheet where a batch has no limit.
    """
    begun: dict[str, _Begun] = {}
    for parcel in parcels:
        name = batching.name_of(parcel.record)
        if name is None:
            yield parcel
            continue
        batch = begun.setdefault(name, _Begun(batching))
        if not batch.has_room_for(parcel):
            yield batch.closed()
            batch = begun[name] = _Begun(batching)
        batch.add(parcel)
    for batch in begun.values():
        yield batch.closed()


class _Begun:
    """A batch that may still grow."""

    def __init__(self, batching: Batching) -> None:
        self._batching = batching
        self._parcels: list[Parcel] = []
        self._entries: list[object] = []

    def has_room_for(self, parcel: Parcel) -> bool:
        more = len(self._batching.entries_of(parcel.record))
        return not self._parcels or self._batching.has_room(len(self._entries), more)

    def add(self, parcel: Parcel) -> None:
        self._parcels.append(parcel)
        self._entries += self._batching.entries_of(parcel.record)

    def closed(self) -> Parcel:
        first = self._parcels[0]
        record = dict(first.record)
        if self._entries:
            record[self._batching.facts.list] = self._entries
        rows = tuple(row for parcel in self._parcels for row in parcel.rows)
        return Parcel(rows, first.key or self._batching.key_text(record), record)
