"""What is found out of rows when all were seen, kept on disk until the result is written.

Many rows may be refused late, all of a sheet of documents for instance; memory does not
grow with them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator
from itertools import groupby
from operator import itemgetter
from weakref import finalize

from zbbulk.errors import Level, Location, Problem
from zbbulk.jobs.row_problems import rejected, warned
from zbbulk.model import Outcome

_TABLE = """
CREATE TABLE told (
    row INTEGER, number INTEGER, level TEXT, code TEXT, place TEXT, message TEXT, fix TEXT
)
"""
_ALL = "SELECT row, level, code, place, message, fix FROM told ORDER BY row, number"
_ADD = "INSERT INTO told VALUES (?, ?, ?, ?, ?, ?, ?)"
_AT_ONCE = 1000


class LateOutcomes:
    """Problems of rows, told one by one; read as one Outcome a row, in rising order."""

    def __init__(self) -> None:
        """Hold none yet."""
        self._base = sqlite3.connect(
            "", check_same_thread=False
        )  # a file that SQLite deletes itself
        finalize(self, self._base.close)
        self._base.execute(_TABLE)
        self._waiting: list[tuple[str | int | None, ...]] = []
        self._number = 0
        self._refused_before: Container[int] = ()

    def add(self, row: int, problem: Problem) -> None:
        """Keep one Problem of *row*."""
        self._number += 1
        kept = (problem.level.value, problem.code, problem.at.column, problem.message, problem.fix)
        self._waiting.append((row, self._number, *kept))
        if len(self._waiting) >= _AT_ONCE:
            self._write()

    def hide_warnings_of(self, refused: Container[int]) -> None:
        """Leave out rows of *refused* that have warnings only: they must not hide a refusal."""
        self._refused_before = refused

    def items(self) -> Iterator[tuple[int, Outcome]]:
        """Yield row number and Outcome of every row that something is told of, rising."""
        self._write()
        if not self._number:
            return
        lines = self._base.execute(_ALL)
        for row, told in groupby(lines, key=itemgetter(0)):
            problems = [_problem(*each) for each in told]
            errors = [problem for problem in problems if problem.level is Level.ERROR]
            if errors:
                yield row, rejected(errors)
            elif row not in self._refused_before:
                yield row, warned(problems)

    def _write(self) -> None:
        self._base.executemany(_ADD, self._waiting)
        self._waiting.clear()


def _problem(row: int, level: str, code: str, place: str | None, message: str, fix: str) -> Problem:
    at = Location(file="", row=row, column=place)
    return Problem(code=code, message=message, at=at, fix=fix, level=Level(level))
