"""A mapping compiled for one header: the row function, and where each field comes from.

``convert`` runs for every row and is generated; all else here runs only when
something has to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from zbbulk.mapping.cells import CellError
from zbbulk.mapping.generate import Bind, Generated, generate
from zbbulk.mapping.grouping import Grouping
from zbbulk.mapping.reader import FieldReader
from zbbulk.mapping.rows_from import Gatherer
from zbbulk.mapping.rules import (
    NOTHING,
    ColumnName,
    CustomField,
    CustomFieldsRule,
    FieldRule,
    ListRule,
    ObjectRule,
    RowsFromRule,
    Rule,
)
from zbbulk.model import Cell, Fault, Path, RowFunction


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field of a Record comes from.

    Attributes:
        columns: Names of the columns, () for a fixed value.
        line: Line of the mapping.
        place: Where in another sheet, in words; "" for a field of the sheet itself.
    """

    columns: tuple[str, ...]
    line: int
    place: str = ""


class Program:
    """What ``compile_mapping`` returns.

    Attributes:
        convert: Cells of one row in, Record and faults out; as many cells as the header has.
        keys: Match keys to watch for duplicates, each one or more fields of the Record.
        lenient: Which of the keys (by their index) only warn when they stand twice.
        told: Cells of one row in, what the columns of ``checks:`` say out; None without any.
        grouped: How many rows become one Record, None when each row is one.
    """

    def __init__(  # noqa: PLR0913 - what a mapping says is given by name
        self,
        root: ObjectRule,
        bind: Bind,
        *,
        keys: tuple[tuple[str, ...], ...],
        lenient: frozenset[int] = frozenset(),
        told: ObjectRule | None = None,
        only_rows: FieldRule | None = None,
        legacy_key: FieldRule | None = None,
        asked: Mapping[int, FieldRule] | None = None,
        grouped: Grouping | None = None,
        gathers: Mapping[int, Gatherer] | None = None,
    ) -> None:
        self._gathers = gathers or {}
        self.convert: RowFunction = generate(root, bind, gathers=self._gathers)
        self.keys = keys
        self.lenient = lenient
        self.told: RowFunction | None = generate(told, bind) if told else None
        self.grouped = grouped
        self._condition = bind(only_rows) if only_rows else None
        self._legacy_key = bind(legacy_key) if legacy_key else None
        self._asked = {number: bind(rule) for number, rule in (asked or {}).items()}
        self._root = root
        self._bind = bind

    @property
    def has_condition(self) -> bool:
        """Tell whether the mapping has ``only_rows:``."""
        return self._condition is not None

    def takes(self, cells: Sequence[Cell]) -> bool | None:
        """Tell whether ``only_rows:`` takes a row; None when it can't be computed.

        *cells* are as many as the header has.
        """
        try:
            return self._condition is None or self._condition.computed(cells) is True
        except CellError:
            return None

    def condition_faults(self, cells: Sequence[Cell]) -> list[Fault]:
        """Return why ``only_rows:`` can't be computed for a row, [] when it can."""
        told = None if self._condition is None else _held(self._condition, cells)
        return [told] if isinstance(told, Fault) else []

    def unmet(self, cells: Sequence[Cell]) -> Iterator[tuple[int, Fault]]:
        """Yield the number of each ``formula`` check that a row does not meet, and what is wrong.

        A check all whose cells are blank is not asked.

        *cells* are as many as the header has.
        """
        for number, reader in self._asked.items():
            if all(reader.is_blank(cells[place]) for place in reader.positions):
                continue
            told = _held(reader, cells)
            if isinstance(told, Fault):
                yield number, told
            elif told is False and reader.rule.formula is not None:
                message = f"{reader.rule.formula.text} is not true"
                yield number, Fault("ZB323", message, (), _names(reader.rule.columns))

    @property
    def has_legacy_key(self) -> bool:
        """Tell whether the mapping has ``legacy_key:``."""
        return self._legacy_key is not None

    @property
    def legacy_columns(self) -> str:
        """Return the columns that the legacy key is read from, with commas between."""
        columns = self._legacy_key.rule.columns if self._legacy_key else ()
        return ", ".join(column.name for column in columns)

    def legacy_key(self, cells: Sequence[Cell]) -> str:
        """Return the key that a row's record had in the old system, "" for none.

        One that can't be read is none: ``legacy_faults`` tells it.
        """
        try:
            value = self._legacy_key.value(cells) if self._legacy_key else NOTHING
        except CellError:
            return ""
        return value if isinstance(value, str) else ""

    def legacy_faults(self, cells: Sequence[Cell]) -> list[Fault]:
        """Return why the legacy key of a row can't be read, [] when it can."""
        if self._legacy_key is None:
            return []
        try:
            self._legacy_key.value(cells)
        except CellError as error:
            column = self._legacy_key.column(cells)
            return [Fault(error.code, error.message, (), column, error.fix)]
        return []

    def origin(self, path: Path, *, cells: Sequence[Cell] | None = None) -> Origin:
        """Return where the field at *path* comes from, the nearest field around it if unknown.

        Args:
            path: Of a Record that ``convert`` gave.
            cells: The cells of its row. Entries of a list that are left out shift
                the others: without the cells the columns of all entries are given.
        """
        trace = self._traced(cells)[2] if cells is not None else {}
        found: list[Rule | CustomField] = [self._root]
        for depth, step in enumerate(path):
            if isinstance(found[0], RowsFromRule):
                return self._elsewhere(found[0], path[depth:], cells)
            inner = list(_below(found, step, trace.get(path[:depth])))
            if not inner:
                break
            found = inner
        return Origin(_unique(found), _line(found[0]))

    def _elsewhere(self, rule: RowsFromRule, path: Path, cells: Sequence[Cell] | None) -> Origin:
        """Return where the field at *path* below a list from another sheet comes from."""
        found: list[Rule | CustomField] = [*rule.entries]
        for step in path[1:]:
            found = list(_below(found, step, None)) or found
        gatherer, place = self._gathers.get(id(rule)), ""
        if gatherer is not None and cells is not None and isinstance(path[0], int):
            row = gatherer.row_of(path[0], cells)
            place = gatherer.told(row, ", ".join(_unique(found))) if row else ""
        return Origin(_unique([rule]), _line(found[0]), place)

    @cached_property
    def _traced(self) -> Generated:
        return generate(self._root, self._bind, gathers=self._gathers, trace=True)


def _held(reader: FieldReader, cells: Sequence[Cell]) -> object:
    """Tell whether a condition holds for a row; a Fault when it can't be computed."""
    try:
        return reader.computed(cells)
    except CellError as error:
        return Fault(error.code, error.message, (), reader.column(cells), error.fix)


def _names(columns: Iterable[ColumnName]) -> str:
    return ", ".join(column.name for column in columns)


def _below(
    rules: Iterable[Rule | CustomField], step: str | int, numbers: Sequence[int] | None
) -> Iterable[Rule | CustomField]:
    for rule in rules:
        if isinstance(rule, ObjectRule) and isinstance(step, str) and step in rule.fields:
            yield rule.fields[step]
        elif isinstance(rule, CustomFieldsRule) and isinstance(step, str):
            yield from (entry for entry in rule.entries if entry.name == step)
        elif isinstance(rule, ListRule | CustomFieldsRule) and isinstance(step, int):
            if numbers is None:
                yield from rule.entries
            elif step < len(numbers):
                yield rule.entries[numbers[step]]


def _unique(rules: Iterable[Rule | CustomField]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for rule in rules for name in _columns(rule)))


def _columns(rule: Rule | CustomField) -> Iterable[str]:
    if isinstance(rule, FieldRule):
        return (column.name for column in rule.columns)
    if isinstance(rule, CustomField):
        return _columns(rule.rule)
    if isinstance(rule, RowsFromRule):
        return _columns(rule.mine)
    inner = rule.fields.values() if isinstance(rule, ObjectRule) else rule.entries
    return (name for entry in inner for name in _columns(entry))


def _line(rule: Rule | CustomField) -> int:
    return rule.rule.line if isinstance(rule, CustomField) else rule.line
