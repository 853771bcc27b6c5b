"""Write records as JSON, one a line, as Zoho Books gave them: ids as text, amounts exact.

Knows no layout: nothing is left out and nothing is laid out.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from zbbulk.model import JsonObject
from zbbulk.results.new_file import new_text_file


def write_lines(target: Path, records: Iterable[JsonObject]) -> int:
    """Write *records* to *target*, whole or not at all; return how many they were.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    import simplejson  # noqa: PLC0415 - heavy: only who exports pays

    written = 0
    with new_text_file(target, encoding="utf-8") as file:
        for record in records:
            file.write(simplejson.dumps(record, use_decimal=True, ensure_ascii=False) + "\n")
            written += 1
    return written
