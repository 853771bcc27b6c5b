"""One Record of many rows: how the values and the lists of its rows are put together.

Each row is converted by the mapping's row function as if it were a document of its own;
here the Records of the rows become one. Knows no sheet and no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from zbbulk.mapping.cells import key_text, row_key, shown
from zbbulk.mapping.rules import (
    ColumnName,
    CustomField,
    EachRowRule,
    FieldRule,
    ObjectRule,
    RowsFromRule,
    Rule,
)
from zbbulk.mapping.words import Rows
from zbbulk.model import Cell, Fault, Path, Record, RowFunction

_BETWEEN = ", "


class RowFault(NamedTuple):
    """What is wrong in one row of a document: its number there, the Fault as of that row alone."""

    at: int
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A document as its rows make it.

    Attributes:
        record: The Record.
        faults: What could not be read, or differs between the rows.
        owners: For each list with an entry a row, the index of the row of each entry.
    """

    record: Record
    faults: list[RowFault]
    owners: Mapping[Path, list[int]]

    def of_row(self, fault: Fault) -> RowFault:
        """Return a fault of the whole Record as one of the row it comes from, else the first."""
        for path, rows in self.owners.items():
            depth = len(path)
            if fault.path[:depth] == path and len(fault.path) > depth:
                step = fault.path[depth]
                if isinstance(step, int) and step < len(rows):
                    own = (*path, 0, *fault.path[depth + 1 :])
                    return RowFault(rows[step], fault._replace(path=own))
        return RowFault(0, fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How rows become documents, bound to one header.

    Attributes:
        key: The columns that tell which rows belong together.
        places: Position of each column of the sheet, by its name.
        same: Columns whose cells must not differ within a document.
        lists: Paths of the lists with an entry for each row.
        put_together: Paths of the fields that are added up or joined, and which.
    """

    key: tuple[ColumnName, ...]
    places: Mapping[str, int]
    same: tuple[str, ...]
    lists: tuple[Path, ...]
    put_together: tuple[tuple[Path, Rows], ...]

    def key_of(self, cells: Sequence[Cell]) -> tuple[str, ...] | None:
        """Return what tells the document of a row, None when one of the cells is blank."""
        return row_key(cells, (self.places[column.name] for column in self.key))

    def made(
        self, rows: Sequence[Sequence[Cell]], numbers: Sequence[int], *, convert: RowFunction
    ) -> Made:
        """Return the document that *rows* make, each with as many cells as the header has.

        Args:
            rows: The cells of each row, in order.
            numbers: Their row numbers, for messages.
            convert: The mapping's row function.
        """
        faults = list(self._differences(rows, numbers))
        records: list[Record] = []
        for index, cells in enumerate(self._filled(rows)):
            record, unread = convert(cells)
            records.append(record)
            faults += [RowFault(index, each) for each in unread or () if self._counts(each, index)]
        whole = dict(records[0])
        owners = {path: list(_gathered(whole, path, records)) for path in self.lists}
        for path, how in self.put_together:
            _put_together(whole, path, records, how)
        return Made(record=whole, faults=faults, owners=owners)

    def _counts(self, fault: Fault, index: int) -> bool:
        """Tell whether a fault of a row is one of the document: those above the lines once."""
        inside = (*self.lists, *(path for path, _ in self.put_together))
        return not index or any(fault.path[: len(path)] == path for path in inside)

    def _differences(
        self, rows: Sequence[Sequence[Cell]], numbers: Sequence[int]
    ) -> Iterator[RowFault]:
        for name in self.same:
            place = self.places[name]
            told = [
                (index, text) for index, row in enumerate(rows) if (text := key_text(row[place]))
            ]
            for index, text in told[1:]:
                if text != told[0][1]:
                    message = f"{shown(text)} here, and {shown(told[0][1])} in row "
                    message += f"{numbers[told[0][0]]} of the same record"
                    yield RowFault(index, Fault("ZB312", message, (), name))

    def _filled(self, rows: Sequence[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
        """Yield the cells of each row; a blank one of the document is that of another row."""
        firsts: dict[int, Cell] = {}
        for name in self.same:
            place = self.places[name]
            firsts[place] = next((row[place] for row in rows if key_text(row[place])), "")
        for row in rows:
            filled = list(row)
            for place, cell in firsts.items():
                if not key_text(filled[place]):
                    filled[place] = cell
            yield filled


def grouping(
    key: tuple[ColumnName, ...], fields: ObjectRule, places: Mapping[str, int]
) -> Grouping:
    """Return the grouping of a mapping with these *fields*, for a header with these *places*."""
    above = list(_above_lines(fields, ()))
    in_lines = {column for rule in _in_lines(fields) for column in _columns(rule)}
    same = (name for _, rule in above if rule.rows is Rows.SAME for name in _columns(rule))
    keys = (column.name for column in key)
    return Grouping(
        key=key,
        places=places,
        same=tuple(dict.fromkeys(name for name in (*keys, *same) if name not in in_lines)),
        lists=tuple(_lists(fields, ())),
        put_together=tuple(
            (path, rule.rows) for path, rule in above if rule.rows in (Rows.SUM, Rows.JOIN)
        ),
    )


def _above_lines(rule: Rule | CustomField, path: Path) -> Iterator[tuple[Path, FieldRule]]:
    if isinstance(rule, FieldRule):
        yield path, rule
    elif isinstance(rule, CustomField):
        yield path, rule.rule
    elif isinstance(rule, ObjectRule):
        for name, inner in rule.fields.items():
            yield from _above_lines(inner, (*path, name))
    elif isinstance(rule, RowsFromRule):
        yield path, rule.mine
    elif not isinstance(rule, EachRowRule):
        for number, entry in enumerate(rule.entries):
            yield from _above_lines(entry, (*path, number))


def _in_lines(rule: Rule | CustomField) -> Iterator[FieldRule]:
    if isinstance(rule, EachRowRule):
        yield from (inner for entry in rule.entries for _, inner in _above_lines(entry, ()))
    elif isinstance(rule, ObjectRule):
        for inner in rule.fields.values():
            yield from _in_lines(inner)


def _lists(rule: Rule, path: Path) -> Iterator[Path]:
    if isinstance(rule, EachRowRule):
        yield path
    elif isinstance(rule, ObjectRule):
        for name, inner in rule.fields.items():
            yield from _lists(inner, (*path, name))


def _columns(rule: FieldRule) -> Iterator[str]:
    return (column.name for column in rule.columns)


def _gathered(whole: Record, path: Path, records: Sequence[Record]) -> Iterator[int]:
    """Put the entries of the list at *path* of all *records* into *whole*; yield their rows."""
    entries = []
    for index, record in enumerate(records):
        for entry in _at(record, path) or ():
            entries.append(entry)
            yield index
    if entries:
        _put(whole, path, entries)


def _put_together(whole: Record, path: Path, records: Sequence[Record], how: Rows) -> None:
    values = [value for record in records if (value := _at(record, path)) is not None]
    if values and how is Rows.SUM:
        total = sum(values, Decimal(0))
        _put(whole, path, int(total) if all(isinstance(each, int) for each in values) else total)
    elif values:
        _put(whole, path, _BETWEEN.join(dict.fromkeys(map(str, values))))


def _at(record: Any, path: Path) -> Any:  # noqa: ANN401 - what stands in JSON
    for step in path:
        is_there = isinstance(record, dict) and step in record
        record = record[step] if is_there else None
    return record


def _put(record: Record, path: Path, value: object) -> None:
    *steps, last = path
    held: Any = record
    for step in steps:
        held[step] = dict(held.get(step, {}))
        held = held[step]
    held[last] = value
