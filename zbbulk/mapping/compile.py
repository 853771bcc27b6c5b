"""Compile a mapping for the header of one sheet.

Every column that the sheet does not have is told at once, with the mapping's line.
Reads no row.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from collections.abc import Mapping as Table

from zbbulk.errors import Level, Location, MappingError, Problem
from zbbulk.mapping.dates import DateStyle, date_style
from zbbulk.mapping.grouping import grouping
from zbbulk.mapping.gst import PLACES
from zbbulk.mapping.look_up import LookUp
from zbbulk.mapping.program import Program
from zbbulk.mapping.reader import FieldReader
from zbbulk.mapping.rules import (
    Branch,
    ColumnName,
    CustomField,
    CustomFieldsRule,
    FieldRule,
    Kind,
    ListRule,
    Mapping,
    ObjectRule,
    Rule,
)
from zbbulk.mapping.words import CheckName, did_you_mean
from zbbulk.model import CUSTOM, Action, FieldNames, Finder
from zbbulk.resources import resource

_SHOWN_COLUMNS = 30


def compile_mapping(
    mapping: Mapping,
    header: Sequence[str],
    *,
    file: str,
    typed: bool,
    dates: Table[str, str] | None = None,
    finder: Finder | None = None,
) -> Program:
    """Return *mapping* compiled for *header*.

    Args:
        mapping: The loaded mapping.
        header: The names of the sheet's columns.
        file: The sheet's file, for messages.
        typed: The cells come from a workbook, not from text.
        dates: Date style of each column, as the date survey found it.
        finder: Gives the ids that are looked up; without one no lookup is checked.

    Raises:
        MappingError: a column is missing; ``problems`` names them all.
    """
    places = column_positions(header)
    _refuse_unknown_columns(mapping, header, file=file)
    declared = mapping.source.dates

    def style(column: str) -> DateStyle | None:
        name = declared or (dates or {}).get(column)
        return date_style(name) if name else None

    state = _state_rule(mapping)

    def bind(rule: FieldRule) -> FieldReader:
        return FieldReader(
            rule=rule,
            positions=tuple(places[column.name] for column in rule.columns),
            source=mapping.source,
            styles=tuple(style(column.name) for column in rule.columns),
            typed=typed,
            look_up=None if rule.lookup is None else LookUp(rule.lookup, finder),
            place=bind(state) if rule.lookup is not None and rule.lookup.is_gst and state else None,
            branches=tuple(map(branch, rule.choose)),
        )

    def branch(each: Branch) -> tuple[FieldReader | None, FieldReader | None, str]:
        condition = None if each.condition is None else bind(each.condition)
        return condition, None if each.rule is None else bind(each.rule), each.refusal

    keys = _match_keys(mapping)
    asked = _unique_checks(mapping, known={frozenset(key) for key in keys})
    lenient = (n for n, (_, is_lenient) in enumerate(asked, start=len(keys)) if is_lenient)
    return Program(
        mapping.fields,
        bind,
        keys=(*keys, *(fields for fields, _ in asked)),
        lenient=frozenset(lenient),
        told=_told_columns(mapping),
        only_rows=mapping.only_rows,
        grouped=grouping(mapping.group_by, mapping.fields, places) if mapping.group_by else None,
    )


def _state_rule(mapping: Mapping) -> FieldRule | None:
    """Return the rule of the field that tells the state of the other side, if one is mapped."""
    rules = (mapping.fields.fields.get(name) for name in PLACES)
    return next((rule for rule in rules if isinstance(rule, FieldRule)), None)


def column_positions(header: Sequence[str]) -> dict[str, int]:
    """Return the position of each column, by its name without outer spaces."""
    return {name.strip(): number for number, name in enumerate(header)}


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
    if mapping.action is Action.UPDATE:
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


def _refuse_unknown_columns(mapping: Mapping, header: Sequence[str], *, file: str) -> None:
    known = [name.strip() for name in header]
    rules = [*field_rules(mapping.fields), *([mapping.only_rows] if mapping.only_rows else [])]
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
    raise MappingError(
        f"{mapping.file} does not fit {file}: {columns} of the mapping are not in its header.",
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
