"""Write the result of a workbook: the user's own workbook with five more columns.

An .xlsx or .xlsm is edited in place: only the chosen sheet's XML changes, and in it
only what is added. What can't be edited for sure becomes a new workbook instead.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from zbbulk.errors import Location, SourceError
from zbbulk.model import Cell, Sheet
from zbbulk.results.new_file import new_file
from zbbulk.results.new_workbook import write_new_workbook
from zbbulk.results.outcomes import Lookup
from zbbulk.results.sheet_edit import ColumnTaken, SheetPlan, edited_sheet, plan_sheet, widest
from zbbulk.results.sheet_xml import OddSheet, SheetXml
from zbbulk.results.workbook_zip import copy_with, member_chunks, sheet_member

_EDITABLE = frozenset({"xlsx", "xlsm"})
_NOT_A_PLAIN_ZIP = (BadZipFile, KeyError, NotImplementedError, ParseError, EOFError, zlib.error)


def write_workbook_result(
    sheet: Sheet, stem: Path, *, outcomes: Lookup, above: Iterable[Sequence[Cell]] = ()
) -> Path:
    """Write the result of *sheet* and return its path.

    Where a row has a value right of the header, our columns go behind the last column
    of the whole sheet.

    Args:
        sheet: The user's sheet; ``sheet.path`` is read again.
        stem: The result's path without a suffix: .xlsx or .xlsm is put behind it.
        outcomes: Row number -> Outcome; None adds nothing to the row. The numbers rise,
            but all may be asked for anew from the start.
        above: The rows above the header row, for the case of a new workbook.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
        SourceError: the user's file can't be read any more.
    """
    kind = sheet.form.kind.lower()
    if kind in _EDITABLE:
        target = stem.with_name(f"{stem.name}.{kind}")
        try:
            _write_edited(sheet, target, outcomes)
        except (OddSheet, *_NOT_A_PLAIN_ZIP):
            pass
        else:
            return target
    target = stem.with_name(f"{stem.name}.xlsx")
    write_new_workbook(sheet, target, outcomes=outcomes, above=above)
    return target


def _write_edited(sheet: Sheet, target: Path, outcomes: Lookup) -> None:
    with _source(sheet) as raw, ZipFile(raw) as archive:
        member = sheet_member(archive, sheet.form.sheet or "")
        plan = plan_sheet(
            _opened(archive, member), header=sheet.header, header_row=sheet.form.header_row
        )

        def write(plan: SheetPlan) -> None:
            content = edited_sheet(_opened(archive, member), plan, outcomes)
            with new_file(target) as file:
                copy_with(archive, raw, file, member=member, content=content)

        try:
            write(plan)
        except ColumnTaken:
            write(replace(plan, first=widest(_opened(archive, member)) + 1))


def _source(sheet: Sheet) -> BinaryIO:
    try:
        return sheet.path.open("rb")
    except OSError as error:
        raise SourceError(
            f"{sheet.file!r} can't be read any more: {error.strerror}.",
            at=Location(file=sheet.file),
            code="ZB118",
        ) from error


def _opened(archive: ZipFile, member: str) -> SheetXml:
    return SheetXml(member_chunks(archive, member))
