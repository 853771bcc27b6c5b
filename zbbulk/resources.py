"""The facts of each Zoho Books resource, read from ``schemas/resources.yml``.

Paths, envelope keys, id fields, match keys and scopes; the JSON Schema of each
resource is loaded one at a time. Does not know how a request is made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from zbbulk.assets import read_asset
from zbbulk.errors import UsageError
from zbbulk.model import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of thing in Zoho Books.

    Attributes:
        name: As in mappings and on the command line, e.g. ``items``.
        title: For people, e.g. ``Items``.
        area: The group it is listed under, e.g. ``Sales``.
        path: Below the API root, e.g. ``/items``.
        single_key: Envelope key of one record.
        list_key: Envelope key of a list of records.
        id_field: The field that holds Zoho's id.
        match_keys: Fields of which no two records may have the same value.
        scope: OAuth scope family, e.g. ``settings``.
        number_field: Own document number, which needs auto-numbering to be
            switched off for the request; "" when there is none.
        number_flag: Where ``ignore_auto_number_generation`` goes: ``query``, ``body`` or "".
        filters: List filters that Zoho documents.
    """

    name: str
    title: str
    area: str
    path: str
    single_key: str
    list_key: str
    id_field: str
    match_keys: tuple[str, ...]
    scope: str
    filters: tuple[str, ...]
    number_field: str = ""
    number_flag: str = ""


@cache
def resources() -> dict[str, Resource]:
    """Return every resource by name, in the order of the data file."""
    import yaml  # noqa: PLC0415 - heavy: only who asks for resources pays

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table = yaml.load(read_asset("schemas", "resources.yml"), Loader=loader)  # noqa: S506 - safe
    return {name: _resource(name, facts) for name, facts in table["resources"].items()}


def _resource(name: str, facts: JsonObject) -> Resource:
    lists = {"match_keys": tuple(facts["match_keys"]), "filters": tuple(facts["filters"])}
    return Resource(name=name, **(facts | lists))


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
