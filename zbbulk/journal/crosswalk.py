"""Which record of the old system became which id in Zoho Books, for all runs together.

One file an organization, ``zbbulk-runs/crosswalk-<organization>.sqlite``: a name or number
as it was written, and Zoho's id. Texts are compared as people mean them (case and
spaces folded). Every change is on disk before the call returns. It does not know Zoho.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Self

from zbbulk.errors import ResultError
from zbbulk.folding import folded
from zbbulk.journal import tables

VERSION = 1
"""Of the table, kept in SQLite's ``user_version``."""

_MARK = 0x7A626378  # "zbcx", in SQLite's application_id: this file is a crosswalk
_WAIT_S = 30.0

_TABLE = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS ids (
    resource TEXT NOT NULL,
    field    TEXT NOT NULL,
    folded   TEXT NOT NULL,
    zb_id    TEXT NOT NULL,
    written  TEXT NOT NULL,
    run      TEXT NOT NULL,
    PRIMARY KEY (resource, field, folded, zb_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ids_by_zb_id ON ids (zb_id);
PRAGMA application_id={_MARK};
PRAGMA user_version={VERSION};
COMMIT;
"""
_ADD = """
INSERT INTO ids (resource, field, folded, zb_id, written, run) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET written = excluded.written, run = excluded.run
"""
_FORGET = "DELETE FROM ids WHERE resource = ? AND field = ? AND folded = ?"
_FIND = "SELECT zb_id FROM ids WHERE resource = ? AND field = ? AND folded = ? ORDER BY zb_id"


def crosswalk_path(runs: Path, organization_id: str) -> Path:
    """Return the file of one organization in the folder of all *runs*."""
    return runs / f"crosswalk-{re.sub(r'[^0-9A-Za-z_-]', '_', organization_id)}.sqlite"


class Crosswalk:
    """The ids of one organization; threads and runs may share it. Use it in a ``with`` block.

    Every method raises ResultError (ZB502) when the disk is full, the file is locked
    by another program or broken.
    """

    def __init__(self, path: Path, link: sqlite3.Connection) -> None:
        """Use ``open`` instead."""
        self.path = path
        self._link = link
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path, *, wait_s: float = _WAIT_S) -> Self:
        """Open the crosswalk in *path*; it is made if it is not there, its folder must be.

        Args:
            path: Of the SQLite file.
            wait_s: How long to wait when another run is writing.

        Raises:
            ResultError: it can't be opened, is something else, or a newer zbbulk's.
        """
        with tables.guarded(path, what="crosswalk"):
            link = tables.connected(path, wait_s=wait_s)
        try:
            with tables.guarded(path, what="crosswalk"):
                _made_ready(path, link)
        except BaseException:
            link.close()
            raise
        return cls(path, link)

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection]:
        with self._lock, tables.guarded(self.path, what="crosswalk"):
            yield self._link

    def add(self, resource: str, keys: Mapping[str, str], zb_id: str, run: str) -> None:
        """Write that one record became *zb_id*, in one transaction.

        Args:
            resource: E.g. ``contacts``.
            keys: Field -> text by which the record may be looked up, as written; blank
                texts are left out.
            zb_id: Zoho's id.
            run: Name of the run's folder.
        """
        rows = [
            (resource, field, folded(text), zb_id, text, run)
            for field, text in keys.items()
            if folded(text)
        ]
        self._write(rows, forget=False)

    def _write(self, rows: Sequence[tuple[str, ...]], *, forget: bool) -> None:
        with self._guarded() as link:
            link.execute("BEGIN IMMEDIATE")
            try:
                if forget:
                    link.executemany(_FORGET, (row[:3] for row in rows))
                link.executemany(_ADD, rows)
                link.execute("COMMIT")
            except BaseException:
                if link.in_transaction:
                    link.execute("ROLLBACK")
                raise

    def put(
        self, records: Iterable[tuple[Mapping[str, str], str]], *, resource: str, run: str
    ) -> None:
        """Write that the newest records with these texts are these, in one transaction.

        What was known of the same texts is forgotten: Zoho allows each only once, so the
        record that had it before is not there any more, or is the same.

        Args:
            records: Of each the texts by field, as in ``add``, and Zoho's id.
            resource: E.g. ``contacts``.
            run: Name of the run's folder.
        """
        rows = [
            (resource, field, folded(text), zb_id, text, run)
            for keys, zb_id in records
            for field, text in keys.items()
            if folded(text)
        ]
        self._write(rows, forget=True)

    def ids(self, resource: str, field: str) -> dict[str, list[str]]:
        """Return the ids by each text that is known of *field*, its case and spaces folded."""
        query = "SELECT folded, zb_id FROM ids WHERE resource = ? AND field = ? ORDER BY zb_id"
        found: dict[str, list[str]] = {}
        with self._guarded() as link:
            for text, zb_id in link.execute(query, (resource, field)):
                found.setdefault(str(text), []).append(str(zb_id))
        return found

    def find(self, resource: str, field: str, text: str) -> list[str]:
        """Return the ids of all records whose *field* is *text*, each once, in their order."""
        with self._guarded() as link:
            return [str(zb_id) for (zb_id,) in link.execute(_FIND, (resource, field, folded(text)))]

    def texts(self, resource: str, field: str) -> list[str]:
        """Return every text that is known of *field*, as written; to find near ones."""
        query = "SELECT DISTINCT written FROM ids WHERE resource = ? AND field = ? ORDER BY written"
        with self._guarded() as link:
            return [str(text) for (text,) in link.execute(query, (resource, field))]

    def forget(self, zb_id: str) -> None:
        """Drop a record that is no longer in the books."""
        with self._guarded() as link:
            link.execute("DELETE FROM ids WHERE zb_id = ?", (zb_id,))

    def close(self) -> None:
        """Close the file; what was written stays."""
        with self._lock:
            self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _made_ready(path: Path, link: sqlite3.Connection) -> None:
    mark = link.execute("PRAGMA application_id").fetchone()[0]
    version = link.execute("PRAGMA user_version").fetchone()[0]
    if mark == 0 and not link.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        link.executescript(_TABLE)
        return
    if mark != _MARK:
        raise ResultError(f"{path} is not a crosswalk of zbbulk.", code="ZB502")
    if version != VERSION:
        raise ResultError(
            f"The crosswalk {path} has version {version}; this zbbulk reads version {VERSION}.",
            fix="Use the zbbulk that made it.",
            code="ZB502",
        )
