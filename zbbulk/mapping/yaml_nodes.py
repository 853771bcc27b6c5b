"""The nodes of a YAML file as the loader sees them: text, list or map, each with its place.

Knows neither the parser nor the mapping language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, as written; ``is_plain`` when without quotes."""

    line: int
    at: int
    text: str
    is_plain: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    line: int
    at: int
    entries: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A map; ``is_flow`` when written in braces."""

    line: int
    at: int
    pairs: tuple[tuple[Text, Node], ...]
    is_flow: bool = False

    def get(self, key: str) -> Node | None:
        """Return the value of *key*, None if it is not there."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node: TypeAlias = Text | Listing | Block


def scalar(node: Node | None) -> str | None:
    """Return the text of a scalar, None for anything else."""
    return node.text if isinstance(node, Text) else None


def texts(node: Node) -> tuple[Text, ...]:
    """Return the texts of a list of texts, or one text as a list; () for anything else."""
    if isinstance(node, Text):
        return (node,) if node.text else ()
    if isinstance(node, Listing) and all(isinstance(entry, Text) for entry in node.entries):
        return tuple(entry for entry in node.entries if isinstance(entry, Text))
    return ()
