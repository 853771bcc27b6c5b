"""Give the user's sheet back: which writer it takes, and where the file lies.

Knows which kind of file becomes which kind of result; the writers are in ``results/``.
"""

from __future__ import annotations

from pathlib import Path

from zbbulk.jobs.run_folder import RunFolder
from zbbulk.model import Outcome, Sheet
from zbbulk.results import READY, CsvLayout, Lookup, write_csv_result, write_workbook_result
from zbbulk.rows import CsvSheet


def csv_layout(sheet: Sheet) -> CsvLayout | None:
    """Return how the rows of a CSV sheet's result are laid out; None for a workbook."""
    form = sheet.form
    if form.delimiter is None or form.line_end is None:
        return None
    return CsvLayout(
        header=sheet.header,
        preamble=_kept_line(sheet) + "".join(row.raw for row in sheet.above),
        delimiter=form.delimiter,
        line_end=form.line_end,
    )


def _kept_line(sheet: Sheet) -> str:
    """Return the line that names the delimiter where the result could not be read without it.

    Elsewhere it is left out: with it Excel overlooks the mark of UTF-8 and garbles letters.
    """
    return sheet.kept_line if isinstance(sheet, CsvSheet) else ""


def write_result(sheet: Sheet, outcomes: Lookup, *, folder: RunFolder, rows: int) -> Path:
    """Write the result file of *sheet* into *folder* and return its path.

    A row of which *outcomes* knows nothing is ``ready``; *rows* is the number of
    rows below the header, so that what lies below them in a workbook stays as it is.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    layout = csv_layout(sheet)
    if layout is not None:
        target = folder.path / "result.csv"
        write_csv_result(sheet.blocks(), outcomes, target=target, layout=layout)
        return target
    last = sheet.form.header_row + rows

    def outcome_of(number: int) -> Outcome | None:
        return (outcomes(number) or READY) if number <= last else None

    stem = folder.path / "result"
    above = [row.cells for row in sheet.above[:-1]]
    return write_workbook_result(sheet, stem, outcomes=outcome_of, above=above)
