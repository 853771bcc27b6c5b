"""Refuse the rows of which only all rows together tell that they can't be sent.

A match key that stands twice, and rows of one call that do not fit together. The one
place where check and import do so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from zbbulk.errors import Level, Problem
from zbbulk.jobs.batch_faults import Batches, sent_rows
from zbbulk.jobs.batch_sides import unbalanced
from zbbulk.jobs.document_faults import document_problems
from zbbulk.jobs.findings import Findings
from zbbulk.jobs.late_outcomes import LateOutcomes
from zbbulk.jobs.match_keys import KeyLog, duplicates
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.row_problems import duplicate_problem, problem_of
from zbbulk.jobs.row_rules import whole_faults
from zbbulk.jobs.row_set import RowSet
from zbbulk.model import Fault

Logs = Sequence[tuple[KeyLog, int]]
"""The parts of one log in file order, each with what is added to its row numbers."""


def refuse_late(prepared: Prepared, logs: Sequence[Logs], *, found: Findings) -> LateOutcomes:
    """Return what is to be told of rows that are refused now, and count it in *found*.

    Args:
        prepared: The mapping that the keys come from.
        logs: As ``scan.key_logs`` made them.
        found: What the pass over the rows found; its counts and Problems are added to.
    """
    n_keys = len(prepared.program.keys) + prepared.program.has_legacy_key
    late = LateOutcomes()
    _whole(prepared, found)
    batches = _batches(prepared, logs[n_keys:])
    if batches is not None:
        _note(_unfit(prepared, batches, found.refused), late, found=found)
        _note(_out_of_balance(prepared, logs[n_keys + 1 :], found.refused), late, found=found)
    if prepared.program.grouped is not None:
        _note(document_problems(prepared, prepared.program.grouped, found), late, found=found)
    names = batches.names() if batches is not None and n_keys else {}
    _note(_twice(prepared, logs[:n_keys], found.refused, names), late, found=found)
    if batches is not None:
        found.spared = batches.spared(found.refused)
    late.hide_warnings_of(found.refused)
    return late


def _note(problems: Iterable[tuple[int, Problem]], late: LateOutcomes, *, found: Findings) -> None:
    """Keep *problems*; their rows count as refused only when all were told."""
    refused = RowSet()
    for row, problem in problems:
        found.note(problem)
        late.add(row, problem)
        if problem.level is Level.ERROR:
            refused.add(row)
    found.refuse_too(refused)


def _whole(prepared: Prepared, found: Findings) -> None:
    """Note what is wrong with the file as a whole."""
    for problem in whole_faults(prepared, found):
        found.note(problem)
        if problem.level is Level.ERROR:
            found.whole.append(problem)


def _out_of_balance(
    prepared: Prepared, logs: Sequence[Logs], refused: RowSet
) -> Iterator[tuple[int, Problem]]:
    """Yield the Problems of rows whose journal Zoho would refuse; the first row tells why."""
    thing = prepared.resource.single_key.replace("_", " ")
    for log in logs:
        for first, others, faults in unbalanced(log, refused, lines=prepared.resource.balanced):
            for fault in faults:
                yield first, problem_of(prepared, fault, row=first)
            other = Fault("ZB311", f"row {first} of the same {thing} is refused")
            for row in others:
                yield row, problem_of(prepared, other, row=row)


def _batches(prepared: Prepared, logs: Sequence[Logs]) -> Batches | None:
    batching = prepared.batching
    return None if batching is None else Batches(batching, logs[0])


def _unfit(prepared: Prepared, batches: Batches, refused: RowSet) -> Iterator[tuple[int, Problem]]:
    """Yield the Problems of rows that another row of their batch keeps from being sent."""
    thing = prepared.resource.single_key.replace("_", " ")
    sent = sent_rows(prepared, batches.batching)
    for row, fault in batches.faults(refused, sent=sent, thing=thing):
        yield row, problem_of(prepared, fault, row=row)


def _twice(
    prepared: Prepared, logs: Sequence[Logs], refused: RowSet, batches: Mapping[int, int]
) -> Iterator[tuple[int, Problem]]:
    """Yield the Problems of rows whose match key an earlier row has; one batch has one key.

    *batches* are the numbers of the rows' batches.
    """
    for duplicate in duplicates(logs):
        number = batches.get(duplicate.row)
        if number is None or number != batches.get(duplicate.first_row):
            is_first_refused = duplicate.first_row in refused
            is_lenient = duplicate.field in prepared.program.lenient
            problem = duplicate_problem(
                prepared,
                duplicate,
                is_first_refused=is_first_refused,
                level=Level.WARNING if is_lenient else Level.ERROR,
            )
            yield duplicate.row, problem
