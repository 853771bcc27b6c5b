"""The files of a mirror's import: what was changed, as a sheet to send and as a list to read.

Both lie in the folder of the run. The sheet has a row for every row of the user's, blank
where nothing is to be sent, so that a row number means the same in both.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Self

from zbbulk.guard import guarded
from zbbulk.jobs.mirror_report import ChangedCell
from zbbulk.jobs.prepare import Prepared, prepared_of
from zbbulk.mapping import Source
from zbbulk.model import ReadOptions
from zbbulk.results import new_text_file
from zbbulk.rows import open_sheet

_PLAINEST = "yyyy-mm-dd"


class ReducedRows:
    """The rows that are to be sent, kept in a temporary file until all are known."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._base = sqlite3.connect("")  # "" is a file that SQLite deletes itself
        self._base.execute("CREATE TABLE rows (row INTEGER PRIMARY KEY, cells TEXT NOT NULL)")

    def add(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Keep the cells of *rows*."""
        told = ((row, json.dumps(list(cells))) for row, cells in rows if any(cells))
        self._base.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?)", told)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows by their number."""
        for row, cells in self._base.execute("SELECT row, cells FROM rows ORDER BY row"):
            yield row, json.loads(cells)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()


def write_reduced(
    path: Path, given: Prepared, rows: Iterable[tuple[int, Sequence[str]]], *, last: int
) -> None:
    """Write the sheet that is sent to *path*, whole or not at all.

    Args:
        path: In the folder of the run.
        given: The user's sheet, whose header it gets.
        rows: Number and cells of each row that is not blank, rising.
        last: Number of the last row of the user's sheet.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    header, above = given.sheet.header, given.sheet.form.header_row - 1
    blank = [""] * len(header)
    with new_text_file(path, encoding="utf-8") as text:
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerows([blank] * above)
        writer.writerow(header)
        written = above + 1
        for number, cells in rows:
            writer.writerows([blank] * (number - written - 1))
            writer.writerow(cells)
            written = number
        writer.writerows([blank] * (last - written))


def reduced_prepared(path: Path, given: Prepared) -> Prepared:
    """Return the sheet that is sent, ready to be checked; the user's stays what is given back.

    Raises:
        SourceError, MappingError: it can't be read.
    """
    options = ReadOptions(encoding="utf-8", delimiter=",", header_row=given.sheet.form.header_row)
    source = Source(read_options=options, dates=_PLAINEST)
    mapping = replace(given.mapping, source=source)
    sheet = open_sheet(path, options=options, name=given.sheet.file)
    prepared = prepared_of(mapping, sheet, left_out=given.left_out)
    return replace(prepared, given=given)


def write_changes(path: Path, cells: Iterable[ChangedCell]) -> None:
    """Write all changed *cells* as a list that people can read to *path*.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    with new_text_file(path, encoding="utf-8-sig") as text:
        writer = csv.writer(text)
        writer.writerow(("Row", "Zoho id", "Column", "Old", "New"))
        for each in cells:
            writer.writerow([each.row, each.zb_id, *map(guarded, each[2:])])


class KeptRecords:
    """Records of Zoho Books by their id, in a temporary file."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._base = sqlite3.connect("")
        self._base.execute("CREATE TABLE records (id TEXT PRIMARY KEY, record TEXT, why TEXT)")

    def keep(self, zb_id: str, record: Mapping[str, object] | None, why: str) -> None:
        """Keep one record, or why it can't be had."""
        import simplejson  # noqa: PLC0415 - heavy: only who compares pays

        text = None if record is None else simplejson.dumps(record, use_decimal=True)
        self._base.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (zb_id, text, why))

    def find(self, zb_id: str) -> tuple[dict[str, object] | None, str]:
        """Return a record and "", or None and why it can't be had."""
        import simplejson  # noqa: PLC0415 - heavy: only who compares pays

        with closing(self._base.execute(_ONE, (zb_id,))) as found:
            text, why = found.fetchone() or (None, "no record has this id")
        return (None if text is None else simplejson.loads(text, use_decimal=True)), why

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()


_ONE = "SELECT record, why FROM records WHERE id = ?"
