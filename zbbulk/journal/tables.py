"""The tables of a journal and the SQLite settings that make them durable.

WAL and ``synchronous=FULL``: what was committed survives a killed process and a
power cut. It does not know what the rows mean.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zbbulk.errors import ResultError
from zbbulk.private import FILE, make_file

VERSION = 3
"""Of the tables, kept in SQLite's ``user_version``."""

_MARK = 0x7A62626B  # "zbbk", in SQLite's application_id: this file is a journal

_TABLES = """
CREATE TABLE run (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE rows (
    row         INTEGER PRIMARY KEY,
    status      TEXT NOT NULL,
    zb_id       TEXT NOT NULL DEFAULT '',
    code        TEXT NOT NULL DEFAULT '',
    message     TEXT NOT NULL DEFAULT '',
    fix         TEXT NOT NULL DEFAULT '',
    match_key   TEXT NOT NULL DEFAULT '',
    record_hash TEXT NOT NULL DEFAULT '',
    lead        INTEGER NOT NULL DEFAULT 0,
    action      TEXT NOT NULL DEFAULT '',
    zoho_time   TEXT NOT NULL DEFAULT '',
    updated     TEXT NOT NULL
);
CREATE INDEX rows_by_lead ON rows (lead) WHERE lead <> 0;
CREATE INDEX rows_by_hash ON rows (record_hash) WHERE record_hash <> '' AND lead = row;
CREATE TABLE before (
    lead   INTEGER PRIMARY KEY,
    fields TEXT NOT NULL
);
CREATE TABLE warnings (
    row     INTEGER PRIMARY KEY,
    code    TEXT NOT NULL,
    message TEXT NOT NULL,
    fix     TEXT NOT NULL
);
CREATE TABLE status_calls (
    row     INTEGER NOT NULL,
    name    TEXT NOT NULL,
    state   TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (row, name)
) WITHOUT ROWID;
CREATE TABLE attempts (
    id   INTEGER PRIMARY KEY,
    row  INTEGER NOT NULL,
    at   TEXT NOT NULL,
    what TEXT NOT NULL
);
"""


@contextmanager
def guarded(path: Path, *, what: str = "journal") -> Iterator[None]:
    """Turn any trouble of SQLite or the disk into a ResultError that names the file."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise ResultError(
            f"The {what} {path} can't be written or read: {error}.", code="ZB502"
        ) from error


def made(path: Path, *, wait_s: float) -> sqlite3.Connection:
    """Make a new journal. Raises ResultError when there is a file already, or no room."""
    with guarded(path):
        path.touch(mode=FILE, exist_ok=False)
        link = connected(path, wait_s=wait_s)
    try:
        with guarded(path):
            link.executescript(
                f"PRAGMA application_id={_MARK}; PRAGMA user_version={VERSION};"
                f"BEGIN IMMEDIATE; {_TABLES} COMMIT;"
            )
    except ResultError:
        link.close()
        unmade(path)
        raise
    return link


def unmade(path: Path) -> None:
    """Delete a journal that could not be begun, however full the disk is."""
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)


def opened(path: Path, *, wait_s: float) -> sqlite3.Connection:
    """Open a journal. Raises ResultError when it is none, or a newer zbbulk's."""
    if not path.is_file():
        raise ResultError(f"There is no journal {path}.", code="ZB502")
    with guarded(path):
        link = connected(path, wait_s=wait_s)
    try:
        with guarded(path):
            mark = link.execute("PRAGMA application_id").fetchone()[0]
            version = link.execute("PRAGMA user_version").fetchone()[0]
        _refuse_other(path, mark=mark, version=version)
    except ResultError:
        link.close()
        raise
    return link


def _refuse_other(path: Path, *, mark: int, version: int) -> None:
    if mark != _MARK:
        raise ResultError(f"{path} is not a journal of zbbulk.", code="ZB502")
    if version != VERSION:
        raise ResultError(
            f"The journal {path} has version {version}; this zbbulk reads version {VERSION}.",
            fix="Use the zbbulk that made it.",
            code="ZB502",
        )


def connected(path: Path, *, wait_s: float) -> sqlite3.Connection:
    """Open an SQLite file that threads may share and whose commits survive a power cut."""
    with suppress(OSError):  # SQLite tells better what is wrong
        make_file(path)
    link = sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)
    try:
        link.execute("PRAGMA journal_mode=WAL")
        link.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error:
        link.close()
        raise
    return link
