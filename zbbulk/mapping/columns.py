"""Which columns a mapping takes values from, and which field each of them feeds.

For those who make a sheet for a mapping. Goes by the rules and the resource's JSON
Schema; knows no sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from zbbulk.mapping.rules import (
    CustomFieldsRule,
    FieldRule,
    ListRule,
    Mapping,
    ObjectRule,
    RowsFromRule,
    Rule,
)
from zbbulk.mapping.shapes import Shape, shape_of
from zbbulk.model import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnUse:
    """One field that a column feeds.

    Attributes:
        column: Name of the column.
        path: Name of the field and those around it, entries of a list numbered when
            there are several: ``("contact_persons[2]", "email")``.
        rule: How the field is made of the column.
        chain: The field and those around it, each as the object it stands in and its
            name there, the outermost first; () where the schema does not know it.
        is_first: Whether every list around it is in its first entry here.
    """

    column: str
    path: tuple[str, ...]
    rule: FieldRule
    chain: tuple[tuple[Shape, str], ...]
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the Record the walk is; ``shape`` None where the schema knows no more."""

    path: tuple[str, ...]
    shape: Shape | None
    chain: tuple[tuple[Shape, str], ...] = ()
    is_first: bool = True

    def below(self, name: str) -> _Place:
        inner = self.shape.field(name) if self.shape else None
        chain = (*self.chain, (self.shape, name)) if self.shape and inner else ()
        return replace(self, path=(*self.path, name), shape=inner, chain=chain)

    def entry(self, number: int, *, of: int) -> _Place:
        step = self.path[-1] if of == 1 else f"{self.path[-1]}[{number}]"
        shape = self.shape.entry if self.shape else None
        first = self.is_first and number == 1
        return replace(self, path=(*self.path[:-1], step), shape=shape, is_first=first)


def column_uses(mapping: Mapping, schema: JsonObject) -> Iterator[ColumnUse]:
    """Yield every use of a column in *mapping*, in its order; *schema* is its resource's."""
    yield from _uses(mapping.fields, _Place((), shape_of(schema, schema)))


def _uses(rule: Rule, place: _Place) -> Iterator[ColumnUse]:
    if isinstance(rule, FieldRule):
        yield from _of_field(rule, place)
    elif isinstance(rule, ObjectRule):
        for name, inner in rule.fields.items():
            yield from _uses(inner, place.below(name))
    elif isinstance(rule, RowsFromRule):
        yield from _of_field(rule.mine, place)
    elif isinstance(rule, ListRule):
        for number, entry in enumerate(rule.entries, start=1):
            yield from _uses(entry, place.entry(number, of=len(rule.entries)))
    else:
        yield from _of_custom_fields(rule, place)


def _of_field(rule: FieldRule, place: _Place) -> Iterator[ColumnUse]:
    for column in rule.columns:
        yield ColumnUse(
            column=column.name,
            path=place.path,
            rule=rule,
            chain=place.chain,
            is_first=place.is_first,
        )


def _of_custom_fields(rule: CustomFieldsRule, place: _Place) -> Iterator[ColumnUse]:
    for custom in rule.entries:
        yield from _of_field(custom.rule, _Place((*place.path, custom.name), None))
