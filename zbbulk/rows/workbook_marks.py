"""Which reader knows the marked cells of which kind of workbook."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from zbbulk.rows.file_kind import UNREADABLE
from zbbulk.rows.marked_cells import MarkedCells
from zbbulk.rows.ods_cells import marked_ods_cells
from zbbulk.rows.sheet_choice import broken
from zbbulk.rows.source_file import SourceFile
from zbbulk.rows.xls_cells import marked_xls_cells
from zbbulk.rows.xlsb_cells import marked_xlsb_cells
from zbbulk.rows.xlsx_cells import marked_xlsx_cells

_IN_ZIP = {
    ".xlsx": marked_xlsx_cells,
    ".xlsm": marked_xlsx_cells,
    ".xlsb": marked_xlsb_cells,
    ".ods": marked_ods_cells,
}


def marked_cells(source: SourceFile, file: BinaryIO, *, sheet: str) -> MarkedCells:
    """Yield the marked cells of *sheet* in the order of the rows.

    Raises:
        SourceError: the file is broken (ZB110).
    """
    try:
        if source.suffix == ".xls":
            yield from marked_xls_cells(file, sheet)
        else:
            with zipfile.ZipFile(file) as archive:
                yield from _IN_ZIP[source.suffix](archive, sheet)
    except UNREADABLE as error:
        raise broken(source, error) from error
