"""Load formulas: of a field, and the condition of ``only_rows:``.

What is wrong with the text of a formula is noted at its line, with the position in it.
"""

from __future__ import annotations

from zbbulk.mapping.formula import FormulaFault, parse_formula
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import ColumnName, FieldRule, Kind
from zbbulk.mapping.words import LOOKUP_WORDS, MODIFIERS
from zbbulk.mapping.yaml_nodes import Block, Node, scalar

_OF_CELLS = [word for word in MODIFIERS if word not in ("default", "blank", "rows", *LOOKUP_WORDS)]
"""Modifiers that change the text of a cell; a formula or a branch does that itself."""


def load_formula(node: Node, kind: Kind, faults: MappingFaults) -> FieldRule | None:
    """Return the rule by which the formula at *node* fills a field; None when it has a fault."""
    text = scalar(node)
    if text is None or not text.strip():
        faults.add("ZB212", node, '`formula:` takes one text, e.g. `"[Qty] * [Rate]"`.')
        return None
    try:
        formula = parse_formula(text.strip())
    except FormulaFault as error:
        faults.add("ZB220", node, error.message, error.fix)
        return None
    columns = tuple(ColumnName(name, node.line, node.at) for name in formula.columns)
    return FieldRule(line=node.line, kind=kind, columns=columns, formula=formula)


def refuse_modifiers(block: Block, faults: MappingFaults, *, word: str) -> None:
    """Note the modifiers of *block* that can do nothing beside *word*, which makes the value."""
    for key, _ in block.pairs:
        if key.text in _OF_CELLS:
            message = f"`{word}:` makes the whole value, so `{key.text}:` can do nothing."
            faults.add("ZB211", key, message, f"Delete `{key.text}:`, or write it into `{word}:`.")


def load_only_rows(node: Node | None, faults: MappingFaults) -> FieldRule | None:
    """Return the rule that tells which rows are taken, None when all are."""
    return None if node is None else load_formula(node, Kind.BOOLEAN, faults)
