"""Find the records that are in Zoho Books already, by the key of the mapping.

The list is read once as a whole, 200 records a call, and compared here: never a call for
each row. What happens to a row that is found there is the mapping's ``on_match:``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from zbbulk.codes import CODES
from zbbulk.errors import ZohoError
from zbbulk.folding import folded as folded_text
from zbbulk.jobs.keys import shown
from zbbulk.jobs.parcels import Parcel
from zbbulk.journal.journal import Journal
from zbbulk.mapping.words import OnMatch
from zbbulk.model import CUSTOM, Action, JsonObject, Outcome, Record, Status, field_value
from zbbulk.resources import Resource


class Existing:
    """The records of one resource in Zoho Books, by their key."""

    def __init__(
        self, resource: Resource, fields: Sequence[str], *, kept: Sequence[str] = ()
    ) -> None:
        """Know none yet; *fields* are the key, *kept* the fields that an update may change."""
        self._resource = resource
        self._fields = tuple(fields)
        self._kept = tuple(kept)
        self._ids: dict[tuple[str, ...], list[str]] = {}
        self._values: dict[str, JsonObject] = {}

    def add(self, records: Iterable[JsonObject]) -> None:
        """Take in rows of the list.

        Raises:
            ZohoError: Zoho's list does not show a field of the key, so nothing can be found.
        """
        for record in records:
            for field in self._fields:
                if not is_shown(record, field):
                    raise _not_shown(self._resource, field)
            key = self._key(record)
            if key is not None:
                zb_id = str(record.get(self._resource.id_field, ""))
                self._ids.setdefault(key, []).append(zb_id)
                self._values[zb_id] = {
                    name: record[name]
                    for name in self._kept
                    if name in record and not isinstance(record[name], list | dict)
                }

    @property
    def id_field(self) -> str:
        """Return the field that holds their ids."""
        return self._resource.id_field

    def find(self, record: Record) -> list[str]:
        """Return the ids of the records that have the same key as *record*."""
        key = self._key(record)
        return self._ids.get(key, []) if key is not None else []

    def values(self, zb_id: str, fields: Iterable[str]) -> JsonObject | None:
        """Return what a record has now in *fields*, None when the list does not show them all."""
        known = self._values[zb_id]
        return known if all(field in known for field in fields) else None

    def _key(self, record: JsonObject) -> tuple[str, ...] | None:
        key = tuple(folded(field_value(record, field)) for field in self._fields)
        return key if all(key) else None


def folded(value: object) -> str:
    """Return *value* as it is compared: case, and spaces around and between, make no difference."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return folded_text(str(value)) if value is not None else ""


def matched(
    parcels: Iterable[Parcel],
    there: Iterable[JsonObject],
    existing: Existing,
    *,
    on_match: OnMatch,
    journal: Journal,
    left_out: Counter[Status],
) -> Iterator[Parcel]:
    """Yield the *parcels* that are sent; what becomes of the others goes to the *journal*.

    Args:
        parcels: Of rows that passed.
        there: The list in Zoho Books, read before the first parcel goes.
        existing: Takes them in.
        on_match: What happens to a row that is there already.
        journal: Of the run.
        left_out: Counts the others by what becomes of them.

    Raises:
        ZohoError: the list can't be read.
    """
    existing.add(there)
    for parcel in parcels:
        ids = existing.find(parcel.record)
        if not ids:
            yield parcel
        elif on_match is OnMatch.UPDATE and len(ids) == 1:
            yield _update(parcel, ids[0], existing)
        else:
            outcome = _outcome(ids, parcel.key, on_match)
            journal.note_many((row, outcome) for row in parcel.rows)
            left_out[outcome.status] += 1


def _update(parcel: Parcel, zb_id: str, existing: Existing) -> Parcel:
    return parcel._replace(
        record={**parcel.record, existing.id_field: zb_id},
        action=Action.UPDATE,
        before=existing.values(zb_id, parcel.record),
    )


def _outcome(ids: Sequence[str], key: str, on_match: OnMatch) -> Outcome:
    """Return what becomes of a row whose key the records *ids* have."""
    there = f"{shown(key) if key else 'the key'} is in Zoho Books already"
    if len(ids) > 1:
        there += f", {len(ids)} times: {', '.join(ids)}"
    is_skipped = on_match is OnMatch.SKIP
    told = Outcome(
        status=Status.SKIPPED if is_skipped else Status.REJECTED,
        zb_id=ids[0],
        code="ZB324",
        message=f"{there}.",
        fix=CODES["ZB324"].fix,
    )
    if on_match is OnMatch.UPDATE:
        return replace(told, fix="Choose which one is meant, and use `action: update` with its id.")
    return told


def is_shown(record: JsonObject, field: str) -> bool:
    """Tell whether *record*, of a list, shows *field*."""
    if not field.startswith(CUSTOM):
        return field in record
    return "custom_fields" in record or any(name.startswith("cf_") for name in record)


def _not_shown(resource: Resource, field: str) -> ZohoError:
    fix = "Take another key; for a custom field that allows no duplicates, use `upsert_by:`."
    message = f"Zoho's list of {resource.name} does not show {field!r}; no key can be compared."
    return ZohoError(message, fix, code="ZB324")
