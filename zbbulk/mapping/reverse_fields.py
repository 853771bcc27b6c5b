"""Which fields of a mapping can be turned round, and which can't, and why.

A field can go back into the sheet where one column says it and nothing is computed; what
stands in ``docs/export.md`` about it is this module's doing. Knows no record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from zbbulk.mapping.debit_credit import AMOUNT_FIELD, DebitCredit
from zbbulk.mapping.rules import NOTHING, EachRowRule, FieldRule, Mapping, RowsFromRule, Rule
from zbbulk.mapping.walk import below
from zbbulk.mapping.words import Rows
from zbbulk.model import LEGACY_KEY, Path


class Lost(NamedTuple):
    """What of a mapping can't go back into the sheet.

    Attributes:
        line: Of the mapping.
        field: The field, dotted.
        why: In words.
    """

    line: int
    field: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """One field that goes back.

    Attributes:
        path: Of the field in the record, or in an entry of the list.
        of_list: The list with an entry for each row that it stands in, () for the record.
        rule: How the mapping reads it.
        column: The column that is filled; the amount's of two sides is found by trying.
    """

    path: Path
    of_list: Path
    rule: FieldRule
    column: str

    @property
    def is_first_only(self) -> bool:
        """Tell whether only the first row of a document says it."""
        return not self.of_list and self.rule.rows is not Rows.SAME

    @property
    def name(self) -> str:
        """Return the field as messages call it."""
        return ".".join(map(str, (*self.of_list, *self.path)))


class Reversible:
    """The fields of one mapping, sorted by whether they go back.

    Attributes:
        back: Those that do.
        constants: Those that are the same for all records, and in no column.
        lost: Those that do not go back, and what else is not as it was.
        lists: The lists with an entry for each row.
    """

    def __init__(self, mapping: Mapping) -> None:
        """Sort the fields of *mapping*."""
        self.back: list[Back] = []
        self.constants: list[Back] = []
        self.lost: list[Lost] = []
        self.lists: list[Path] = []
        self._columns: dict[str, str] = {}
        for rule, path, of_list in self._rules(mapping.fields, (), ()):
            self._sort(rule, path, of_list)
        if mapping.legacy_key is not None:
            why = "the key of the old system is not in Zoho Books"
            self.lost.append(Lost(mapping.legacy_key.line, LEGACY_KEY, why))
        if mapping.only_rows is not None:
            why = "what tells which rows are taken is not filled in"
            self.lost.append(Lost(mapping.only_rows.line, "only_rows", why))

    def _rules(
        self, rule: Rule, path: Path, of_list: Path
    ) -> Iterator[tuple[FieldRule, Path, Path]]:
        """Yield each scalar rule, the path of its field, and the list that it stands in."""
        if isinstance(rule, FieldRule):
            yield rule, path, of_list
        elif isinstance(rule, RowsFromRule):
            self._lose(rule.line, path, "another sheet holds it")
        else:
            if isinstance(rule, EachRowRule):
                self.lists.append(path)
                path, of_list = (), path
            for inner, step in below(rule):
                yield from self._rules(inner, (*path, *step), of_list)

    def _sort(self, rule: FieldRule, path: Path, of_list: Path) -> None:
        whole = (*of_list, *path)
        if rule.value is not NOTHING:
            self.constants.append(Back(path=path, of_list=of_list, rule=rule, column=""))
            return
        if why := _why_not(rule):
            self._lose(rule.line, whole, why)
            return
        if isinstance(rule.formula, DebitCredit) and not _is_amount(path):
            return  # the amount's columns say it
        column = rule.columns[0].name
        if column in self._columns:
            self._lose(rule.line, whole, f"{column!r} says {self._columns[column]} already")
            return
        self._columns[column] = ".".join(map(str, whole))
        if len(rule.columns) > 1 and rule.formula is None:
            spare = ", ".join(repr(each.name) for each in rule.columns[1:])
            self._lose(rule.line, whole, f"it goes into {column!r}, and {spare} stay blank")
        self.back.append(Back(path=path, of_list=of_list, rule=rule, column=column))

    def _lose(self, line: int, path: Path, why: str) -> None:
        self.lost.append(Lost(line, ".".join(map(str, path)), why))


def _is_amount(path: Path) -> bool:
    return path[-1] == AMOUNT_FIELD


def _why_not(rule: FieldRule) -> str:
    """Return why a rule can't be turned round, "" when it can."""
    lookup = rule.lookup
    is_computed = rule.formula is not None and not isinstance(rule.formula, DebitCredit)
    reasons = (
        (bool(rule.choose), "it is chosen by conditions"),
        (is_computed, "it is computed"),
        (rule.part is not None, "it is a piece of a cell"),
        (
            rule.texts is not None and len(rule.columns) > 1,
            "it is put together of several columns",
        ),
        (lookup is not None and lookup.is_gst, "the rate of GST is that of several taxes"),
        (
            lookup is not None and lookup.rule.field == LEGACY_KEY,
            "the key of the old system is not in Zoho Books",
        ),
    )
    return next((why for is_so, why in reasons if is_so), "")
