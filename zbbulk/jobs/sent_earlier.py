"""Know the records that earlier runs have sent, so that the same file makes nothing twice.

The journals of all runs in the folder are asked, by the hash of what was sent. A record
that was deleted in Zoho Books since then is sent again, where a list tells what is there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from zbbulk.codes import CODES
from zbbulk.journal.records import sent_by
from zbbulk.model import Outcome, Status
from zbbulk.resources import Resource
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pages import whole_list

_TABLE = """
CREATE TABLE sent (record_hash TEXT, zb_id TEXT, is_in_doubt INTEGER, run TEXT)
"""
_TAKE = """
SELECT rowid, zb_id, is_in_doubt, run FROM sent WHERE record_hash = ? ORDER BY rowid LIMIT 1
"""


class SentEarlier:
    """What earlier runs created in one organization. Use it in a ``with`` block."""

    def __init__(self, client: ZohoClient, resource: Resource) -> None:
        """Read nothing yet; *client* is asked what is still there when it matters."""
        self._client = client
        self._resource = resource
        self._there: set[str] | None = None
        self._link = sqlite3.connect(
            "", check_same_thread=False
        )  # spills to disk, gone when it is closed
        self._link.execute(_TABLE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._link.close()

    def add(self, journals: Iterable[Path], organization_id: str, *, only_doubts: bool) -> None:
        """Take in what the runs of these *journals* have sent to the organization.

        With *only_doubts* what they surely created is left out.
        """
        for path in journals:
            rows = (
                (*each, path.parent.name)
                for each in sent_by(path, self._resource.name, organization_id)
                if each[2] or not only_doubts
            )
            self._link.executemany("INSERT INTO sent VALUES (?, ?, ?, ?)", rows)
        self._link.execute("CREATE INDEX sent_by_hash ON sent (record_hash)")

    def take(self, record_hash: str) -> Outcome | None:
        """Return what to tell of a record that was sent before; each counts once.

        Raises:
            ZohoError: the list that tells what is still there can't be read.
        """
        while found := self._link.execute(_TAKE, (record_hash,)).fetchone():
            rowid, zb_id, is_in_doubt, run = found
            self._link.execute("DELETE FROM sent WHERE rowid = ?", (rowid,))
            if is_in_doubt:
                return _in_doubt(run)
            if self._is_there(zb_id):
                return _skipped(zb_id, run)
        return None

    def _is_there(self, zb_id: str) -> bool:
        """Tell whether the record was not deleted since; the list is read once, at the first."""
        facts = self._resource
        if not (facts.list_key and facts.id_field and zb_id) or "{" in facts.list_path:
            return True
        if self._there is None:
            listed = whole_list(self._client, facts)
            self._there = {str(record.get(facts.id_field, "")) for record in listed}
        return zb_id in self._there


def _skipped(zb_id: str, run: str) -> Outcome:
    return Outcome(
        status=Status.SKIPPED,
        zb_id=zb_id,
        code="ZB319",
        message=f"The run {run} created exactly this record already.",
        fix=CODES["ZB319"].fix,
    )


def _in_doubt(run: str) -> Outcome:
    return Outcome(
        status=Status.REJECTED,
        code="ZB326",
        message=f"The run {run} has sent exactly this record, and its answer was lost.",
        fix=f"Type `zbbulk resume {run}`: it finds out whether the record is there.",
    )
