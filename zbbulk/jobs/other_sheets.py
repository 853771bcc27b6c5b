"""Open the other sheets that a mapping takes rows from, and find their rows by their cells.

Rows are kept in a temporary database, so that memory does not grow with them. Says
which rows nobody asked for; does not know what is made of them.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from weakref import finalize

import zbbulk.mapping as maps
from zbbulk.errors import Level, Location, MappingError, Problem
from zbbulk.mapping import (
    RowsFromRule,
    column_positions,
    date_survey,
    other_mapping,
    refuse_unknown_columns,
    row_key,
    rows_from_rules,
)
from zbbulk.model import OtherRow, Sheet
from zbbulk.rows import open_sheet, padded, row_faults

Index = tuple[str, tuple[str, ...]]
"""Name of another sheet and the columns that its rows are found by."""

_TABLES = """
CREATE TABLE rows (key TEXT, number INTEGER, row BLOB, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE TABLE asked (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_UNASKED = "FROM rows WHERE NOT EXISTS (SELECT 1 FROM asked WHERE asked.key = rows.key)"
_AT_ONCE = 1000
_NAMED = 3


class KeptSheet:
    """Another sheet, its rows in a temporary database.

    Attributes:
        name: How messages call it.
        header: The column names.
        is_typed: The cells come from a workbook.
        dates: Date style of each column, as found.
        warnings: What the user should know of the sheet as it was opened.
        path: Where it is read from.
    """

    def __init__(self, sheet: Sheet, columns: Sequence[str], *, dates: Mapping[str, str]) -> None:
        """Read the whole sheet, to find its rows by *columns*. Raises SourceError."""
        self.name = name_of(sheet)
        self.header = sheet.header
        self.is_typed = sheet.form.encoding is None
        self.dates = dates
        self.warnings = sheet.warnings
        self.path = sheet.path
        self._file = sheet.file
        # "" is a file that SQLite deletes itself; whoever collects garbage may close it.
        self._base = sqlite3.connect("", check_same_thread=False)
        finalize(self, self._base.close)
        self._base.executescript(_TABLES)
        places = [column_positions(sheet.header)[column] for column in columns]
        rows = _kept(sheet, places)
        while some := list(islice(rows, _AT_ONCE)):
            self._base.executemany("INSERT INTO rows VALUES (?, ?, ?)", some)
        self._asked: list[tuple[str]] = []
        self._last: tuple[tuple[str, ...], list[OtherRow]] = ((), [])

    def rows_of(self, key: tuple[str, ...]) -> Sequence[OtherRow]:
        """Return the rows whose cells say *key*, in the order of the sheet."""
        if key != self._last[0]:
            found = self._base.execute(
                "SELECT row FROM rows WHERE key = ? ORDER BY number", (_text(key),)
            )
            rows = [OtherRow(*pickle.loads(row)) for (row,) in found]  # noqa: S301 - our own file
            self._last = (key, rows)
            if rows:
                self._note(key)
        return self._last[1]

    def unasked(self) -> tuple[Problem, ...]:
        """Return a warning that names the rows that no row of the main sheet asked for."""
        self._write_asked()
        (number,) = self._base.execute(f"SELECT count(*) {_UNASKED}").fetchone()
        if not number:
            return ()
        first = self._base.execute(f"SELECT number {_UNASKED} ORDER BY number LIMIT {_NAMED}")
        named = [str(row) for (row,) in first]
        rest = f" and {number - len(named):,} more" if number > len(named) else ""
        what = "1 row" if number == 1 else f"{number:,} rows"
        message = f"{what} of {self.name} belong{'s' if number == 1 else ''} to no record: "
        message += f"{', '.join(named)}{rest}."
        at = Location(file=self._file, row=int(named[0]))
        return (Problem(code="ZB318", message=message, at=at, level=Level.WARNING),)

    def _note(self, key: tuple[str, ...]) -> None:
        self._asked.append((_text(key),))
        if len(self._asked) >= _AT_ONCE:
            self._write_asked()

    def _write_asked(self) -> None:
        self._base.executemany("INSERT OR IGNORE INTO asked VALUES (?)", self._asked)
        self._asked.clear()


def _kept(sheet: Sheet, places: Sequence[int]) -> Iterator[tuple[str, int, bytes]]:
    """Yield what is kept of each row that is not blank; a blank key belongs to nobody."""
    width = len(sheet.header)
    for row in sheet.rows():
        if any(cell.strip() if isinstance(cell, str) else True for cell in row.cells):
            cells = padded(row.cells, width)
            kept = (row.number, cells, row_faults(row, sheet.header))
            key = row_key(cells, places) or ()
            yield _text(key), row.number, pickle.dumps(kept, protocol=5)


def _text(key: tuple[str, ...]) -> str:
    return "\x1f".join(key)


def name_of(sheet: Sheet) -> str:
    """Return how messages call *sheet*: its file, and which sheet of a workbook it is."""
    return f"{sheet.file}, sheet {sheet.form.sheet!r}" if sheet.form.sheet else sheet.file


def open_others(
    mapping: maps.Mapping, main: Sheet, *, copies: Mapping[str, Path] | None = None
) -> dict[Index, KeptSheet]:
    """Return the other sheets that *mapping* takes rows from, read whole.

    Args:
        mapping: The loaded mapping.
        main: The sheet whose rows become Records.
        copies: By their names in the mapping, the sheets that are read from another file
            than the mapping says: the copies of a run.

    Raises:
        SourceError: a sheet can't be read.
        MappingError: its file is not there (ZB226), it lacks a column, or its dates can be
            read in two ways.
    """
    rules: dict[Index, list[RowsFromRule]] = {}
    for rule in rows_from_rules(mapping.fields):
        rules.setdefault(rule.index, []).append(rule)
    known = copies or {}
    return {
        index: _opened(mapping, own, main, copy=known.get(index[0])) for index, own in rules.items()
    }


def _opened(
    mapping: maps.Mapping, rules: Sequence[RowsFromRule], main: Sheet, *, copy: Path | None
) -> KeptSheet:
    own = other_mapping(mapping, rules)
    path = copy or _path(mapping, rules[0].sheet, main)
    name = main.file if path == main.path else ""
    if copy is not None:
        name = mapping.others[rules[0].sheet].file or main.file
    sheet = open_sheet(path, options=own.source.read_options, name=name)
    refuse_unknown_columns(own, sheet.header, file=name_of(sheet))
    survey = date_survey(own, sheet.header)
    if survey is not None:
        for row in sheet.rows():
            survey.see(row.cells)
    dates = survey.styles() if survey is not None else {}
    return KeptSheet(sheet, rules[0].index[1], dates=dates)


def _path(mapping: maps.Mapping, name: str, main: Sheet) -> Path:
    """Return where the other sheet *name* is read from; without a file of its own, the main one."""
    source = mapping.others[name]
    if source.file is None or source.file == mapping.source.file:
        return main.path
    folders = dict.fromkeys((Path(main.file).parent, Path(mapping.file).parent))
    paths = [folder / source.file for folder in folders]
    for path in paths:
        if path.is_file():
            return path
    at = Location(file=mapping.file, row=source.line, column=str(source.at))
    looked = " and ".join(repr(str(path)) for path in paths)
    message = f"There is no file {source.file!r} of the sheet `{name}`; looked for {looked}."
    raise MappingError(message, at=at, code="ZB226")
