"""What a run has sent and what became of it, row by row, whatever crashes.

Every change is one commit on disk before the call returns. A row is ``sending``
before its request leaves and has its outcome before the next decision, so that
after a crash ``sending`` means: in doubt. No token is ever in here. Cell values are
here in two places on purpose: the match key, by which a record in doubt is looked
up, and the messages that the result file shows. It does not know Zoho.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Self

from zbbulk.journal import tables
from zbbulk.model import Outcome, Status

_PAGE = 1000
_WAIT_S = 5.0

_NOTE = """
INSERT INTO rows (row, status, zb_id, code, message, fix, updated)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (row) DO UPDATE SET
    status = excluded.status, zb_id = excluded.zb_id, code = excluded.code,
    message = excluded.message, fix = excluded.fix, updated = excluded.updated
"""
_SENDING = """
INSERT INTO rows (row, status, match_key, record_hash, lead, updated) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (row) DO UPDATE SET
    status = excluded.status, zb_id = iif(action IN ('update', 'delete'), zb_id, ''),
    code = '', message = '', fix = '',
    match_key = excluded.match_key, record_hash = excluded.record_hash,
    lead = excluded.lead, updated = excluded.updated
"""
_TOUCHED = "UPDATE rows SET zoho_time = ? WHERE row = ? AND ? <> ''"
_ATTEMPT = "INSERT INTO attempts (row, at, what) VALUES (?, ?, ?)"
_FACT = "INSERT INTO run (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?2"
_WARN = """
INSERT INTO warnings (row, code, message, fix) VALUES (?, ?, ?, ?)
ON CONFLICT (row) DO UPDATE SET
    code = code || ' ' || excluded.code, message = message || ' | ' || excluded.message
"""
_WARNINGS = """
SELECT row, code, message, fix FROM warnings WHERE row > ? ORDER BY row LIMIT ?
"""
_ACTING = """
INSERT INTO status_calls (row, name, state, updated) VALUES (?, ?, ?, ?)
ON CONFLICT (row, name) DO UPDATE SET state = excluded.state, updated = excluded.updated
"""
_OUTCOMES = """
SELECT row, status, zb_id, code, message, fix FROM rows WHERE row > ? ORDER BY row LIMIT ?
"""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """One run's memory; threads may share it. Use it in a ``with`` block.

    Every method raises ResultError (ZB502) when the disk is full, the file is locked
    by another program or broken.
    """

    def __init__(
        self, path: Path, link: sqlite3.Connection, *, now: Callable[[], datetime]
    ) -> None:
        """Use ``create`` or ``open`` instead."""
        self.path = path
        self._link = link
        self._now = now
        self._lock = Lock()

    @classmethod
    def create(
        cls,
        path: Path,
        facts: Mapping[str, str],
        *,
        now: Callable[[], datetime] = _utc_now,
        wait_s: float = _WAIT_S,
    ) -> Self:
        """Begin a journal in a new file.

        Args:
            path: Must not be there yet; its folder must.
            facts: About the run: file, its hash, mapping, organization, API root ...
                Never a secret.
            now: The time to write beside every change.
            wait_s: How long to wait when another program holds the file.
        """
        journal = cls(path, tables.made(path, wait_s=wait_s), now=now)
        try:
            journal._write_facts({"schema_version": str(tables.VERSION), **facts})
        except BaseException:
            journal.close()
            tables.unmade(path)
            raise
        return journal

    @classmethod
    def open(
        cls, path: Path, *, now: Callable[[], datetime] = _utc_now, wait_s: float = _WAIT_S
    ) -> Self:
        """Open a journal that is there; after a crash too."""
        return cls(path, tables.opened(path, wait_s=wait_s), now=now)

    @contextmanager
    def change(self) -> Iterator[tuple[sqlite3.Connection, str]]:
        """One transaction: all of it is on disk afterwards, or nothing.

        Yields the connection, and the time to write beside what is changed.
        """
        with self._lock, tables.guarded(self.path):
            self._link.execute("BEGIN IMMEDIATE")
            try:
                yield self._link, self._now().isoformat(timespec="milliseconds")
                self._link.execute("COMMIT")
            except BaseException:
                if self._link.in_transaction:
                    self._link.execute("ROLLBACK")
                raise

    def read(self, query: str, *values: object) -> list[tuple[str | int, ...]]:
        """Return all that a query finds."""
        with self._lock, tables.guarded(self.path):
            return self._link.execute(query, values).fetchall()

    def _write_facts(self, facts: Mapping[str, str]) -> None:
        with self.change() as (link, _):
            link.executemany(_FACT, facts.items())

    def note_fact(self, name: str, value: str) -> None:
        """Write what became of something that is no row; an earlier value is replaced."""
        self._write_facts({name: value})

    def facts(self) -> dict[str, str]:
        """Return what is known about the run."""
        found = self.read("SELECT name, value FROM run")
        return {str(name): str(value) for name, value in found}

    def sending(self, rows: Sequence[int], *, key: str = "", record_hash: str = "") -> None:
        """Write that the one request of all these *rows* leaves now.

        Args:
            rows: Row numbers.
            key: The match key's text, to look the record up if the answer is lost.
            record_hash: Tells whether a row was changed before it is sent again; rows
                of one request have the same.
        """
        with self.change() as (link, at):
            sending = Status.SENDING.value
            lead = min(rows)
            link.executemany(_SENDING, ((row, sending, key, record_hash, lead, at) for row in rows))
            link.executemany(_ATTEMPT, ((row, at, sending) for row in rows))

    def outcome(self, rows: Sequence[int], outcome: Outcome, *, zoho_time: str = "") -> None:
        """Write what became of the request of all these *rows*.

        *zoho_time* is when Zoho answered, by its own clock (ISO 8601), "" when that is not known.
        """
        what = f"{outcome.status.value} {outcome.code}".strip()
        with self.change() as (link, at):
            link.executemany(_NOTE, (_noted(row, outcome, at) for row in rows))
            link.executemany(_TOUCHED, ((zoho_time, row, zoho_time) for row in rows))
            link.executemany(_ATTEMPT, ((row, at, what) for row in rows))

    def note_many(self, outcomes: Iterable[tuple[int, Outcome]]) -> None:
        """Write the outcomes of rows that were not sent, in one transaction.

        They are taken one by one, so that memory does not grow with their number.
        """
        with self.change() as (link, at):
            link.executemany(_NOTE, (_noted(row, outcome, at) for row, outcome in outcomes))

    def warn_many(self, warnings: Iterable[tuple[int, Outcome]]) -> None:
        """Write what is to be known about rows that passed; what becomes of them stays open."""
        with self.change() as (link, _):
            told = ((row, each.code, each.message, each.fix) for row, each in warnings)
            link.executemany(_WARN, told)

    def warnings(self) -> Iterator[tuple[int, Outcome]]:
        """Yield what is to be known about rows that passed, in row order."""
        last = -1
        while page := self.read(_WARNINGS, last, _PAGE):
            for row, code, message, fix in page:
                last = int(row)
                told = (str(code), str(message), str(fix))
                yield last, Outcome(status=Status.READY, code=told[0], message=told[1], fix=told[2])

    def acting(
        self, rows: Sequence[int], name: str, state: str = "sending", *, zoho_time: str = ""
    ) -> None:
        """Write how far the status call *name* of these rows' record is.

        Args:
            rows: Row numbers.
            name: E.g. ``mark_sent``.
            state: ``sending`` before it leaves; then ``done``, or the code of what went wrong.
            zoho_time: As in ``outcome``.
        """
        with self.change() as (link, at):
            link.executemany(_TOUCHED, ((zoho_time, row, zoho_time) for row in rows))
            link.executemany(_ACTING, ((row, name, state, at) for row in rows))
            link.executemany(_ATTEMPT, ((row, at, f"{name} {state}") for row in rows))

    def status_calls(self, row: int) -> dict[str, str]:
        """Return the state of each status call that was begun for the record of *row*."""
        found = self.read("SELECT name, state FROM status_calls WHERE row = ?", row)
        return {str(name): str(state) for name, state in found}

    @staticmethod
    def facts_of(path: Path) -> dict[str, str]:
        """Return the facts of a run without opening its journal; {} when it can't be read."""
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as link,
        ):
            return dict(link.execute("SELECT name, value FROM run").fetchall())
        return {}

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Yield every row's outcome in row order; others may write meanwhile."""
        last = -1
        while page := self.read(_OUTCOMES, last, _PAGE):
            for row, status, zb_id, code, message, fix in page:
                last = int(row)
                yield (
                    last,
                    Outcome(
                        status=Status(str(status)),
                        zb_id=str(zb_id),
                        code=str(code),
                        message=str(message),
                        fix=str(fix),
                    ),
                )

    def count(self) -> dict[Status, int]:
        """Return how many rows have each status; a status without rows is left out."""
        found = self.read("SELECT status, count(*) FROM rows GROUP BY status")
        return {Status(str(status)): int(number) for status, number in found}

    def finish(self, reason: str) -> None:
        """Write that the run ended and why, e.g. ``done`` or ``ZB407``."""
        at = self._now().isoformat(timespec="milliseconds")
        self._write_facts({"finished": at, "reason": reason})

    def begin_again(self) -> None:
        """Write that the run is gone on with: until it ends anew it counts as broken off."""
        self._write_facts({"finished": "", "reason": "broken off"})

    def close(self) -> None:
        """Close the file; what was written stays."""
        with self._lock:
            self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _noted(row: int, outcome: Outcome, at: str) -> tuple[int | str, ...]:
    kept = (outcome.zb_id, outcome.code, outcome.message, outcome.fix)
    return (row, outcome.status.value, *kept, at)
