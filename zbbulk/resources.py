"""The facts of each Zoho Books resource, read from ``schemas/resources.yml``.

Paths, envelope keys, id fields, match keys and scopes; the JSON Schema of each
resource is loaded one at a time. Does not know how a request is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from zbbulk.assets import read_asset
from zbbulk.errors import UsageError
from zbbulk.model import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How many rows become one call.

    Records that agree in all but one list are sent as one, their lists put together.

    Attributes:
        list: The field whose entries are put together, e.g. ``transactions``.
        key: Only Records that have one of these fields are put together; () for all.
        most: Entries in one call at most, None for no limit.
        whole: One refused row refuses all rows of its call.
    """

    list: str
    key: tuple[str, ...] = ()
    most: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyAtOnce:
    """A call that reads many records by their ids.

    Attributes:
        path: Below the API root.
        parameter: Query parameter that takes the ids, between commas.
        most: Ids in one call.
    """

    path: str
    parameter: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of thing in Zoho Books.

    Attributes:
        name: As in mappings and on the command line, e.g. ``items``.
        title: For people, e.g. ``Items``.
        area: The group it is listed under, e.g. ``Sales``.
        path: Of the collection, below the API root, e.g. ``/items``; a word in braces
            is a field of the Record, which is put there and not sent in the body.
        paths: Where Zoho spells a path of its own: ``list read delete`` -> path,
            ``{id}`` being the record's id.
        can: What the API offers: ``create read list update delete``.
        single_key: Envelope key of one record, "" when no answer has one.
        list_key: Envelope key of a list of records, "" when there is no list.
        id_field: The field that holds Zoho's id, "" when records have none.
        match_keys: Fields of which no two records may have the same values together.
        scope: OAuth scope family, e.g. ``settings``.
        filters: List filters that Zoho documents.
        undo: How a record is taken back, what is tried first coming first: ``delete``,
            or an action such as ``void`` or ``inactive``.
        balanced: The list whose debits and credits must be equal, "" when there is none.
        number_field: Own document number, which needs auto-numbering to be
            switched off for the request; "" when there is none.
        number_flag: Where ``ignore_auto_number_generation`` goes: ``query``, ``body`` or "".
        constants: Fields that every record of this resource is sent with.
        query_fields: Fields that go into the query of a create, not into its body.
        is_single: There is one record only, and its path has no id.
        status: What a new record's status is, "" when it has none.
        actions: Calls that change the status: name -> path behind the record's.
        upsert: Takes a PUT on the collection by a unique custom field (fact: ``X-Upsert``).
        page_size: Records on a page of the list when none is asked for.
        batch: How many rows become one call, None when every record is a call.
        many_at_once: The call that reads many records, None when there is none.
        bulk_delete: Query parameter that takes the ids to delete in one call, or "".
        list_hides: Fields that the list shows otherwise than the record: masked or cut.
        location: Path in the ``Location`` header of a create where it is not ``path``.
    """

    name: str
    title: str
    area: str
    path: str
    paths: Mapping[str, str] = field(default_factory=dict)
    can: tuple[str, ...]
    single_key: str = ""
    list_key: str = ""
    id_field: str = ""
    match_keys: tuple[tuple[str, ...], ...]
    scope: str
    filters: tuple[str, ...]
    undo: tuple[str, ...]
    number_field: str = ""
    number_flag: str = ""
    constants: JsonObject = field(default_factory=dict)
    query_fields: tuple[str, ...] = ()
    is_single: bool = False
    status: str = ""
    actions: Mapping[str, str] = field(default_factory=dict)
    upsert: bool = False
    balanced: str = ""
    page_size: int = 200
    batch: Batch | None = None
    many_at_once: ManyAtOnce | None = None
    bulk_delete: str = ""
    list_hides: tuple[str, ...] = ()
    location: str = ""

    @property
    def path_fields(self) -> tuple[str, ...]:
        """Return the fields of a Record that stand in the path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    def record_path(self, verb: str = "read") -> str:
        """Return the path of one record, ``{id}`` and the path fields still in braces."""
        own = self.path if self.is_single else f"{self.path}/{{id}}"
        return self.paths.get(verb, own)

    @property
    def list_path(self) -> str:
        """Return the path of the list, path fields still in braces."""
        return self.paths.get("list", self.path)

    @property
    def list_fields(self) -> tuple[str, ...]:
        """Return the fields that stand in the path of the list."""
        return tuple(re.findall(r"\{(\w+)\}", self.list_path))


@cache
def resources() -> dict[str, Resource]:
    """Return every resource by name, in the order of the data file."""
    import yaml  # noqa: PLC0415 - heavy: only who asks for resources pays

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table = yaml.load(read_asset("schemas", "resources.yml"), Loader=loader)  # noqa: S506 - safe
    return {name: _resource(name, facts) for name, facts in table["resources"].items()}


def by_area() -> dict[str, list[Resource]]:
    """Return every resource below the area it is listed under."""
    found: dict[str, list[Resource]] = {}
    for each in resources().values():
        found.setdefault(each.area, []).append(each)
    return found


def _resource(name: str, facts: JsonObject) -> Resource:
    named: dict[str, Any] = {word: _frozen(value) for word, value in facts.items()}
    if "batch" in facts:
        held: dict[str, Any] = {word: _frozen(value) for word, value in facts["batch"].items()}
        named["batch"] = Batch(**held)
    if "many_at_once" in facts:
        named["many_at_once"] = ManyAtOnce(**facts["many_at_once"])
    return Resource(name=name, **named)


def _frozen(value: object) -> object:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value


def resource(name: str) -> Resource:
    """Return one resource. Raises UsageError with the nearest name for an unknown one."""
    table = resources()
    if name in table:
        return table[name]
    near = get_close_matches(name, table, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise UsageError(
        f"Unknown resource {name!r}.", fix=f"{hint}Known: {', '.join(table)}.", code="ZB006"
    )


@cache
def schema(name: str) -> JsonObject:
    """Return the JSON Schema of the resource *name*, for creating one record."""
    text = read_asset("schemas", f"{resource(name).name}.schema.json")
    loaded: JsonObject = json.loads(text)
    return loaded
