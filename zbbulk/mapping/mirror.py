"""A mirror of records as a sheet, which can be edited and imported again.

One row a record, or one row a line where records have lines, the record's own cells on each.
Beside the fields stand zbbulk's own columns: the record's id, the line's id, when Zoho changed
the record last, and a hash of what the row shows. ``mirror_mapping`` reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from zbbulk.layout import LayoutColumn, Look, OutCell
from zbbulk.mapping.mirror_fields import (
    ID,
    LINE_ID,
    MODIFIED,
    MODIFIED_FIELD,
    ROW_HASH,
    MirrorField,
    Value,
    field_of,
    hash_of,
    line_id_of,
    lines_of,
    told_value,
    values_of,
)
from zbbulk.mapping.mirror_names import column_names, read_only_name
from zbbulk.mapping.mirror_survey import MirrorSurvey
from zbbulk.mapping.rules import Kind
from zbbulk.model import JsonObject, Path
from zbbulk.resources import Resource

_LOOKS = {
    Kind.NUMBER: Look.NUMBER,
    Kind.INTEGER: Look.NUMBER,
    Kind.DATE: Look.DATE,
    Kind.BOOLEAN: Look.YES_NO,
}
_TOLD = ("status", "sub_total", "total", "balance")
"""What people want to see of a record and Zoho Books alone decides."""


class Mirror:
    """The layout of a mirror; satisfies ``Layout``.

    Attributes:
        fields: What it shows and takes back.
        names: The column of each.
        left_out: What no column can show, and why.
    """

    def __init__(
        self,
        resource: Resource,
        fields: Sequence[MirrorField],
        *,
        read_only: Sequence[MirrorField] = (),
        has_lines: bool = False,
        left_out: dict[str, str] | None = None,
    ) -> None:
        """Lay out *fields*, and *read_only* ones that are shown and not taken back."""
        self.fields = tuple(fields)
        self.names = column_names(self.fields)
        self.left_out = left_out or {}
        self.has_lines = has_lines
        self._resource = resource
        self._read_only = tuple(read_only)
        self._head = tuple(each for each in self.fields if not each.in_line)
        self._line = tuple(each for each in self.fields if each.in_line)

    @property
    def columns(self) -> Sequence[LayoutColumn]:
        """Return the columns: zbbulk's id first, what people do not need at the end, hidden."""
        shown = [(each, self.names[each]) for each in self.fields]
        shown += [(each, read_only_name(each)) for each in self._read_only]
        looks = [
            LayoutColumn(name=name, look=_LOOKS.get(each.kind, Look.TEXT)) for each, name in shown
        ]
        own = [LINE_ID] if self.has_lines else []
        return (
            LayoutColumn(name=ID),
            *looks,
            *(LayoutColumn(name=name, is_hidden=True) for name in (*own, MODIFIED, ROW_HASH)),
        )

    def rows(self, record: JsonObject) -> Iterator[Sequence[OutCell]]:
        """Yield the rows of *record*, one at least."""
        lines = lines_of(record) if self.has_lines else []
        mark, modified = self.hash(record), record.get(MODIFIED_FIELD) or ""
        for line in lines or [{}]:
            own = [line_id_of(line)] if self.has_lines else []
            yield [
                str(record.get(self._resource.id_field, "")),
                *(_cell(each, record, line) for each in (*self.fields, *self._read_only)),
                *own,
                str(modified),
                mark,
            ]

    def hash(self, record: JsonObject) -> str:
        """Return what tells whether *record* is as it was in all that the mirror shows."""
        lines = lines_of(record) if self.has_lines else []
        told = (
            (line_id_of(line), values_of(line, self._line) | self._told(line, in_line=True))
            for line in lines
        )
        return hash_of(values_of(record, self._head) | self._told(record, in_line=False), told)

    def _told(self, held: JsonObject, *, in_line: bool) -> dict[Path, Value]:
        """Return what is only shown, by the name of its column."""
        shown = (each for each in self._read_only if each.in_line is in_line)
        values = ((read_only_name(each), told_value(field_of(held, each.path))) for each in shown)
        return {(name,): value for name, value in values if value is not None}


def mirror_of(
    resource: Resource,
    schema: JsonObject,
    records: Iterable[JsonObject],
    *,
    only: Sequence[str] = (),
) -> Mirror:
    """Return the layout of a mirror of *records*, each of which is looked at once.

    Args:
        resource: What the records are.
        schema: Its JSON Schema.
        records: As Zoho gave them.
        only: The fields that are wanted, () for all that Zoho Books takes.
    """
    survey, told = MirrorSurvey(resource, schema, only=only), _Told(schema, only=only)
    has_lines = False
    for record in records:
        survey.see(record)
        told.see(record)
        has_lines = has_lines or bool(lines_of(record))
    fields = survey.fields()
    has_lines = has_lines and any(each.in_line for each in fields)
    read_only = told.beside(fields)
    return Mirror(
        resource, fields, read_only=read_only, has_lines=has_lines, left_out=survey.left_out
    )


class _Told:
    """Finds what is shown and not taken back: names beside ids, and what Zoho computes."""

    def __init__(self, schema: JsonObject, *, only: Sequence[str]) -> None:
        self._taken = schema.get("properties", {})
        self._only = only
        self._head: dict[str, Kind] = {}
        self._line: set[str] = set()

    def see(self, record: JsonObject) -> None:
        for name, held in record.items():
            if name not in self._taken and held and isinstance(held, str | int | Decimal):
                is_number = not isinstance(held, str)
                self._head.setdefault(name, Kind.NUMBER if is_number else Kind.TEXT)
        for line in lines_of(record):
            self._line.update(name for name in line if name.endswith("_name") and line[name])

    def beside(self, fields: Sequence[MirrorField]) -> tuple[MirrorField, ...]:
        """Return the fields to show beside *fields*."""
        shown = {(each.in_line, each.path) for each in fields}
        found: list[tuple[bool, str]] = []
        for each in fields:
            name = str(each.path[-1])
            if name.endswith("_id") and len(each.path) == 1:
                found.append((each.in_line, f"{name[:-3]}_name"))
        found += [(False, name) for name in self._only or _TOLD]
        return tuple(
            MirrorField(path=(name,), kind=self._kind(name, in_line=in_line), in_line=in_line)
            for in_line, name in dict.fromkeys(found)
            if (in_line, (name,)) not in shown and self._is_there(name, in_line=in_line)
        )

    def _is_there(self, name: str, *, in_line: bool) -> bool:
        return name in self._line if in_line else name in self._head

    def _kind(self, name: str, *, in_line: bool) -> Kind:
        return Kind.TEXT if in_line else self._head.get(name, Kind.TEXT)


def _cell(each: MirrorField, record: JsonObject, line: JsonObject) -> OutCell:
    """Return the cell of a field: as Zoho has it, but for what is no value."""
    held = field_of(line if each.in_line else record, each.path)
    if held is None or isinstance(held, list | dict):
        return ""
    if isinstance(held, bool):
        return held if each.kind is Kind.BOOLEAN else str(held).lower()
    if isinstance(held, int | Decimal):
        number = Decimal(held)
        return f"{number.normalize():f}" if each.kind is Kind.TEXT else number
    return _text_cell(str(held), each.kind) if str(held).strip() else ""


def _text_cell(text: str, kind: Kind) -> OutCell:
    """Return *text* as a number, day or yes/no where it is exactly one, else as it is."""
    try:
        if kind in (Kind.NUMBER, Kind.INTEGER) and f"{Decimal(text):f}" == text:
            return Decimal(text)
        if kind is Kind.DATE and date.fromisoformat(text).isoformat() == text:
            return date.fromisoformat(text)
    except (InvalidOperation, ValueError):
        return text
    return text
