"""The row with the column names: trimmed, and every name there and only once.

Works on the cells of one row; does not know what kind of file they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zbbulk.errors import Location, Problem, SourceError
from zbbulk.model import Cell


def column_letter(index: int) -> str:
    """Return how a spreadsheet names the column *index* (0 is ``A``, 26 is ``AA``)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def checked_header(
    cells: Sequence[Cell], *, file: str, row: int, first_column: int = 0
) -> tuple[str, ...]:
    """Return the column names in *cells*.

    Args:
        cells: The header row as read.
        file: Path as the user typed it.
        row: The header's row number.
        first_column: Index of the column that the first cell stands in.

    Raises:
        SourceError: a name is missing (ZB105) or stands there twice (ZB106);
            ``problems`` holds them all.
    """
    names = tuple(_name(cell) for cell in cells)
    at = Location(file=file, row=row)
    problems = tuple(_faults(names, file=file, row=row, first_column=first_column))
    if not problems:
        return names
    first = problems[0]
    more = f" ({len(problems)} faults in the header)" if len(problems) > 1 else ""
    raise SourceError(
        first.message + more,
        fix=first.fix,
        at=first.at if len(problems) == 1 else at,
        code=first.code,
        problems=problems,
    )


def _name(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _faults(names: Sequence[str], *, file: str, row: int, first_column: int) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for index, name in enumerate(names, first_column):
        letter = column_letter(index)
        if not name:
            yield Problem(
                code="ZB105",
                message=f"Column {letter} has no name.",
                at=Location(file=file, row=row, column=letter),
                fix=f"Write a header into {letter}{row}, or delete column {letter}.",
            )
        elif name in seen:
            yield Problem(
                code="ZB106",
                message=f"Columns {seen[name]} and {letter} are both named {name!r}.",
                at=Location(file=file, row=row, column=name),
                fix=f"Rename {seen[name]}{row} or {letter}{row}.",
            )
        seen.setdefault(name, letter)


def no_header(*, file: str, row: int, first_filled: int | None, rows: int) -> SourceError:
    """Return the error for a header row that is blank or behind the end (ZB103).

    Args:
        file: Path as the user typed it.
        row: Where the header was looked for.
        first_filled: The first row that is not blank, None if there is none.
        rows: How many rows were looked at; fewer than *row* if the file ended.
    """
    what = f"Row {row}, where the column names should stand, is blank."
    if rows < row:
        only = f"{rows} row" if rows == 1 else f"{rows} rows"
        what = f"The column names should stand in row {row}, but the file has only {only}."
    fix = "Write the column names into the first row, above the values."
    if first_filled is not None:
        fix = (
            f"Row {first_filled} is the first that is not blank: if the column names stand there,"
            f" set `header_row: {first_filled}` in the mapping's `source:` block."
        )
    return SourceError(what, fix=fix, at=Location(file=file, row=row), code="ZB103")
