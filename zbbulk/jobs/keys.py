"""Take match keys out of Records and legacy keys out of rows; say which keys Zoho takes for one.

A key of several fields is one text, its parts apart by ``PART``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from zbbulk.folding import folded, prints
from zbbulk.jobs.match_keys import Sameness
from zbbulk.jobs.prepare import Prepared
from zbbulk.model import CUSTOM, Cell, Record, field_value
from zbbulk.rows import padded

PART = "\x1f"

KeyReader = Callable[[Sequence[Record]], list[str | None]]
"""Takes a match key out of each Record, None where a part of it is missing."""


def _folded(key: str) -> str:
    return PART.join(map(folded, key.split(PART)))


FOLDED = Sameness(prints=prints, spelled=_folded)
"""Without regard to capitals and spaces. Records are found again in the same way, so two rows
that differ in nothing else could not be told apart in Zoho Books; that Zoho takes them for the
same is an assumption of ``docs/sandbox.md``."""


def shown(key: str) -> str:
    """Return a *key* for people, e.g. ``'B-7' + 'Acme'``."""
    return " + ".join(repr(part) for part in key.split(PART))


def key_reader(fields: tuple[str, ...]) -> KeyReader:
    """Return a function that takes the match key *fields* out of Records."""
    if any(field.startswith(CUSTOM) for field in fields):
        return _reader_of_custom(fields)
    if len(fields) == 1:
        (field,) = fields

        def read_one(records: Sequence[Record]) -> list[str | None]:
            values = [record.get(field) for record in records]
            return [_text(value) if value.__class__ is not str else value for value in values]

        return read_one

    def read_all(records: Sequence[Record]) -> list[str | None]:
        found = ([record.get(field) for field in fields] for record in records)
        return [None if None in values else PART.join(map(str, values)) for values in found]

    return read_all


def _reader_of_custom(fields: tuple[str, ...]) -> KeyReader:
    def read(records: Sequence[Record]) -> list[str | None]:
        found = ([field_value(record, field) for field in fields] for record in records)
        return [None if None in values else PART.join(map(str, values)) for values in found]

    return read


def legacy_keys(prepared: Prepared, rows: Iterable[Sequence[Cell]]) -> list[str | None]:
    """Return the legacy key of each row as the crosswalk compares it, None where there is none."""
    width, read = len(prepared.sheet.header), prepared.program.legacy_key
    return [folded(read(padded(cells, width))) or None for cells in rows]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
