"""Count what became of the rows of a run. Knows no row and does not print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from zbbulk.model import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many rows there are of each Status.

    Attributes:
        counts: Status -> number of rows; a Status that is not in it has none.
    """

    counts: Mapping[Status, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", MappingProxyType(dict(self.counts)))

    def __getitem__(self, status: Status) -> int:
        return self.counts.get(status, 0)

    def __add__(self, other: Summary) -> Summary:
        both = {status: self[status] + other[status] for status in Status}
        return Summary(counts=both)

    @property
    def rows(self) -> int:
        """Return the number of all rows."""
        return sum(self.counts.values())

    def to_json(self) -> dict[str, int]:
        """Return ``rows`` and every status with its number, 0 included."""
        return {"rows": self.rows, **{status.value: self[status] for status in Status}}


def summary_of(statuses: Iterable[Status]) -> Summary:
    """Return the Summary of rows with these statuses."""
    return Summary(counts=Counter(statuses))
