"""Load the words of a list that takes its entries from another sheet: ``rows_from``, ``where``."""

from __future__ import annotations

from collections.abc import Collection

from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import ColumnName, Matched
from zbbulk.mapping.words import LIST_WORDS, ROWS_FROM, did_you_mean
from zbbulk.mapping.yaml_nodes import Block, Text, scalar

_EXAMPLE = "`where: {Party Code: Code}`: their column, and yours that says the same"


def load_rows_from(
    block: Block, sheets: Collection[str], faults: MappingFaults
) -> tuple[str, tuple[Matched, ...]]:
    """Return the sheet that a list takes its rows from, and which of them; faults are noted.

    Args:
        block: The list's value.
        sheets: The other sheets that ``source:`` names.
        faults: Takes what is wrong.
    """
    faults.unknown_words(block, LIST_WORDS, where="a list")
    node = block.get(ROWS_FROM)
    name = scalar(node) or ""
    if name not in sheets:
        known = f"It names {', '.join(sheets)}." if sheets else "Name several there: "
        known += "" if sheets else "`source: {main: {sheet: Parties}, people: {sheet: Persons}}`."
        message = f"`source:` names no other sheet {name!r}."
        faults.add("ZB225", node or block, message, f"{did_you_mean(name, sheets)}{known}")
    return name, _where(block, faults)


def _where(block: Block, faults: MappingFaults) -> tuple[Matched, ...]:
    node = block.get("where")
    if node is None:
        message = "Nothing tells which rows of the other sheet belong to a row."
        faults.add("ZB213", block, message, f"Add {_EXAMPLE}.")
        return ()
    pairs = node.pairs if isinstance(node, Block) else ()
    found = [(key, value) for key, value in pairs if isinstance(value, Text) and value.text]
    if not found or len(found) < len(pairs):
        faults.add("ZB212", node, "`where:` is a map of two columns each.", f"Write {_EXAMPLE}.")
    return tuple(Matched(_column(theirs), _column(mine)) for theirs, mine in found)


def _column(node: Text) -> ColumnName:
    return ColumnName(node.text.strip(), node.line, node.at)
