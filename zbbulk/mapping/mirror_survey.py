"""Find out which fields a mirror of some records shows.

Those that Zoho Books takes, by the resource's JSON Schema, and that the records have: of the
record itself also empty ones, so that they can be filled in; of lists and lines only what
some record has a value in. Reads each record once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeGuard

from zbbulk.mapping.mirror_fields import LINE_IDS, LINES, MirrorField, filled, lines_of
from zbbulk.mapping.rules import Kind
from zbbulk.mapping.shapes import Shape, shape_of
from zbbulk.model import JsonObject, Path
from zbbulk.resources import Resource

_CUSTOM = "custom_fields"
_LAST = 1_000_000
"""Stands behind every field that the schema names."""

Place = tuple[tuple[int, str], ...]
"""Where a field comes in the order of the schema."""


class MirrorSurvey:
    """Looks at records one after the other; knows then which fields they have.

    Attributes:
        left_out: What no column can show, e.g. a custom field with several values.
    """

    def __init__(self, resource: Resource, schema: JsonObject, *, only: Sequence[str] = ()) -> None:
        """Know no field yet.

        Args:
            resource: What the records are.
            schema: Its JSON Schema.
            only: Fields of the record, dotted where one stands in another; () for all.
        """
        self.left_out: dict[str, str] = {}
        self._root = shape_of(schema, schema)
        self._barred = {resource.id_field, *resource.constants}
        self._needed = set(resource.path_fields)
        self._only = tuple(tuple(name.split(".")) for name in only)
        self._found: dict[tuple[bool, Path], tuple[Place, Kind]] = {}

    def see(self, record: JsonObject) -> None:
        """Take in the fields of one record."""
        for name, held in record.items():
            shape = self._root.field(name)
            if name in self._barred or shape is None or name == LINES:
                continue
            self._see(held, shape, (name,), self._place(self._root, name), in_line=False)
        lines = self._root.field(LINES)
        for line in lines_of(record) if lines is not None else ():
            self._see_line(line, lines.entry if lines else self._root)

    def fields(self) -> tuple[MirrorField, ...]:
        """Return the fields of all records seen, in the order of the schema, lines last."""
        ranked = sorted(self._found.items(), key=lambda each: (each[0][0], each[1][0]))
        made = (
            MirrorField(path=path, kind=kind, in_line=in_line)
            for (in_line, path), (_, kind) in ranked
        )
        return tuple(each for each in made if self._is_wanted(each))

    def _is_wanted(self, each: MirrorField) -> bool:
        names = tuple(map(str, (LINES, *each.path) if each.in_line else each.path))
        is_needed = names[0] in self._needed
        return is_needed or not self._only or any(names[: len(n)] == n for n in self._only)

    def _see_line(self, line: JsonObject, shape: Shape) -> None:
        for name, held in line.items():
            known = shape.field(name)
            if known is not None and name not in LINE_IDS:
                self._see(held, known, (name,), self._place(shape, name), in_line=True)

    def _see(self, held: object, shape: Shape, path: Path, place: Place, *, in_line: bool) -> None:
        if shape.type == "array" and isinstance(held, list):
            self._see_list(held, shape, path, place, in_line=in_line)
        elif shape.type == "object" and isinstance(held, dict):
            for name, inner in held.items():
                known = shape.field(name)
                if known is not None:
                    below = (*place, *self._place(shape, name))
                    self._see(inner, known, (*path, name), below, in_line=in_line)
        elif shape.type == "scalar" and _is_scalar(held):
            is_inside = in_line or any(isinstance(step, int) for step in path)
            if not is_inside or held not in ("", None):
                self._found.setdefault((in_line, path), (place, shape.kind))

    def _see_list(
        self, held: list[object], shape: Shape, path: Path, place: Place, *, in_line: bool
    ) -> None:
        if str(path[-1]).endswith(_CUSTOM):
            for name, value in _custom(held):
                self._see_custom(name, value, path, place, in_line=in_line)
            return
        for number, entry in enumerate(filled(held)):
            below = (*place, (number, ""))
            self._see(entry, shape.entry, (*path, number), below, in_line=in_line)

    def _see_custom(
        self, name: str, value: object, path: Path, place: Place, *, in_line: bool
    ) -> None:
        if _is_scalar(value):
            where = (*place, (_LAST, name))
            self._found.setdefault((in_line, (*path, name)), (where, Kind.TEXT))
        else:
            self.left_out[f"{'.'.join(map(str, path))}.{name}"] = "it has several values"

    def _place(self, shape: Shape, name: str) -> Place:
        names = shape.names
        return ((names.index(name) if name in names else _LAST, name),)


def _custom(held: Iterable[object]) -> Iterator[tuple[str, object]]:
    """Yield the name and the value of each custom field, by its label where it has one."""
    for entry in held:
        if isinstance(entry, dict):
            name = str(entry.get("label") or entry.get("api_name") or "")
            if name:
                yield name, entry.get("value", "")


def _is_scalar(held: object) -> TypeGuard[str | bool | int | Decimal | None]:
    return held is None or isinstance(held, str | bool | int | Decimal)
