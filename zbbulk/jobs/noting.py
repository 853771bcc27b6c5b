"""Check every row of a run and write into its journal which ones are not sent, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from zbbulk.jobs.findings import Findings
from zbbulk.jobs.late_faults import refuse_late
from zbbulk.jobs.progress import rows_in
from zbbulk.jobs.run import Run
from zbbulk.jobs.run_folder import work_folder
from zbbulk.jobs.scan import key_logs, scan
from zbbulk.journal.journal import Journal
from zbbulk.model import Block, Outcome, Status
from zbbulk.results import READY, OutcomesInOrder, joined

_AT_ONCE = 5000


def noted(run: Run) -> Findings:
    """Return what was found in all rows; those that will not be sent are in the journal.

    Raises:
        SourceError: a row can't be read.
        ResultError: the journal can't be written.
    """
    pending: list[tuple[int, Outcome]] = []

    def sink(block: Block, outcomes: Mapping[int, Outcome]) -> None:
        pending.extend((block.first + index, outcome) for index, outcome in outcomes.items())
        if len(pending) >= _AT_ONCE:
            _note(run.journal, pending)
            pending.clear()

    with work_folder(run.folder) as work:
        logs = key_logs(run.prepared, work, name="whole")
        blocks = run.progress(run.prepared.sheet.blocks(), label="checking", weigh=rows_in)
        found = scan(run.prepared, blocks, sink=sink, logs=logs)
        _note(run.journal, pending)
        later = refuse_late(run.prepared, [[(log, 0)] for log in logs], found=found)
    before = OutcomesInOrder(run.journal.outcomes)
    told = ((row, joined(before(row) or READY, outcome)) for row, outcome in later.items())
    while some := list(islice(told, _AT_ONCE)):
        _note(run.journal, some)
    return found


def _note(journal: Journal, outcomes: Sequence[tuple[int, Outcome]]) -> None:
    """Write the outcomes of rows that are not sent; READY ones are sent and have a warning."""
    journal.note_many(each for each in outcomes if each[1].status is not Status.READY)
    journal.warn_many(each for each in outcomes if each[1].status is Status.READY)
