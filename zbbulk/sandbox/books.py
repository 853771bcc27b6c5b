"""The records of the organization: in memory for speed, in the store for good.

Gives ids and document numbers, and keeps unique what must be. It does not know
how a record is completed or what the API looks like.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resources
from zbbulk.sandbox.answers import Refusal, from_json, to_json
from zbbulk.sandbox.organization import Organization, api_name
from zbbulk.sandbox.store import Store

_FIRST_ID = 97001

_UNIQUE = {
    "items": {"name": "1001", "sku": "1001"},
    "contacts": {"contact_name": "3062"},
    "invoices": {"invoice_number": "1004"},
    "estimates": {"estimate_number": "1004"},
    "bankaccounts": {"account_name": "11002"},
}
"""Fields of which no two records may have the same value, with the code that says so."""

_NUMBER_FORMS = {
    "invoices": ("INV-", 6),
    "estimates": ("QT-", 6),
    "contacts": ("CUS-", 5),
}
"""How a resource numbers by itself: prefix and digits."""


class _Key(NamedTuple):
    """A value that may be there only once."""

    field: str
    folded: str
    shown: str
    code: str


class Books:
    """All records; hold ``lock`` over everything that must happen together."""

    def __init__(self, store: Store, organization: Organization) -> None:
        self.lock = threading.RLock()
        self._store = store
        self._organization = organization
        facts = store.facts()
        self._counters = {
            name: int(value) for name, value in facts.items() if name.startswith("next ")
        }
        self._changed: dict[str, str] = {}
        self._records: dict[str, dict[str, JsonObject]] = {}
        self._owners: dict[tuple[str, str, str], str] = {}
        for resource in resources().values():
            self._load(resource)

    def _load(self, resource: Resource) -> None:
        kept: dict[str, JsonObject] = {}
        for text in self._store.records(resource.name):
            record = from_json(text)
            if isinstance(record, dict):
                kept[record[resource.id_field]] = record
                self._own(resource, record)
        self._records[resource.name] = kept

    def new_id(self) -> str:
        """Return an id of 19 digits, higher than every one before."""
        return self._organization.fixed_id(self._count("next id", first=_FIRST_ID, step=2))

    def next_number(self, resource: Resource) -> str:
        """Return the next free document number, e.g. ``INV-000001``."""
        prefix, digits = _NUMBER_FORMS[resource.name]
        while True:
            drawn = self._count(f"next {resource.name}", first=1, step=1)
            number = f"{prefix}{drawn:0{digits}d}"
            if (resource.name, resource.number_field, number.casefold()) not in self._owners:
                return number

    def find(self, resource_name: str, record_id: object) -> JsonObject | None:
        """Return a record, or None. It must not be changed."""
        return self._records[resource_name].get(str(record_id))

    def all(self, resource_name: str) -> list[JsonObject]:
        """Return every record of a resource in the order of creation."""
        with self.lock:
            return list(self._records[resource_name].values())

    def candidates(self, resource: Resource, query: Mapping[str, str]) -> list[JsonObject]:
        """Return the records a list call can mean: one at most when it names a unique field."""
        with self.lock:
            for field in _UNIQUE[resource.name]:
                if field in query and field in resource.filters:
                    owner = self._owners.get((resource.name, field, _fold(query[field])))
                    return [self._records[resource.name][owner]] if owner else []
            return list(self._records[resource.name].values())

    def check_unique(self, resource: Resource, record: JsonObject) -> None:
        """Refuse a record that shares what is unique with another one.

        Raises:
            Refusal: 1001, 1004, 3062, 11002 or 120303.
        """
        mine = record.get(resource.id_field)
        for key in self._keys(resource, record):
            owner = self._owners.get((resource.name, key.field, key.folded))
            if owner is not None and owner != mine:
                raise Refusal(
                    key.code, value=key.shown, field=key.field, thing=_thing(resource, record)
                )

    def keep(self, resource: Resource, record: JsonObject) -> str:
        """Store a new or changed record and return its JSON. Raises Refusal as check_unique."""
        record_id: str = record[resource.id_field]
        text = to_json(record)
        with self.lock:
            self.check_unique(resource, record)
            old = self._records[resource.name].get(record_id)
            changed, self._changed = self._changed, {}
            self._store.save_record(resource.name, record_id, text, facts=changed)
            if old is not None:
                self._disown(resource, old)
            self._records[resource.name][record_id] = record
            self._own(resource, record)
        return text

    def delete(self, resource: Resource, record_id: str) -> bool:
        """Forget a record; tell whether it was there."""
        with self.lock:
            old = self._records[resource.name].pop(record_id, None)
            if old is None:
                return False
            self._disown(resource, old)
            self._store.delete_record(resource.name, record_id)
            return True

    def clear(self) -> None:
        """Forget all records; ids and numbers go on where they were."""
        with self.lock:
            self._store.delete_records()
            self._owners.clear()
            for kept in self._records.values():
                kept.clear()

    def _count(self, name: str, *, first: int, step: int) -> int:
        with self.lock:
            drawn = self._counters.get(name, first)
            self._counters[name] = drawn + step
            self._changed[name] = str(drawn + step)
            return drawn

    def _keys(self, resource: Resource, record: JsonObject) -> Iterator[_Key]:
        for field, code in _UNIQUE[resource.name].items():
            value = str(record.get(field, ""))
            if value:
                yield _Key(field, _fold(value), value, code)
        if not self._organization.unique_fields:
            return
        unique = {api_name(name) for name in self._organization.unique_fields}
        for field, value in record.get("custom_field_hash", {}).items():
            if field in unique and value not in (None, ""):
                yield _Key(field, _fold(str(value)), str(value), "120303")

    def _own(self, resource: Resource, record: JsonObject) -> None:
        for key in self._keys(resource, record):
            self._owners[resource.name, key.field, key.folded] = record[resource.id_field]

    def _disown(self, resource: Resource, record: JsonObject) -> None:
        for key in self._keys(resource, record):
            self._owners.pop((resource.name, key.field, key.folded), None)


def _fold(value: str) -> str:
    return " ".join(value.split()).casefold()


def _thing(resource: Resource, record: JsonObject) -> str:
    if resource.name == "contacts":
        return str(record.get("contact_type", "customer"))
    return resource.single_key
