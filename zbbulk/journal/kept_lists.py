"""The lists that were last read from one organization, for checks without a connection.

One file an organization, ``zbbulk-runs/lookups-<organization>.sqlite``: every record with
its plain fields (no lists, no objects), and when its list was read. A list is kept whole
or not at all. It does not know Zoho, and nothing is lost when the file is deleted.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from zbbulk.journal import tables
from zbbulk.model import JsonObject

VERSION = 1
"""Of the tables, kept in SQLite's ``user_version``; a file of another version is made anew."""

_WAIT_S = 30.0
_PREFIX = "lookups-"

_TABLES = f"""
BEGIN IMMEDIATE;
DROP TABLE IF EXISTS lists;
DROP TABLE IF EXISTS records;
CREATE TABLE lists (resource TEXT PRIMARY KEY, fetched_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE records (
    number     INTEGER PRIMARY KEY,
    resource   TEXT NOT NULL,
    id         TEXT NOT NULL,
    fields     TEXT NOT NULL,
    fetched_at TEXT NOT NULL
);
CREATE INDEX records_by_resource ON records (resource, number);
PRAGMA user_version={VERSION};
COMMIT;
"""


_SPOOL = "CREATE TEMP TABLE spool (resource TEXT, id TEXT, fields TEXT, fetched_at TEXT)"
_TAKE_OVER = """
INSERT INTO records (resource, id, fields, fetched_at) SELECT * FROM spool ORDER BY rowid
"""


def lists_path(runs: Path, organization_id: str) -> Path:
    """Return the file of one organization in the folder of all *runs*."""
    return runs / f"{_PREFIX}{re.sub(r'[^0-9A-Za-z_-]', '_', organization_id)}.sqlite"


def organizations_with_lists(runs: Path) -> list[str]:
    """Return the organizations of which lists are kept."""
    return sorted(path.stem.removeprefix(_PREFIX) for path in runs.glob(f"{_PREFIX}*.sqlite"))


def keep_list(
    path: Path, name: str, records: Iterable[JsonObject], *, id_field: str, at: datetime
) -> Iterator[JsonObject]:
    """Yield *records*, the whole list of the resource *name*, and keep it when it is at its end.

    Raises:
        ResultError: the file can't be written.
    """
    with tables.guarded(path, what="file of lists"), closing(_opened(path)) as link:
        link.execute(_SPOOL)  # the file itself is free for other runs while pages arrive
        moment = at.isoformat(timespec="seconds")
        for record in records:
            plain = {field: value for field, value in record.items() if _is_plain(value)}
            row = (name, str(record.get(id_field, "")), _text(plain), moment)
            link.execute("INSERT INTO spool VALUES (?, ?, ?, ?)", row)
            yield plain
        link.execute("BEGIN IMMEDIATE")
        link.execute("DELETE FROM records WHERE resource = ?", (name,))
        link.execute(_TAKE_OVER)
        link.execute("INSERT OR REPLACE INTO lists VALUES (?, ?)", (name, moment))
        link.execute("COMMIT")


def forget_list(path: Path, name: str) -> None:
    """Drop the list of the resource *name*: its records were changed. Raises ResultError."""
    if path.is_file():
        with tables.guarded(path, what="file of lists"), closing(_opened(path)) as link:
            link.execute("DELETE FROM lists WHERE resource = ?", (name,))


def kept_list(path: Path, name: str) -> tuple[Iterator[JsonObject], datetime] | None:
    """Return the kept list of the resource *name* and when it was read, None if there is none.

    Raises:
        ResultError: the file can't be read.
    """
    if not path.is_file():
        return None
    with tables.guarded(path, what="file of lists"), closing(_opened(path)) as link:
        found = link.execute("SELECT fetched_at FROM lists WHERE resource = ?", (name,)).fetchone()
    return None if found is None else (_records(path, name), datetime.fromisoformat(found[0]))


def _records(path: Path, name: str) -> Iterator[JsonObject]:
    import simplejson  # noqa: PLC0415 - heavy: only who looks up pays

    query = "SELECT fields FROM records WHERE resource = ? ORDER BY number"
    with tables.guarded(path, what="file of lists"), closing(_opened(path)) as link:
        for (fields,) in link.execute(query, (name,)):
            yield simplejson.loads(fields, use_decimal=True)


def _opened(path: Path) -> sqlite3.Connection:
    link = tables.connected(path, wait_s=_WAIT_S)
    if link.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        link.executescript(_TABLES)
    return link


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | Decimal | bool)


def _text(record: JsonObject) -> str:
    import simplejson  # noqa: PLC0415 - heavy: only who looks up pays

    return str(simplejson.dumps(record, use_decimal=True, ensure_ascii=False))
