"""The records of one run in its journal: which rows make each, and what is to be done with it.

A record is known by its *lead*, the first of its rows. What is planned is written before
anything is sent, so that a run that was broken off goes on by record, never by position.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from zbbulk.journal import tables
from zbbulk.journal.journal import Journal
from zbbulk.model import Action, Outcome, Status

_AT_ONCE = 5000

_PLAN = """
INSERT INTO rows (row, status, zb_id, match_key, record_hash, lead, action, updated)
VALUES (?, 'pending', ?, ?, ?, ?, ?, ?)
ON CONFLICT (row) DO UPDATE SET
    status = excluded.status, zb_id = excluded.zb_id, code = '', message = '', fix = '',
    match_key = excluded.match_key, record_hash = excluded.record_hash, lead = excluded.lead,
    action = excluded.action, updated = excluded.updated
"""
_RECORDS = """
SELECT lead, status, action, zb_id, match_key, record_hash, code, message, zoho_time FROM rows
WHERE row = lead AND lead > ? AND status IN ({marks}) ORDER BY lead LIMIT ?
"""
_ONE = """
SELECT lead, status, action, zb_id, match_key, record_hash, code, message, zoho_time FROM rows
WHERE row = ? AND lead = row
"""
_ROWS = "SELECT row FROM rows WHERE lead = ? ORDER BY row"
_AGAIN = """
UPDATE rows SET status = 'pending', zb_id = iif(action IN ('update', 'delete'), zb_id, ''),
    code = '', message = '', fix = '', updated = ? WHERE lead = ?
"""
_FORGET_PLAN = "DELETE FROM rows WHERE status = 'pending'"
_FORGET_ROWS = ("DELETE FROM rows", "DELETE FROM warnings", "DELETE FROM before")
_LEFT = """
SELECT record_hash, zb_id, status <> 'created' FROM rows
WHERE record_hash <> '' AND lead = row AND action NOT IN ('update', 'delete')
    AND status IN ('created', 'sending', 'unknown')
"""
_WHOSE = """
SELECT count(*) = 2 FROM run
WHERE (name = 'resource' AND value = ?) OR (name = 'organization_id' AND value = ?)
"""


class Planned(NamedTuple):
    """One record of a run, as it is planned or as it went.

    Attributes:
        lead: The first of its rows.
        status: See Status.
        action: What is, or was, done with it.
        zb_id: Zoho's id, "" when it is not known yet.
        match_key: The text by which the record can be looked up.
        record_hash: Of what is sent.
        code, message: What went wrong.
        zoho_time: When Zoho answered about it last, by Zoho's clock; "" when it never did.
    """

    lead: int
    status: Status
    action: Action
    zb_id: str = ""
    match_key: str = ""
    record_hash: str = ""
    code: str = ""
    message: str = ""
    zoho_time: str = ""


class RunRecords:
    """The records of the run of one journal; every method raises ResultError as that does."""

    def __init__(self, journal: Journal) -> None:
        """Read nothing yet."""
        self._journal = journal

    def plan(self, planned: Iterable[tuple[Sequence[int], Planned]]) -> None:
        """Write what is to be sent: the rows of each record and the record.

        They are taken one by one, so that memory does not grow with their number.
        """
        with self._journal.change() as (link, at):
            for rows, each in planned:
                kept = (each.zb_id, each.match_key, each.record_hash, each.lead, each.action.value)
                link.executemany(_PLAN, ((row, *kept, at) for row in rows))

    def find(self, lead: int) -> Planned | None:
        """Return the record whose first row is *lead*, None when no plan has it."""
        found = self._journal.read(_ONE, lead)
        return _planned(found[0]) if found else None

    def rows_of(self, lead: int) -> tuple[int, ...]:
        """Return the rows of a record, rising."""
        return tuple(int(row) for (row,) in self._journal.read(_ROWS, lead))

    def lead_of(self, row: int) -> int:
        """Return the first row of the record that *row* belongs to."""
        found = self._journal.read("SELECT lead FROM rows WHERE row = ?", row)
        return int(found[0][0]) if found and found[0][0] else row

    def with_status(self, *statuses: Status) -> Iterator[Planned]:
        """Yield the records with one of these statuses in the order of their leads.

        Others may write meanwhile; what is changed behind the place read is not seen.
        """
        query = _RECORDS.format(marks=", ".join("?" * len(statuses)))
        last, names = 0, [status.value for status in statuses]
        while page := self._journal.read(query, last, *names, _AT_ONCE):
            for line in page:
                last = int(line[0])
                yield _planned(line)

    def again(self, leads: Iterable[int]) -> None:
        """Plan to send these records once more."""
        with self._journal.change() as (link, at):
            link.executemany(_AGAIN, ((at, lead) for lead in leads))

    def forget_plan(self) -> None:
        """Drop what is planned and was not sent."""
        with self._journal.change() as (link, _):
            link.execute(_FORGET_PLAN)

    def forget_rows(self) -> None:
        """Drop all that is known of rows: a check that was broken off begins anew."""
        with self._journal.change() as (link, _):
            for query in _FORGET_ROWS:
                link.execute(query)

    def keep_before(self, lead: int, fields: str) -> None:
        """Write what a record was before it is updated, as JSON; the first time counts."""
        with self._journal.change() as (link, _):
            link.execute("INSERT OR IGNORE INTO before VALUES (?, ?)", (lead, fields))

    def before(self, lead: int) -> str:
        """Return what a record was before it was updated, as JSON; "" when that is not known."""
        found = self._journal.read("SELECT fields FROM before WHERE lead = ?", lead)
        return str(found[0][0]) if found else ""

    def owns(self, zb_id: str) -> bool:
        """Tell whether a record of this run is known to have this id."""
        return bool(self._journal.read("SELECT 1 FROM rows WHERE zb_id = ? LIMIT 1", zb_id))

    def id_of(self, row: int) -> str:
        """Return Zoho's id of the record that *row* belongs to, "" when it is not known."""
        found = self._journal.read("SELECT zb_id FROM rows WHERE row = ?", row)
        return str(found[0][0]) if found else ""

    def has_ids(self) -> bool:
        """Tell whether the id of any record of this run is known."""
        return bool(self._journal.read("SELECT 1 FROM rows WHERE zb_id <> '' LIMIT 1"))

    def has_before(self, lead: int) -> bool:
        """Tell whether it is known what a record was before it was updated."""
        return bool(self._journal.read("SELECT 1 FROM before WHERE lead = ?", lead))

    def note(self, lead: int, outcome: Outcome) -> None:
        """Write what becomes of a record that is not sent."""
        self._journal.note_many((row, outcome) for row in self.rows_of(lead))


def sent_by(path: Path, resource: str, organization_id: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the records of *resource* that the run of a journal has sent to be created.

    Of each its hash, Zoho's id, and whether it is in doubt that it was created. Nothing
    when the run was about something else, or another organization, or when the journal
    can't be read or is of another version.
    """
    with suppress(sqlite3.Error), closing(_reading(path)) as link:
        version = link.execute("PRAGMA user_version").fetchone()[0]
        is_whose = link.execute(_WHOSE, (resource, organization_id)).fetchone() == (1,)
        if version == tables.VERSION and is_whose:
            for mark, zb_id, is_in_doubt in link.execute(_LEFT):
                yield str(mark), str(zb_id), bool(is_in_doubt)


def created_ids(path: Path) -> tuple[str, list[str]]:
    """Return the organization of a journal and Zoho's ids of what its run created.

    ("", []) for a journal that can't be read.
    """
    with suppress(sqlite3.Error), closing(_reading(path)) as link:
        (organization,) = link.execute(
            "SELECT value FROM run WHERE name = 'organization_id'"
        ).fetchone() or ("",)
        found = link.execute("SELECT DISTINCT zb_id FROM rows WHERE status = 'created'")
        return str(organization), [str(zb_id) for (zb_id,) in found if zb_id]
    return "", []


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _planned(line: Sequence[str | int]) -> Planned:
    lead, status, action, *texts = line
    return Planned(
        int(lead),
        Status(str(status)),
        Action(str(action) or "create"),
        *map(str, texts),
    )
