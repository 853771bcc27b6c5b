"""Is a record of which the answer was lost in Zoho Books? What the lists there tell of it.

Looked up by a key, compared field by field: a record that is there and has the same key is
believed to be ours only if all else that the list shows is the same too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from zbbulk.jobs.matching import folded, is_shown
from zbbulk.model import JsonObject, Record, field_value
from zbbulk.resources import Resource
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pages import whole_list

FEW = 5
"""So many doubts are asked for one by one, where Zoho has a filter for the key."""


class Found(NamedTuple):
    """A record in Zoho Books that has the key of one of ours.

    Attributes:
        zb_id: Zoho's id.
        differs: The fields in which it is not what was sent.
    """

    zb_id: str
    differs: tuple[str, ...]


class Evidence:
    """Looks for records in the list of their resource."""

    def __init__(
        self,
        client: ZohoClient,
        resource: Resource,
        *,
        keys: Sequence[Sequence[str]],
        began: str = "",
    ) -> None:
        """Read nothing yet.

        Args:
            client: The connection.
            resource: What kind of records.
            keys: Each the fields that tell one record from another; the first that a
                record has whole is taken.
            began: When the run began by Zoho's clock (ISO 8601): what is older is not
                ours. "" when that is not known.
        """
        self._client = client
        self._resource = resource
        self._keys = [tuple(key) for key in keys if key]
        self._began = _moment(began)
        self._has_listed = False
        self._shown: set[str] = set()

    def can_find(self, record: Record) -> bool:
        """Tell whether *record* has a key and its resource a list."""
        facts = self._resource
        has_list = bool(facts.list_key and facts.id_field) and "{" not in facts.list_path
        return has_list and self._key_of(record) is not None

    def look(self, records: Sequence[Record]) -> list[list[Found]]:
        """Return for each of *records*, which all can be found, what has the same key.

        Raises:
            ZohoError: the list can't be read.
        """
        if len(records) <= FEW:
            return [self._among(record, self._list(self._filter(record))) for record in records]
        found: list[list[Found]] = [[] for _ in records]
        keys = [self._key_of(record) or () for record in records]
        by_value: dict[tuple[str, ...], list[int]] = {}
        for number, (record, key) in enumerate(zip(records, keys, strict=True)):
            by_value.setdefault((*key, *_values(record, key)), []).append(number)
        for listed in self._list({}):
            for key in dict.fromkeys(keys):
                for number in by_value.get((*key, *_values(listed, key)), ()):
                    found[number] += self._among(records[number], [listed])
        return found

    def shows(self, record: Record) -> bool:
        """Tell whether the lists that were read show the key of *record*; an empty one does."""
        key = self._key_of(record) or ()
        return not self._has_listed or all(field in self._shown for field in key)

    def _list(self, only: dict[str, str]) -> Iterator[JsonObject]:
        fields = {field for key in self._keys for field in key}
        for listed in whole_list(self._client, self._resource, only=only):
            self._has_listed = True
            self._shown |= {field for field in fields if is_shown(listed, field)}
            yield listed

    def _among(self, record: Record, listed: Iterable[JsonObject]) -> list[Found]:
        key = self._key_of(record) or ()
        wanted = _values(record, key)
        return [
            Found(str(each.get(self._resource.id_field, "")), differences(record, each))
            for each in listed
            if key and _values(each, key) == wanted and not self._is_older(each)
        ]

    def _is_older(self, listed: JsonObject) -> bool:
        created = _moment(str(listed.get("created_time", "")))
        return created is not None and self._began is not None and created < self._began

    def _key_of(self, record: Record) -> tuple[str, ...] | None:
        return next((key for key in self._keys if all(_values(record, key))), None)

    def _filter(self, record: Record) -> dict[str, str]:
        """Return the filter that makes the list short; a key of several fields has one."""
        key = self._key_of(record) or ()
        known = next((field for field in key if field in self._resource.filters), None)
        return {known: str(field_value(record, known))} if known else {}


def differences(record: Record, listed: JsonObject) -> tuple[str, ...]:
    """Return the plain fields of *record* that *listed* shows with another value."""
    return tuple(
        field
        for field, value in record.items()
        if field in listed
        and not isinstance(value, list | dict)
        and not isinstance(listed[field], list | dict)
        and _plain(value) != _plain(listed[field])
    )


def _values(record: JsonObject, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(folded(field_value(record, field)) for field in key)


def _plain(value: object) -> str:
    """Return what is compared: 12 and 12.00 are one number, "" and nothing are one."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    return folded(value)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
