"""The durable memory of an export: what Zoho Books has answered so far, each answer once.

A page or a record is on disk before the next one is asked for, so that an export that was
broken off goes on where it stood and asks nothing twice. Knows neither Zoho nor a layout.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Self

from zbbulk.errors import ResultError
from zbbulk.journal import tables
from zbbulk.model import JsonObject

NAME = "export.sqlite"
"""The file in the folder of an export."""

_VERSION = 1
_MARK = 0x7A626578  # "zbex", in SQLite's application_id: this file is the memory of an export
_WAIT_S = 5.0
_AT_ONCE = 200

_TABLES = """
CREATE TABLE export (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE records (
    place  INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    listed TEXT NOT NULL,
    whole  TEXT,
    why    TEXT NOT NULL DEFAULT ''
);
"""
_FACT = "INSERT INTO export VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2"
_LISTED = """
INSERT INTO records (id, listed) VALUES (?1, ?2)
ON CONFLICT (id) DO UPDATE SET listed = ?2, whole = NULL, why = ''
"""
_WHOLE = "UPDATE records SET whole = ?, why = ? WHERE id = ?"
_OPEN = """
SELECT place, id, listed FROM records WHERE whole IS NULL AND why = '' AND place > ?
ORDER BY place LIMIT ?
"""
_ALL = "SELECT place, listed, whole FROM records WHERE place > ? ORDER BY place LIMIT ?"


class Fetched:
    """The records of one export; threads may share it. Use it in a ``with`` block.

    Every method raises ResultError (ZB502) when the disk is full or the file is broken.
    """

    def __init__(self, path: Path, link: sqlite3.Connection) -> None:
        """Use ``create`` or ``open`` instead."""
        self.path = path
        self._link = link
        self._lock = Lock()

    @classmethod
    def create(cls, path: Path, facts: Mapping[str, str]) -> Self:
        """Begin in a new file; *facts* tell what is exported from where. Never a secret."""
        with tables.guarded(path, what="store"):
            link = tables.connected(path, wait_s=_WAIT_S)
            link.executescript(
                f"PRAGMA application_id={_MARK}; PRAGMA user_version={_VERSION};"
                f"BEGIN IMMEDIATE; {_TABLES} COMMIT;"
            )
        found = cls(path, link)
        found.note(**facts)
        return found

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open what is there; after a crash too."""
        if not path.is_file():
            raise ResultError(f"There is no store {path}.", code="ZB502")
        with tables.guarded(path, what="store"):
            link = tables.connected(path, wait_s=_WAIT_S)
            marks = [link.execute(f"PRAGMA {n}").fetchone()[0] for n in _PRAGMAS]
        if marks != [_MARK, _VERSION]:
            link.close()
            raise ResultError(f"{path} is not the store of an export of zbbulk.", code="ZB502")
        return cls(path, link)

    def note(self, **facts: str) -> None:
        """Write facts about the export as a whole; an earlier value is replaced."""
        with self._change() as link:
            link.executemany(_FACT, facts.items())

    def facts(self) -> dict[str, str]:
        """Return what is known about the export."""
        found = self._read("SELECT name, value FROM export")
        return {str(name): str(value) for name, value in found}

    def add_page(self, records: Iterable[tuple[str, JsonObject]], **facts: str) -> int:
        """Write one page of the list, and *facts* about how far it was read.

        Args:
            records: The id and the row of each record.
            facts: As ``note``.

        Returns:
            How many of the ids were there already: the list changed while it was read.
        """
        rows = [(zb_id, _json(record)) for zb_id, record in records]
        before = self.count()
        with self._change() as link:
            link.executemany(_LISTED, rows)
            link.executemany(_FACT, facts.items())
        return len(rows) - (self.count() - before)

    def keep(self, zb_id: str, record: JsonObject) -> None:
        """Write a record as it is by itself."""
        self._put(_json(record), "", zb_id)

    def keep_refusal(self, zb_id: str, why: str) -> None:
        """Write why a record can't be had by itself, in Zoho's words."""
        self._put(None, why, zb_id)

    def count(self) -> int:
        """Return how many records there are."""
        return int(self._read("SELECT count(*) FROM records")[0][0])

    def count_open(self) -> int:
        """Return how many records were not read by themselves yet."""
        query = "SELECT count(*) FROM records WHERE whole IS NULL AND why = ''"
        return int(self._read(query)[0][0])

    def open_ones(self) -> Iterator[tuple[str, JsonObject]]:
        """Yield id and row of each record that was not read by itself yet, in their order."""
        place = 0
        while some := self._read(_OPEN, place, _AT_ONCE):
            for number, zb_id, listed in some:
                place = int(number)
                yield str(zb_id), _object(listed)

    def records(self) -> Iterator[JsonObject]:
        """Yield every record, in the order of the list: by itself where it was read so."""
        place = 0
        while some := self._read(_ALL, place, _AT_ONCE):
            for number, listed, whole in some:
                place = int(number)
                yield _object(listed) | (_object(whole) if whole else {})

    def rows(self) -> Iterator[JsonObject]:
        """Yield every record as the list shows it."""
        place = 0
        while some := self._read(_ALL, place, _AT_ONCE):
            for number, listed, _ in some:
                place = int(number)
                yield _object(listed)

    def refusals(self) -> list[tuple[str, str]]:
        """Return the id of each record that can't be had by itself, and Zoho's words."""
        query = "SELECT id, why FROM records WHERE why <> '' ORDER BY place"
        return [(str(zb_id), str(why)) for zb_id, why in self._read(query)]

    def close(self) -> None:
        """Close the file."""
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put(self, whole: str | None, why: str, zb_id: str) -> None:
        with self._change() as link:
            link.execute(_WHOLE, (whole, why, zb_id))

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on disk afterwards, or nothing."""
        with self._lock, tables.guarded(self.path, what="store"):
            self._link.execute("BEGIN IMMEDIATE")
            try:
                yield self._link
                self._link.execute("COMMIT")
            except BaseException:
                if self._link.in_transaction:
                    self._link.execute("ROLLBACK")
                raise

    def _read(self, query: str, *values: object) -> Sequence[tuple[str, ...]]:
        with self._lock, tables.guarded(self.path, what="store"):
            return self._link.execute(query, values).fetchall()


_PRAGMAS = ("application_id", "user_version")


def _json(record: JsonObject) -> str:
    import simplejson  # noqa: PLC0415 - heavy: only who exports pays

    text: str = simplejson.dumps(record, use_decimal=True, ensure_ascii=False)
    return text


def _object(text: str) -> JsonObject:
    import simplejson  # noqa: PLC0415 - heavy: only who exports pays

    found: JsonObject = simplejson.loads(text, use_decimal=True)
    return found
