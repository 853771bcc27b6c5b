"""Load ``choose:``: a list of rules with conditions, the first true one of which counts."""

from __future__ import annotations

from collections.abc import Callable

from zbbulk.mapping.load_formula import load_formula
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import Branch, FieldRule, Kind
from zbbulk.mapping.yaml_nodes import Block, Listing, Node, scalar

_SHAPE = "`choose:` takes a list, e.g. `- {if: \"[Type] = 'Sale'\", value: customer}`."

Load = Callable[[Block], FieldRule | None]
"""Loads what stands in a branch beside its condition."""


def load_choose(node: Node, kind: Kind, faults: MappingFaults, *, load: Load) -> FieldRule | None:
    """Return the rule of the branches at *node*; None when one has a fault."""
    if not isinstance(node, Listing) or not node.entries:
        faults.add("ZB212", node, _SHAPE)
        return None
    branches = [_branch(entry, faults, load=load) for entry in node.entries]
    for entry, branch in zip(node.entries[:-1], branches, strict=False):
        if branch is not None and branch.condition is None:
            message = "What stands behind this branch is never reached: it has no `if:`."
            faults.add("ZB211", entry, message, "Give it a condition, or put it last.")
    whole = [branch for branch in branches if branch is not None]
    if len(whole) < len(branches):
        return None
    rules = (each for branch in whole for each in (branch.condition, branch.rule) if each)
    columns = {column.name: column for rule in rules for column in rule.columns}
    return FieldRule(
        line=node.line, kind=kind, columns=tuple(columns.values()), choose=tuple(whole)
    )


def _branch(entry: Node, faults: MappingFaults, *, load: Load) -> Branch | None:
    if not isinstance(entry, Block):
        faults.add("ZB212", entry, _SHAPE)
        return None
    if_node, error = entry.get("if"), entry.get("error")
    condition = None if if_node is None else load_formula(if_node, Kind.BOOLEAN, faults)
    if if_node is not None and condition is None:
        return None
    if error is not None:
        return _refusal(entry, error, condition, faults)
    rest = tuple((key, value) for key, value in entry.pairs if key.text != "if")
    rule = load(Block(entry.line, entry.at, rest, entry.is_flow))
    return None if rule is None else Branch(condition, rule)


def _refusal(
    entry: Block, error: Node, condition: FieldRule | None, faults: MappingFaults
) -> Branch | None:
    text = scalar(error)
    if not text:
        faults.add("ZB212", error, "`error:` takes the text that the row is refused with.")
        return None
    faults.unknown_words(entry, ("if", "error"), where="a branch that refuses")
    return Branch(condition, None, text)
