"""The sandbox's one file: records, counters, tokens and the log, in SQLite.

What it holds outlives the process. A file belongs to one process at a time.
It does not know what a record means.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from zbbulk.errors import UsageError
from zbbulk.private import make_file, make_folder

APPLICATION_ID = 0x7A626278
"""Marks the file as a sandbox ("zbbx")."""

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
  resource TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (resource, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (
  number INTEGER PRIMARY KEY, arrived_s REAL NOT NULL, answered_s REAL, method TEXT NOT NULL,
  path TEXT NOT NULL, query TEXT NOT NULL, status INTEGER, code TEXT, in_flight INTEGER NOT NULL
);
"""

_SUFFIXES = ("", "-wal", "-shm")


class Store:
    """An open sandbox file; ``None`` keeps everything in memory.

    Raises:
        UsageError: ZB504, the file is broken, in use, or not a sandbox.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.Lock()
        with as_zb504(path):
            if path is not None:
                make_folder(path.parent)
                make_file(path)
            self._db = _open(path)

    def facts(self) -> dict[str, str]:
        """Return the small facts by name."""
        with self._lock:
            return dict(self._db.execute("SELECT name, value FROM facts"))

    def save_facts(self, facts: Mapping[str, str]) -> None:
        """Keep small facts."""
        with self._lock, self._db:
            self._write_facts(facts)

    def records(self, resource: str) -> list[str]:
        """Return the JSON texts of a resource in the order of their ids."""
        query = "SELECT body FROM records WHERE resource = ? ORDER BY length(id), id"
        with self._lock:
            return [row[0] for row in self._db.execute(query, (resource,))]

    def save_record(
        self, resource: str, record_id: str, body: str, *, facts: Mapping[str, str]
    ) -> None:
        """Keep one record together with the counters that gave it its numbers."""
        with self._lock, self._db:
            self._db.execute(
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (resource, record_id, body)
            )
            self._write_facts(facts)

    def delete_record(self, resource: str, record_id: str) -> None:
        """Forget one record."""
        with self._lock, self._db:
            self._db.execute(
                "DELETE FROM records WHERE resource = ? AND id = ?", (resource, record_id)
            )

    def delete_records(self) -> None:
        """Forget all records."""
        with self._lock, self._db:
            self._db.execute("DELETE FROM records")

    def last_request(self) -> int:
        """Return the number of the newest request of the log, 0 when there is none."""
        with self._lock:
            newest = self._db.execute("SELECT max(number) FROM requests").fetchone()[0]
        return newest or 0

    def save_requests(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Add requests to the log."""
        marks = ", ".join("?" * 9)
        with self._lock, self._db:
            self._db.executemany(f"INSERT OR REPLACE INTO requests VALUES ({marks})", rows)  # noqa: S608 - marks only

    def delete_requests(self) -> None:
        """Empty the log."""
        with self._lock, self._db:
            self._db.execute("DELETE FROM requests")

    def close(self) -> None:
        """Close the file; what was saved stays."""
        with self._lock:
            self._db.close()

    def _write_facts(self, facts: Mapping[str, str]) -> None:
        if facts:
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())


def clear_store(path: Path) -> None:
    """Delete a sandbox's file, or do nothing when there is none.

    Raises:
        UsageError: ZB504, it is in use or not a sandbox.
    """
    if not path.exists():
        return
    Store(path).close()
    for suffix in _SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _open(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(path or ":memory:", check_same_thread=False, timeout=0.2)
    try:
        _prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection) -> None:
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and mark != APPLICATION_ID:
        raise sqlite3.DatabaseError("the file belongs to another program")
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.executescript(_TABLES)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    with db:
        db.execute("INSERT OR IGNORE INTO facts VALUES ('layout', '1')")


@contextmanager
def as_zb504(path: Path | None) -> Iterator[None]:
    """Raise UsageError ZB504 for a file that can't be read or written."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        place = "in memory" if path is None else str(path)
        raise UsageError(f"The sandbox {place} can't be opened: {error}.", code="ZB504") from error
