"""Compile a mapping for the header of one sheet.

Every column that the sheet does not have is told at once, with the mapping's line.
Reads no row.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from collections.abc import Mapping as Table

from zbbulk.errors import Level, Location, MappingError, Problem
from zbbulk.mapping.binding import SheetFacts, column_positions, gatherer
from zbbulk.mapping.grouping import grouping
from zbbulk.mapping.gst import PLACES
from zbbulk.mapping.program import Program
from zbbulk.mapping.rows_from import rows_from_rules
from zbbulk.mapping.rules import (
    ColumnName,
    CustomField,
    CustomFieldsRule,
    FieldRule,
    Kind,
    ListRule,
    Mapping,
    ObjectRule,
    RowsFromRule,
    Rule,
)
from zbbulk.mapping.words import CheckName, did_you_mean
from zbbulk.model import CUSTOM, Action, FieldNames, Finder, OtherSheet
from zbbulk.resources import resource

_SHOWN_COLUMNS = 30


def compile_mapping(  # noqa: PLR0913 - what is known of the sheet is given by name
    mapping: Mapping,
    header: Sequence[str],
    *,
    file: str,
    typed: bool,
    dates: Table[str, str] | None = None,
    finder: Finder | None = None,
    others: Table[tuple[str, tuple[str, ...]], OtherSheet] | None = None,
) -> Program:
    """Return *mapping* compiled for *header*.

    Args:
        mapping: The loaded mapping.
        header: The names of the sheet's columns.
        file: The sheet's file, for messages.
        typed: The cells come from a workbook, not from text.
        dates: Date style of each column, as the date survey found it.
        finder: Gives the ids that are looked up; without one no lookup is checked.
        others: The other sheets that lists take rows from, by ``RowsFromRule.index``.

    Raises:
        MappingError: a column is missing; ``problems`` names them all.
    """
    places = column_positions(header)
    refuse_unknown_columns(mapping, header, file=file)
    facts = SheetFacts(mapping.source, places, dates=dates or {}, is_typed=typed)
    state = _state_rule(mapping)
    bind = facts.bound(finder, place=facts.bound(finder)(state) if state else None)
    known = others or {}
    gathers = {
        id(rule): gatherer(
            rule, mapping.others[rule.sheet], known[rule.index], facts, finder=finder, state=state
        )
        for rule in rows_from_rules(mapping.fields)
    }
    keys = _match_keys(mapping)
    asked = _unique_checks(mapping, known={frozenset(key) for key in keys})
    lenient = (n for n, (_, is_lenient) in enumerate(asked, start=len(keys)) if is_lenient)
    return Program(
        mapping.fields,
        bind,
        gathers=gathers,
        keys=(*keys, *(fields for fields, _ in asked)),
        lenient=frozenset(lenient),
        told=_told_columns(mapping),
        only_rows=mapping.only_rows,
        legacy_key=mapping.legacy_key,
        asked={n: check.that for n, check in enumerate(mapping.checks) if check.that},
        grouped=grouping(mapping.group_by, mapping.fields, places) if mapping.group_by else None,
    )


def _state_rule(mapping: Mapping) -> FieldRule | None:
    """Return the rule of the field that tells the state of the other side, if one is mapped."""
    rules = (mapping.fields.fields.get(name) for name in PLACES)
    return next((rule for rule in rules if isinstance(rule, FieldRule)), None)


def field_rules(rule: Rule | CustomField) -> Iterator[FieldRule]:
    """Yield every scalar rule below *rule*, in the order of the mapping."""
    if isinstance(rule, FieldRule):
        yield rule
    elif isinstance(rule, CustomField):
        yield rule.rule
    else:
        inner = rule.fields.values() if isinstance(rule, ObjectRule) else rule.entries
        for entry in inner:
            yield from field_rules(entry)


def sheet_rules(rule: Rule | CustomField) -> Iterator[FieldRule]:
    """Yield the scalar rules below *rule* that read the sheet itself and no other one."""
    if isinstance(rule, RowsFromRule):
        yield rule.mine
    elif isinstance(rule, ObjectRule):
        for inner in rule.fields.values():
            yield from sheet_rules(inner)
    else:
        yield from field_rules(rule)


def field_names(rule: Rule | CustomField) -> FieldNames:
    """Return the fields that Records of the rules below *rule* can have."""
    if isinstance(rule, ObjectRule):
        return {name: field_names(inner) for name, inner in rule.fields.items()}
    if isinstance(rule, CustomFieldsRule):
        return {name: {} for name in ("label", "api_name", "value")}
    names: dict[str, FieldNames] = {}
    for entry in rule.entries if isinstance(rule, ListRule) else ():
        for name, inner in field_names(entry).items():
            names[name] = {**names.get(name, {}), **inner}
    return names


def looked_up(rule: Rule | CustomField) -> FieldNames:
    """Return those of the fields of ``field_names`` whose value a lookup gives."""
    if isinstance(rule, ObjectRule):
        inner = {name: (looked_up(each), _is_lookup(each)) for name, each in rule.fields.items()}
        return {name: names for name, (names, is_one) in inner.items() if names or is_one}
    names: dict[str, FieldNames] = {}
    for entry in rule.entries if isinstance(rule, ListRule) else ():
        for name, below in looked_up(entry).items():
            names[name] = {**names.get(name, {}), **below}
    return names


def _is_lookup(rule: Rule) -> bool:
    return isinstance(rule, FieldRule) and rule.lookup is not None


def _match_keys(mapping: Mapping) -> tuple[tuple[str, ...], ...]:
    facts = resource(mapping.resource)
    if mapping.action is Action.UPDATE or facts.id_field in mapping.fields.fields:
        return ((facts.id_field,),)
    own = [mapping.key] if mapping.key else []
    own += [(f"{CUSTOM}{mapping.policy.upsert_by}",)] if mapping.policy.upsert_by else []
    mapped = [key for key in facts.match_keys if all(name in mapping.fields.fields for name in key)]
    by_fields: dict[frozenset[str], tuple[str, ...]] = {}
    for key in (*own, *mapped):
        by_fields.setdefault(frozenset(key), key)
    return tuple(by_fields.values())


def _unique_checks(
    mapping: Mapping, *, known: Container[frozenset[str]]
) -> list[tuple[tuple[str, ...], bool]]:
    """Return the fields of each ``unique`` check that no key has, and whether it only warns."""
    return [
        (check.fields, check.level is Level.WARNING)
        for check in mapping.checks
        if check.rule is CheckName.UNIQUE and frozenset(check.fields) not in known
    ]


def _told_columns(mapping: Mapping) -> ObjectRule | None:
    """Return a rule that reads the columns of the checks as numbers."""
    rules: dict[str, Rule] = {
        column.name: FieldRule(line=column.line, kind=Kind.NUMBER, columns=(column,))
        for column in _check_columns(mapping)
    }
    return ObjectRule(line=1, fields=rules) if rules else None


def _check_columns(mapping: Mapping) -> list[ColumnName]:
    named = (check for check in mapping.checks if check.column)
    return [ColumnName(check.column, check.line, check.at) for check in named]


def refuse_unknown_columns(mapping: Mapping, header: Sequence[str], *, file: str) -> None:
    """Refuse a mapping that takes a column which *header*, that of *file*, does not have.

    Raises:
        MappingError: a column is missing; ``problems`` names them all.
    """
    known = [name.strip() for name in header]
    beside = [*mapping.conditions, *([mapping.legacy_key] if mapping.legacy_key else [])]
    rules = [*sheet_rules(mapping.fields), *beside]
    read = [*mapping.group_by, *(column for rule in rules for column in rule.columns)]
    unknown = [
        _problem(mapping, column, known, file=file)
        for column in dict.fromkeys((*read, *_check_columns(mapping)))
        if column.name not in known
    ]
    if not unknown:
        return
    names = ", ".join(repr(name) for name in known[:_SHOWN_COLUMNS])
    more = f" and {len(known) - _SHOWN_COLUMNS} more" if len(known) > _SHOWN_COLUMNS else ""
    columns = "1 column" if len(unknown) == 1 else f"{len(unknown)} columns"
    be = "is" if len(unknown) == 1 else "are"
    raise MappingError(
        f"{mapping.file} does not fit {file}: {columns} of the mapping {be} not in its header.",
        f"The header has: {names}{more}.",
        unknown[0].at,
        "ZB209",
        problems=tuple(unknown),
    )


def _problem(mapping: Mapping, column: ColumnName, known: Sequence[str], *, file: str) -> Problem:
    at = Location(file=mapping.file, row=column.line, column=str(column.at))
    message = f"{file} has no column {column.name!r}."
    return Problem(code="ZB209", message=message, at=at, fix=_fix(column.name, known))


def _fix(name: str, known: Sequence[str]) -> str:
    cut_off = next((column for column in known if column.startswith(f"{name} #")), None)
    if cut_off is not None:
        quoted = "'" + cut_off.replace("'", "''") + "'"
        return f"A # begins a comment in YAML, so quote the column: {quoted}."
    return f"{did_you_mean(name, known)}Correct the name, or set `header_row:` in `source:`."
