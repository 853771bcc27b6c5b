"""Bind rules to the headers of sheets: which cell each reads, and how that is written."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass

from zbbulk.mapping.dates import DateStyle, date_style
from zbbulk.mapping.generate import Bind, generate
from zbbulk.mapping.look_up import LookUp
from zbbulk.mapping.reader import FieldReader
from zbbulk.mapping.rows_from import Gatherer, entries_of
from zbbulk.mapping.rules import Branch, FieldRule, RowsFromRule, Source
from zbbulk.model import Finder, OtherSheet


def column_positions(header: Sequence[str]) -> dict[str, int]:
    """Return the position of each column, by its name without outer spaces."""
    return {name.strip(): number for number, name in enumerate(header)}


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What readers of cells must know of one sheet.

    Attributes:
        source: What the mapping says of it.
        places: Position of each column.
        dates: Date style of each column, as the date survey found it.
        is_typed: The cells come from a workbook.
    """

    source: Source
    places: Table[str, int]
    dates: Table[str, str]
    is_typed: bool

    def bound(
        self, finder: Finder | None, *, place: FieldReader | None = None, behind: int = 0
    ) -> Bind:
        """Return what makes the reader of a rule.

        Args:
            finder: Gives the ids that are looked up.
            place: Reads the state that a rate of GST hangs on.
            behind: After so many cells of another sheet those of this one stand.
        """

        def bind(rule: FieldRule) -> FieldReader:
            return FieldReader(
                rule=rule,
                positions=tuple(behind + self.places[column.name] for column in rule.columns),
                source=self.source,
                styles=tuple(self._style(column.name) for column in rule.columns),
                typed=self.is_typed,
                look_up=None if rule.lookup is None else LookUp(rule.lookup, finder),
                place=place if rule.lookup is not None and rule.lookup.is_gst else None,
                branches=tuple(map(branch, rule.choose)),
            )

        def branch(each: Branch) -> tuple[FieldReader | None, FieldReader | None, str]:
            condition = None if each.condition is None else bind(each.condition)
            return condition, None if each.rule is None else bind(each.rule), each.refusal

        return bind

    def _style(self, column: str) -> DateStyle | None:
        name = self.source.dates or self.dates.get(column)
        return date_style(name) if name else None


def gatherer(
    rule: RowsFromRule,
    source: Source,
    sheet: OtherSheet,
    facts: SheetFacts,
    *,
    finder: Finder | None,
    state: FieldRule | None,
) -> Gatherer:
    """Return what fills a list from another sheet.

    Args:
        rule: The rule of the list.
        source: What the mapping says of the other sheet.
        sheet: The other sheet.
        facts: Those of the sheet itself.
        finder: Gives the ids that are looked up.
        state: The rule of the field that a rate of GST hangs on.
    """
    own = SheetFacts(
        source,
        column_positions(sheet.header),
        dates=sheet.dates,
        is_typed=sheet.is_typed,
    )
    place = facts.bound(finder, behind=len(sheet.header))(state) if state else None
    return Gatherer(
        rule=rule,
        places=tuple(facts.places[column.name] for column in rule.mine.columns),
        sheet=sheet,
        convert=generate(entries_of(rule), own.bound(finder, place=place)),
    )
