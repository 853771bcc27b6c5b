"""Read the rows of a mirror: what they say of a record, and what is another than in Zoho Books.

Bound to one header. Knows no row numbers; rows are told by their place in the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import NamedTuple

from zbbulk.guard import CLEAR, without_guard, without_mark
from zbbulk.mapping.binding import SheetFacts, column_positions
from zbbulk.mapping.cells import CellError, cell_text
from zbbulk.mapping.mirror_fields import (
    ID,
    LINE_ID,
    LINES,
    MODIFIED,
    ROW_HASH,
    MirrorField,
    Value,
    hash_of,
    settled,
    told_value,
)
from zbbulk.mapping.mirror_names import LINE, READ_ONLY
from zbbulk.mapping.reader import FieldReader
from zbbulk.mapping.rules import FieldRule, Kind, ObjectRule, Rule
from zbbulk.mapping.rules import Mapping as MappingRules
from zbbulk.mapping.walk import below
from zbbulk.model import Cell, Path

Cells = Sequence[Cell]


class Read(NamedTuple):
    """What one cell says.

    Attributes:
        text: As it is handed on: a number or a day plainly, what can't be read as it stands.
        value: As it is compared; None for a blank cell, one that empties, one that can't be read.
        is_blank: Nothing stands there.
        clears: The cell empties its field.
    """

    text: str
    value: Value | None = None
    is_blank: bool = False
    clears: bool = False


BLANK = Read("", is_blank=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundField:
    """One field, the column that shows it, and what reads that."""

    field: MirrorField
    column: str
    position: int
    reader: FieldReader

    def _unmarked(self, text: str) -> str:
        return unmarked(text, typed=self.reader.typed)

    def read(self, cells: Cells) -> Read:
        """Return what the cell of a row says."""
        cell = cells[self.position]
        if self.reader.is_blank(cell):
            return BLANK
        if isinstance(cell, str) and (text := self._unmarked(cell.strip())) != cell.strip():
            if self.field.kind is Kind.TEXT:
                return Read(text, settled(text))
            cell = text
        try:
            value = self.reader.read(cell)
        except CellError:
            return Read(_as_it_stands(cell))
        if value == "":
            return Read(CLEAR, clears=True)
        return Read(value_text(value), settled(value))


def unmarked(text: str, *, typed: bool) -> str:
    """Return a text cell without its mark; a CSV file is read without its guards already."""
    plain = without_mark(text)
    return without_guard(text) if typed and plain == text else plain


class ReadOnly(NamedTuple):
    """A column that shows what Zoho Books alone decides.

    Attributes:
        column: Its name.
        position: Where it stands.
        typed: The cells come from a workbook.
    """

    column: str
    position: int
    typed: bool

    @property
    def in_line(self) -> bool:
        """Tell whether it is about the line of a row."""
        return self.column.startswith(f"{LINE}: ")

    def read(self, cells: Cells) -> Value | None:
        """Return what the cell of a row says, None for a blank one."""
        cell = cells[self.position]
        plain = unmarked(cell.strip(), typed=self.typed) if isinstance(cell, str) else cell
        return told_value(plain)


class MirrorReader:
    """Reads the rows of records by the mapping of a mirror, for one header.

    Attributes:
        head: The fields of a record that stand above its lines.
        line: Those of its lines.
        read_only: The columns that show what Zoho Books alone decides.
        id_position: Of the column with the record's id.
        own: The positions of the columns with the ids of record and line.
    """

    def __init__(
        self,
        mapping: MappingRules,
        header: Sequence[str],
        *,
        typed: bool,
        dates: Table[str, str],
    ) -> None:
        """Bind *mapping*, whose columns *header* has, to the positions of the columns."""
        places = column_positions(header)
        facts = SheetFacts(mapping.source, places, dates=dates, is_typed=typed)
        self._bind = facts.bound(None)
        self.id_position = _position(mapping.fields, places)
        self._line_id = places.get(LINE_ID)
        self._modified, self._hash = places.get(MODIFIED), places.get(ROW_HASH)
        bound = [self._bound(*each) for each in _columns(mapping.fields, ())]
        self.head = tuple(each for each in bound if not each.field.in_line)
        self.line = tuple(each for each in bound if each.field.in_line)
        names = ((name.strip(), place) for place, name in enumerate(header))
        self.read_only = tuple(
            ReadOnly(name, place, typed) for name, place in names if name.endswith(READ_ONLY)
        )
        self.own = tuple(each for each in (self.id_position, self._line_id) if each is not None)

    def _bound(self, rule: FieldRule, path: Path) -> BoundField:
        in_line = path[:1] == (LINES,)
        reader = self._bind(rule)
        return BoundField(
            field=MirrorField(path=path[in_line:], kind=rule.kind, in_line=in_line),
            column=rule.columns[0].name,
            position=reader.positions[0],
            reader=reader,
        )

    def id_of(self, cells: Cells) -> str:
        """Return the id in a row's own column, "" for none; what Excel has spoilt as it stands."""
        return _as_it_stands(cells[self.id_position])

    def line_id_of(self, cells: Cells) -> str:
        """Return the id of a row's line, "" for none."""
        return "" if self._line_id is None else _as_it_stands(cells[self._line_id])

    def modified_of(self, rows: Sequence[Cells]) -> str:
        """Return when the record was changed last, as its rows say; "" when they do not."""
        return _first(rows, self._modified)

    def mark_of(self, rows: Sequence[Cells]) -> str:
        """Return the hash that was written beside the rows, "" when there is none."""
        return _first(rows, self._hash)

    def hash(self, rows: Sequence[Cells]) -> str:
        """Return the hash of what the rows of one record say now; "" when they contradict."""
        head = self._head_values(rows)
        told = rows if self._line_id is not None else ()
        lines = [(self.line_id_of(cells), self._line_values(cells)) for cells in told]
        known = [(line_id, values) for line_id, values in lines if values is not None]
        if head is None or len(known) < len(lines):
            return ""
        return hash_of(head, (each for each in known if any(each)))

    def _head_values(self, rows: Sequence[Cells]) -> dict[Path, Value] | None:
        """Return what rows say above their lines; None when they contradict."""
        values: dict[Path, Value] = {}
        for path, said in self._said(rows):
            value = next(iter(said), None)
            if len(said) > 1 or (said and value is None):
                return None
            if value is not None:
                values[path] = value
        return values

    def _said(self, rows: Sequence[Cells]) -> Iterator[tuple[Path, set[Value | None]]]:
        """Yield what the rows say above their lines; None stands for what is no value."""
        for each in self.head:
            reads = (each.read(cells) for cells in rows)
            yield each.field.path, {read.value for read in reads if not read.is_blank}
        for told in self.read_only:
            if not told.in_line:
                yield (told.column,), {told.read(cells) for cells in rows} - {None}

    def _line_values(self, cells: Cells) -> dict[Path, Value] | None:
        """Return what a row says of its line; None when a cell is no value."""
        values: dict[Path, Value] = {}
        for each in self.line:
            read = each.read(cells)
            if read.value is not None:
                values[each.field.path] = read.value
            elif not read.is_blank:
                return None
        for told in self.read_only:
            if told.in_line and (shown := told.read(cells)) is not None:
                values[(told.column,)] = shown
        return values


def _columns(rule: Rule, path: Path) -> Iterator[tuple[FieldRule, Path]]:
    """Yield the rules below *rule* that one column fills, but for those of zbbulk's own columns.

    Each has the path of its field; that of a field of the lines begins with their list.
    """
    if isinstance(rule, FieldRule):
        if len(rule.columns) == 1 and rule.columns[0].name not in (ID, LINE_ID):
            yield rule, path
        return
    for inner, step in below(rule):
        yield from _columns(inner, (*path, *step))


def value_text(value: object) -> str:
    """Return the text by which a sheet in the plainest style says *value*."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:f}"


def _as_it_stands(cell: Cell) -> str:
    try:
        return cell_text(cell)
    except CellError:
        return str(cell)


def _first(rows: Sequence[Cells], position: int | None) -> str:
    if position is None:
        return ""
    return next((text for cells in rows if (text := _as_it_stands(cells[position]))), "")


def _position(fields: ObjectRule, places: Table[str, int]) -> int:
    """Return where the column of the record's id stands."""
    rules = (rule for rule in fields.fields.values() if isinstance(rule, FieldRule))
    names = (rule.columns[0].name for rule in rules if rule.columns)
    return places[next(name for name in names if name == ID)]
