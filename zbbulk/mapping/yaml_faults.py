"""Say in plain words what a YAML parser could not read, and what to quote.

PyYAML tells what it expected; a bookkeeper needs to hear which text wants quotes.
"""

from __future__ import annotations

import re
from typing import Protocol

from yaml import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

Explained = tuple[int, int, str, str]
"""Line, position, message, fix."""

_QUOTES = "Put quotes around it: {}."
_SPECIAL = "%@`*&!|>[{-?\"'"
_UNCLOSED = ("flow mapping", "flow sequence")


class _Mark(Protocol):
    line: int
    column: int


def explain(error: YAMLError, text: str) -> Explained:
    """Return where *text* stops being YAML, why, and what to do."""
    if isinstance(error, ReaderError):
        return _bad_character(error, text)
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        return _marked(error, error.problem_mark, text.splitlines() or [""])
    return 1, 1, "This is not YAML.", ""


def _bad_character(error: ReaderError, text: str) -> Explained:
    before = text[: error.position]
    line, at = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    number = error.character if isinstance(error.character, int) else ord(error.character)
    message = f"There is an invisible character here (U+{number:04X})."
    return line, at, message, "Delete it, and save the file as plain text in UTF-8."


def _marked(error: MarkedYAMLError, mark: _Mark, lines: list[str]) -> Explained:
    number = min(mark.line, len(lines) - 1)
    line = lines[number]
    if _has_tab_in_front(line):
        return (
            number + 1,
            1,
            "A tab stands in front of the text.",
            "Use spaces to indent, not tabs.",
        )
    opened = _unclosed(error, mark)
    if opened:
        return opened
    if "escape" in (error.problem or ""):
        message = "A backslash inside double quotes has a meaning of its own."
        return number + 1, mark.column + 1, message, "Use single quotes."
    suspect = _suspect(line)
    if suspect:
        text = _in_quotes(suspect)
        at = line.index(suspect) + 1
        message = f"`{suspect}` can't stand without quotes."
        return number + 1, at, message, _QUOTES.format(text)
    return _by_shape(error, lines, number + 1, mark.column + 1)


def _has_tab_in_front(line: str) -> bool:
    return "\t" in line[: len(line) - len(line.lstrip())]


def _unclosed(error: MarkedYAMLError, end: _Mark) -> Explained | None:
    begin = error.context_mark
    context, problem = error.context or "", error.problem or ""
    if begin is None or (begin.line == end.line and "end of stream" not in problem):
        return None
    place = begin.line + 1, begin.column + 1
    if "quoted scalar" in context:
        return *place, "A quote is opened here and never closed.", "Close the quote."
    if any(word in context for word in _UNCLOSED):
        sign = "`}`" if "mapping" in context else "`]`"
        return *place, f"A bracket is opened here and {sign} is missing.", f"Add the {sign}."
    return None


def _suspect(line: str) -> str | None:
    """Return the value in *line* that most likely wants quotes."""
    in_braces = re.search(r"[{,]\s*[\w-]+:\s+([%@`*&!][^,}]*|[^,}\"']*: [^,}]*)", line)
    if in_braces:
        return in_braces[1].strip()
    found = re.match(r"\s*(?:- )?[^:'\"]+?:\s+(.+?)\s*(?:\s#.*)?$", line)
    value = found[1] if found else re.sub(r"^\s*(?:- )?", "", line).strip()
    if not found and value[:1] not in "%@`*&!":
        return None
    if value[:1] in "{'":
        return None
    return value if value[:1] in _SPECIAL or ": " in value or value.endswith(":") else None


def _in_quotes(text: str) -> str:
    bare = text.strip("\"'") if text[:1] in "\"'" else text
    return "'" + bare.replace("'", "''") + "'"


def _by_shape(error: MarkedYAMLError, lines: list[str], line: int, at: int) -> Explained:
    problem = error.problem or ""
    if "could not find expected ':'" in problem and error.context_mark is not None:
        begin = error.context_mark
        stray = lines[begin.line].strip()
        message = f"`{stray}` has no colon: every line is `field: column`."
        return (
            begin.line + 1,
            begin.column + 1,
            message,
            "Add the colon and what belongs behind it.",
        )
    if "mapping values are not allowed" in problem or "expected key" in problem:
        message = "This line does not fit the lines above it."
        fix = "Begin it under the first letter of its neighbours, with spaces."
        return line, at, message, fix
    return line, at, f"This is not YAML: {problem}.", ""
