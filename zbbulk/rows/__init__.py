"""Read the user's file: CSV in any usual form, Excel, OpenDocument.

``open_sheet`` finds out how the file is written and gives its rows one by one.
Nothing here knows a mapping or Zoho Books: a cell is what stands in the sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from zbbulk.errors import Location, SourceError
from zbbulk.model import ReadOptions, Sheet
from zbbulk.rows.csv_file import CsvSheet, open_csv
from zbbulk.rows.row_fit import padded, row_faults
from zbbulk.rows.source_file import SourceFile
from zbbulk.rows.spans import Span, SplitFailed, csv_spans
from zbbulk.rows.workbook import open_workbook

__all__ = [
    "READERS",
    "CsvSheet",
    "Span",
    "SplitFailed",
    "csv_spans",
    "open_sheet",
    "padded",
    "row_faults",
]

Reader = Callable[[SourceFile, ReadOptions], Sheet]

READERS: Final[dict[str, Reader]] = {
    ".csv": open_csv,
    ".tsv": open_csv,
    ".txt": open_csv,
    ".xlsx": open_workbook,
    ".xlsm": open_workbook,
    ".xls": open_workbook,
    ".xlsb": open_workbook,
    ".ods": open_workbook,
}
"""How a file is read, by the end of its name."""


def open_sheet(path: Path, *, options: ReadOptions, name: str = "") -> Sheet:
    """Return the sheet in *path*, its form found out and its header checked.

    Args:
        path: Where the file lies.
        options: What is declared wins over what the file looks like.
        name: What every message calls the file; *path* if "".

    Raises:
        SourceError: the file can't be read; ``problems`` holds every fault of the header.
    """
    source = SourceFile.found(path, name=name)
    reader = READERS.get(source.suffix)
    if reader is None:
        known = ", ".join(READERS)
        raise SourceError(
            f"{path.name!r} does not end in one of {known}.",
            at=Location(file=source.name),
            code="ZB111",
        )
    return reader(source, options)
