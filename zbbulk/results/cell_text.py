"""Make a text fit into a cell of an Excel workbook, and show what had to be changed.

Knows no XML and no workbook.
"""

from __future__ import annotations

import re

MOST = 32_767
"""What an Excel cell holds, in UTF-16 units
(https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)."""

CUT = " [cut here: an Excel cell holds no more than 32,767 characters]"
"""Ends a text that was too long; the whole of it is in the run's journal."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_XML = re.compile(r"[\ud800-\udfff\ufffe\uffff]")


def cell_text(text: str) -> str:
    """Return *text* as a cell can hold it.

    A control character becomes its picture (U+0000 becomes U+2400), another one that
    XML can't hold becomes U+FFFD, and a text that is too long ends in CUT.
    """
    if text.isascii() and text.isprintable() and len(text) <= MOST:
        return text
    visible = _CONTROL.sub(lambda found: chr(0x2400 + ord(found[0])), text)
    visible = _NO_XML.sub("\ufffd", visible)
    if len(visible) * 2 <= MOST or _units(visible) <= MOST:
        return visible
    return _first_units(visible, MOST - len(CUT)) + CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _first_units(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
