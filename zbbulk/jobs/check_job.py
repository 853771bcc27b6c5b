"""Check a file and give it back with what is wrong; nothing is sent.

Wires reading, mapping, checking and the result file, and finds the match keys that
stand twice. Does not print.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.findings import Findings, check_report
from zbbulk.jobs.late_faults import refuse_late
from zbbulk.jobs.lookups import makes_missing, offline_lookups, online_lookups
from zbbulk.jobs.match_keys import KeyLog
from zbbulk.jobs.parts import Part, checked_parts
from zbbulk.jobs.prepare import Prepared, prepare, refuse_mirror, with_finder
from zbbulk.jobs.preview import NO_PREVIEW, Preview, previewed
from zbbulk.jobs.progress import Progress, no_progress, rows_in
from zbbulk.jobs.reports import CheckReport
from zbbulk.jobs.result_file import csv_layout, write_result
from zbbulk.jobs.run_folder import RunFolder, make_run_folder, work_folder
from zbbulk.jobs.scan import key_logs, scan
from zbbulk.jobs.target import Target
from zbbulk.model import Block, Outcome
from zbbulk.results import READY, CsvLayout, join_parts, joined


def check_file(  # noqa: PLR0913 - one argument a choice of the user
    path: Path,
    mapping: Path,
    *,
    runs: Path,
    edition: str | None = None,
    target: Target | None = None,
    organization_id: str = "",
    workers: int | None = None,
    progress: Progress = no_progress,
    preview: Preview = NO_PREVIEW,
) -> CheckReport:
    """Check every row of *path* and write the result file into a new folder below *runs*.

    Args:
        path: The user's file.
        mapping: The mapping file.
        runs: Folder of all runs; made if missing.
        edition: Country edition of the organization; None takes the mapping's.
        target: Where the ids of lookups are read now; None takes them from earlier runs.
        organization_id: Whose earlier runs; "" those of the only one there is.
        workers: 1 or 2 processes; None takes 2 where that pays.
        progress: Shows how far it is.
        preview: Which Records are shown as they would be sent.

    Raises:
        SourceError, MappingError: the input must be mended first.
        UsageError: there is no such edition, or a file that would be overwritten.
        ResultError: the result can't be written.
    """
    started = time.monotonic()
    preview.refuse_to_overwrite(path, mapping)
    prepared = prepare(path, mapping, edition=edition)
    refuse_mirror(prepared.mapping)
    now = datetime.now().astimezone()
    folder = make_run_folder(runs, resource=prepared.resource.name, now=now)
    with folder.unless_empty(), work_folder(folder) as work:
        if target is not None:
            with EventLog(folder.log) as log:
                lookups = online_lookups(target, prepared.mapping, runs=runs, log=log)
        else:
            lookups = offline_lookups(prepared.mapping, runs=runs, organization_id=organization_id)
        prepared = with_finder(prepared, lookups)
        layout = csv_layout(prepared.sheet)
        if layout is None:
            found, result = _workbook(prepared, folder=folder, work=work, progress=progress)
        else:
            is_counted = makes_missing(prepared.mapping) or bool(prepared.others)
            if is_counted or prepared.program.grouped is not None:
                workers = 1  # one that counts them all
            parts = checked_parts(prepared, layout, work=work, workers=workers, progress=progress)
            found, result = _joined(prepared, parts, layout, folder=folder)
    shown = previewed(prepared, preview, found)
    report = check_report(
        prepared,
        found,
        result=result,
        took_s=time.monotonic() - started,
        looked_up=lookups.told if lookups else None,
    )
    return replace(report, shown=shown)


def _joined(
    prepared: Prepared, parts: Sequence[Part], layout: CsvLayout, *, folder: RunFolder
) -> tuple[Findings, Path]:
    found = Findings()
    logs: list[list[tuple[KeyLog, int]]] = [[] for _ in parts[0].logs]
    for part in parts:
        above = part.above + found.rows
        for field, log in enumerate(part.logs):
            logs[field].append((log, above))
        found.merge(part.found, above=above)
    additions = refuse_late(prepared, logs, found=found)
    target = folder.path / "result.csv"
    first = prepared.sheet.form.header_row + 1
    by_index = ((row - first, outcome) for row, outcome in additions.items())
    join_parts([part.file for part in parts], target, layout=layout, additions=by_index)
    return found, target


def _workbook(
    prepared: Prepared, *, folder: RunFolder, work: Path, progress: Progress
) -> tuple[Findings, Path]:
    noted: dict[int, Outcome] = {}

    def sink(block: Block, outcomes: Mapping[int, Outcome]) -> None:
        noted.update((block.first + index, outcome) for index, outcome in outcomes.items())

    logs = key_logs(prepared, work, name="whole")
    blocks = progress(prepared.sheet.blocks(), label="checking", weigh=rows_in)
    found = scan(prepared, blocks, sink=sink, logs=logs)
    later = refuse_late(prepared, [[(log, 0)] for log in logs], found=found)
    for row, outcome in later.items():
        noted[row] = joined(noted.get(row, READY), outcome)
    result = write_result(prepared.sheet, noted.get, folder=folder, rows=found.rows)
    return found, result
