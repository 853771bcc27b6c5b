"""Say what is wrong with one row, with its place in the user's file and the fix.

Brings the faults of reading, mapping and checking together; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zbbulk.errors import Level, Location, Problem
from zbbulk.jobs.keys import shown
from zbbulk.jobs.match_keys import Duplicate
from zbbulk.jobs.prepare import Prepared
from zbbulk.mapping import Origin
from zbbulk.model import CUSTOM, Cell, Fault, Outcome, Path, Record, Row, Status
from zbbulk.results import BETWEEN
from zbbulk.rows import padded, row_faults


def examined(prepared: Prepared, row: Row) -> tuple[Record, list[Fault]]:
    """Return the Record of *row*, which is not blank, and all its faults.

    A field that could not be read is not also told to be missing, and neither are it and
    others that would do in its place.
    """
    header, program = prepared.sheet.header, prepared.program
    faults = row_faults(row, header)
    cells = padded(row.cells, len(header))
    faults += program.condition_faults(cells) + program.legacy_faults(cells)
    record, unread = program.convert(cells)
    faults += unread or []
    told = {fault.path for fault in faults if fault.path}
    beside = {path[:-1] for path in told}
    faults += [
        fault
        for fault in prepared.checker.faults(record)
        if fault.path not in told and not (fault.code == "ZB301" and fault.path in beside)
    ]
    return record, faults


def alone_faults(prepared: Prepared, row: Row) -> list[Fault]:
    """Return what is wrong with a row of a document whatever the other rows say."""
    header, program = prepared.sheet.header, prepared.program
    faults, cells = row_faults(row, header), padded(row.cells, len(header))
    if program.grouped is not None and program.grouped.key_of(cells) is None:
        columns = ", ".join(column.name for column in program.grouped.key)
        faults.append(Fault("ZB317", f"{columns} is blank", (), columns))
    return faults + program.condition_faults(cells) + program.legacy_faults(cells)


def problem_of(
    prepared: Prepared,
    fault: Fault,
    *,
    row: int,
    cells: Sequence[Cell] | None = None,
    level: Level = Level.ERROR,
) -> Problem:
    """Return *fault* with its place in the user's file; *cells* tell a list's entries apart."""
    origin = None if fault.column else _origin(prepared, fault.path, cells=cells)
    column = fault.column or (", ".join(origin.columns) if origin else "") or None
    at = Location(file=prepared.sheet.file, row=row, column=column)
    message = f"{origin.place}: {fault.message}" if origin and origin.place else fault.message
    return Problem(code=fault.code, message=message, at=at, fix=fault.fix, level=level)


def _origin(prepared: Prepared, path: Path, *, cells: Sequence[Cell] | None) -> Origin | None:
    if not path:
        return None
    is_in_list = cells is not None and any(isinstance(step, int) for step in path)
    whole = padded(cells, len(prepared.sheet.header)) if cells and is_in_list else None
    return prepared.program.origin(path, cells=whole)


def key_path(field: str) -> Path:
    """Return the path of a field as a key names it."""
    if field.startswith(CUSTOM):
        return ("custom_fields", field.removeprefix(CUSTOM))
    return (field,)


def warned(problems: Sequence[Problem]) -> Outcome:
    """Return what stands beside a row that passed and has something to be known about."""
    told = rejected(problems)
    message = BETWEEN.join(f"warning: {_with_column(problem)}" for problem in problems)
    return replace(told, status=Status.READY, message=message)


def rejected(problems: Sequence[Problem]) -> Outcome:
    """Return the outcome of a row with *problems*: all codes, messages and fixes."""
    return Outcome(
        status=Status.REJECTED,
        code=" ".join(dict.fromkeys(problem.code for problem in problems)),
        message=BETWEEN.join(_with_column(problem) for problem in problems),
        fix=BETWEEN.join(dict.fromkeys(problem.fix for problem in problems)),
    )


def _with_column(problem: Problem) -> str:
    return f"{problem.at.column}: {problem.message}" if problem.at.column else problem.message


def duplicate_problem(
    prepared: Prepared,
    duplicate: Duplicate,
    *,
    is_first_refused: bool,
    level: Level = Level.ERROR,
) -> Problem:
    """Return the Problem of a row whose match key an earlier row already has.

    *is_first_refused* tells whether that row will not be sent either.
    """
    too = ", which is refused too" if is_first_refused else ""
    program = prepared.program
    is_legacy = duplicate.field >= len(program.keys)
    code, message = "ZB307", f"{shown(duplicate.value)} already stands in row {duplicate.first_row}"
    if duplicate.value != duplicate.first_value:
        code, message = (
            "ZB328",
            (
                f"{shown(duplicate.value)} is {shown(duplicate.first_value)} of row"
                f" {duplicate.first_row} but for capitals or spaces"
            ),
        )
    fault = Fault(
        code=code,
        message=message + too,
        path=() if is_legacy else key_path(program.keys[duplicate.field][0]),
        column=program.legacy_columns if is_legacy else None,
    )
    return problem_of(prepared, fault, row=duplicate.row, level=level)
