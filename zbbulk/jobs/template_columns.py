"""Make of a mapping's columns what a template shows: notes, drop-downs, formats.

A column may feed several fields; the first that takes the whole cell decides its format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zbbulk.checks.words import allowed, shown
from zbbulk.jobs.field_facts import IDENTIFIER, FieldFacts, facts_of
from zbbulk.mapping import Mapping
from zbbulk.mapping.columns import ColumnUse, column_uses
from zbbulk.mapping.rules import NOTHING, FieldRule, Kind
from zbbulk.mapping.words import OtherValues
from zbbulk.model import JsonObject
from zbbulk.results.template_workbook import GENERAL, TEXT, Need, TemplateColumn

YES_NO = ("yes", "no")
_LONG_TEXT = 255
"""Excel shows ##### for a longer text in a cell of text format."""

_NARROWEST, _WIDEST, _ID_WIDTH, _LONG_WIDTH = 12, 40, 22, 36


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """One field that the column feeds, with what is known about it.

    ``chain`` are the facts of the field and the groups around it, outermost first, ()
    where the schema does not know it.
    """

    column: ColumnUse
    chain: tuple[FieldFacts, ...]

    @property
    def rule(self) -> FieldRule:
        return self.column.rule

    @property
    def field(self) -> FieldFacts | None:
        return self.chain[-1] if self.chain else None

    @property
    def name(self) -> str:
        return ".".join(self.column.path)

    @property
    def choice(self) -> tuple[str, ...]:
        """The fields of which the group around it needs one, () if it is none of them."""
        if len(self.chain) < 2 or self.chain[-1].path[-1] not in self.chain[-2].one_of:
            return ()
        return self.chain[-2].one_of


def template_columns(mapping: Mapping, schema: JsonObject) -> tuple[TemplateColumn, ...]:
    """Return the columns of *mapping* in the order they are first used.

    Args:
        mapping: What the filled sheet will be read by; what its edition requires is marked too.
        schema: JSON Schema of its resource.
    """
    found: dict[str, list[_Use]] = {}
    for use in column_uses(mapping, schema):
        chain = tuple(facts_of(shape, name, edition=mapping.edition) for shape, name in use.chain)
        found.setdefault(use.column, []).append(_Use(column=use, chain=chain))
    return tuple(_column(name, uses, mapping) for name, uses in found.items())


def _column(name: str, uses: Sequence[_Use], mapping: Mapping) -> TemplateColumn:
    main = next((use for use in uses if _takes_whole(use.rule)), uses[0])
    choices, only = _choices(main)
    listed = [f"One of: {allowed(choices)}."] if choices and only else []
    needs = [_need(use, mapping) for use in uses]
    return TemplateColumn(
        name=name,
        fields=tuple(use.name for use in uses),
        need=max(needs, key=list(Need)[::-1].index),
        about=(*(line for use in uses for line in _about(use)), *listed),
        choices=choices,
        only_choices=only,
        number_format=_number_format(main, mapping),
        width=_width(name, main, choices),
    )


def _takes_whole(rule: FieldRule) -> bool:
    return rule.texts is None and rule.part is None and not _is_computed(rule)


def _is_computed(rule: FieldRule) -> bool:
    return rule.formula is not None or bool(rule.choose)


def _need(use: _Use, mapping: Mapping) -> Need:
    """Return whether the column must be filled in for this field's sake."""
    if not use.chain or use.rule.default is not NOTHING:
        return Need.NEVER
    action, edition = mapping.action.value, mapping.edition
    told = [action in each.required or edition in each.required_in for each in use.chain]
    if all(told) and use.column.is_first and len(use.rule.columns) == 1:
        return Need.ALWAYS
    field = use.chain[-1]
    is_at_times = told[-1] or field.required_when or field.required_in or use.choice
    return Need.AT_TIMES if is_at_times else Need.NEVER


def _choices(use: _Use) -> tuple[tuple[str, ...], bool]:
    """Return the words of the drop-down, and whether no other word will do."""
    rule, options = use.rule, use.field.allowed if use.field else ()
    if not _takes_whole(rule):
        return (), False
    if rule.values is not None:
        keeps = rule.other_values is OtherValues.KEEP
        known = {word.casefold() for word in rule.words}
        more = [word for word in options if keeps and word.casefold() not in known]
        return (*rule.words, *more), bool(more) or rule.other_values is OtherValues.ERROR
    if rule.kind is Kind.BOOLEAN:
        return YES_NO, True
    return options, True


def _number_format(use: _Use, mapping: Mapping) -> str:
    rule = use.rule
    if _is_computed(rule):
        return GENERAL
    if not _takes_whole(rule) or rule.kind is Kind.NUMBER_OR_PERCENT:
        return TEXT
    if rule.kind is Kind.DATE:
        return mapping.source.dates or "yyyy-mm-dd"
    is_long = use.field is not None and (use.field.at_most or 0) > _LONG_TEXT
    return TEXT if rule.kind is Kind.TEXT and not is_long else GENERAL


def _width(name: str, use: _Use, choices: Sequence[str]) -> int:
    least = _NARROWEST
    if use.field and use.field.kind == IDENTIFIER:
        least = _ID_WIDTH
    elif use.field and (use.field.at_most or 0) > _LONG_TEXT:
        least = _LONG_WIDTH
    longest = max(map(len, (name, *choices)))
    return min(max(least, longest + 4), _WIDEST)


def _about(use: _Use) -> Iterator[str]:
    """Yield the lines that say what goes in for the sake of this field."""
    rule, field = use.rule, use.field
    told = field.described(with_allowed=False) if field else "a custom field of your organization"
    yield f"{use.name}: {told}"
    if _is_computed(rule):
        yield f"Computed from: {', '.join(_names(rule))}."
    elif len(rule.columns) > 1 and rule.texts is None:
        yield f"The first of these that is filled in: {', '.join(_names(rule))}."
    if rule.texts is not None:
        yield f"Put together from: {', '.join(_names(rule))}."
    if use.choice:
        yield f"One of these is needed: {allowed(use.choice)}."
    if rule.default is not NOTHING:
        yield f"Left blank, this is sent: {shown(rule.default)}."
    if rule.values:
        sent = [f"{word} as {rule.values[word.strip().casefold()]}" for word in rule.words]
        yield f"Sent: {allowed(sent)}."
    if rule.kind is Kind.DATE and not _is_computed(rule):
        yield "Enter it as a date."


def _names(rule: FieldRule) -> list[str]:
    return [column.name for column in rule.columns]
