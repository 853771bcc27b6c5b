"""Lists whose entries come from another sheet: its rows found, converted and put into the Record.

Knows which rows belong together by what their cells say; who holds the other sheet is
told by the ``OtherSheet``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zbbulk.mapping.cells import row_key
from zbbulk.mapping.policies import KeyPolicy
from zbbulk.mapping.rules import CustomField, ListRule, Mapping, ObjectRule, RowsFromRule, Rule
from zbbulk.model import Cell, Fault, OtherRow, OtherSheet, Path, RowFunction

_ENTRIES = "entries"


def rows_from_rules(rule: Rule | CustomField) -> Iterator[RowsFromRule]:
    """Yield every list below *rule* that comes from another sheet."""
    if isinstance(rule, RowsFromRule):
        yield rule
    elif isinstance(rule, ObjectRule):
        for inner in rule.fields.values():
            yield from rows_from_rules(inner)


def other_mapping(mapping: Mapping, rules: Sequence[RowsFromRule]) -> Mapping:
    """Return *rules*, which take their rows from one sheet, as a mapping of that sheet.

    Its Records are of no use; its columns and dates are looked at as those of any mapping.
    """
    fields: dict[str, Rule] = {}
    for number, rule in enumerate(rules):
        fields |= {f"{_ENTRIES}{number}": entries_of(rule), f"where{number}": rule.theirs}
    return replace(
        mapping,
        source=mapping.others[rules[0].sheet],
        others={},
        key=(),
        fields=ObjectRule(line=rules[0].line, fields=fields),
        checks=(),
        policy=KeyPolicy(),
        only_rows=None,
        group_by=(),
    )


def entries_of(rule: RowsFromRule) -> ObjectRule:
    """Return the rule of an object that holds what one row of the other sheet gives."""
    entries = ListRule(line=rule.line, entries=rule.entries)
    return ObjectRule(line=rule.line, fields={_ENTRIES: entries})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherer:
    """One list from another sheet, bound to the headers of both.

    Attributes:
        rule: The rule of the list.
        places: Positions in the sheet of the columns that tell which rows belong to a row.
        sheet: The other sheet.
        convert: Makes ``entries_of`` the rule, of the cells of both rows: those of the
            other sheet and then those of the sheet.
    """

    rule: RowsFromRule
    places: tuple[int, ...]
    sheet: OtherSheet
    convert: RowFunction

    def __call__(
        self,
        faults: list[Fault] | None,
        container: dict[str, Any],
        cells: Sequence[Cell],
        path: Path,
        key: str,
    ) -> list[Fault] | None:
        """Put the list into *container*; return *faults* and those of its rows."""
        entries: list[Any] = []
        for row, made, found in self._converted(cells):
            here = (*path, key, len(entries))
            more = [self._fault(row, each, here) for each in (*row.faults, *found)]
            faults = [*(faults or ()), *more] if more else faults
            entries += made
        if entries:
            container[key] = entries
        return faults

    def row_of(self, entry: int, cells: Sequence[Cell]) -> OtherRow | None:
        """Return the row that the entry with this number comes from, for a row with *cells*."""
        for row, made, _ in self._converted(cells):
            if entry < len(made):
                return row
            entry -= len(made)
        return None

    def told(self, row: OtherRow, columns: str | None) -> str:
        """Return the place of a row of the other sheet in words."""
        return ", ".join(filter(None, (f"{self.sheet.name}:{row.number}", columns)))

    @property
    def columns(self) -> str:
        """Return the columns of the sheet that tell which rows belong to a row."""
        return ", ".join(column.name for column in self.rule.mine.columns)

    def _converted(
        self, cells: Sequence[Cell]
    ) -> Iterator[tuple[OtherRow, list[Any], list[Fault]]]:
        key = row_key(cells, self.places)
        for row in self.sheet.rows_of(key) if key else ():
            record, faults = self.convert([*row.cells, *cells])
            yield row, record.get(_ENTRIES, []), faults or []

    def _fault(self, row: OtherRow, fault: Fault, here: Path) -> Fault:
        """Return a fault of a row of the other sheet as one of the row it belongs to."""
        message = f"{self.told(row, fault.column)}: {fault.message}"
        return fault._replace(message=message, path=(*here, *fault.path[2:]), column=self.columns)
