"""Write the lines of one scalar field: the short cut for a plain cell, the careful way behind it.

The short cuts must give what ``FieldReader`` gives; a test holds the two against
each other with cells of every kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from zbbulk.mapping.cells import EXCEL_ERRORS, CellError, decimal_of
from zbbulk.mapping.reader import FieldReader
from zbbulk.mapping.rules import NOTHING, CustomField, Kind
from zbbulk.mapping.source_text import Place, SourceText
from zbbulk.mapping.words import Blank, OtherValues, TextChange
from zbbulk.model import Cell, Fault, Path

_REMEMBERED = 4096
_REMEMBERED_LENGTH = 64
_INLINE_CHANGES = {
    TextChange.TRIM: "v",
    TextChange.UPPER: "v.upper()",
    TextChange.LOWER: "v.lower()",
}


def field_names() -> dict[str, Any]:
    """Return what the lines of every field reach by name."""
    return {
        "NOTHING": NOTHING,
        "CellError": CellError,
        "Odd": (CellError, InvalidOperation),
        "Decimal": Decimal,
        "decimal_of": decimal_of,
        "EXCEL_ERRORS": EXCEL_ERRORS,
        "PLAIN": "0123456789.-",
        "SMALL": _small_numbers(),
    }


@cache
def _small_numbers() -> dict[str, Decimal]:
    """Return the numbers that sheets are full of, ready-made: quantities, rates of tax, days."""
    whole = map(str, range(1000))
    return {text: Decimal(text) for number in whole for text in (number, f"{number}.00")}


class Memo(dict[str, Any]):
    """What the short texts of one column mean, each read once, in bounded memory."""

    def __init__(self, read: Callable[[str], object]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> object:
        value = self._read(text)
        if len(self) < _REMEMBERED and len(text) <= _REMEMBERED_LENGTH:
            self[text] = value
        return value


class FieldWriter:
    """Writes the lines of one scalar field: the short cut, and the careful way behind it."""

    def __init__(self, text: SourceText, reader: FieldReader, place: Place) -> None:
        self._text = text
        self._reader = reader
        self._rule = reader.rule
        self._place = place

    def write(self, indent: int) -> None:
        """Write the field's lines at *indent*."""
        add = self._text.add
        if self._rule.value is not NOTHING and self._rule.lookup is None:
            add(indent, self._store(self._text.constant(self._rule.value, "C")))
        elif self._is_careful:
            self._careful(indent)
        elif len(self._rule.columns) == 1 and self._rule.texts is None:
            self._column(indent)
        elif not self._is_short_cut:
            self._careful(indent)
        elif self._rule.texts is None:
            self._first_of(indent)
        else:
            self._template(indent, self._rule.texts)

    @property
    def _is_careful(self) -> bool:
        """There is no short cut: a value that is looked up by more than its text, or made."""
        rule, reader = self._rule, self._reader
        is_made = rule.value is not NOTHING or rule.formula is not None or bool(rule.choose)
        return is_made or reader.place is not None

    @property
    def _is_short_cut(self) -> bool:
        """Several columns of plain text that mean the same whichever is read."""
        reader, rule = self._reader, self._rule
        return not reader.typed and rule.blank is not Blank.KEEP and len(set(reader.styles)) == 1

    def _first_of(self, indent: int) -> None:
        add, has_content = self._text.add, self._has_content("v")
        for number, position in enumerate(self._reader.positions):
            if number:
                add(indent + number - 1, f"if not ({has_content}):")
            add(indent + number, f"v = c[{position:d}].strip()")
        self._text_cell(indent)

    def _template(self, indent: int, texts: tuple[str, ...]) -> None:
        add, pieces = self._text.add, [self._text.constant(texts[0], "T")]
        cells = [f"v{number}" for number in range(len(self._reader.positions))]
        for cell, position, after in zip(cells, self._reader.positions, texts[1:], strict=True):
            add(indent, f"{cell} = c[{position:d}].strip()")
            if self._reader.source.empty_words:
                add(indent, f"if not ({self._has_content(cell)}):", f'    {cell} = ""')
            pieces += [cell] + ([self._text.constant(after, "T")] if after else [])
        add(indent, f"if {' or '.join(cells)}:", f"    v = ({' + '.join(pieces)}).strip()")
        self._flag(indent + 1)
        self._convert(indent + 1)
        self._blank(indent)

    def _store(self, value: str) -> str:
        place, custom = self._place, self._place.custom
        if custom is None:
            return place.put(value)
        key = self._text.constant(custom.key, "K")
        name = self._text.constant(custom.name, "K")
        return f'{place.container}.append({{{key}: {name}, "value": {value}}})'

    def _careful(self, indent: int) -> None:
        add, flag = self._text.add, self._place.flag
        add(indent, self._settle())
        if flag:
            has_content = self._text.constant(self._reader.has_content, "H")
            add(indent, f"{flag} = {flag} or {has_content}(c)")

    def _settle(self) -> str:
        settle = self._text.constant(_settler(self._reader, self._place.custom), "S")
        place = self._place
        return f"f = {settle}(f, {place.container}, c, {place.path}, {place.key or None})"

    def _column(self, indent: int) -> None:
        add, position = self._text.add, self._reader.positions[0]
        if not self._reader.typed:
            add(indent, f"v = c[{position:d}].strip()")
            self._text_cell(indent)
            return
        add(indent, f"v = c[{position:d}]", "if v.__class__ is str:", "    v = v.strip()")
        self._text_cell(indent + 1)
        add(indent, "else:")
        self._flag(indent + 1)
        if self._reader.is_plain and self._rule.kind is Kind.NUMBER:
            add(indent + 1, "if v.__class__ is float and -1e15 < v < 1e15:")
            add(indent + 2, self._store("decimal_of(v)"))
            add(indent + 1, "else:", "    " + self._settle())
        else:
            add(indent + 1, self._settle())

    def _flag(self, indent: int) -> None:
        if self._place.flag:
            self._text.add(indent, f"{self._place.flag} = True")

    def _text_cell(self, indent: int) -> None:
        self._text.add(indent, f"if {self._has_content('v')}:")
        self._flag(indent + 1)
        if self._reader.typed and self._is_text:
            self._text.add(indent + 1, "if v in EXCEL_ERRORS:", "    " + self._settle(), "else:")
            self._convert(indent + 2)
        else:
            self._convert(indent + 1)
        self._blank(indent)

    @property
    def _is_text(self) -> bool:
        rule = self._rule
        is_bare = rule.part is None and rule.values is None
        is_bare = is_bare and rule.lookup is None
        return rule.kind is Kind.TEXT and is_bare and rule.text in _INLINE_CHANGES

    def _has_content(self, cell: str) -> str:
        words = self._reader.source.empty_words
        if not words:
            return cell
        longest = max(map(len, words))  # folding the case never makes a text shorter
        empty = self._text.constant(words, "E")
        return f"{cell} and (len({cell}) > {longest:d} or {cell}.casefold() not in {empty})"

    def _convert(self, indent: int) -> None:
        add, read = self._text.add, self._reader.read
        if self._is_text:
            add(indent, self._store(_INLINE_CHANGES[self._rule.text]))
            return
        if self._is_plain_number:
            careful = self._text.constant(self._read_number, "R")
            quick = f"Decimal(v) if not v.lstrip(PLAIN) else {careful}(v)"
            statement = self._store(f"SMALL[v] if v in SMALL else {quick}")
            add(indent, "try:", "    " + statement, "except Odd:", "    " + self._settle())
            return
        memo = self._text.constant(Memo(read), "M")
        if self._may_be_left_out:
            store = [
                f"    v = {memo}[v]",
                "    if v is not NOTHING:",
                "        " + self._store("v"),
            ]
        else:
            store = ["    " + self._store(f"{memo}[v]")]
        add(indent, "try:", *store, "except CellError:", "    " + self._settle())

    @property
    def _is_plain_number(self) -> bool:
        style = self._reader.source.numbers
        is_number = self._rule.kind in {Kind.NUMBER, Kind.NUMBER_OR_PERCENT}
        return is_number and self._reader.is_plain and style.decimal == "."

    @property
    def _read_number(self) -> Callable[[str], object]:
        is_number = self._rule.kind is Kind.NUMBER
        return self._reader.source.numbers.read if is_number else self._reader.read

    @property
    def _may_be_left_out(self) -> bool:
        rule = self._rule
        may_be_blank = rule.part is not None or rule.text is TextChange.DIGITS
        may_be_blank = may_be_blank or rule.other_values is OtherValues.BLANK
        return rule.lookup is not None or (may_be_blank and rule.default is NOTHING)

    def _blank(self, indent: int) -> None:
        rule, add = self._rule, self._text.add
        if rule.default is not NOTHING and rule.lookup is not None:
            add(indent, "else:", "    " + self._settle())
            return
        if rule.default is not NOTHING:
            value = self._text.constant(rule.default, "C")
        elif rule.blank is Blank.CLEAR:
            value = '""'
        elif rule.blank is Blank.KEEP:
            value = "v"
        else:
            return
        add(indent, "else:", "    " + self._store(value))


def _settler(reader: FieldReader, custom: CustomField | None) -> Callable[..., list[Fault] | None]:
    """Return the careful way: read the field, put it or note why not."""

    def settle(
        faults: list[Fault] | None,
        container: Any,  # noqa: ANN401 - a dict or a list
        cells: Sequence[Cell],
        path: Path,
        key: str | None,
    ) -> list[Fault] | None:
        try:
            value = reader.value(cells)
        except CellError as error:
            where: Path = (*path, len(container) if key is None else key)
            if custom is not None:
                where = (*where, "value")
            fault = Fault(
                error.code, error.message, where, reader.column(cells), error.fix, error.sought
            )
            return [*(faults or ()), fault]
        if value is NOTHING:
            return faults
        if key is not None:
            container[key] = value
        elif custom is not None:
            container.append({custom.key: custom.name, "value": value})
        else:
            container.append(value)
        return faults

    return settle
