"""The window of one organization that all processes of a machine share.

A small SQLite file holds who has a slot and when it is free again. Times are those of the
machine's monotonic clock, which all processes read alike, times the speed of the clock of
the connection. What a process that was killed had in progress is counted as arrived when
that is noticed. Nothing here must outlive a power cut.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path

from zbbulk.errors import ResultError
from zbbulk.zoho.limits import WINDOW_S, Window

VERSION = 1
POLL_S = 0.05
"""So often, in real seconds, it is looked whether another process gave a place back."""

_WAIT_S = 10.0
_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS slots (
    id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, taken REAL NOT NULL, answered REAL
);
CREATE INDEX IF NOT EXISTS slots_answered ON slots (answered);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
PRAGMA user_version={VERSION};
COMMIT;
"""
_HELD = "SELECT value FROM facts WHERE name = 'held_until'"
_HOLD = """
INSERT INTO facts VALUES ('held_until', ?)
ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)
"""
_ANSWERED = """
UPDATE slots SET answered = ? WHERE id =
    (SELECT id FROM slots WHERE pid = ? AND answered IS NULL ORDER BY id LIMIT 1)
"""


class SharedWindow(Window):
    """A window whose slots other processes take too; threads share it under ``Pace``'s lock."""

    def __init__(self, path: Path, *, per_minute: int, at_once: int, speed: float = 1.0) -> None:
        """Open the file of an organization; it is made if it is not there.

        Args:
            path: Of the file.
            per_minute: Requests in 60 seconds, of all processes together.
            at_once: Requests in progress, of all processes together.
            speed: Seconds of the clock in a real one.

        Raises:
            ResultError: the file can't be opened.
        """
        super().__init__(per_minute=per_minute, at_once=at_once)
        self._path = path
        self._poll_s = POLL_S * speed
        self._pid = os.getpid()
        with self._guarded():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._link = sqlite3.connect(
                path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
            )
            self._link.execute("PRAGMA journal_mode=TRUNCATE")
            self._link.execute("PRAGMA synchronous=OFF")
            self._link.executescript(_TABLES)

    def take(self, now: float) -> float:
        """Take a slot and return 0, or return how long to wait until it is worth another look."""
        with self._change() as link:
            self._forget(link, now)
            wait_s = self._shared_wait_s(link, now)
            if wait_s <= 0:
                link.execute("INSERT INTO slots (pid, taken) VALUES (?, ?)", (self._pid, now))
                self.start()
        return wait_s

    def answer(self, now: float) -> None:
        """Give the place in progress back, and the slot a minute later."""
        super().answer(now)
        self._answers.clear()  # they are counted in the file
        with self._change() as link:
            link.execute(_ANSWERED, (now, self._pid))

    def hold(self, until: float) -> None:
        """Let nobody start before *until*, in any process."""
        super().hold(until)
        with self._change() as link:
            link.execute(_HOLD, (until,))

    def _shared_wait_s(self, link: sqlite3.Connection, now: float) -> float:
        (in_flight,) = link.execute("SELECT count(*) FROM slots WHERE answered IS NULL").fetchone()
        if in_flight >= self.at_once.value:
            return self._poll_s
        held = link.execute(_HELD).fetchone()
        held_s = min(held[0] - now, 2 * WINDOW_S) if held else 0.0
        return max(0.0, held_s, self._slot_in_s(link, now, in_flight))

    def _slot_in_s(self, link: sqlite3.Connection, now: float, in_flight: int) -> float:
        (answered,) = link.execute(
            "SELECT count(*) FROM slots WHERE answered IS NOT NULL"
        ).fetchone()
        too_many = answered + in_flight - self.per_minute.value
        if too_many < 0:
            return -inf
        if too_many >= answered:
            return self._poll_s
        (free,) = link.execute(
            "SELECT answered FROM slots WHERE answered IS NOT NULL ORDER BY answered"
            " LIMIT 1 OFFSET ?",
            (too_many,),
        ).fetchone()
        return float(free) + WINDOW_S - now

    def _forget(self, link: sqlite3.Connection, now: float) -> None:
        """Drop the slots that are free again, those of before a restart of the machine too."""
        later = now + 2 * WINDOW_S
        link.execute("DELETE FROM slots WHERE answered <= ? OR taken > ?", (now - WINDOW_S, later))
        link.execute("DELETE FROM facts WHERE value > ?", (later,))
        others = link.execute(
            "SELECT DISTINCT pid FROM slots WHERE answered IS NULL AND pid <> ?", (self._pid,)
        ).fetchall()
        for (pid,) in others:
            if not is_alive(pid):
                link.execute(
                    "UPDATE slots SET answered = ? WHERE pid = ? AND answered IS NULL", (now, pid)
                )

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._guarded():
            self._link.execute("BEGIN IMMEDIATE")
            try:
                yield self._link
                self._link.execute("COMMIT")
            except BaseException:
                if self._link.in_transaction:
                    self._link.execute("ROLLBACK")
                raise

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            message = f"The file of Zoho's limits, {self._path}, can't be used: {error}."
            fix = "Free some space, or name another folder with ZBBULK_STATE."
            raise ResultError(message, fix, code="ZB418") from error


def is_alive(pid: int) -> bool:
    """Tell whether a process of this machine is running; where that can't be told, yes."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
