"""What is sent in one call: the Record of one row, or of many rows put together.

Makes Records of rows; does not know what becomes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from zbbulk.jobs.batches import Batching
from zbbulk.jobs.documents import documents
from zbbulk.jobs.keys import key_reader
from zbbulk.jobs.prepare import Prepared
from zbbulk.mapping.grouping import Grouping
from zbbulk.model import Action, Record, Row
from zbbulk.rows import padded


class Parcel(NamedTuple):
    """One Record on its way.

    Attributes:
        rows: Row numbers of the sheet, rising.
        key: Its match key as text, "" when it has none.
        record: What is sent.
        action: What is done with it, where that is not the mapping's action.
    """

    rows: tuple[int, ...]
    key: str
    record: Record
    action: Action | None = None


def parcels_of(prepared: Prepared, is_ready: Callable[[Row], bool]) -> Iterator[Parcel]:
    """Yield what is sent in each call, of the rows that are ready.

    The Records are made anew, as they were when they were checked.
    """
    if prepared.program.grouped is not None:
        return _documents(prepared, prepared.program.grouped, is_ready)
    batching = prepared.batching
    singles = _singles(prepared, is_ready)
    return singles if batching is None else put_together(singles, batching)


def _singles(prepared: Prepared, is_ready: Callable[[Row], bool]) -> Iterator[Parcel]:
    program, width = prepared.program, len(prepared.sheet.header)
    read_key = key_reader(program.keys[0] if program.keys else ())
    for row in prepared.sheet.rows():
        if is_ready(row):
            record, _ = program.convert(padded(row.cells, width))
            yield Parcel((row.number,), read_key([record])[0] or "", record)


def _documents(
    prepared: Prepared, grouped: Grouping, is_ready: Callable[[Row], bool]
) -> Iterator[Parcel]:
    program = prepared.program
    read_key = key_reader(program.keys[0] if program.keys else ())
    for rows in documents(prepared, lambda row: not is_ready(row)):
        numbers = tuple(row.number for row in rows)
        made = grouped.made([row.cells for row in rows], numbers, convert=program.convert)
        yield Parcel(numbers, read_key([made.record])[0] or "", made.record)


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
