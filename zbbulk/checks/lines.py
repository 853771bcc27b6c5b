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


def line_name(line: JsonObject) -> str:
    """Return how a message calls a line."""
    name = line.get("name") or line.get("description") or line.get("account_name") or ""
    return f"{name!r} ({line_id(line)})" if name else line_id(line)


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
    return [*(_kept(line, fields) for line in stay), *sent]


def merged(
    there: Sequence[JsonObject], sent: Sequence[JsonObject], *, fields: Collection[str]
) -> list[JsonObject]:
    """Return *sent*, each line with what the one of its id that is *there* has beyond it.

    Only *fields* are taken over: Zoho shows more of a line than it takes.
    """
    known = {line_id(line): line for line in there}
    return [_kept(known.get(line_id(line), {}), fields) | line for line in sent]


def _kept(line: JsonObject, fields: Collection[str]) -> JsonObject:
    return {k: v for k, v in line.items() if k in fields and v not in ("", None)}
