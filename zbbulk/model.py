"""The values that one step hands to the next, and the Protocols between them.

Row and Cell are the sheet's side, Record is Zoho's side, Outcome is what became
of a Record. Nothing here reads a file, speaks HTTP or prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Any, NamedTuple, Protocol, TypeAlias

from zbbulk.errors import Problem

Cell: TypeAlias = str | float | bool | date | datetime | time | timedelta
"""One value of the sheet. From CSV always text; a workbook also has numbers
(float, as Excel keeps them), dates and booleans. An empty cell is ``""``."""

JsonObject: TypeAlias = dict[str, Any]
"""A JSON object whose numbers are int or Decimal, never float."""

Record: TypeAlias = JsonObject
"""The JSON object that is sent to Zoho Books, one for each document."""

Path: TypeAlias = tuple[str | int, ...]
"""Where in a Record a Field stands, e.g. ``("billing_address", "city")``."""

FieldNames: TypeAlias = "Mapping[str, FieldNames]"
"""The fields of an object or of the entries of a list, each with the fields within it."""


class Row(NamedTuple):
    """One row of the user's sheet.

    Attributes:
        number: As the spreadsheet shows it: the first row of the file is 1, a
            record with line breaks inside quotes counts once.
        cells: The values in the order of the columns; may be shorter or longer
            than the header.
        raw: The record's own text with its line end, from CSV; "" from a workbook.
    """

    number: int
    cells: Sequence[Cell]
    raw: str = ""


class Block(NamedTuple):
    """Some rows one after the other; what every row passes works on blocks, for speed.

    Attributes:
        first: Number of the first row; the others have the next ones.
        cells: The cells of each row.
        raws: The raw text of each row, "" from a workbook.
    """

    first: int
    cells: Sequence[Sequence[Cell]]
    raws: Sequence[str]

    def row(self, index: int) -> Row:
        """Return one of the rows; the first has the index 0."""
        return Row(self.first + index, self.cells[index], self.raws[index])


class Sought(NamedTuple):
    """What was looked up and not found, or found more than once.

    Attributes:
        resource: Of what, e.g. ``contacts``.
        field: By which field.
        text: As it stands in the sheet.
        nearest: The nearest text that there is, "" when none is near.
    """

    resource: str
    field: str
    text: str
    nearest: str = ""


class LookupRule(NamedTuple):
    """Which record an id is taken from.

    Attributes:
        resources: Where it may be, e.g. ``("taxes", "taxgroups")``.
        field: The field that holds the text, e.g. ``contact_name``.
        where: What else the record must have, as field and text.
        first_active: Of several records the first that is active is taken.
    """

    resources: tuple[str, ...]
    field: str
    where: tuple[tuple[str, str], ...] = ()
    first_active: bool = False


class Missing(NamedTuple):
    """No record has the text; *nearest* is one that has it nearly, or ""."""

    nearest: str = ""


class Many(NamedTuple):
    """More records than one have the text."""

    ids: tuple[str, ...]


class Unchecked(NamedTuple):
    """Nothing is known of such records here, so the text can't be looked up."""


class Refused(NamedTuple):
    """The record that the text means is refused itself; *message* says where and why."""

    message: str


Answered: TypeAlias = str | Missing | Many | Unchecked | Refused
"""What a lookup gives: Zoho's id, or why there is none."""


class Finder(Protocol):
    """Gives Zoho's ids for texts that people wrote."""

    def find(self, rule: LookupRule, text: str) -> Answered:
        """Return the id of the one record that *rule* and *text* mean."""
        ...

    def home(self) -> str | Unchecked:
        """Return the state of the organization, "" when Zoho does not tell it."""
        ...

    def want(self, rule: LookupRule, text: str) -> None:
        """Note that a record is to be made, because there is none yet."""
        ...


class Fault(NamedTuple):
    """What a step finds wrong with one value, before the row is known.

    Attributes:
        code: ``ZBnnn``.
        message: What is wrong, with the value.
        path: The Field of the Record, () when the whole Record is meant.
        column: The Column it came from, None when the path tells it.
        fix: What to do; "" takes the code's general fix.
        sought: What was looked up in vain, if that is what is wrong.
    """

    code: str
    message: str
    path: Path = ()
    column: str | None = None
    fix: str = ""
    sought: Sought | None = None


class Action(StrEnum):
    """What is done with a Record in Zoho Books."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Status(StrEnum):
    """What became of one row.

    READY: accepted by our checks and not sent (a check, or a run that stopped).
    PENDING: planned to be sent, as the journal calls it. SENDING: on its way; after a
    crash, in doubt. CREATED, UPDATED, DELETED: Zoho did it. SKIPPED: a blank row, or one whose
    record is there already. REJECTED: our checks refused it, nothing was sent. FAILED:
    Zoho refused it. UNKNOWN: sent, the answer was lost. UNDONE: taken back.
    """

    READY = "ready"
    PENDING = "pending"
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    SKIPPED = "skipped"
    REJECTED = "rejected"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SENDING = "sending"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one row, as the result file shows it.

    Attributes:
        status: See Status.
        zb_id: Zoho's id of the record as text, "" when there is none.
        code: Zoho's code or ours (``ZBnnn``), several joined by a space; "" when fine.
        message: Zoho's own words verbatim, or ours.
        fix: What the user can do about it, "" when nothing is to do.
    """

    status: Status
    zb_id: str = ""
    code: str = ""
    message: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the mapping's ``source:`` block declares about the file; None means: find out.

    Attributes:
        encoding: ``utf-8``, ``utf-16``, ``windows-1252`` or another Python codec.
        delimiter: One character.
        sheet: Name of the sheet in a workbook.
        header_row: The row that holds the column names, the first row being 1.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetForm:
    r"""How a file turned out to be written; shown to the user.

    Attributes:
        kind: The suffix without its dot: ``csv``, ``xlsx`` ...
        encoding: Codec name, None for a workbook.
        delimiter: One character, None for a workbook.
        line_end: ``"\r\n"`` or ``"\n"``, None for a workbook.
        sheet: Name of the sheet, None for CSV.
        sheets: All sheet names, () for CSV.
        header_row: The row of the column names.
        delimiter_line: The first line, such as ``sep=;``, that names the delimiter for Excel
            and is no row; "" when there is none.
    """

    kind: str
    header_row: int
    encoding: str | None = None
    delimiter: str | None = None
    line_end: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    delimiter_line: str = ""


class Sheet(Protocol):
    """One opened sheet; ``rows`` may be asked for several times and reads anew each time."""

    @property
    def file(self) -> str:
        """Return the path as the user typed it."""
        ...

    @property
    def path(self) -> FilePath:
        """Return where the file is read from."""
        ...

    @property
    def form(self) -> SheetForm:
        """Return how the file turned out to be written."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names, trimmed, each there once."""
        ...

    @property
    def above(self) -> tuple[Row, ...]:
        """Return the rows from the first one down to the header row, that included."""
        ...

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return what the user should know and what refuses nothing."""
        ...

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header in order. Raises SourceError."""
        ...

    def blocks(self) -> Iterator[Block]:
        """Yield the same rows, some at a time. Raises SourceError."""
        ...


class OtherRow(NamedTuple):
    """A row of another sheet than the one whose rows become Records.

    Attributes:
        number: As the spreadsheet shows it.
        cells: As many as the header of its sheet has.
        faults: What is wrong with the row as a row.
    """

    number: int
    cells: Sequence[Cell]
    faults: Sequence[Fault] = ()


class OtherSheet(Protocol):
    """Another sheet, whose rows are found by what some of their cells say."""

    @property
    def name(self) -> str:
        """Return how messages call it: the file, and the sheet of a workbook."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names."""
        ...

    @property
    def is_typed(self) -> bool:
        """Tell whether the cells come from a workbook, not from text."""
        ...

    @property
    def dates(self) -> Mapping[str, str]:
        """Return the date style of each column, as the date survey found it."""
        ...

    def rows_of(self, key: tuple[str, ...]) -> Sequence[OtherRow]:
        """Return the rows whose cells say *key*, in the order of the sheet."""
        ...


RowFunction: TypeAlias = Callable[[Sequence[Cell]], tuple[Record, list[Fault] | None]]
"""A mapping compiled for one header: cells in, Record and its faults (None: none) out."""

LEGACY_KEY = "legacy_key"
"""What ``find_by:`` says for the key that a record had in the old system; Zoho never sees it."""

CUSTOM = "custom_fields."
"""Begins the name of a custom field where a field is named: ``custom_fields.Legacy Code``."""


def field_value(record: Record, name: str) -> object:
    """Return what *record* has in the field *name*, None if nothing.

    A custom field, ``custom_fields.`` and its label or API name, is an entry of a list; in
    Zoho's lists of records it also stands there by its API name.
    """
    if not name.startswith(CUSTOM):
        return record.get(name)
    wanted = name.removeprefix(CUSTOM)
    for entry in record.get("custom_fields") or ():
        if wanted in (entry.get("label"), entry.get("api_name")):
            return entry.get("value")
    return record.get(wanted)
