"""Where things lie inside an .xlsx file: the XML of a sheet, and its number formats.

Names and places are those of ECMA-376; prefixes and namespaces differ between the
programs that write such files, so only local names are looked at.
"""

from __future__ import annotations

import zipfile
from posixpath import join, normpath, split
from xml.etree import ElementTree as ET

from zbbulk.rows.number_formats import PERCENT_FORMATS, Shown, percent_text, shown_by

_WORKBOOK = "xl/workbook.xml"
_STYLES = "xl/styles.xml"


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of the part that holds *sheet*, None if it is not where it should be."""
    for element in _parsed(archive, _WORKBOOK).iterfind("{*}sheets/{*}sheet"):
        if element.get("name") == sheet:
            return related_part(archive, _local_attribute(element, "id"), of=_WORKBOOK)
    return None


def related_part(archive: zipfile.ZipFile, relation: str | None, *, of: str) -> str | None:
    """Return the name of the part that the part *of* means by *relation*, None if not there."""
    folder, name = split(of)
    for element in _parsed(archive, f"{folder}/_rels/{name}.rels"):
        if element.get("Id") == relation:
            target = element.get("Target", "")
            part = normpath(join("/", folder, target)).lstrip("/")
            return part if part in archive.namelist() else None
    return None


def shown_styles(archive: zipfile.ZipFile) -> dict[int, Shown]:
    """Return what the cell styles do that must not be lost, by the style's number.

    The number is that of a cell's ``s`` attribute; styles that do nothing such are left out.
    """
    if _STYLES not in archive.namelist():
        return {}
    root = _parsed(archive, _STYLES)
    formats: dict[int, Shown] = dict.fromkeys(PERCENT_FORMATS, percent_text)
    for element in root.iterfind("{*}numFmts/{*}numFmt"):
        shown = shown_by(element.get("formatCode", ""))
        if shown:
            formats[int(element.get("numFmtId", "0"))] = shown
    styles = (
        formats.get(int(element.get("numFmtId", "0")))
        for element in root.iterfind("{*}cellXfs/{*}xf")
    )
    return {number: shown for number, shown in enumerate(styles) if shown}


def _parsed(archive: zipfile.ZipFile, part: str) -> ET.Element:
    # The user's own file; expat itself stops entities that multiply.
    return ET.fromstring(archive.read(part))  # noqa: S314


def _local_attribute(element: ET.Element, name: str) -> str | None:
    found = (value for key, value in element.items() if key.rpartition("}")[2] == name)
    return next(found, None)
