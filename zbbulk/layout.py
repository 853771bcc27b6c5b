"""How records become rows of a sheet: what a layout offers to whoever writes a file.

Two layouts exist, a mirror of the records and the reverse of a mapping; both are made in
``mapping/``. What writes a file knows neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeAlias

from zbbulk.model import JsonObject

OutCell: TypeAlias = str | Decimal | bool | date
"""One value on its way into a sheet: money and numbers are Decimal, ids are text, a cell
that stays empty is ``""``."""


class AsIs(str):
    """A text that is no formula and is written as it stands: a number as a country writes it."""

    __slots__ = ()


class Look(StrEnum):
    """How a workbook shows the cells of a column; a CSV file shows every cell as text."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes or no"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutColumn:
    """One column of a sheet that is written.

    Attributes:
        name: Its header.
        look: How a workbook shows its cells.
        is_hidden: A workbook hides it: it is there for zbbulk, not for people.
    """

    name: str
    look: Look = Look.TEXT
    is_hidden: bool = False


class Layout(Protocol):
    """Turns one record into the rows of a sheet."""

    @property
    def columns(self) -> Sequence[LayoutColumn]:
        """Return the columns in the order of their cells."""
        ...

    def rows(self, record: JsonObject) -> Iterator[Sequence[OutCell]]:
        """Yield the rows of *record*, one at least: as many cells as there are columns."""
        ...
