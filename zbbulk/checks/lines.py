"""The lines of a document that is updated: Zoho replaces all of them by what is sent.

Pure: the lines that are there and those of the Record in, lines out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from zbbulk.model import JsonObject

LINES = "line_items"
_IDS = ("line_item_id", "line_id")


def line_id(line: JsonObject) -> str:
    """Return Zoho's id of a line, "" when it has none; journals call it ``line_id``."""
    return next((str(line[name]) for name in _IDS if line.get(name)), "")


def dropped(there: Sequence[JsonObject], sent: Sequence[JsonObject]) -> list[JsonObject]:
    """Return the lines that are *there* and would be gone after *sent* is sent."""
    named = {line_id(line) for line in sent}
    return [line for line in there if line_id(line) not in named]


def appended(
    there: Sequence[JsonObject], sent: Sequence[JsonObject], *, fields: Collection[str]
) -> list[JsonObject]:
    """Return *sent* behind the lines that are *there* already, of which *fields* are sent again.

    A line of *sent* that has the id of one that is there takes its place.
    """
    stay = dropped(there, sent)
    kept = [{name: line[name] for name in line if name in fields} for line in stay]
    return [*({k: v for k, v in line.items() if v not in ("", None)} for line in kept), *sent]
