"""Rows that make one document: found all over the sheet, in memory that does not grow with it.

Documents come in the order of their first rows. Where the rows of each are neighbours,
which a first pass finds out, they are streamed; else a temporary database sorts them.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from zbbulk.jobs.match_keys import KeyLog, duplicates
from zbbulk.jobs.prepare import Prepared
from zbbulk.model import Row
from zbbulk.rows import padded

Keyed = tuple[tuple[str, ...], Row]
"""What tells the document of a row, and the row."""

_TABLES = """
CREATE TABLE keys (key TEXT PRIMARY KEY, first INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rows (key TEXT NOT NULL, number INTEGER NOT NULL, row BLOB NOT NULL);
"""
_SORTED = """
SELECT keys.first, rows.row FROM rows JOIN keys USING (key) ORDER BY keys.first, rows.number
"""
_AT_ONCE = 1000


def documents(prepared: Prepared, is_left_out: Callable[[Row], bool]) -> Iterator[list[Row]]:
    """Yield the rows of each document, in order; each row has as many cells as the header.

    Rows that are left out, and those whose cells do not tell a document, are in none.

    Raises:
        SourceError: a row can't be read.
    """
    if _are_neighbours(prepared, is_left_out):
        keyed = _keyed(prepared, is_left_out)
        yield from ([row for _, row in rows] for _, rows in groupby(keyed, key=itemgetter(0)))
    else:
        yield from _sorted_documents(_keyed(prepared, is_left_out))


def _keyed(prepared: Prepared, is_left_out: Callable[[Row], bool]) -> Iterator[Keyed]:
    grouped, width = prepared.program.grouped, len(prepared.sheet.header)
    for row in prepared.sheet.rows() if grouped else ():
        whole = row._replace(cells=padded(row.cells, width))
        key = grouped.key_of(whole.cells) if grouped else None
        if key is not None and not is_left_out(row):
            yield key, whole


def _are_neighbours(prepared: Prepared, is_left_out: Callable[[Row], bool]) -> bool:
    """Tell whether no document begins twice."""
    with TemporaryDirectory(prefix="zbbulk-") as folder:
        log = KeyLog(Path(folder), name="documents")
        for key, rows in groupby(_keyed(prepared, is_left_out), key=itemgetter(0)):
            log.add(["\x1f".join(key)], [next(rows)[1].number])
        return not duplicates([[(log, 0)]])


def _sorted_documents(keyed: Iterable[Keyed]) -> Iterator[list[Row]]:
    with closing(sqlite3.connect("")) as base:  # "" is a file that SQLite deletes itself
        base.executescript(_TABLES)
        rows: list[tuple[str, int, bytes]] = []
        for key, row in keyed:
            rows.append(("\x1f".join(key), row.number, pickle.dumps(tuple(row), protocol=5)))
            if len(rows) >= _AT_ONCE:
                _put(base, rows)
        _put(base, rows)
        for _, found in groupby(base.execute(_SORTED), key=itemgetter(0)):
            yield [Row(*pickle.loads(row)) for _, row in found]  # noqa: S301 - our own file


def _put(base: sqlite3.Connection, rows: list[tuple[str, int, bytes]]) -> None:
    firsts = ((key, number) for key, number, _ in rows)
    base.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", firsts)
    base.executemany("INSERT INTO rows VALUES (?, ?, ?)", rows)
    rows.clear()
