"""Every word of the mapping language, in one place.

The loader, ``schemas/mapping.schema.json``, ``docs/mapping.md`` and their tests
all go by these tables; a word that is not here is refused by its line.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum

VERSION = "1"
"""What ``zbbulk:`` says: the version of the mapping language."""


class OtherValues(StrEnum):
    """What happens to a cell that ``values:`` does not list; the first is the default."""

    ERROR = "error"
    KEEP = "keep"
    BLANK = "blank"


class TextChange(StrEnum):
    """How ``text:`` cleans up the cell's text; the first is the default."""

    TRIM = "trim"
    UPPER = "upper"
    LOWER = "lower"
    TITLE = "title"
    DIGITS = "digits"


class Blank(StrEnum):
    """What is sent for a blank cell; the first is the default."""

    OMIT = "omit"
    CLEAR = "clear"
    KEEP = "keep"


class IfMissing(StrEnum):
    """What happens when a lookup finds nothing; the first is the default."""

    ERROR = "error"
    BLANK = "blank"
    CREATE = "create"


class IfMany(StrEnum):
    """What happens when a lookup finds several records; the first is the default."""

    ERROR = "error"
    FIRST_ACTIVE = "first_active"


class Rows(StrEnum):
    """How a value of a document is taken from its rows; the first is the default."""

    SAME = "same"
    FIRST = "first"
    SUM = "sum"
    JOIN = "join"


class CheckName(StrEnum):
    """What ``rule:`` of a check asks for."""

    UNIQUE = "unique"
    BALANCED = "balanced"
    TOTAL_EQUALS = "total_equals"
    CONTROL_TOTAL = "control_total"
    FORMULA = "formula"


class OnMatch(StrEnum):
    """What happens to a row whose key a record in Zoho Books has already."""

    ERROR = "error"
    SKIP = "skip"
    UPDATE = "update"
    CREATE = "create"


class Lines(StrEnum):
    """What an update does with the lines of a document; the first is the default."""

    REPLACE = "replace"
    APPEND = "append"
    MERGE = "merge"


class LinesMissing(StrEnum):
    """What happens when an update would drop lines; the first is the default."""

    ERROR = "error"
    DELETE = "delete"


TOP_WORDS = (
    "zbbulk",
    "resource",
    "action",
    "edition",
    "source",
    "key",
    "fields",
    "checks",
    "after_create",
    "upsert_by",
    "only_rows",
    "group_rows_by",
    "legacy_key",
    "mirror",
    "notify",
    "error_log",
)
MIGRATION_WORDS = ("zbbulk", "migration", "organization", "edition", "notify", "steps")
"""What stands at the top of a migration file."""
STEP_WORDS = ("id", "mapping", "file", "after")
SOURCE_WORDS = (
    "file",
    "encoding",
    "delimiter",
    "sheet",
    "header_row",
    "dates",
    "numbers",
    "empty_words",
)
KEY_WORDS = ("fields", "on_match", "lines", "lines_missing")
CHECK_WORDS = ("rule", "fields", "column", "within", "expect", "that", "level", "message")
ORIGIN_WORDS = ("column", "value", "template", "first_of", "formula", "choose")
"""The source words of a field rule: exactly one says where the value comes from."""
LOOKUP_WORDS = ("find_by", "find_in", "where", "if_missing", "if_many")
"""The modifiers of an id that is looked up."""
EACH_ROW = "each_row"
"""What a list holds whose entries come from the rows of a document."""
ROWS_FROM = "rows_from"
"""What a list holds whose entries come from the rows of another sheet."""
LIST_WORDS = (ROWS_FROM, "where", EACH_ROW)
MAIN = "main"
"""What the sheet of the command line is called where `source:` names several."""
MODIFIERS = ("default", "values", "other_values", "text", "blank", "part", "rows", *LOOKUP_WORDS)
RULE_WORDS = (*ORIGIN_WORDS, *MODIFIERS)
BRANCH_WORDS = tuple(word for word in RULE_WORDS if word not in ("choose", "rows", *LOOKUP_WORDS))
"""What a branch of ``choose`` may say beside ``if``."""
ERROR_LOG_WORDS = ("module", "fields", "rejected")
LOGGED_WORDS = (
    "title",
    "run",
    "row",
    "file",
    "resource",
    "key",
    "status",
    "code",
    "message",
    "fix",
    "time",
)
"""What a field of an error log may say."""
PART_WORDS = ("split", "take")
DEBIT_CREDIT = "debit_credit"
"""Stands where a field does, and fills two."""
SIDE_WORDS = ("debit", "credit", "amount", "type", "debit_word", "credit_word", "negative")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of *known* that *word* was most likely meant to be, if any is near."""
    names = {name.casefold(): str(name) for name in known}
    near = get_close_matches(word.casefold(), names, n=1, cutoff=0.6)
    return names[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'? `` with a space behind it, or "" when nothing is near."""
    near = nearest(word, known)
    return f"Did you mean {near!r}? " if near is not None else ""
