"""The source text of a generated function while it is written, and where values are put.

Holds lines and a namespace; knows neither rules nor cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from zbbulk.mapping.rules import CustomField


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the generated source a value is put.

    Attributes:
        container: Name of the dict or list.
        path: Source of the container's path in the Record.
        key: Name of the dict's key, "" when the container is a list.
        custom: The custom field whose entry the list gets.
        flag: Name of the flag that is set when a cell has content, or "".
    """

    container: str
    path: str
    key: str = ""
    custom: CustomField | None = None
    flag: str = ""

    def put(self, value: str) -> str:
        """Return the statement that puts the expression *value* there."""
        if self.key:
            return f"{self.container}[{self.key}] = {value}"
        return f"{self.container}.append({value})"

    @property
    def inner_path(self) -> str:
        """Source of the path of what is put there."""
        return f"(*{self.path}, {self.key or f'len({self.container})'})"


class SourceText:
    """Lines of Python, and the values that they reach by name only."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.lines: list[str] = []
        self.names = names
        self._numbers = count(1)

    def number(self) -> int:
        """Return a number that no other name has."""
        return next(self._numbers)

    def constant(self, value: object, prefix: str) -> str:
        """Return the name under which the source reaches *value*."""
        name = f"{prefix}{self.number()}"
        self.names[name] = value
        return name

    def add(self, indent: int, *lines: str) -> None:
        """Write *lines* at *indent*, in steps of four spaces."""
        self.lines += ["    " * indent + line for line in lines]

    def text(self, head: Iterable[str], tail: Iterable[str]) -> str:
        """Return the whole source."""
        return "\n".join([*head, *self.lines, *tail, ""])
