"""Find the records that are in Zoho Books already, by the key of the mapping.

The list is read once as a whole, 200 records a call, and compared here: never a call for
each row. What happens to a row that is found there is the mapping's ``on_match:``.
"""

from __future__ import annotations

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

    def __init__(self, resource: Resource, fields: Sequence[str]) -> None:
        """Know none yet; *fields* are the key."""
        self._resource = resource
        self._fields = tuple(fields)
        self._ids: dict[tuple[str, ...], list[str]] = {}

    def add(self, records: Iterable[JsonObject]) -> None:
        """Take in rows of the list.

        Raises:
            ZohoError: Zoho's list does not show a field of the key, so nothing can be found.
        """
        for record in records:
            for field in self._fields:
                if not _shows(record, field):
                    raise _not_shown(self._resource, field)
            key = self._key(record)
            if key is not None:
                self._ids.setdefault(key, []).append(str(record.get(self._resource.id_field, "")))

    def find(self, record: Record) -> list[str]:
        """Return the ids of the records that have the same key as *record*."""
        key = self._key(record)
        return self._ids.get(key, []) if key is not None else []

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
    id_field: str,
) -> Iterator[Parcel]:
    """Yield the *parcels* that are sent; what becomes of the others goes to the *journal*.

    Args:
        parcels: Of rows that passed.
        there: The list in Zoho Books, read before the first parcel goes.
        existing: Takes them in.
        on_match: What happens to a row that is there already.
        journal: Of the run.
        id_field: Takes the id of a record that is updated.

    Raises:
        ZohoError: the list can't be read.
    """
    existing.add(there)
    for parcel in parcels:
        ids = existing.find(parcel.record)
        if not ids:
            yield parcel
        elif on_match is OnMatch.UPDATE and len(ids) == 1:
            record = {**parcel.record, id_field: ids[0]}
            yield parcel._replace(record=record, action=Action.UPDATE)
        else:
            outcome = _outcome(ids, parcel.key, on_match)
            journal.note_many((row, outcome) for row in parcel.rows)


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


def _shows(record: JsonObject, field: str) -> bool:
    if not field.startswith(CUSTOM):
        return field in record
    return "custom_fields" in record or any(name.startswith("cf_") for name in record)


def _not_shown(resource: Resource, field: str) -> ZohoError:
    fix = "Take another key; for a custom field that allows no duplicates, use `upsert_by:`."
    message = f"Zoho's list of {resource.name} does not show {field!r}; no key can be compared."
    return ZohoError(message, fix, code="ZB324")
