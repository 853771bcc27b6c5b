"""What one import is about to do, as plain values: nothing printed, nothing sent.

A plan is made of the records that are pending in a run's journal; its digest tells
whether another run would do exactly the same.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from zbbulk.model import JsonObject

VERSION = 1
"""Of a plan file."""


class Total(NamedTuple):
    """What the records of one month and currency add up to.

    Attributes:
        month: ``2026-04``, "" for records without a date.
        currency: As the records name it, "" for the organization's own.
        records: How many.
        amount: Sum of the amounts, before discount and tax where they have lines.
    """

    month: str
    currency: str
    records: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is about to be done.

    Attributes:
        records: Action -> how many records.
        skipped: Records that are there already and stay as they are.
        rejected: Records that are there already, which the mapping calls an error.
        calls: Kind of call -> how many, if none must be repeated: ``read`` before an
            update, ``create``, ``update``, and each status call by its name.
        at_most: Kind of call -> how many more, at most: ``error_log``, one for each failure.
        new: Resource -> records that rows name and that are created first.
        totals: Control totals by month and currency.
        kept_forever: What can't be taken back, in words.
        digest: The same for the same records, actions and ids.
    """

    records: Table[str, int]
    skipped: int
    rejected: int
    calls: Table[str, int]
    at_most: Table[str, int] = field(default_factory=dict)
    new: Table[str, int] = field(default_factory=dict)
    totals: tuple[Total, ...]
    kept_forever: tuple[str, ...]
    digest: str

    @property
    def n_records(self) -> int:
        """Return how many records are sent."""
        return sum(self.records.values())

    @property
    def n_calls(self) -> int:
        """Return how many calls it takes, if none must be repeated."""
        return sum(self.calls.values()) + sum(self.new.values())

    def to_json(self) -> JsonObject:
        """Return it as JSON values, amounts as Decimal."""
        return {
            "records": dict(self.records),
            "skipped": self.skipped,
            "rejected": self.rejected,
            "calls": dict(self.calls),
            "at_most": dict(self.at_most),
            "new": dict(self.new),
            "totals": [total._asdict() for total in self.totals],
            "kept_forever": list(self.kept_forever),
            "digest": self.digest,
        }
