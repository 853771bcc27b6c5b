"""What is sent in one call: the Record of one row, or of many rows put together.

Makes Records of rows; does not know what becomes of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from zbbulk.jobs.batches import Batching
from zbbulk.jobs.documents import documents
from zbbulk.jobs.keys import key_reader
from zbbulk.jobs.prepare import Prepared
from zbbulk.mapping import Program
from zbbulk.mapping.grouping import Grouping
from zbbulk.model import Action, JsonObject, Record, Row
from zbbulk.rows import padded


class Parcel(NamedTuple):
    """One Record on its way.

    Attributes:
        rows: Row numbers of the sheet, rising.
        key: Its match key as text, "" when it has none.
        record: What is sent.
        action: What is done with it, where that is not the mapping's action.
        before: What it is in Zoho Books now, where that is known already.
        legacy: Its key in the old system, "" when it has none.
    """

    rows: tuple[int, ...]
    key: str
    record: Record
    action: Action | None = None
    before: JsonObject | None = None
    legacy: str = ""


def parcels_of(
    prepared: Prepared,
    is_ready: Callable[[Row], bool],
    *,
    lead_of: Callable[[int], int] | None = None,
) -> Iterator[Parcel]:
    """Yield what is sent in each call, of the rows that are ready.

    The Records are made anew, as they were when they were checked.

    Args:
        prepared: The sheet and its mapping.
        is_ready: Tells it of a row.
        lead_of: Where rows travel in one call, the first row of the call that a row was
            planned for; None plans them now.
    """
    if prepared.program.grouped is not None:
        return _documents(prepared, prepared.program.grouped, is_ready)
    batching = prepared.batching
    singles = _singles(prepared, is_ready)
    if batching is None:
        return singles
    return put_together(singles, batching, lead_of=lead_of)


def _singles(prepared: Prepared, is_ready: Callable[[Row], bool]) -> Iterator[Parcel]:
    program, width = prepared.program, len(prepared.sheet.header)
    read_key = key_reader(program.keys[0] if program.keys else ())
    for row in prepared.sheet.rows():
        if is_ready(row):
            cells = padded(row.cells, width)
            record, _ = program.convert(cells)
            key = read_key([record])[0] or ""
            yield Parcel((row.number,), key, record, legacy=program.legacy_key(cells))


def _documents(
    prepared: Prepared, grouped: Grouping, is_ready: Callable[[Row], bool]
) -> Iterator[Parcel]:
    program = prepared.program
    read_key = key_reader(program.keys[0] if program.keys else ())
    for rows in documents(prepared, lambda row: not is_ready(row)):
        numbers = tuple(row.number for row in rows)
        made = grouped.made([row.cells for row in rows], numbers, convert=program.convert)
        key = read_key([made.record])[0] or ""
        yield Parcel(numbers, key, made.record, legacy=legacy_of(program, rows))


def legacy_of(program: Program, rows: Sequence[Row]) -> str:
    """Return the legacy key of the document that *rows* make: of the first that has one."""
    return next((key for row in rows if (key := program.legacy_key(row.cells))), "")


def put_together(
    parcels: Iterable[Parcel],
    batching: Batching,
    *,
    lead_of: Callable[[int], int] | None = None,
) -> Iterator[Parcel]:
    """Yield *parcels*, those of one batch as one, its entries in the order of the rows.

    Rows of one batch may lie far apart, so the Records of every batch that is not full
    yet are held in memory: all of a sheet where a batch has no limit. With *lead_of* the
    batches are those that were planned, each named by its first row.
    """
    begun: dict[str, _Begun] = {}
    for parcel in parcels:
        name = batching.name_of(parcel.record)
        if lead_of is not None:
            name = str(lead_of(parcel.rows[0]))
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
        key = first.key or self._batching.key_text(record)
        return Parcel(rows, key, record, legacy=first.legacy)


def record_hash(record: Record) -> str:
    """Return the SHA-256 of *record*: the same Record has the same hash in every run."""
    import simplejson  # noqa: PLC0415 - heavy: only who sends pays

    text = simplejson.dumps(record, use_decimal=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
