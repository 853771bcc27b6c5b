"""How far a migration is, step by step, whatever crashes.

``zbbulk-runs/<date>-<time>-migration/migration.sqlite``: every change is on disk before the
call returns. It knows the names of runs, not what is in them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

from zbbulk.errors import ResultError
from zbbulk.journal import tables

VERSION = 1
"""Of the tables, kept in SQLite's ``user_version``."""

NAME = "migration.sqlite"

_MARK = 0x7A626D67  # "zbmg", in SQLite's application_id: this file is the state of a migration
_WAIT_S = 5.0

_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE steps (
    id          TEXT PRIMARY KEY,
    ending      TEXT NOT NULL,
    run         TEXT NOT NULL,
    fingerprint TEXT NOT NULL
) WITHOUT ROWID;
PRAGMA application_id={_MARK};
PRAGMA user_version={VERSION};
COMMIT;
"""


class StepState(NamedTuple):
    """How one step stands.

    Attributes:
        ending: ``begun``, or how it ended.
        run: Name of the folder of its run.
        fingerprint: Of the files it read.
    """

    ending: str
    run: str
    fingerprint: str


class MigrationState:
    """The state of one migration. Use it in a ``with`` block.

    Every method raises ResultError (ZB502) when the file can't be read or written.
    """

    def __init__(self, path: Path, link: sqlite3.Connection) -> None:
        """Use ``open`` instead."""
        self.path = path
        self._link = link

    @classmethod
    def open(cls, folder: Path, facts: Mapping[str, str] | None = None) -> Self:
        """Open the state in *folder*; it is made with *facts* if it is not there.

        Raises:
            ResultError: it can't be opened, is something else, or a newer zbbulk's.
        """
        path = folder / NAME
        with tables.guarded(path, what="state"):
            link = tables.connected(path, wait_s=_WAIT_S)
        state = cls(path, link)
        try:
            state._make_ready(facts or {})
        except BaseException:
            state.close()
            raise
        return state

    def _make_ready(self, facts: Mapping[str, str]) -> None:
        with tables.guarded(self.path, what="state"):
            mark = self._link.execute("PRAGMA application_id").fetchone()[0]
            version = self._link.execute("PRAGMA user_version").fetchone()[0]
            is_new = not self._link.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if is_new:
                self._link.executescript(_TABLES)
                self.note_facts(facts)
            elif (mark, version) != (_MARK, VERSION):
                raise ResultError(
                    f"{self.path} is not the state of a migration that this zbbulk reads.",
                    fix="Use the zbbulk that made it.",
                    code="ZB502",
                )

    def note_facts(self, facts: Mapping[str, str]) -> None:
        """Write what is known of the migration as a whole; earlier values are replaced."""
        self._write("INSERT OR REPLACE INTO facts VALUES (?, ?)", *facts.items())

    def facts(self) -> dict[str, str]:
        """Return what is known of the migration as a whole."""
        return {str(name): str(value) for name, value in self._read("SELECT * FROM facts")}

    def note(self, step: str, state: StepState) -> None:
        """Write how *step* stands."""
        self._write("INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?)", (step, *state))

    def steps(self) -> dict[str, StepState]:
        """Return how each step stands that was begun."""
        return {
            str(step): StepState(*map(str, rest))
            for step, *rest in self._read("SELECT * FROM steps")
        }

    def _write(self, query: str, *rows: tuple[str, ...]) -> None:
        with tables.guarded(self.path, what="state"):
            self._link.execute("BEGIN IMMEDIATE")
            try:
                self._link.executemany(query, rows)
                self._link.execute("COMMIT")
            except BaseException:
                if self._link.in_transaction:
                    self._link.execute("ROLLBACK")
                raise

    def _read(self, query: str) -> list[tuple[str, ...]]:
        with tables.guarded(self.path, what="state"):
            return self._link.execute(query).fetchall()

    def close(self) -> None:
        """Close the file; what was written stays."""
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
