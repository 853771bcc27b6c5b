"""A new workbook of one sheet, written row by row: there whole or not at all.

Knows nothing of what is in the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from zbbulk.results.new_file import new_file

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_NO_TITLE = re.compile(r"[\\*?:/\[\]]")
_LONGEST = 31


@contextmanager
def new_book(target: Path, *, title: str | None) -> Iterator[WriteOnlyWorksheet]:
    """Yield the sheet of a new workbook, which is saved as *target* at the end of the block.

    Args:
        target: Ends in .xlsx.
        title: What the sheet is called, as ``sheet_title`` makes it.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - heavy
    from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415 - heavy

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet_title(title))
    with new_file(target) as file:
        try:
            yield page
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                ExcelWriter(book, archive).write_data()
        except BaseException:
            _give_up(page)
            raise


def sheet_title(name: str | None) -> str:
    """Return *name* as Excel takes it for a sheet; OpenDocument allows more."""
    return _NO_TITLE.sub("_", name or "Sheet1")[:_LONGEST]


def _give_up(page: WriteOnlyWorksheet) -> None:
    """Close a sheet that nobody will save; left open, it would complain at the program's end."""
    with suppress(Exception):
        if not page.closed:
            page.close()
