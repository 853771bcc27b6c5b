"""Turn a mapping round: records of Zoho Books become rows of the user's own sheet.

The sheet has all columns of the mapping, so that the mapping reads it; those that can't be
filled stay blank. Each record is read back at once: what the mapping would now make of it and
is not what Zoho has is told, whatever the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zbbulk.layout import LayoutColumn, Look, OutCell
from zbbulk.mapping.cells import CellError
from zbbulk.mapping.columns import column_uses
from zbbulk.mapping.compile import compile_mapping
from zbbulk.mapping.debit_credit import SIDE_FIELD, DebitCredit
from zbbulk.mapping.formula_values import ColumnValue
from zbbulk.mapping.mirror_fields import field_of, filled, value_of
from zbbulk.mapping.reverse_cells import NamesOf, cell_of, styled
from zbbulk.mapping.reverse_fields import Back, Lost, Reversible
from zbbulk.mapping.rules import Kind, Mapping, ObjectRule, RowsFromRule, Rule, Source
from zbbulk.model import JsonObject, LookupRule, Record

_LOOKS = {Kind.NUMBER: Look.NUMBER, Kind.INTEGER: Look.NUMBER, Kind.BOOLEAN: Look.YES_NO}


@dataclass(slots=True)
class Otherwise:
    """A field that the mapping reads otherwise than Zoho has it.

    Attributes:
        records: In how many records.
        zb_id: Of the first of them.
        there, read: What Zoho has there, and what the mapping reads.
    """

    records: int
    zb_id: str
    there: str
    read: str


class Reversed:
    """The layout of a mapping that is turned round; satisfies ``Layout``.

    Attributes:
        lost: What can't go back, by the mapping's lines.
        otherwise: What is read back otherwise, by field; grows while rows are made.
    """

    def __init__(
        self, mapping: Mapping, *, schema: JsonObject, id_field: str, names: NamesOf
    ) -> None:
        """Lay out the columns of *mapping*; *names* gives texts for the ids it looks up."""
        found = Reversible(mapping)
        self.lost: tuple[Lost, ...] = tuple(found.lost)
        self.otherwise: dict[str, Otherwise] = {}
        self._mapping, self._names, self._id_field = mapping, names, id_field
        self._back, self._lists, self._constants = found.back, found.lists, found.constants
        self._header = _header(mapping, schema)
        self._places = {name: place for place, name in enumerate(self._header)}
        self._program = compile_mapping(
            replace(mapping, fields=_own(mapping.fields), only_rows=None, checks=()),
            self._header,
            file=mapping.file,
            typed=False,
        )

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields of a record that are needed."""
        tops = (str((*back.of_list, *back.path)[0]) for back in self._back)
        return tuple(dict.fromkeys(tops))

    @property
    def lookups(self) -> tuple[LookupRule, ...]:
        """Return what ids are looked up by."""
        rules = (back.rule.lookup.rule for back in self._back if back.rule.lookup is not None)
        return tuple(dict.fromkeys(rules))

    @property
    def columns(self) -> Sequence[LayoutColumn]:
        """Return the columns of the mapping in the order in which it names them."""
        kinds = {back.column: back.rule.kind for back in self._back}
        looks = _LOOKS if self._mapping.source.numbers.decimal == "." else {}
        if self._mapping.source.dates is None:
            looks = {**looks, Kind.DATE: Look.DATE}
        return [
            LayoutColumn(name=name, look=looks.get(kinds.get(name, Kind.TEXT), Look.TEXT))
            for name in self._header
        ]

    def rows(self, record: JsonObject) -> Iterator[Sequence[OutCell]]:
        """Yield the rows of *record*, and note what is read back otherwise."""
        lists = {path: _entries(record, path) for path in self._lists}
        rows = [
            self._row(record, lists, number)
            for number in range(max([1, *map(len, lists.values())]))
        ]
        self._read_back(record, lists, rows)
        yield from rows

    def _row(
        self, record: JsonObject, lists: dict[tuple[str | int, ...], list[JsonObject]], number: int
    ) -> list[OutCell]:
        row: list[OutCell] = [""] * len(self._header)
        for back in self._back:
            if back.of_list:
                entries = lists[back.of_list]
                if number < len(entries):
                    self._put(row, back, entries[number])
            elif not (number and back.is_first_only):
                self._put(row, back, record)
        self._tell_documents(row, record)
        return row

    def _put(self, row: list[OutCell], back: Back, held: JsonObject) -> None:
        if isinstance(back.rule.formula, DebitCredit):
            for column, cell in self._sides(back, back.rule.formula, held).items():
                row[self._places[column]] = cell
            return
        *above, name = back.path
        beside = field_of(held, tuple(above)) if above else held
        row[self._places[back.column]] = cell_of(
            field_of(held, back.path),
            back.rule,
            source=self._mapping.source,
            beside=beside if isinstance(beside, dict) else held,
            name=str(name),
            names=self._names,
        )

    def _sides(self, back: Back, told: DebitCredit, held: JsonObject) -> dict[str, OutCell]:
        """Return the cells that say the side and the amount of a line: found by trying."""
        amount = value_of(field_of(held, back.path), Kind.NUMBER)
        side = field_of(held, (*back.path[:-1], SIDE_FIELD))
        if not isinstance(amount, Decimal):
            return {}
        for cells in _ways(told, amount):
            row = {name: _column(cells[name], self._mapping) for name in told.columns}
            try:
                if told._told(row) == (side, amount):  # noqa: SLF001 - the same folder
                    source = self._mapping.source
                    return {n: _styled(cell, source) for n, cell in cells.items()}
            except CellError:
                continue
        return {}

    def _tell_documents(self, row: list[OutCell], record: JsonObject) -> None:
        """Fill the columns that tell rows of a document apart from others, if no field does."""
        for column in self._mapping.group_by:
            if row[self._places[column.name]] == "":
                row[self._places[column.name]] = str(record.get(self._id_field, ""))

    def _read_back(
        self,
        record: JsonObject,
        lists: dict[tuple[str | int, ...], list[JsonObject]],
        rows: Sequence[Sequence[OutCell]],
    ) -> None:
        made = self._made([[_text(cell) for cell in row] for row in rows])
        for back in (*self._back, *self._constants):
            if back.rule.lookup is not None:
                continue
            there = [record] if not back.of_list else lists[back.of_list]
            again = [made] if not back.of_list else _entries(made, back.of_list)
            for number, held in enumerate(there):
                old = value_of(field_of(held, back.path), back.rule.kind)
                back_again = again[number] if number < len(again) else {}
                new = value_of(field_of(back_again, back.path), back.rule.kind)
                if old != new:
                    self._note(back, record, old, new)
                    break

    def _made(self, rows: Sequence[Sequence[str]]) -> Record:
        if self._program.grouped is None:
            return self._program.convert(rows[0])[0]
        numbers = range(1, len(rows) + 1)
        return self._program.grouped.made(rows, numbers, convert=self._program.convert).record

    def _note(self, back: Back, record: JsonObject, old: object, new: object) -> None:
        zb_id = str(record.get(self._id_field, ""))
        first = Otherwise(0, zb_id, *("" if each is None else str(each) for each in (old, new)))
        self.otherwise.setdefault(back.name, first).records += 1


def _header(mapping: Mapping, schema: JsonObject) -> tuple[str, ...]:
    """Return all columns that *mapping* names, each once, in its order."""
    asked = (column.name for rule in mapping.conditions for column in rule.columns)
    legacy = mapping.legacy_key.columns if mapping.legacy_key else ()
    used = (
        use.column for use in column_uses(replace(mapping, fields=_own(mapping.fields)), schema)
    )
    named = (
        *(column.name for column in mapping.group_by),
        *used,
        *asked,
        *(column.name for column in legacy),
        *(check.column for check in mapping.checks if check.column),
    )
    return tuple(dict.fromkeys(named))


def _own(fields: ObjectRule) -> ObjectRule:
    """Return *fields* without the lists that another sheet fills."""
    kept: dict[str, Rule] = {}
    for name, rule in fields.fields.items():
        if isinstance(rule, ObjectRule):
            kept[name] = _own(rule)
        elif not isinstance(rule, RowsFromRule):
            kept[name] = rule
    return replace(fields, fields=kept)


def _entries(record: JsonObject, path: tuple[str | int, ...]) -> list[JsonObject]:
    held = field_of(record, path)
    return (
        [each for each in filled(held) if isinstance(each, dict)] if isinstance(held, list) else []
    )


def _ways(told: DebitCredit, amount: Decimal) -> Iterator[dict[str, OutCell]]:
    """Yield the ways to fill the columns of a debit or credit."""
    first, *more = told.columns
    yield {first: amount, **dict.fromkeys(more, "")}
    yield {first: -amount, **dict.fromkeys(more, "")}
    for other in more:
        yield {first: "", other: amount}
        for word in (*told.words, "debit", "credit"):
            yield {first: amount, other: word}


def _column(cell: OutCell, mapping: Mapping) -> ColumnValue:
    text = _text(_styled(cell, mapping.source))
    return ColumnValue(text, not text, mapping.source.numbers, None)


def _styled(cell: OutCell, source: Source) -> OutCell:
    return styled(cell, Kind.NUMBER, source) if isinstance(cell, Decimal) else cell


def _text(cell: OutCell) -> str:
    """Return a cell as a CSV file has it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else cell
