"""Leave out of a mapping what a sheet has no columns for and Zoho Books does not need.

Meant for mappings that ship with zbbulk, which name more columns than most sheets have. What
is needed stays as it is, so that ``compile_mapping`` refuses its missing columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import replace
from difflib import get_close_matches
from typing import NamedTuple

from zbbulk.mapping.compile import sheet_rules
from zbbulk.mapping.rules import (
    NOTHING,
    CustomFieldsRule,
    EachRowRule,
    FieldRule,
    ListRule,
    Mapping,
    ObjectRule,
    RowsFromRule,
    Rule,
)
from zbbulk.mapping.shapes import Shape, shape_of
from zbbulk.mapping.words import TextChange
from zbbulk.model import Action, JsonObject
from zbbulk.resources import resource


class LeftOut(NamedTuple):
    """A column of the mapping that the sheet does not have.

    Attributes:
        column: Its name in the mapping.
        nearest: A column of the sheet that may be meant, "" for none; the mapping reads no
            column of that name.
    """

    column: str
    nearest: str


def fitted(
    mapping: Mapping, header: Sequence[str], *, schema: JsonObject
) -> tuple[Mapping, tuple[LeftOut, ...]]:
    """Return *mapping* without what needs columns that *header* lacks, and those columns.

    A field that Zoho requires, or that the mapping's key names, is not left out; a default
    is taken for a column that is not there as it is for a blank cell.

    Args:
        mapping: As loaded.
        header: The names of the sheet's columns.
        schema: Of the mapping's resource.
    """
    known = {name.strip() for name in header}
    fit = _Fit(known, upsert_by=mapping.policy.upsert_by)
    top = shape_of(schema, schema)
    rules = fit.object(mapping.fields, top, needed=_needed(mapping, top))
    fields = rules if rules is not None and any(_columns(rules)) else mapping.fields
    kept = set(_columns(fields))
    lost = [name for name in dict.fromkeys(_columns(mapping.fields)) if name not in kept | known]
    spare = sorted(known - kept - set(_columns(mapping.fields)))
    left_out = tuple(LeftOut(name, _nearest(name, spare)) for name in lost)
    return replace(mapping, fields=fields), left_out


def _columns(rules: Rule) -> Iterable[str]:
    return (column.name for rule in sheet_rules(rules) for column in rule.columns)


def _nearest(name: str, spare: Sequence[str]) -> str:
    plain = {each.casefold(): each for each in spare}
    found = get_close_matches(name.casefold(), plain, n=1, cutoff=0.75)
    return plain[found[0]] if found else ""


def _needed(mapping: Mapping, top: Shape) -> set[str]:
    """Return the fields at the top that a Record can't be without."""
    updates = mapping.action is Action.UPDATE
    needed = {*top.required(on_update=updates), *resource(mapping.resource).path_fields}
    needed |= set(mapping.key)
    if not updates:
        needed |= {*top.required_in(mapping.edition), *_usually_required(top)}
    return needed


def _usually_required(shape: Shape) -> Sequence[str]:
    """Return what an object needs unless a condition holds."""
    names: Sequence[str] = shape.node.get("else", {}).get("required", ())
    return names


class _Fit:
    """Cuts rules down to the columns that there are; None is a rule of which nothing is left."""

    def __init__(self, known: Collection[str], *, upsert_by: str | None) -> None:
        self._known = known
        self._upsert_by = upsert_by

    def object(
        self, rule: ObjectRule, shape: Shape | None, *, needed: Collection[str]
    ) -> ObjectRule | None:
        found = {
            name: self._rule(inner, shape.field(name) if shape else None)
            for name, inner in rule.fields.items()
        }
        stays = {*needed, *_one_of(shape, rule.fields, found)}
        fields = {
            name: rule.fields[name] if inner is None else inner
            for name, inner in found.items()
            if inner is not None or name in stays
        }
        return replace(rule, fields=fields) if fields else None

    def _rule(self, rule: Rule, shape: Shape | None) -> Rule | None:
        if isinstance(rule, FieldRule):
            return self._field(rule)
        if isinstance(rule, ObjectRule):
            return self.object(rule, shape, needed=_required(shape))
        if isinstance(rule, CustomFieldsRule):
            entries = tuple(
                each
                for each in rule.entries
                if each.name == self._upsert_by or self._field(each.rule) is not None
            )
            return replace(rule, entries=entries) if entries else None
        return self._list(rule, shape.entry if shape else None)

    def _list(self, rule: ListRule, entry: Shape | None) -> ListRule | None:
        """Return a list without the entries that no column is left for."""
        if isinstance(rule, RowsFromRule):
            return rule
        fits = [self._rule(each, entry) for each in rule.entries]
        entries = tuple(
            each
            for each, before in zip(fits, rule.entries, strict=True)
            if each is not None and (any(_columns(each)) or not any(_columns(before)))
        )
        if isinstance(rule, EachRowRule) and not entries:
            return rule
        return replace(rule, entries=entries) if entries else None

    def _field(self, rule: FieldRule) -> FieldRule | None:
        there = tuple(column for column in rule.columns if column.name in self._known)
        if len(there) == len(rule.columns):
            return rule
        if there and rule.texts is None and rule.formula is None and not rule.choose:
            return replace(rule, columns=there)
        if rule.default is NOTHING:
            return None
        return FieldRule(
            line=rule.line,
            kind=rule.kind,
            value=rule.default,
            text=TextChange.TRIM,
            lookup=rule.lookup,
        )


def _required(shape: Shape | None) -> tuple[str, ...]:
    return shape.required(on_update=False) if shape else ()


def _one_of(
    shape: Shape | None, before: Table[str, Rule], after: Table[str, Rule | None]
) -> Collection[str]:
    """Return the fields of an alternative that must stay, where none would be left of any."""
    choices = shape.node.get("anyOf", ()) if shape else ()
    wanted = [set(each.get("required", ())) for each in choices]
    if not wanted or any(all(after.get(name) for name in names) for names in wanted):
        return ()
    return next((names for names in wanted if names <= before.keys()), ())
