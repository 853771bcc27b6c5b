"""The fields that a mirror shows: where each stands in a record, and what its cells mean.

A mirror is a sheet that ``export`` writes and ``import`` compares with Zoho Books. What is
compared, and hashed, are values and never texts: a sheet program may write 12.50 as 12.5 or
turn a date round. Empty and missing are the same here: a sheet shows neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from zbbulk.mapping.cells import CellError
from zbbulk.mapping.literals import read_text
from zbbulk.mapping.rules import Kind
from zbbulk.model import JsonObject, Path

ID, LINE_ID, MODIFIED, ROW_HASH = "_id", "_line_item_id", "_last_modified", "_row_hash"
"""The columns of a mirror that are zbbulk's own."""

LINES = "line_items"
LINE_IDS = ("line_item_id", "line_id")
"""How Zoho calls the id of a line; journals have the second."""

MODIFIED_FIELD = "last_modified_time"

Value: TypeAlias = str | bool | Decimal
Values: TypeAlias = Mapping[Path, Value]
"""What a record, or a line of one, has in the fields of a mirror; none is empty."""

_HASH_LENGTH = 16
"""So many hex digits tell one record from another well enough: nothing hostile is kept out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorField:
    """One field that a mirror shows.

    Attributes:
        path: Where it stands: in the record, or in a line of it if ``in_line``. A custom
            field is ``("custom_fields", label)``, an entry of a list has its index.
        kind: What it takes.
        in_line: Each line of the record has it.
    """

    path: Path
    kind: Kind
    in_line: bool = False

    @property
    def top(self) -> str:
        """Return the field of the record that it is, or that it is part of."""
        return LINES if self.in_line else str(self.path[0])


def field_of(record: object, path: Path) -> object:
    """Return what *record* has at *path*, None if nothing."""
    held = record
    for number, step in enumerate(path):
        if isinstance(held, list):
            held = _entry(held, step, is_custom=str(path[number - 1]).endswith("custom_fields"))
        else:
            held = held.get(step) if isinstance(held, dict) else None
    return held


def _entry(entries: list[object], step: str | int, *, is_custom: bool) -> object:
    if isinstance(step, int):
        there = filled(entries)
        return there[step] if step < len(there) else None
    if not is_custom:
        return None
    named = (each for each in entries if isinstance(each, dict))
    found = (each for each in named if step in (each.get("label"), each.get("api_name")))
    return next((each.get("value") for each in found), None)


def filled(entries: Iterable[object]) -> list[object]:
    """Return the *entries* of a list that have any value: a sheet shows no others."""
    return [each for each in entries if _is_filled(each)]


def _is_filled(held: object) -> bool:
    if isinstance(held, dict):
        return any(map(_is_filled, held.values()))
    if isinstance(held, list):
        return any(map(_is_filled, held))
    return bool(held.strip()) if isinstance(held, str) else held is not None


def value_of(held: object, kind: Kind) -> Value | None:
    """Return what Zoho *held* as a sheet would be read; None for what is empty or no value.

    A text that is no number, date or yes/no where one is wanted stays the text it is.
    """
    if isinstance(held, bool):
        return held if kind is Kind.BOOLEAN else str(held).lower()
    if isinstance(held, int | Decimal):
        return _of_text(f"{Decimal(held).normalize():f}", kind)
    if isinstance(held, str):
        return _of_text(_plain_ends(held), kind)
    return None


def _of_text(text: str, kind: Kind) -> Value | None:
    if not text:
        return None
    try:
        return settled(read_text(text, kind))
    except CellError:
        return text


def settled(value: object) -> Value | None:
    """Return what a reader of cells gave as it is compared: 12.50 and 12.5 are the same."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return Decimal(value).normalize()
    if isinstance(value, str):
        return _plain_ends(value) or None
    return None


def _plain_ends(text: str) -> str:
    """Return *text* without outer spaces, its lines ended as a workbook ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def told_value(held: object) -> Value | None:
    """Return a value that is only shown, as it is compared: a number is one however written."""
    if isinstance(held, bool):
        return str(held).lower()
    if isinstance(held, float):
        held = format(held, ".15g")
    text = _plain_ends(str(held)) if held is not None else ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text or None
    return number.normalize() if number.is_finite() else text


def values_of(held: object, fields: Iterable[MirrorField]) -> dict[Path, Value]:
    """Return what a record, or a line, has in *fields*."""
    found = ((each.path, value_of(field_of(held, each.path), each.kind)) for each in fields)
    return {path: value for path, value in found if value is not None}


def lines_of(record: JsonObject) -> list[JsonObject]:
    """Return the lines of *record*."""
    lines = record.get(LINES)
    if not isinstance(lines, list):
        return []
    return [line for line in filled(lines) if isinstance(line, dict)]


def line_id_of(line: JsonObject) -> str:
    """Return Zoho's id of a line, "" when it has none."""
    return next((str(line[name]) for name in LINE_IDS if line.get(name)), "")


def hash_of(head: Values, lines: Iterable[tuple[str, Values]]) -> str:
    """Return what tells whether a record is as it was: of its values, and those of its lines.

    Args:
        head: Of the record without its lines.
        lines: The id of each line and what it has; their order makes no difference.
    """
    whole = [_told(head), *sorted([line_id, *_told(values)] for line_id, values in lines)]
    text = json.dumps(whole, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def _told(values: Values) -> list[str]:
    return sorted(f"{path_text(path)}={_text(value)}" for path, value in values.items())


def _text(value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def path_text(path: Path) -> str:
    """Return *path* as one text."""
    return ".".join(map(str, path))
