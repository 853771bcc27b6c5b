"""Compare the rows of one record in a mirror with the record as it is in Zoho Books.

What is the same is taken out of the rows: what is left is an ordinary update of the fields
that were changed. A field that holds others (an address, a list) is sent whole, as Zoho
may take what is sent for all of it; lines are sent whole for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from zbbulk.guard import CLEAR
from zbbulk.mapping.mirror_fields import (
    LINES,
    Value,
    field_of,
    line_id_of,
    lines_of,
    path_text,
    told_value,
    value_of,
)
from zbbulk.mapping.mirror_names import READ_ONLY, column_name
from zbbulk.mapping.mirror_reading import BoundField, Cells, MirrorReader, Read, value_text
from zbbulk.mapping.mirror_survey import MirrorSurvey
from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema


class Change(NamedTuple):
    """One cell that says something else than Zoho Books.

    Attributes:
        at: Which of the record's rows.
        column: Its column.
        top: The field of the record that it is, or that it is part of.
        old, new: What Zoho has, and what the cell says; "" is empty.
    """

    at: int
    column: str
    top: str
    old: str
    new: str


@dataclass(slots=True)
class Compared:
    """What is left of the rows of a record once they are compared with Zoho Books.

    Attributes:
        cells: The texts of each row, "" where nothing is to be sent.
        changes: Every cell that says something else.
        emptied: Cells that are blank although Zoho has a value: nothing is sent for them.
        untouchable: Changed cells of columns that Zoho Books alone decides: nothing is sent.
        gone: The lines that Zoho has and no row shows.
        strangers: Rows that name a line which the record does not have.
        partial: Fields that were changed, hold others and are not whole in the sheet.
    """

    cells: list[list[str]]
    changes: list[Change] = field(default_factory=list)
    emptied: list[Change] = field(default_factory=list)
    untouchable: list[Change] = field(default_factory=list)
    gone: list[JsonObject] = field(default_factory=list)
    strangers: list[int] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)

    @property
    def tops(self) -> list[str]:
        """Return the fields of the record that are sent."""
        lines = [LINES] if self.gone else []
        return list(dict.fromkeys([*(change.top for change in self.changes), *lines]))


class MirrorComparer:
    """Compares the rows of records with records."""

    def __init__(self, reader: MirrorReader, resource: Resource, *, width: int) -> None:
        """Take what reads the rows; they have *width* cells."""
        self._reader = reader
        self._resource = resource
        self._width = width

    def compared(self, rows: Sequence[Cells], record: JsonObject) -> Compared:
        """Return what the *rows* of a record say that *record*, as Zoho has it, does not."""
        result = Compared(cells=[[""] * self._width for _ in rows])
        self._head(rows, record, result)
        self._told(rows, record, result)
        if self._reader.line:
            self._lines(rows, record, result)
        if result.changes or result.gone:
            self._keep_own(rows, result)
        return result

    def _head(self, rows: Sequence[Cells], record: JsonObject, result: Compared) -> None:
        changed: set[str] = set()
        for each in self._reader.head:
            old = value_of(field_of(record, each.field.path), each.field.kind)
            reads = [each.read(cells) for cells in rows]
            found = [at for at, read in enumerate(reads) if is_another(read, old)]
            for at in found:
                result.cells[at][each.position] = reads[at].text
                result.changes.append(_change(at, each, old, reads[at]))
            if found:
                changed.add(each.field.top)
            elif old is not None and all(read.is_blank for read in reads):
                result.emptied.append(_change(0, each, old, reads[0]))
        self._complete(rows, record, result, changed=changed)

    def _complete(
        self, rows: Sequence[Cells], record: JsonObject, result: Compared, *, changed: set[str]
    ) -> None:
        """Put the rest of each field that was changed and holds others beside what was changed."""
        beside = [
            each
            for each in self._reader.head
            if each.field.top in changed and len(each.field.path) > 1
        ]
        for each in beside:
            if any(row[each.position] for row in result.cells):
                continue
            old = value_of(field_of(record, each.field.path), each.field.kind)
            said = next((r for row in rows if not (r := each.read(row)).is_blank), None)
            if old is not None:
                self._keep(result, 0, each, said.text if said else value_text(old))
        known = {each.field.path for each in self._reader.head}
        for top in dict.fromkeys(each.field.top for each in beside):
            survey = MirrorSurvey(self._resource, schema(self._resource.name))
            survey.see({top: record.get(top)})
            there = (f for f in survey.fields() if field_of(record, f.path) not in (None, ""))
            result.partial += [path_text(f.path) for f in there if f.path not in known]

    def _told(self, rows: Sequence[Cells], record: JsonObject, result: Compared) -> None:
        """Find the cells that were changed and are only shown."""
        lines = {line_id_of(line): line for line in lines_of(record)}
        for told in self._reader.read_only:
            for at, cells in enumerate(rows):
                line = lines.get(self._reader.line_id_of(cells), {})
                held = line if told.in_line else record
                names = (n for n in held if _is_column(n, told.column, in_line=told.in_line))
                old, new = told_value(held.get(next(names, ""))), told.read(cells)
                if new not in (None, old):
                    texts = ("" if each is None else value_text(each) for each in (old, new))
                    result.untouchable.append(Change(at, told.column, "", *texts))

    def _lines(self, rows: Sequence[Cells], record: JsonObject, result: Compared) -> None:
        there = {line_id_of(line): line for line in lines_of(record)}
        named = {line_id for cells in rows if (line_id := self._reader.line_id_of(cells))}
        result.gone += [line for line_id, line in there.items() if line_id not in named]
        changes: list[Change] = []
        for at, cells in enumerate(rows):
            line_id = self._reader.line_id_of(cells)
            if line_id and line_id not in there:
                result.strangers.append(at)
                continue
            changes += self._line(at, cells, there.get(line_id, {}), result)
        result.changes += changes
        if changes or result.gone:
            self._keep_lines(rows, result)

    def _line(self, at: int, cells: Cells, line: JsonObject, result: Compared) -> Iterator[Change]:
        """Yield what a row says of its line and *line*, as Zoho has it, does not."""
        for each in self._reader.line:
            old = value_of(field_of(line, each.field.path), each.field.kind)
            read = each.read(cells)
            if is_another(read, old):
                yield _change(at, each, old, read)
            elif old is not None and read.is_blank:
                result.emptied.append(_change(at, each, old, read))

    def _keep_lines(self, rows: Sequence[Cells], result: Compared) -> None:
        """Keep all that the rows say of their lines: Zoho replaces them all."""
        for at, (cells, kept) in enumerate(zip(rows, result.cells, strict=True)):
            for each in self._reader.line:
                read = each.read(cells)
                kept[each.position] = read.text
                if not read.clears:
                    self._keep(result, at, each, read.text)
            for position in self._reader.own:
                kept[position] = self._own(cells, position)

    @staticmethod
    def _keep(result: Compared, at: int, each: BoundField, text: str) -> None:
        """Keep a text that was not changed, unless it would be taken for something else."""
        if text.casefold() == CLEAR:
            result.partial.append(f"{each.column} ({text!r} is a text there)")
        result.cells[at][each.position] = text

    def _keep_own(self, rows: Sequence[Cells], result: Compared) -> None:
        """Keep in every row the id of the record, and what stands in the path of its call."""
        for cells, kept in zip(rows, result.cells, strict=True):
            kept[self._reader.id_position] = self._reader.id_of(cells)
            for each in self._reader.head:
                if each.field.top in self._resource.path_fields:
                    kept[each.position] = each.read(cells).text

    def _own(self, cells: Cells, position: int) -> str:
        is_id = position == self._reader.id_position
        return self._reader.id_of(cells) if is_id else self._reader.line_id_of(cells)


def _is_column(name: str, column: str, *, in_line: bool) -> bool:
    """Tell whether the read-only *column* shows the field *name*."""
    return column_name((name,), in_line=in_line) + READ_ONLY == column


def is_another(read: Read, old: Value | None) -> bool:
    """Tell whether a cell says something else than *old*, what Zoho has."""
    if read.is_blank:
        return False
    return old is not None if read.clears else read.value != old


def _change(at: int, each: BoundField, old: Value | None, read: Read) -> Change:
    new = "" if read.clears else read.text
    return Change(at, each.column, each.field.top, "" if old is None else value_text(old), new)
