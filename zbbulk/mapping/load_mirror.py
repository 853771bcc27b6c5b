"""Load ``mirror:``, and let every cell of a mirror empty its field by one word."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from zbbulk.guard import CLEAR
from zbbulk.mapping.cells import CellError
from zbbulk.mapping.literals import read_yes_no
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import (
    CustomFieldsRule,
    FieldRule,
    ListRule,
    ObjectRule,
    Rule,
)
from zbbulk.mapping.words import OtherValues
from zbbulk.mapping.yaml_nodes import Node, scalar
from zbbulk.model import Action

_Rule = TypeVar("_Rule", bound=Rule)


def load_mirror(node: Node | None, faults: MappingFaults, *, action: Action) -> bool:
    """Return whether the sheet is a mirror of records that are in Zoho Books."""
    if node is None:
        return False
    try:
        is_mirror = read_yes_no((scalar(node) or "").strip())
    except CellError:
        faults.add("ZB212", node, "`mirror:` says yes or no.", "Write `mirror: yes`.")
        return False
    if is_mirror and action is not Action.UPDATE:
        message = "A mirror shows records that are in Zoho Books: they can only be updated."
        faults.add("ZB211", node, message, "Write `action: update`, or delete `mirror:`.")
    return is_mirror


def clearing(rule: _Rule) -> _Rule:
    """Return *rule* with ``<clear>`` as a word that sends an empty value, in every column."""
    if isinstance(rule, FieldRule):
        if not rule.columns or rule.values is not None:
            return rule
        return replace(rule, values={CLEAR: ""}, words=(CLEAR,), other_values=OtherValues.KEEP)
    if isinstance(rule, ObjectRule):
        return replace(rule, fields={name: clearing(each) for name, each in rule.fields.items()})
    if isinstance(rule, ListRule):
        return replace(rule, entries=tuple(map(clearing, rule.entries)))
    if isinstance(rule, CustomFieldsRule):
        entries = (each._replace(rule=clearing(each.rule)) for each in rule.entries)
        return replace(rule, entries=tuple(entries))
    return rule
