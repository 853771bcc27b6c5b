"""Find ids in whole lists that were read before: exact but for case and spaces.

An index is made for each (resource, field, where) when it is first asked for. Every
condition is looked at here, whatever filter the list was read with, because Zoho
ignores a filter it does not know. Reads nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NamedTuple

from zbbulk.folding import folded
from zbbulk.model import Answered, JsonObject, LookupRule, Many, Missing, Unchecked
from zbbulk.resources import resource

_NEAR = 0.6
_COMPARED = 2_000_000
"""So many pairs of texts are compared to find near ones; then none is suggested."""


class _Entry(NamedTuple):
    zb_id: str
    is_active: bool


class ListFinder:
    """Looks texts up in the lists it was given."""

    def __init__(self, lists: Mapping[str, Sequence[JsonObject]]) -> None:
        """Take the records of each resource by its name; they are not changed."""
        self._lists = {name: list(records) for name, records in lists.items()}
        self._ids: dict[str, set[str]] = {}
        self._indexes: dict[LookupRule, dict[str, list[_Entry]]] = {}
        self._names: dict[LookupRule, dict[str, str]] = {}
        self._compared = 0

    def find(self, rule: LookupRule, text: str) -> Answered:
        """Return the id that *text* means, or why there is none."""
        if not all(name in self._lists for name in rule.resources):
            return Unchecked()
        index = self._index(rule)
        found = next((index[key] for key in keys_of(text) if key in index), [])
        ids = tuple(dict.fromkeys(entry.zb_id for entry in found))
        if len(ids) == 1:
            return ids[0]
        if not ids:
            return Missing(self._nearest(rule, text))
        active = [entry.zb_id for entry in found if entry.is_active]
        return active[0] if rule.first_active and active else Many(ids)

    def has(self, name: str, zb_id: str) -> bool:
        """Tell whether the list of the resource *name* has a record with this id."""
        return zb_id in (self.ids(name) or ())

    def ids(self, name: str) -> set[str] | None:
        """Return the ids in the list of the resource *name*, None when it was not read."""
        if name not in self._lists:
            return None
        if name not in self._ids:
            id_field = resource(name).id_field
            self._ids[name] = {str(each.get(id_field, "")) for each in self._lists[name]}
        return self._ids[name]

    def add(self, name: str, record: JsonObject) -> None:
        """Take one more record of the resource *name*."""
        self._lists.setdefault(name, []).append(record)
        self._ids.pop(name, None)
        self._indexes.clear()
        self._names.clear()

    def _index(self, rule: LookupRule) -> dict[str, list[_Entry]]:
        """Return the records by the text of the rule's field, those of ``where`` only."""
        index = self._indexes.get(rule)
        if index is None:
            index = self._indexes[rule] = {}
            names = self._names[rule] = {}
            for name in rule.resources:
                id_field = resource(name).id_field
                for record in self._lists[name]:
                    if _fits(record, rule.where):
                        value = record.get(rule.field)
                        entry = _Entry(str(record.get(id_field, "")), _is_active(record))
                        for key in _keys_of_value(value):
                            index.setdefault(key, []).append(entry)
                            names.setdefault(key, str(value))
        return index

    def _nearest(self, rule: LookupRule, text: str) -> str:
        names = self._names.get(rule, {})
        if self._compared > _COMPARED:
            return ""
        self._compared += len(names)
        near = get_close_matches(folded(text), names, n=1, cutoff=_NEAR)
        return names[near[0]] if near else ""


def keys_of(text: str) -> Iterable[str]:
    """Return what *text* may stand for in an index: the text, and the number it is."""
    yield folded(text)
    number = _number_key(text.strip().removesuffix("%"))
    if number:
        yield number


def _keys_of_value(value: object) -> Iterable[str]:
    if isinstance(value, bool):
        return (str(value).casefold(),)
    if isinstance(value, int | Decimal):
        return (_number_key(str(value)),)
    return (folded(value),) if isinstance(value, str) and value.strip() else ()


def _number_key(text: str) -> str:
    """Return the same for 18, 18.0 and 18.00, "" for what is no number.

    No text gives such a key: the codes 7 and 007 are two.
    """
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return ""
    return f"\0{number.normalize():f}" if number.is_finite() else ""


def _fits(record: JsonObject, where: Sequence[tuple[str, str]]) -> bool:
    """Tell whether *record* has all that is asked for; a field it does not tell does not fit."""
    return all(
        any(key in set(keys_of(text)) for key in _keys_of_value(record.get(name)))
        for name, text in where
    )


def _is_active(record: JsonObject) -> bool:
    status = record.get("status")
    is_inactive = isinstance(status, str) and status.casefold() == "inactive"
    return not is_inactive and record.get("is_active") is not False
