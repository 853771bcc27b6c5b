"""Facts that stand only in the sentences of a description: a length, the allowed values.

Pure functions of a text. A list that ends in "etc." allows more than it names and counts
as none.
"""

from __future__ import annotations

import re
from html import unescape

_LENGTH = re.compile(
    r"max(?:imum)?[\s-]*len(?:gth)?\s*(?:is|of|:|=)?\s*\[?\s*([0-9]+)", re.IGNORECASE
)

_CUE = re.compile(
    r"(?:allowed|available|possible|supported|standard)\s+(?:\w+\s+)??"
    r"(?:values?|types?|methods?|frequencies)\b(?:\s+are\b)?",
    re.IGNORECASE,
)

_TIME = re.compile(r"\[HH:mm\]")

_CODE = re.compile(r"<code>(.*?)</code>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(?!/?code\b)[^>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]*>")

_WORD = r"[A-Za-z0-9_]+"
_ASIDE = r"(?:\s*\([^)]*\))?"
_BETWEEN = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+)"
_LIST = re.compile(rf"\W*({_WORD}{_ASIDE}(?:{_BETWEEN}{_WORD}{_ASIDE})+)")


def longest(text: str) -> int | None:
    """Return the most characters that *text* allows, None when it names no limit."""
    found = _LENGTH.search(_plain(text))
    return int(found[1]) if found else None


def is_time_of_day(text: str) -> bool:
    """Return whether *text* asks for hours and minutes."""
    return bool(_TIME.search(text))


def allowed_values(text: str) -> list[str]:
    """Return the values that *text* allows, each once in its order, [] for any value.

    Either every ``<code>`` behind a cue such as "Allowed values:", or the words of the
    list that follows it.
    """
    told = _TAG.sub(" ", unescape(text))
    cue = _CUE.search(told)
    if cue is None:
        return []
    behind = told[cue.end() :]
    values = _coded(behind) or _listed(behind)
    return [] if "etc" in values or len(values) < 2 else values


def _coded(text: str) -> list[str]:
    parts = [part.strip() for code in _CODE.findall(text) for part in code.split(",")]
    return list(dict.fromkeys(part for part in parts if re.fullmatch(_WORD, part)))


def _listed(text: str) -> list[str]:
    found = _LIST.match(_ANY_TAG.sub(" ", text))
    if found is None:
        return []
    words = re.split(_BETWEEN, re.sub(r"\s*\([^)]*\)", "", found[1]))
    return list(dict.fromkeys(words))


def _plain(text: str) -> str:
    return " ".join(_ANY_TAG.sub(" ", text).split())
