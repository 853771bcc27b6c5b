"""Find out how the dates of a sheet are written, when the mapping does not declare it.

Looks at every cell of the date columns once. A column that can be read in one way
only is read that way; one that can be read in two is a Problem, not a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Table

from zbbulk.errors import Location, MappingError, Problem
from zbbulk.mapping.binding import column_positions
from zbbulk.mapping.cells import CellError
from zbbulk.mapping.compile import sheet_rules
from zbbulk.mapping.dates import ISO, DateStyle, date_style
from zbbulk.mapping.reader import FieldReader
from zbbulk.mapping.rules import ColumnName, FieldRule, Kind, Mapping
from zbbulk.model import Cell

_ORDERS = ("dd/mm/yyyy", "mm/dd/yyyy")
_CANDIDATES = (
    *(order.replace("/", sign) for sign in "/-. " for order in _ORDERS),
    *("yyyy/mm/dd", "yyyy.mm.dd", "yyyymmdd", "ddmmyyyy", "mmddyyyy"),
    *("dd-mmm-yyyy", "dd mmm yyyy", "dd/mmm/yyyy", "mmm dd, yyyy", "mmm dd yyyy", "mmm-dd-yyyy"),
)
_REMEMBERED = 10_000


def date_survey(mapping: Mapping, header: Sequence[str]) -> DateSurvey | None:
    """Return a survey of the date columns; None when there is nothing to find out.

    Nothing is, when the mapping declares its dates or takes none from a column.
    Columns that the header does not have are left to ``compile_mapping``.
    """
    if mapping.source.dates is not None:
        return None
    places = column_positions(header)
    columns: dict[str, _DateColumn] = {}
    for rule in _read_rules(mapping):
        for column in _date_columns(rule):
            if column.name in places:
                seen = columns.setdefault(column.name, _DateColumn(column, places[column.name]))
                seen.readers.append(_reader(mapping, rule))
    return DateSurvey(mapping.file, list(columns.values())) if columns else None


def _read_rules(mapping: Mapping) -> Iterator[FieldRule]:
    """Yield the scalar rules that read cells themselves: the branches of those that choose."""
    yield from mapping.conditions
    beside = [mapping.legacy_key] if mapping.legacy_key else []
    for rule in (*sheet_rules(mapping.fields), *beside):
        for branch in rule.choose:
            yield from filter(None, (branch.condition, branch.rule))
        if not rule.choose:
            yield rule


def _date_columns(rule: FieldRule) -> Iterable[ColumnName]:
    """Return the columns that *rule* reads as dates, as far as that can be told beforehand."""
    if rule.kind is Kind.DATE and rule.texts is None:
        return rule.columns
    days = rule.formula.days if rule.formula is not None else frozenset()
    return (column for column in rule.columns if column.name in days)


def _reader(mapping: Mapping, rule: FieldRule) -> FieldReader:
    return FieldReader(rule=rule, positions=(), source=mapping.source, styles=(), typed=False)


class DateSurvey:
    """Sees every row once and then tells the style of each date column."""

    def __init__(self, file: str, columns: Sequence[_DateColumn]) -> None:
        self._file = file
        self._columns = columns

    def see(self, cells: Sequence[Cell]) -> None:
        """Take one row into account."""
        for column in self._columns:
            if column.position < len(cells):
                cell = cells[column.position]
                if isinstance(cell, str) and cell not in column.texts:
                    column.see(cell)

    def styles(self) -> Table[str, str]:
        """Return the date style of each column that has one; ISO dates need none.

        Raises:
            MappingError: a column can be read in two ways or in none as a whole;
                ``problems`` names all such columns.
        """
        problems = [found for column in self._columns if (found := column.problem(self._file))]
        if problems:
            first = problems[0]
            raise MappingError(
                first.message, first.fix, first.at, "ZB210", problems=tuple(problems)
            )
        styles = [(column.name, column.left[0].example) for column in self._columns if column.told]
        self._refuse_both_orders(styles)
        return {name.name: style for name, style in styles}

    def _refuse_both_orders(self, found: Sequence[tuple[ColumnName, str]]) -> None:
        """Raise MappingError if one column has the day first and another the month."""
        days = [each for each in found if each[1].startswith("dd") and "mmm" not in each[1]]
        months = [each for each in found if each[1].startswith("mm") and "mmm" not in each[1]]
        if not days or not months:
            return
        first, (name, style) = days[0], months[0]
        at = Location(file=self._file, row=name.line, column=str(name.at))
        raise MappingError(
            f"{name.name!r} fits only {style}, and {first[0].name!r} only {first[1]}:"
            " one file with both is most often a mistake.",
            "Correct the dates of one column in the sheet, and declare `dates:` in `source:`.",
            at,
            "ZB210",
        )


class _DateColumn:
    """What is known of one column so far."""

    def __init__(self, name: ColumnName, position: int) -> None:
        self.name = name
        self.position = position
        self.readers: list[FieldReader] = []
        self.texts: set[str] = set()
        self.left: list[DateStyle] = [date_style(example) for example in _CANDIDATES]
        self.told: list[str] = []
        self._torn: tuple[str, str] | None = None
        self._twofold: dict[tuple[str, str], str] = {}

    def see(self, cell: str) -> None:
        if len(self.texts) < _REMEMBERED:
            self.texts.add(cell)
        for reader in self.readers:
            if reader.is_blank(cell):
                continue
            try:
                text = reader.prepare(cell.strip())
            except CellError:
                continue
            if text is not None and not (
                reader.rule.values and text.casefold() in reader.rule.values
            ):
                self._weigh(text)

    def _weigh(self, text: str) -> None:
        if ISO.day(text) is not None:
            return
        days = {style.example: style.day(text) for style in _styles()}
        if not any(days.values()):
            return  # no date in any style: its row is refused when it is converted
        left = [style for style in self.left if days[style.example]]
        if not left:
            self._torn = self._torn or (self.told[0], text)
            return
        self.left = left
        self.told = self.told or [text]
        for other in left[1:]:
            if days[left[0].example] != days[other.example]:
                self._twofold.setdefault((left[0].example, other.example), text)

    def problem(self, file: str) -> Problem | None:
        at = Location(file=file, row=self.name.line, column=str(self.name.at))
        if self._torn:
            first, second = self._torn
            message = (
                f"The column {self.name.name!r} holds dates of two kinds: {first!r} and {second!r}."
            )
            fix = "Declare `dates:` in `source:`; rows written in another way are then refused."
            return Problem(code="ZB210", message=message, at=at, fix=fix)
        for other in self.left[1:]:
            text = self._twofold.get((self.left[0].example, other.example))
            if text is not None:
                return self._in_two_ways(text, other, at)
        return None

    def _in_two_ways(self, text: str, other: DateStyle, at: Location) -> Problem:
        first = self.left[0]
        message = (
            f"The dates of the column {self.name.name!r} can be read in two ways: {text!r} is "
            f"{first.day(text)} ({first.example}) or {other.day(text)} ({other.example})."
        )
        fix = f"Declare `dates: {first.example}` or `dates: {other.example}` in `source:`."
        return Problem(code="ZB210", message=message, at=at, fix=fix)


def _styles() -> list[DateStyle]:
    return [date_style(example) for example in _CANDIDATES]
