"""Collect all that is wrong with one mapping or migration file, each fault with its line.

The loader goes on after a fault, so that a user mends the file once.
"""

from __future__ import annotations

from typing import Protocol

from zbbulk.errors import Level, Location, MappingError, Problem
from zbbulk.mapping.words import did_you_mean
from zbbulk.mapping.yaml_nodes import Block, Node, Text


class Place(Protocol):
    """Anything that stands somewhere in the mapping: line and position from 1."""

    @property
    def line(self) -> int:
        """The line."""
        ...

    @property
    def at(self) -> int:
        """The position in the line."""
        ...


class MappingFaults:
    """The Problems of one file in the order they were found; *what* it holds, for messages."""

    def __init__(self, file: str, *, what: str = "mapping") -> None:
        self.file = file
        self.what = what
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def add(self, code: str, place: Place, message: str, fix: str = "") -> None:
        """Note an error at a node of the file."""
        self.add_at(code, place.line, place.at, message, fix)

    def add_at(self, code: str, line: int, at: int, message: str, fix: str = "") -> None:
        """Note an error at a line and a position in it."""
        where = Location(file=self.file, row=line, column=str(at))
        self.errors.append(Problem(code=code, message=message, at=where, fix=fix))

    def warn(self, code: str, place: Place, message: str, fix: str = "") -> None:
        """Note what the user should know and what refuses nothing."""
        where = Location(file=self.file, row=place.line, column=str(place.at))
        problem = Problem(code=code, message=message, at=where, fix=fix, level=Level.WARNING)
        self.warnings.append(problem)

    def unknown_words(self, block: Block, known: tuple[str, ...], *, where: str) -> None:
        """Note every key of *block* that is none of the *known* words."""
        before: Node | None = None
        for key, value in block.pairs:
            if key.text not in known:
                fix = _torn_text(before, key, value) if block.is_flow else ""
                fix = fix or f"{did_you_mean(key.text, known)}Known: {', '.join(known)}."
                self.add("ZB202", key, f"`{key.text}` is not a word of {where}.", fix)
            before = value

    def raise_if_any_is(self, code: str) -> None:
        """Raise all errors if one of them has *code*: what follows would only echo it.

        Raises:
            MappingError: as raise_if_any.
        """
        if any(problem.code == code for problem in self.errors):
            self.raise_if_any()

    def raise_if_any(self) -> None:
        """Raise all errors at once.

        Raises:
            MappingError: there is one at least; its ``problems`` holds them all.
        """
        if not self.errors:
            return
        found = tuple(sorted(self.errors, key=_line_and_position))
        first = found[0]
        if len(found) == 1:
            message = first.message
        else:
            message = f"The {self.what} {self.file} has {len(found)} faults."
        raise MappingError(message, first.fix, first.at, first.code, problems=found)


def _line_and_position(problem: Problem) -> tuple[int, int]:
    return problem.at.row or 0, int(problem.at.column or 0)


def _torn_text(before: Node | None, key: Text, value: Node) -> str:
    """Return the fix for ``{column: Item, Name}``, where the comma ended the text."""
    ends_empty = isinstance(value, Text) and value.is_plain and not value.text
    if not (ends_empty and isinstance(before, Text) and before.is_plain):
        return ""
    return f"If `{before.text}, {key.text}` is one text, quote it: '{before.text}, {key.text}'."
