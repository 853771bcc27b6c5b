"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from zbbulk.errors import Location, SourceError
from zbbulk.rows.ole_file import OleFile
from zbbulk.rows.source_file import SourceFile

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office documents (.xls), and the wrapping of an encrypted .xlsx."""

ZIP_MARK = b"PK\x03\x04"
"""Zip archives: .xlsx, .xlsm, .xlsb and .ods are such."""

_SECTOR = 1 << 16
_IN_ZIP = {
    "xl/workbook.xml": ".xlsx",
    "xl/workbook.bin": ".xlsb",
    "content.xml": ".ods",
    "word/document.xml": ".docx",
}
_BINARY = {
    OLE_MARK: ("an old Excel workbook", ".xls"),
    ZIP_MARK: ("an Excel workbook or another zip archive", ".xlsx"),
    b"%PDF": ("a PDF document", ""),
    b"\x1f\x8b": ("a gzip archive", ""),
    b"\x89PNG": ("a PNG picture", ""),
    b"\xff\xd8\xff": ("a JPEG picture", ""),
    b"GIF8": ("a GIF picture", ""),
    b"{\\rtf": ("a rich text document", ""),
}

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    LookupError,
    ValueError,  # also of text that can't be decoded
    EOFError,
    NotImplementedError,  # zipfile: a version or a packing that it does not know
    RuntimeError,  # zipfile: a part with a password
)
"""What is raised where the inside of a workbook is not as it should be."""


def seems_to_be(head: bytes) -> tuple[str, str]:
    """Return what a file beginning with *head* is, and the suffix it should have.

    Both are "" when nothing is known of such a beginning.
    """
    for mark, kind in _BINARY.items():
        if head.startswith(mark):
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return "a web page (HTML)", ""
    if text.startswith(b"<?xml"):
        return "an XML file", ""
    if b"\0" not in head and any(mark in head for mark in (b",", b";", b"\t", b"\n")):
        return "plain text, such as CSV", ".csv"
    return "", ""


def refuse_workbook_as_text(head: bytes, *, name: str) -> None:
    """Raise SourceError (ZB110) if *head* is that of a workbook, a web page or another file."""
    kind, suffix = seems_to_be(head)
    if not head.startswith(tuple(_BINARY)) and not kind.startswith("a web page"):
        return
    fix = "Export the sheet as CSV or .xlsx."
    if suffix:
        fix = f"If it is a workbook, rename it so that it ends in {suffix}, or export it as CSV."
    raise SourceError(
        f"{name} is not a CSV file: it is {kind}.", fix=fix, at=Location(file=name), code="ZB110"
    )


def check_workbook_kind(file: BinaryIO, source: SourceFile) -> None:
    """Look whether *file* is the kind of workbook that its suffix says.

    Raises:
        SourceError: it is empty (ZB102), has a password (ZB109), or is something else (ZB110).
    """
    head = file.read(_SECTOR)
    if not head:
        raise SourceError(
            f"{source.name} is empty: it has 0 bytes.", at=Location(file=source.name), code="ZB102"
        )
    if head.startswith(OLE_MARK):
        _check_ole(file, source)
    elif not head.startswith(ZIP_MARK):
        raise _misnamed(source, *seems_to_be(head))
    else:
        _check_zip(file, source)


def _check_ole(file: BinaryIO, source: SourceFile) -> None:
    try:
        ole = OleFile(file)
        names = ole.names()
        whole = source.suffix != ".xls" or any(map(ole.stream, ("Workbook", "Book")))
    except UNREADABLE:
        raise _damaged(source) from None
    if "EncryptedPackage" in names:
        raise protected(source)
    if source.suffix != ".xls":
        raise _misnamed(source, *_BINARY[OLE_MARK])
    if not whole:
        raise _misnamed(source, "another Office document", "")


def _check_zip(file: BinaryIO, source: SourceFile) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = frozenset(archive.namelist())
            manifest = "META-INF/manifest.xml"
            locked = manifest in names and b"encryption-data" in archive.read(manifest)
    except UNREADABLE:
        raise _damaged(source) from None
    if locked or "encrypted-package" in names:
        raise protected(source)
    suffix = next((_IN_ZIP[name] for name in _IN_ZIP if name in names), "")
    same = {suffix, ".xlsm"} if suffix == ".xlsx" else {suffix}
    if source.suffix not in same:
        raise _misnamed(source, f"a {suffix} file" if suffix else "a zip archive", suffix)


def protected(source: SourceFile) -> SourceError:
    """Return the error (ZB109) for an encrypted workbook."""
    return SourceError(
        f"{source.name} is protected by a password.", at=Location(file=source.name), code="ZB109"
    )


def _damaged(source: SourceFile) -> SourceError:
    return SourceError(
        f"{source.name} is broken: it is cut off or damaged.",
        at=Location(file=source.name),
        code="ZB110",
    )


def _misnamed(source: SourceFile, kind: str, suffix: str) -> SourceError:
    seems = f": it seems to be {kind}" if kind else ""
    fix = "Open it in Excel or LibreOffice and save it again, or export it as CSV."
    if suffix:
        fix = f"Rename it so that it ends in {suffix}, or save it again as {source.suffix}."
    return SourceError(
        f"{source.name} is not a {source.suffix} workbook{seems}.",
        fix=fix,
        at=Location(file=source.name),
        code="ZB110",
    )
