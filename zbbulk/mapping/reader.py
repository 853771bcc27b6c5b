"""Read one field's value out of a row, the careful way, with every refusal.

The generated function (``generate.py``) takes its short cuts past this module and
comes here whenever a cell is not plain; both must give the same. Bound to the
positions of one header; knows no row number and no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from zbbulk.mapping.cells import (
    EXCEL_ERRORS,
    CellError,
    cell_text,
    day_of,
    decimal_of,
    excel_error,
    shown,
)
from zbbulk.mapping.computed import computed
from zbbulk.mapping.dates import DateStyle
from zbbulk.mapping.formula_values import ColumnValue
from zbbulk.mapping.literals import read_text, whole
from zbbulk.mapping.look_up import LookUp
from zbbulk.mapping.rules import NOTHING, FieldRule, Kind, Part, Source
from zbbulk.mapping.words import Blank, OtherValues, TextChange
from zbbulk.model import Cell

_WORDS = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReader:
    """One field rule, bound to a header.

    Attributes:
        rule: The rule.
        positions: Of its columns in the row, as many as ``rule.columns``.
        source: How the file's cells are written.
        styles: Date style of each column, None where only ISO dates are read.
        typed: The cells come from a workbook: numbers, dates and booleans too.
        look_up: Gives the id for a text, None when the text is what is sent.
        place: Reads the state that a rate of GST hangs on, None for any other field.
        branches: Of a rule that chooses: condition (None is always true), reader (None refuses
            the row), and what is then told.
    """

    rule: FieldRule
    positions: tuple[int, ...]
    source: Source
    styles: tuple[DateStyle | None, ...]
    typed: bool
    look_up: LookUp | None = None
    place: FieldReader | None = None
    branches: tuple[tuple[FieldReader | None, FieldReader | None, str], ...] = ()
    _plain: bool = field(init=False)

    def __post_init__(self) -> None:
        rule = self.rule
        is_plain = rule.part is None and rule.values is None and rule.text is TextChange.TRIM
        object.__setattr__(self, "_plain", is_plain)

    @property
    def is_plain(self) -> bool:
        """Nothing is done to the cell's text before it is read."""
        return self._plain

    def is_blank(self, cell: Cell) -> bool:
        """Return whether a cell is empty, white space, or one of the empty words."""
        if not isinstance(cell, str):
            return False
        text = cell.strip()
        return not text or text.casefold() in self.source.empty_words

    def has_content(self, cells: Sequence[Cell]) -> bool:
        """Return whether one of the rule's cells is not blank."""
        return any(not self.is_blank(cells[position]) for position in self.positions)

    def value(self, cells: Sequence[Cell]) -> object:
        """Return the field's value, NOTHING when it is to be left out.

        Raises:
            CellError: the cell can't be read, or what it names can't be found.
        """
        value = self._value(cells)
        if self.place is None:
            return self._found(value)
        try:
            place = self.place.value(cells)
        except CellError:
            return NOTHING  # told of the state's own field
        return self._found(value, "" if place is NOTHING else str(place))

    def _found(self, value: object, place: str = "") -> object:
        """Return the id for a text that is looked up, any other value as it is."""
        if self.look_up is None or not isinstance(value, str) or not value.strip():
            return value
        return self.look_up(value, place)

    def _value(self, cells: Sequence[Cell]) -> object:
        if self.rule.value is not NOTHING:
            return self.rule.value
        if self.branches:
            return self._of_branch(cells)
        if self.rule.formula is not None:
            is_blank = self.positions and not self.has_content(cells)
            return self.blank("") if is_blank else self.computed(cells)
        if self.rule.texts is not None:
            return self._read(self._joined(cells)) if self.has_content(cells) else self.blank("")
        number = self.chosen(cells)
        cell = cells[self.positions[number]]
        return self.blank(cell) if self.is_blank(cell) else self._read(cell, number)

    def _of_branch(self, cells: Sequence[Cell]) -> object:
        """Return the value of the first branch that counts; without one the field is blank."""
        for condition, reader, refusal in self.branches:
            if condition is not None and condition.computed(cells) is not True:
                continue
            if reader is None:
                raise CellError("ZB222", f"{refusal.rstrip('.')}.")
            value = reader.value(cells)
            return self.blank("") if value is NOTHING else value
        return self.blank("")

    def computed(self, cells: Sequence[Cell]) -> object:
        """Return what the rule's formula gives, as the field takes it.

        Raises:
            CellError: it can't be computed (ZB221), or gives what the field does not take;
                a cell holds an Excel error.
        """
        formula = self.rule.formula
        if formula is None:
            return NOTHING
        if self.typed:
            self._refuse_excel_errors(cells)
        row = {
            column.name: ColumnValue(
                cells[position], self.is_blank(cells[position]), self.source.numbers, style
            )
            for column, position, style in zip(
                self.rule.columns, self.positions, self.styles, strict=True
            )
        }
        return computed(formula, row, self.rule.kind)

    def _refuse_excel_errors(self, cells: Sequence[Cell]) -> None:
        for position in self.positions:
            cell = cells[position]
            if isinstance(cell, str) and cell.strip() in EXCEL_ERRORS:
                raise excel_error(cell.strip())

    def chosen(self, cells: Sequence[Cell]) -> int:
        """Return which of the columns is read: the first that is not blank, else the first."""
        for number, position in enumerate(self.positions):
            if not self.is_blank(cells[position]):
                return number
        return 0

    def column(self, cells: Sequence[Cell]) -> str | None:
        """Return the name of the column a refusal is about, None if there is none."""
        if not self.rule.columns:
            return None
        if self.rule.formula is not None or self.branches:
            return ", ".join(column.name for column in self.rule.columns)
        return self.rule.columns[0 if self.rule.texts is not None else self.chosen(cells)].name

    def read(self, cell: Cell, number: int = 0) -> object:
        """Return what a cell that is not blank means; *number* tells which column it is of.

        Raises:
            CellError: it can't be read, or what it names can't be found.
        """
        return self._found(self._read(cell, number))

    def _read(self, cell: Cell, number: int = 0) -> object:
        if self.typed and isinstance(cell, str) and cell.strip() in EXCEL_ERRORS:
            raise excel_error(cell.strip())
        if self._plain and not isinstance(cell, str):
            return self._native(cell)
        text = cell_text(cell)
        if not self._plain:
            prepared = self.prepare(text)
            if prepared is None:
                return self.blank(cell)
            if self.rule.values is not None:
                found = self._listed(prepared, cell)
                if found is not None:
                    return found
            text = prepared
        if not isinstance(cell, str):
            return read_text(text, self.rule.kind)
        return self._from_text(text, number)

    def prepare(self, text: str) -> str | None:
        """Return the text after ``part`` and ``text``, None if nothing is left of it."""
        rule = self.rule
        if rule.part is not None:
            piece = _piece(text, rule.part)
            if piece is None and rule.default is NOTHING:
                raise _no_piece(text, rule.part)
            text = piece or ""
        text = changed(text, rule.text)
        return None if self.is_blank(text) else text

    def blank(self, cell: Cell) -> object:
        """Return what is sent for a blank cell."""
        if self.rule.default is not NOTHING:
            return self.rule.default
        if self.rule.blank is Blank.CLEAR:
            return ""
        if self.rule.blank is Blank.KEEP:
            return cell_text(cell)
        return NOTHING

    def _joined(self, cells: Sequence[Cell]) -> str:
        texts = self.rule.texts or ("",)
        joined = texts[0]
        if self.typed:
            self._refuse_excel_errors(cells)
        for position, after in zip(self.positions, texts[1:], strict=True):
            cell = cells[position]
            joined += ("" if self.is_blank(cell) else cell_text(cell)) + after
        return joined.strip()

    def _listed(self, text: str, cell: Cell) -> object:
        """Return what the value list says of *text*; None: read it as it is."""
        listed: Table[str, object] = self.rule.values or {}
        found = listed.get(text.casefold())
        if found is not None:
            return found
        if self.rule.other_values is OtherValues.BLANK:
            return self.blank(cell)
        if self.rule.other_values is OtherValues.KEEP:
            return None
        names = ", ".join(self.rule.words[:_LISTED])
        more = len(self.rule.words) - _LISTED
        rest = f" and {more} more" if more > 0 else ""
        raise CellError("ZB208", f"{shown(text)} is not in the mapping's list: {names}{rest}.")

    def _from_text(self, text: str, number: int) -> object:
        kind = self.rule.kind
        if kind is Kind.TEXT:
            return text
        return read_text(text, kind, numbers=self.source.numbers, dates=self.styles[number])

    def _native(self, cell: Cell) -> object:
        kind = self.rule.kind
        if kind is Kind.TEXT:
            return cell_text(cell)
        if isinstance(cell, bool):
            if kind is Kind.BOOLEAN:
                return cell
        elif isinstance(cell, int | float):
            return _from_number(cell, kind)
        elif isinstance(cell, date) and kind is Kind.DATE:
            return _from_date(cell)
        return read_text(cell_text(cell), kind)


def _from_number(cell: float, kind: Kind) -> object:
    number = decimal_of(cell)
    if kind is Kind.INTEGER:
        return whole(number, f"{number:f}")
    if kind is Kind.DATE:
        message = f"{number:f} is a number in the workbook, not a date."
        raise CellError("ZB205", message, "Format the column as a date in the workbook.")
    if kind is Kind.BOOLEAN:
        return read_text(f"{number:f}", kind)
    return number


def _from_date(cell: date) -> str:
    day = day_of(cell)
    if day is None:
        message = f"{shown(cell_text(cell))} has a time of day, and Zoho takes only the date."
        fix = 'Let the mapping take the date: `part: {split: " ", take: 1}`.'
        raise CellError("ZB205", message, fix)
    return str(read_text(day, Kind.DATE))


def changed(text: str, change: TextChange) -> str:
    """Return *text* cleaned up as ``text:`` says, without outer spaces."""
    text = text.strip()
    if change is TextChange.UPPER:
        return text.upper()
    if change is TextChange.LOWER:
        return text.lower()
    if change is TextChange.TITLE:
        return _WORDS.sub(lambda word: word[0].capitalize(), text)
    if change is TextChange.DIGITS:
        return "".join(sign for sign in text if sign in "0123456789")
    return text


def _piece(text: str, part: Part) -> str | None:
    pieces = text.split() if part.split == " " else text.split(part.split)
    number = part.take - 1 if part.take > 0 else part.take
    return pieces[number].strip() if -len(pieces) <= number < len(pieces) else None


def _no_piece(text: str, part: Part) -> CellError:
    wanted = f"piece {part.take}" if part.take > 0 else f"piece {-part.take} from the end"
    return CellError("ZB215", f"{shown(text)} has no {wanted} when split at {part.split!r}.")
