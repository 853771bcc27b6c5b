"""What an import of a mirror changes, for whoever agrees to it before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from zbbulk.model import JsonObject

SHOWN = 20
"""After so many cells only their number is told: all stand in the file."""


class ChangedCell(NamedTuple):
    """One cell of a mirror that says something else than Zoho Books.

    Attributes:
        row: As the spreadsheet shows it.
        zb_id: Zoho's id of its record.
        column: Its column.
        old, new: What Zoho has, and what the cell says; "" is empty.
    """

    row: int
    zb_id: str
    column: str
    old: str
    new: str


@dataclass(slots=True)
class MirrorReport:
    """What a mirror changes.

    Attributes:
        unchanged: Records that are as they were: nothing is sent for them.
        changed: Records that are sent.
        cells: How many cells say something else.
        shown: The first of them.
        file: All of them, as CSV.
        calls: Calls that were made to read records.
    """

    file: Path
    unchanged: int = 0
    changed: int = 0
    cells: int = 0
    calls: int = 0
    shown: list[ChangedCell] = field(default_factory=list)

    def add(self, cells: Sequence[ChangedCell]) -> None:
        """Take in the changed cells of one record."""
        self.changed += 1
        self.cells += len(cells)
        self.shown += cells[: max(SHOWN - len(self.shown), 0)]

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {
            "unchanged": self.unchanged,
            "changed": self.changed,
            "cells": self.cells,
            "calls": self.calls,
            "shown": [each._asdict() for each in self.shown],
            "file": str(self.file),
        }
