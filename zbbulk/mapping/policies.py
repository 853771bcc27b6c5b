"""What a mapping asks of Records beyond their fields: checks, keys, status calls.

Values only, each check with the line it stands in. Does not know how they are carried out.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from zbbulk.errors import Level
from zbbulk.mapping.words import CheckName, Lines, LinesMissing, OnMatch

if TYPE_CHECKING:
    from zbbulk.mapping.rules import FieldRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One entry of ``checks:``.

    Attributes:
        line, at: Where its column, or the whole check, stands in the mapping.
        rule: What is asked for.
        level: WARNING is told and refuses nothing.
        fields: Of ``unique``: the fields that no two Records may share.
        column: Of the totals: the column that says what the sum is, or is summed up.
        within: Of the totals: how far off is fine.
        expect: Of ``control_total``: the sum.
        message: The user's own words, "" for ours.
        that: Of ``formula``: the condition that every row must meet.
    """

    line: int
    at: int
    rule: CheckName
    level: Level = Level.ERROR
    fields: tuple[str, ...] = ()
    column: str = ""
    within: Decimal = Decimal(0)
    expect: Decimal = Decimal(0)
    message: str = ""
    that: FieldRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPolicy:
    """What becomes of a Record that is in Zoho Books already.

    Attributes:
        on_match: What is done when a record there has the same key; None does not look.
        upsert_by: API name of the custom field by which Zoho finds the record, or "".
        lines: What an update does with the lines of a document.
        lines_missing: What happens when an update would drop lines.
    """

    on_match: OnMatch | None = None
    upsert_by: str = ""
    lines: Lines = Lines.REPLACE
    lines_missing: LinesMissing = LinesMissing.ERROR

    @property
    def reads_list(self) -> bool:
        """Tell whether the list of the resource is read, to find records by their key."""
        return self.on_match not in (None, OnMatch.CREATE)
