"""The records of the organization: in memory for speed, in the store for good.

Gives ids and document numbers, and keeps unique what must be. Resources with
one path are kept together. It does not know how a record is completed or what
the API looks like.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resources
from zbbulk.sandbox.answers import Refusal, from_json, to_json
from zbbulk.sandbox.organization import Organization, api_name
from zbbulk.sandbox.store import Store
from zbbulk.sandbox.traits import NumberForm, home, traits, variant

_FIRST_ID = 97001

_Owner = tuple[str, tuple[str, ...], tuple[str, ...]]


class _Key(NamedTuple):
    """Values that may be there together only once."""

    fields: tuple[str, ...]
    folded: tuple[str, ...]
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
        self._owners: dict[_Owner, str] = {}
        for resource in resources().values():
            if home(resource.name) == resource:
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

    def next_number(self, resource: Resource, form: NumberForm) -> str:
        """Return the next free number of *resource* in its *form*, e.g. ``INV-000001``."""
        while True:
            drawn = self._count(f"next {resource.name}", first=1, step=1)
            number = f"{form.prefix}{drawn:0{form.digits}d}"
            if self._owner(resource, (form.field,), (number.casefold(),)) is None:
                return number

    def find(self, resource_name: str, record_id: object) -> JsonObject | None:
        """Return a record, or None. It must not be changed."""
        return self._records[home(resource_name).name].get(str(record_id))

    def all(self, resource_name: str) -> list[JsonObject]:
        """Return every record of a resource in the order of creation."""
        with self.lock:
            kept = list(self._records[home(resource_name).name].values())
        return [one for one in kept if variant(resource_name, one).name == resource_name]

    def candidates(self, resource: Resource, query: Mapping[str, str]) -> list[JsonObject]:
        """Return the records a list call can mean: one at most when it names a unique field."""
        kept = self._records[home(resource.name).name]
        with self.lock:
            for fields in resource.match_keys:
                (field, *more) = fields
                if not more and field in query and field in resource.filters:
                    owner = self._owner(resource, fields, (_fold(query[field]),))
                    return [kept[owner]] if owner else []
            return list(kept.values())

    def named(self, resource: Resource, values: Mapping[str, str]) -> JsonObject | None:
        """Return the record whose match key has these values, or None."""
        folded = tuple(_fold(value) for value in values.values())
        owner = self._owner(resource, tuple(values), folded)
        return self._records[home(resource.name).name][owner] if owner else None

    def check_unique(self, resource: Resource, record: JsonObject) -> None:
        """Refuse a record that shares what is unique with another one.

        Raises:
            Refusal: 1001, 1004, 3062, 11002, 13011 or 120303.
        """
        mine = record.get(resource.id_field)
        for key in self._keys(resource, record):
            owner = self._owner(resource, key.fields, key.folded)
            if owner is not None and owner != mine:
                raise Refusal(
                    key.code,
                    value=key.shown,
                    field=key.fields[0],
                    thing=_thing(resource, record, key.fields[0]),
                )

    def keep(self, resource: Resource, record: JsonObject) -> str:
        """Store a new or changed record and return its JSON. Raises Refusal as check_unique."""
        record_id: str = record[resource.id_field]
        place = home(resource.name)
        text = to_json(record)
        with self.lock:
            self.check_unique(resource, record)
            old = self._records[place.name].get(record_id)
            changed, self._changed = self._changed, {}
            self._store.save_record(place.name, record_id, text, facts=changed)
            if old is not None:
                self._disown(resource, old)
            self._records[place.name][record_id] = record
            self._own(resource, record)
        return text

    def delete(self, resource: Resource, record_id: str) -> bool:
        """Forget a record; tell whether it was there."""
        place = home(resource.name).name
        with self.lock:
            old = self._records[place].pop(record_id, None)
            if old is None:
                return False
            self._disown(resource, old)
            self._store.delete_record(place, record_id)
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
        code = traits(resource.name).duplicate
        for fields in resource.match_keys:
            values = [str(record.get(field, "")) for field in fields]
            if all(values):
                yield _Key(fields, tuple(map(_fold, values)), values[0], code)
        if not self._organization.unique_fields:
            return
        unique = {api_name(name) for name in self._organization.unique_fields}
        for field, value in record.get("custom_field_hash", {}).items():
            if field in unique and value not in (None, ""):
                yield _Key((field,), (_fold(str(value)),), str(value), "120303")

    def _owner(
        self, resource: Resource, fields: tuple[str, ...], folded: tuple[str, ...]
    ) -> str | None:
        return self._owners.get((home(resource.name).name, fields, folded))

    def _own(self, resource: Resource, record: JsonObject) -> None:
        place = home(resource.name).name
        for key in self._keys(resource, record):
            self._owners[place, key.fields, key.folded] = record[resource.id_field]

    def _disown(self, resource: Resource, record: JsonObject) -> None:
        place = home(resource.name).name
        for key in self._keys(resource, record):
            self._owners.pop((place, key.fields, key.folded), None)


def _fold(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).casefold().split())


def _thing(resource: Resource, record: JsonObject, field: str) -> str:
    if resource.name == "contacts":
        return str(record.get("contact_type", "customer"))
    return field.replace("_", " ")
