"""Open a workbook, choose one of its sheets, and say why it can't be opened.

Knows the faults of whole files: broken, encrypted, misnamed, empty, no such sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING

from zbbulk.errors import Location, SourceError
from zbbulk.rows.file_kind import check_workbook_kind, protected
from zbbulk.rows.source_file import SourceFile

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def opened_workbook(source: SourceFile) -> CalamineWorkbook:
    """Return the workbook in *source*.

    Raises:
        SourceError: empty (ZB102), with a password (ZB109), broken or misnamed (ZB110).
    """
    from python_calamine import load_workbook  # noqa: PLC0415 - heavy

    with source.open() as file:
        check_workbook_kind(file, source)
    with _faults_told(source):
        return load_workbook(source.path)


def worksheet(workbook: CalamineWorkbook, name: str, *, source: SourceFile) -> CalamineSheet:
    """Return the sheet *name*. Raises SourceError (ZB110) if it is broken."""
    with _faults_told(source):
        return workbook.get_sheet_by_name(name)


@contextmanager
def _faults_told(source: SourceFile) -> Iterator[None]:
    """Turn what calamine raises into a SourceError (ZB109, ZB110)."""
    from python_calamine import CalamineError, PasswordError  # noqa: PLC0415 - heavy

    try:
        yield
    except PasswordError:
        raise protected(source) from None
    except (CalamineError, OSError) as error:
        raise broken(source, error) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # calamine met what it does not foresee
            raise broken(source, error) from error
        raise


def chosen_sheet(
    workbook: CalamineWorkbook, *, source: SourceFile, wanted: str | None
) -> tuple[str, tuple[str, ...]]:
    """Return the sheet to read and all that could be: *wanted*, else the first visible one.

    Raises:
        SourceError: there is no such sheet; the message lists those there are (ZB108).
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - heavy

    sheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    names = tuple(each.name for each in sheets)
    if wanted is None and names:
        visible = (each.name for each in sheets if each.visible == SheetVisibleEnum.Visible)
        return next(visible, names[0]), names
    if wanted in names:
        return str(wanted), names
    raise _no_such_sheet(wanted or "", names, source)


def _no_such_sheet(wanted: str, names: tuple[str, ...], source: SourceFile) -> SourceError:
    by_small = {name.strip().lower(): name for name in names}
    near = get_close_matches(wanted.strip().lower(), by_small, n=1)
    hint = f"Did you mean {by_small[near[0]]!r}? " if near else ""
    listed = ", ".join(map(repr, names)) or "no sheet with cells"
    return SourceError(
        f"The workbook has no sheet {wanted!r}; it has {listed}.",
        fix=f"{hint}Set `sheet:` in the mapping's `source:` block to one of: {listed}.",
        at=Location(file=source.name),
        code="ZB108",
    )


def without_cells(workbook: CalamineWorkbook, name: str, *, source: SourceFile) -> SourceError:
    """Return the error (ZB102) for a sheet without any cell; it names those that have some."""
    _, names = chosen_sheet(workbook, source=source, wanted=name)
    others = [each for each in names if worksheet(workbook, each, source=source).start]
    fix = "Export the sheet again, or pick the right file."
    if others:
        listed = ", ".join(map(repr, others))
        fix = f"Set `sheet:` in the mapping's `source:` block to one that is not empty: {listed}."
    return SourceError(
        f"The sheet {name!r} is empty.", fix=fix, at=Location(file=source.name), code="ZB102"
    )


def broken(source: SourceFile, error: BaseException) -> SourceError:
    """Return the error (ZB110) for a workbook that can't be read because of *error*."""
    return SourceError(
        f"{source.name} is broken: {error}.", at=Location(file=source.name), code="ZB110"
    )
