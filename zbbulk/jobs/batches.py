"""Which rows travel in one call: Records that agree in all but the entries of one list.

Which resources take many rows at once is told in ``schemas/resources.yml`` (``batch:``).
Rows of one batch need not be neighbours. Knows Records only: no sheet, no journal, no HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from zbbulk.model import Action, Record
from zbbulk.resources import Batch, Resource

_BETWEEN = "\n"
"""Stands between the parts of a log text; JSON never holds one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batching:
    """How Records of one resource and action are put together.

    Attributes:
        facts: What the table says of it.
        key: The first of these fields that a Record has names its batch; a Record with
            none of them goes alone. () when no field names it.
        is_one: All rows of a sheet are one batch.
    """

    facts: Batch
    key: tuple[str, ...]
    is_one: bool

    def key_text(self, record: Record) -> str:
        """Return the value that names the batch of *record*, "" when there is none."""
        return next((str(record[field]) for field in self._named(record)), "")

    def name_of(self, record: Record) -> str | None:
        """Return the same text for all Records of one batch, None for one that goes alone."""
        if self.is_one:
            return ""
        if not self.key:
            return self.shared_text(record)
        return next((_JSON.encode([name, str(record[name])]) for name in self._named(record)), None)

    def shared_text(self, record: Record) -> str:
        """Return as JSON what all Records of one call must have in common."""
        shared = {name: value for name, value in record.items() if name != self.facts.list}
        return _JSON.encode(shared)

    def entries_of(self, record: Record) -> list[object]:
        """Return what *record* adds to the list of its call."""
        return list(record.get(self.facts.list, ()))

    def has_room(self, entries: int, more: int) -> bool:
        """Tell whether a call with so many *entries* takes *more*."""
        most = self.facts.most
        return most is None or entries + more <= most

    def read(self, records: Sequence[Record]) -> list[str | None]:
        """Return for each Record what ``parted`` takes apart, None for one that goes alone."""
        return [self._log_text(record) for record in records]

    def _log_text(self, record: Record) -> str | None:
        name = self.name_of(record)
        if name is None:
            return None
        return _BETWEEN.join((name, self.shared_text(record), str(len(self.entries_of(record)))))

    def _named(self, record: Record) -> list[str]:
        return [field for field in self.key if record.get(field) not in (None, "")]


def parted(log_text: str) -> tuple[str, str, int]:
    """Return the batch's name, what its Records share and the number of entries."""
    name, shared, entries = log_text.split(_BETWEEN)
    return name, shared, int(entries)


def batching_of(resource: Resource, action: Action) -> Batching | None:
    """Return how Records are put together, None where each is a call of its own.

    An update replaces the whole list, so all rows with the same id are one call.
    """
    if resource.batch is None or action is Action.DELETE:
        return None
    key = (resource.id_field,) if action is Action.UPDATE else resource.batch.key
    return Batching(facts=resource.batch, key=key, is_one=resource.is_single)


def _plain(value: object) -> str:
    """Return a Decimal so that 1.0 and 1.00 are the same; a refused row may hold anything."""
    if isinstance(value, Decimal) and value.is_finite():
        return format(value.normalize(), "f")
    return str(value)


_JSON = json.JSONEncoder(default=_plain, sort_keys=True)
