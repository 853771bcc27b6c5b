"""Copy an .xlsx file member by member and exchange one of them on the way.

The others are copied as they are, compressed, so styles, formulas, other sheets,
pictures and macros stay byte for byte. Knows no sheet's inside.
"""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from itertools import islice
from typing import BinaryIO
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from zbbulk.results.sheet_xml import OddSheet

_CHUNK = 1 << 20
_ROWS_A_WRITE = 512
_LOCAL_HEADER = struct.Struct("<26xHH")
_ENCRYPTED, _SIZES_BEHIND = 0x1, 0x8
_LARGE = 1 << 30


def sheet_member(archive: ZipFile, sheet: str) -> str:
    """Return the name of the member that holds the XML of *sheet*. Raises OddSheet."""
    book = _target(archive, "_rels/.rels", _is_book)
    for element in _xml(archive, book).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            relation = next(value for name, value in element.items() if name.endswith("}id"))
            return _target(archive, _relations(book), partial(_has_id, relation))
    raise OddSheet(f"there is no sheet {sheet!r}")


def _is_book(relation: dict[str, str]) -> bool:
    return relation["Type"].endswith("/officeDocument")


def _has_id(wanted: str, relation: dict[str, str]) -> bool:
    return relation["Id"] == wanted


def _target(archive: ZipFile, relations: str, fits: Callable[[dict[str, str]], bool]) -> str:
    """Return the member that the first fitting relation points to."""
    base = posixpath.dirname(posixpath.dirname(relations))
    for element in _xml(archive, relations):
        if fits(element.attrib):
            name = posixpath.normpath(posixpath.join("/", base, element.attrib["Target"]))[1:]
            if name in archive.namelist():
                return name
    raise OddSheet(f"{relations} does not lead to a sheet")


def _relations(member: str) -> str:
    folder, name = posixpath.split(member)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _xml(archive: ZipFile, member: str) -> ET.Element:
    return ET.fromstring(archive.read(member))  # noqa: S314 - a workbook that was read before


def member_chunks(archive: ZipFile, member: str) -> Iterator[bytes]:
    """Yield the content of *member*, uncompressed."""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def copy_with(
    archive: ZipFile, raw: BinaryIO, target: BinaryIO, *, member: str, content: Iterator[bytes]
) -> None:
    """Write all of *archive* to *target*, with *content* in place of *member*.

    Args:
        archive: The user's workbook.
        raw: The same file, open for reading its bytes.
        target: A new file.
        member: The member to be exchanged.
        content: What it is to hold.

    Raises:
        OddSheet: a member is encrypted.
    """
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as copied:
        for entry in archive.infolist():
            if entry.filename == member:
                large = entry.file_size > _LARGE
                with copied.open(member, "w", force_zip64=large) as stream:
                    while pieces := list(islice(content, _ROWS_A_WRITE)):
                        stream.write(b"".join(pieces))
            else:
                _copy_compressed(raw, entry, copied)


def _copy_compressed(raw: BinaryIO, entry: ZipInfo, copied: ZipFile) -> None:
    """Append one member without unpacking it, which ``zipfile`` has no call for."""
    if entry.flag_bits & _ENCRYPTED:
        raise OddSheet(f"{entry.filename} is encrypted")
    raw.seek(entry.header_offset)
    raw.seek(sum(_LOCAL_HEADER.unpack(raw.read(_LOCAL_HEADER.size))), 1)
    new, file = copy(entry), copied.fp
    if file is None:
        raise OddSheet("the new file is closed")
    file.seek(copied.start_dir)
    new.header_offset = copied.start_dir
    new.flag_bits &= ~_SIZES_BEHIND
    file.write(new.FileHeader())
    left = entry.compress_size
    while left and (chunk := raw.read(min(left, _CHUNK))):
        file.write(chunk)
        left -= len(chunk)
    copied.start_dir = file.tell()
    copied.filelist.append(new)
    copied.NameToInfo[new.filename] = new
