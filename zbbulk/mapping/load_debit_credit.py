"""Load ``debit_credit:``, one line of a mapping that fills two fields of the same object."""

from __future__ import annotations

from collections.abc import Callable

from zbbulk.mapping.debit_credit import (
    AMOUNT_FIELD,
    SIDE_FIELD,
    SIDES,
    DebitCredit,
    Told,
    beside_a_word,
    by_its_sign,
    in_two_columns,
)
from zbbulk.mapping.formula import Row
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import ColumnName, FieldRule, Kind
from zbbulk.mapping.shapes import Shape
from zbbulk.mapping.words import DEBIT_CREDIT, SIDE_WORDS
from zbbulk.mapping.yaml_nodes import Block, Node, Text, scalar, texts

_KINDS = {SIDE_FIELD: Kind.TEXT, AMOUNT_FIELD: Kind.NUMBER}
_SHAPES = (
    "Write {debit: Dr, credit: Cr}, {amount: A, type: T, debit_word: D} or"
    " {amount: A, negative: credit}."
)


def takes_sides(shape: Shape) -> bool:
    """Tell whether an object has the two fields that ``debit_credit:`` fills."""
    return all(shape.field(name) is not None for name in _KINDS)


def mapped_by(block: Block) -> set[str]:
    """Return the names of the fields that the lines of *block* fill."""
    names = {key.text for key, _ in block.pairs}
    return names | {*_KINDS} if DEBIT_CREDIT in names else names


def load_debit_credit(
    key: Text, node: Node, owner: Block, faults: MappingFaults
) -> dict[str, FieldRule]:
    """Return the rules of the two fields, {} when there is a fault.

    Args:
        key: The word itself.
        node: What stands behind it.
        owner: The object it stands in.
        faults: Takes what is wrong.
    """
    for name in _KINDS:
        if owner.get(name) is not None:
            message = f"`{DEBIT_CREDIT}:` fills `{name}`, and `{name}:` stands beside it."
            faults.add("ZB211", key, message, "Delete one of the two.")
    if not isinstance(node, Block):
        faults.add("ZB212", node, f"`{DEBIT_CREDIT}:` takes a map.", _SHAPES)
        return {}
    before = len(faults.errors)
    faults.unknown_words(node, SIDE_WORDS, where=f"`{DEBIT_CREDIT}:`")
    if len(faults.errors) > before:
        return {}
    sides = _SidesBlock(node, faults)
    columns, told = sides.load()
    if told is None or len(faults.errors) > before:
        return {}
    names = tuple(dict.fromkeys(column.name for column in columns))
    return {
        field: FieldRule(
            line=key.line,
            kind=kind,
            columns=columns,
            formula=DebitCredit(DEBIT_CREDIT, names, field, told, sides.words),
        )
        for field, kind in _KINDS.items()
    }


class _SidesBlock:
    def __init__(self, block: Block, faults: MappingFaults) -> None:
        self._block = block
        self._faults = faults
        self._columns: dict[ColumnName, None] = {}
        self.words: tuple[str, ...] = ()

    def load(self) -> tuple[tuple[ColumnName, ...], Callable[[Row], Told] | None]:
        """Return the columns that are read, and how they tell it; None when it has a fault."""
        words = {key.text for key, _ in self._block.pairs}
        if words == {"debit", "credit"}:
            told = in_two_columns(self._column("debit"), self._column("credit"))
        elif words == {"amount", "negative"}:
            told = by_its_sign(self._column("amount"), negative=self._negative())
        elif {"amount", "type"} < words <= {"amount", "type", "debit_word", "credit_word"}:
            amount, word = self._column("amount"), self._column("type")
            debits, credits_ = self._words("debit_word"), self._words("credit_word")
            self._refuse_both(debits & credits_)
            self.words = (*sorted(debits), *sorted(credits_))
            told = beside_a_word(amount, word, debits=debits, credits_=credits_)
        else:
            message = f"`{DEBIT_CREDIT}:` has one of three shapes, and this is none of them."
            self._faults.add("ZB211", self._block, message, _SHAPES)
            return (), None
        return tuple(self._columns), told

    def _column(self, word: str) -> str:
        node = self._block.get(word)
        name = scalar(node) or ""
        if node is None or not name.strip():
            self._faults.add(
                "ZB212", node or self._block, f"`{word}:` takes the name of one column."
            )
            return ""
        self._columns[ColumnName(name.strip(), node.line, node.at)] = None
        return name.strip()

    def _words(self, word: str) -> frozenset[str]:
        node = self._block.get(word)
        if node is None:
            return frozenset()
        found = frozenset(text.text.strip().casefold() for text in texts(node))
        if not found or "" in found:
            self._faults.add("ZB212", node, f"`{word}:` takes a word of the column, or a list.")
        return found

    def _refuse_both(self, words: frozenset[str]) -> None:
        if words:
            message = f"{min(words)!r} can't mean both debit and credit."
            self._faults.add("ZB211", self._block.get("credit_word") or self._block, message)

    def _negative(self) -> str:
        node = self._block.get("negative")
        side = scalar(node) or ""
        if side in SIDES:
            return side
        message = f"`negative: {side}` is not known."
        self._faults.add("ZB202", node or self._block, message, f"Use {' or '.join(SIDES)}.")
        return SIDES[0]
