"""What became of each row, read when somebody asks: of a million rows one is held.

A run has it in its journal, word for word. A check has no journal: there it is read from the
result file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from zbbulk.errors import Location, UsageError
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.journal.journal import Journal
from zbbulk.model import Outcome, ReadOptions, SheetForm, Status
from zbbulk.results import OWN_COLUMNS, READY, harmed
from zbbulk.rows import open_sheet

ROWS = "rows"
"""Fact of a journal: how many rows the sheet has, known when all were checked."""

HEADER_ROW = "header_row"
"""Fact of a journal: the row that holds the names of the columns."""

_STATUS = re.compile(rf"{OWN_COLUMNS[0]}(?:_([0-9]+))?")
_NOTHING: Mapping[int, Outcome] = {}


def folder_of(result: Path) -> RunFolder:
    """Return the folder with a result file; where there is none yet, the folder is told itself."""
    return RunFolder(result if result.is_dir() else result.parent)


def outcomes_of_run(
    folder: RunFolder, *, unheld: Mapping[int, Outcome] = _NOTHING
) -> Iterator[tuple[int, Outcome]]:
    """Yield row number and outcome of every row of a run below its header, in order.

    Args:
        folder: Of the run.
        unheld: By row what its journal could not take any more.

    Raises:
        ResultError: the journal can't be read.
    """
    with Journal.open(folder.journal) as journal:
        facts = journal.facts()
        last = int(facts.get(HEADER_ROW, 0))
        end = last + int(facts.get(ROWS, 0)) if last else 0
        for row, outcome in Outcomes(journal, unwritten=unheld):
            yield from _ready(last, row)
            yield row, outcome
            last = row if last else 0
        yield from _ready(last, end + 1)


def _ready(last: int, row: int) -> Iterator[tuple[int, Outcome]]:
    """Yield the rows between two that the journal knows; it is silent of those that passed."""
    if last:
        yield from ((between, READY) for between in range(last + 1, row))


def outcomes_in_result(file: Path, form: SheetForm) -> Iterator[tuple[int, Outcome]]:
    """Yield row number and outcome of every row below the header, from a result file.

    Args:
        file: The result file.
        form: Of the sheet that it is the result of.

    Raises:
        SourceError: it can't be read.
        UsageError: it is no result file any more (ZB012).
    """
    is_same_kind = file.suffix == f".{form.kind}"
    options = ReadOptions(
        delimiter=form.delimiter,
        sheet=form.sheet if is_same_kind else None,
        header_row=form.header_row,
    )
    sheet = open_sheet(file, options=options)
    places = _places(file, sheet.header)
    for row in sheet.rows():
        texts = [harmed(str(row.cells[at])) if at < len(row.cells) else "" for at in places]
        yield row.number, _outcome(texts, Location(file=str(file), row=row.number))


def _places(file: Path, header: Sequence[str]) -> list[int]:
    """Return where our five columns are: the last ones, if the sheet is a result fed in again."""
    numbers = [int(found[1] or 1) for name in header if (found := _STATUS.fullmatch(name))]
    end = f"_{max(numbers)}" if numbers and max(numbers) > 1 else ""
    names = [f"{name}{end}" for name in OWN_COLUMNS]
    if not set(names) <= set(header):
        at = Location(file=str(file))
        raise UsageError("The columns of a result are not there any more.", at=at, code="ZB012")
    return [header.index(name) for name in names]


def _outcome(texts: Sequence[str], at: Location) -> Outcome:
    status, zb_id, code, message, fix = texts
    if status not in set(Status):
        raise UsageError(f"{status!r} is no status of a row.", at=at, code="ZB012")
    return Outcome(status=Status(status), zb_id=zb_id, code=code, message=message, fix=fix)
