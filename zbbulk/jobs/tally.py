"""Count the Problems of a run and keep the first of each code to show.

All Problems stand beside their rows in the result file; here memory stays
bounded however many there are. Does not print.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from zbbulk.errors import Problem

SHOWN_OF_EACH = 20
"""After so many of one code only their number is told."""


@dataclass(slots=True)
class Tally:
    """How many Problems there are of each code, and the first ones.

    Attributes:
        counts: Code -> number of Problems.
        shown: Code -> its first Problems in the order of the rows.
    """

    counts: Counter[str] = field(default_factory=Counter)
    shown: dict[str, list[Problem]] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Count one Problem."""
        self.counts[problem.code] += 1
        kept = self.shown.setdefault(problem.code, [])
        if len(kept) < SHOWN_OF_EACH:
            kept.append(problem)

    def merge(self, other: Tally, *, rows: int) -> None:
        """Take over the Problems of a later part of the file, *rows* further down."""
        self.counts += other.counts
        for code, problems in other.shown.items():
            kept = self.shown.setdefault(code, [])
            kept += [problem.moved(rows) for problem in problems]
            del kept[SHOWN_OF_EACH:]

    def problems(self) -> list[Problem]:
        """Return the Problems to show, in the order of the rows."""
        return sorted(_all(self.shown.values()), key=lambda problem: problem.at.row or 0)


def _all(lists: Iterable[list[Problem]]) -> list[Problem]:
    return [problem for problems in lists for problem in problems]
