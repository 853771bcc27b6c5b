"""What can be wrong: a Problem (a value, collected) and a ZbbulkError (raised).

A Problem belongs to one cell, row or line of a mapping; a run may have many and
goes on. A ZbbulkError means that the step can't go on. Neither knows how it is printed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from zbbulk.codes import CODES


class ExitCode(IntEnum):
    """What the process tells the shell."""

    FINE = 0
    SOME_ROWS = 1
    NOTHING_SENT = 2
    CREDENTIALS = 3
    STOPPED = 4
    BUG = 70


class Level(StrEnum):
    """Whether a Problem refuses its row."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where in a user's file something stands.

    Attributes:
        file: Path as the user typed it.
        row: Row number as the spreadsheet shows it (the first row is 1); in a
            mapping, the line number. None when the whole file is meant.
        column: Header text; in a mapping, the position in the line as text.
            None when the whole row is meant.
    """

    file: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Return ``file:row, column 'Name'``; in a mapping ``file:line:column``."""
        if self.row is None:
            return self.file
        if self.column is None:
            return f"{self.file}:{self.row}"
        if self.column.isdigit() and self.file.endswith((".yml", ".yaml")):
            return f"{self.file}:{self.row}:{self.column}"
        return f"{self.file}:{self.row}, column {self.column!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing found wrong with one place in a user's file.

    Attributes:
        code: ``ZBnnn``, a key of ``codes.CODES``.
        message: What is wrong, in words a bookkeeper can read, with the value.
        at: Where.
        fix: What to do; the code's general fix when not given.
        level: ERROR refuses the row (or the mapping), WARNING is only told.
    """

    code: str
    message: str
    at: Location
    fix: str = ""
    level: Level = Level.ERROR

    def __post_init__(self) -> None:
        if not self.fix:
            object.__setattr__(self, "fix", CODES[self.code].fix)

    def to_json(self) -> dict[str, str | int | None]:
        """Return the fields under the names that ``--format json`` prints."""
        return {
            "code": self.code,
            "level": self.level.value,
            "file": self.at.file,
            "row": self.at.row,
            "column": self.at.column,
            "message": self.message,
            "fix": self.fix,
        }

    def moved(self, rows: int) -> Problem:
        """Return the same Problem *rows* further down its file."""
        if self.at.row is None:
            return self
        return replace(self, at=replace(self.at, row=self.at.row + rows))


class ZbbulkError(Exception):
    """The step can't go on; what left ``zoho/`` or ``rows/`` stops the job.

    Attributes:
        message: What is wrong.
        fix: What to do; the code's general fix when empty.
        at: Where, if it is a place in a file.
        code: ``ZBnnn``; each class has its usual one.
        problems: All that was found wrong, when it is more than one thing.
    """

    code = "ZB901"
    exit_code = ExitCode.BUG

    def __init__(
        self,
        message: str,
        fix: str = "",
        at: Location | None = None,
        code: str = "",
        *,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fix = fix or CODES[self.code].fix
        self.at = at
        self.problems = problems

    def __str__(self) -> str:
        """Return code, message, place and fix: an error without its fix is half an error."""
        place = f"\n  --> {self.at}" if self.at else ""
        return f"{self.code} {self.message}{place}\n  fix: {self.fix}"

    def as_problems(self) -> tuple[Problem, ...]:
        """Return what was found wrong, one Problem at least."""
        if self.problems:
            return self.problems
        at = self.at or Location(file="zbbulk")
        return (Problem(code=self.code, message=self.message, at=at, fix=self.fix),)


class UsageError(ZbbulkError):
    """A wrong flag, setting or name; the message lists the valid ones."""

    code = "ZB001"
    exit_code = ExitCode.NOTHING_SENT


class SourceError(ZbbulkError):
    """The user's file can't be read: encoding, sheet, header."""

    code = "ZB113"
    exit_code = ExitCode.NOTHING_SENT


class MappingError(ZbbulkError):
    """The mapping file is wrong; ``problems`` holds every fault with its line."""

    code = "ZB201"
    exit_code = ExitCode.NOTHING_SENT


class ResultError(ZbbulkError):
    """The result file or the journal can't be written: stop at once."""

    code = "ZB501"
    exit_code = ExitCode.NOTHING_SENT


class ZohoError(ZbbulkError):
    """Zoho Books (or the way there) stops the whole job, not one row.

    Attributes:
        zoho_code: Zoho's own code as text, or "" when it gave none.
        zoho_message: Zoho's own words, verbatim, or "".
        reset_s: Seconds until Zoho gives new calls for the day, None if that is not the matter.
    """

    code = "ZB401"
    exit_code = ExitCode.STOPPED

    def __init__(
        self,
        message: str,
        fix: str = "",
        code: str = "",
        *,
        zoho_code: str = "",
        zoho_message: str = "",
        reset_s: float | None = None,
    ) -> None:
        super().__init__(message, fix, code=code)
        self.zoho_code = zoho_code
        self.zoho_message = zoho_message
        self.reset_s = reset_s


class AuthError(ZohoError):
    """Our credentials are refused or missing: the next row would fail too."""

    code = "ZB402"
    exit_code = ExitCode.CREDENTIALS


class QuotaSpent(ZohoError):
    """The day's calls are used up."""

    code = "ZB407"


class Unavailable(ZohoError):
    """No connection could be opened, however often it was tried: nothing left this machine."""

    code = "ZB404"
