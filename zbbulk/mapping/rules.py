"""What a loaded mapping is: its source block, its key and a tree of field rules.

Values only. Each rule knows the line it stands in, so that whatever goes wrong
later can be shown there. Does not know how rules are read or carried out.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from zbbulk.errors import Problem
from zbbulk.mapping.amounts import PLAIN, NumberStyle
from zbbulk.mapping.lookup import Lookup
from zbbulk.mapping.policies import Check, KeyPolicy
from zbbulk.mapping.words import Blank, OtherValues, Rows, TextChange
from zbbulk.model import Action, ReadOptions

if TYPE_CHECKING:
    from zbbulk.mapping.debit_credit import DebitCredit
    from zbbulk.mapping.formula import Formula
    from zbbulk.mapping.load_endings import ErrorLog


class Nothing:
    """The type of NOTHING."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = Nothing()
"""No value: the field is left out of the Record. ``""`` is a value, None too."""


class Kind(StrEnum):
    """What a scalar field takes, by the resource's JSON Schema."""

    TEXT = "text"
    NUMBER = "number"
    NUMBER_OR_PERCENT = "number or percent"
    INTEGER = "whole number"
    BOOLEAN = "yes or no"
    DATE = "date"


class ColumnName(NamedTuple):
    """A column as the mapping names it, and where it does (line and position from 1)."""

    name: str
    line: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which piece of a cell is taken.

    Attributes:
        split: What stands between the pieces; a single space means any white space.
        take: 1 is the first piece, -1 the last.
    """

    split: str
    take: int


class Branch(NamedTuple):
    """One of several rules: counts when its condition is the first that is true.

    Attributes:
        condition: None is always true.
        rule: Gives the value; None refuses the row.
        refusal: What is then told.
    """

    condition: FieldRule | None
    rule: FieldRule | None
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """Where the value of one scalar field comes from.

    Attributes:
        line: Line of the mapping.
        kind: What the field takes.
        columns: The columns it is taken from, the first that is not blank; in a
            template all of them; () for a fixed value.
        texts: The texts around the columns of a template, one more than columns;
            None when it is not a template.
        value: The fixed value, NOTHING when columns are read.
        default: Taken when blank.
        values: Value list, by the cell's text in lower case.
        words: The words of the value list as written, for messages.
        other_values: What happens to a word that is not in the list.
        text: How the text is cleaned up.
        blank: What is sent for a blank cell without default.
        part: Which piece of the cell is taken.
        lookup: How the text becomes Zoho's id, None when it is sent as it is.
        formula: Computes the value from the columns, None when one of them is taken.
        rows: How the value is taken from the rows of a document.
        choose: The rules of which one gives the value, () when this one does.
    """

    line: int
    kind: Kind
    columns: tuple[ColumnName, ...] = ()
    texts: tuple[str, ...] | None = None
    value: object = NOTHING
    default: object = NOTHING
    values: Table[str, object] | None = None
    words: tuple[str, ...] = ()
    other_values: OtherValues = OtherValues.ERROR
    text: TextChange = TextChange.TRIM
    blank: Blank = Blank.OMIT
    part: Part | None = None
    lookup: Lookup | None = None
    formula: Formula | DebitCredit | None = None
    rows: Rows = Rows.SAME
    choose: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRule:
    """A JSON object: left out of the Record when none of its fields has a value."""

    line: int
    fields: Table[str, Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRule:
    """A list of fixed entries; one whose cells are all blank is left out."""

    line: int
    entries: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EachRowRule(ListRule):
    """A list with an entry for each row of a document; ``entries`` holds its one rule."""


class Matched(NamedTuple):
    """Two columns whose cells are the same where rows belong together."""

    theirs: ColumnName
    mine: ColumnName


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsFromRule(ListRule):
    """A list with an entry for each row of another sheet; ``entries`` holds its one rule.

    Attributes:
        sheet: Its name in ``source:``.
        where: The columns that tell which of its rows belong to a row of the sheet.
    """

    sheet: str
    where: tuple[Matched, ...]

    @property
    def index(self) -> tuple[str, tuple[str, ...]]:
        """Return the other sheet and its columns that its rows are found by."""
        return self.sheet, tuple(each.theirs.name for each in self.where)

    @property
    def mine(self) -> FieldRule:
        """Return a rule that reads the columns of the sheet itself."""
        columns = tuple(each.mine for each in self.where)
        return FieldRule(line=self.line, kind=Kind.TEXT, columns=columns)

    @property
    def theirs(self) -> FieldRule:
        """Return a rule that reads the columns of the other sheet."""
        columns = tuple(each.theirs for each in self.where)
        return FieldRule(line=self.line, kind=Kind.TEXT, columns=columns)


class CustomField(NamedTuple):
    """One custom field: ``label`` or ``api_name``, what it says, and its rule."""

    key: str
    name: str
    rule: FieldRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomFieldsRule:
    """Custom fields, sent as ``[{"label": ..., "value": ...}]``; blank ones are left out."""

    line: int
    entries: tuple[CustomField, ...]


Rule: TypeAlias = FieldRule | ObjectRule | ListRule | CustomFieldsRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the mapping says of the file.

    Attributes:
        file: A name to tell people, nothing is read from it.
        read_options: How the file is opened.
        dates: Style of all dates, None to find out.
        numbers: Style of all numbers.
        empty_words: Words that count as blank, in lower case.
        line, at: Where the block of the sheet stands in the mapping, or 1.
    """

    file: str | None = None
    read_options: ReadOptions = field(default_factory=ReadOptions)
    dates: str | None = None
    numbers: NumberStyle = PLAIN
    empty_words: frozenset[str] = frozenset()
    line: int = 1
    at: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """One loaded mapping file.

    Attributes:
        file: Path as the user gave it.
        resource: E.g. ``items``.
        action: What is done with the Records.
        edition: Code of the country edition it was loaded for, None when none was named.
        source: What is said of the sheet.
        others: What is said of each other sheet, by the name it has in the mapping.
        key: The fields that together tell one Record from another, () if not given.
        fields: The field rules.
        checks: What is asked of Records beyond what Zoho asks.
        policy: What becomes of Records that are in Zoho Books already.
        after_create: Status calls that follow each create, by name.
        only_rows: Tells which rows are taken, None when all are.
        group_by: The columns whose cells are the same in all rows of a document, ()
            when each row is a record.
        legacy_key: Reads the key that a record had in the old system, None when there is none.
        is_mirror: The sheet shows records of Zoho Books; only what was changed in it is sent.
        notify: The webhook that is told when a run ends, "" for none.
        error_log: Where failures are written to in Zoho Books, None for nowhere.
        warnings: What the user should know and what refuses nothing.
    """

    file: str
    resource: str
    action: Action
    edition: str | None = None
    source: Source
    others: Table[str, Source] = field(default_factory=dict)
    key: tuple[str, ...]
    fields: ObjectRule
    checks: tuple[Check, ...] = ()
    policy: KeyPolicy = field(default_factory=KeyPolicy)
    after_create: tuple[str, ...] = ()
    only_rows: FieldRule | None = None
    group_by: tuple[ColumnName, ...] = ()
    legacy_key: FieldRule | None = None
    is_mirror: bool = False
    notify: str = ""
    error_log: ErrorLog | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def conditions(self) -> tuple[FieldRule, ...]:
        """Return the rules that ask something of a row and fill no field."""
        asked = (self.only_rows, *(check.that for check in self.checks))
        return tuple(rule for rule in asked if rule is not None)
