"""The ids in a record that lead to other records: they must exist, and bring names along.

Which fields are such ids is told by ``x-resource`` in the schemas, at any
depth. A text may hold several ids between commas. It does not know requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.taxes import is_tax_allowed
from zbbulk.sandbox.traits import name_field

_TAXES = frozenset({"taxes", "taxgroups"})
_LOCATION = "location_id"


class Reference(NamedTuple):
    """One id, or several between commas.

    Attributes:
        holder: The object it stands in.
        field: Its field there.
        value: As sent.
        resources: What it may be an id of.
    """

    holder: JsonObject
    field: str
    value: str
    resources: tuple[str, ...]


def check_references(kit: Kit, sent: JsonObject, schema: JsonObject, *, own: str) -> None:
    """Refuse ids that lead to nothing.

    Args:
        kit: The books.
        sent: What Zoho takes of the body.
        schema: The facts of the resource.
        own: The record's own id field, which is no reference.

    Raises:
        Refusal: 1002, 110942 for a tax without GST, 400040 for a location without access.
    """
    for each in references(sent, schema):
        if each.holder is sent and each.field == own:
            continue
        if each.field == _LOCATION:
            kit.organization.check_location(each.value)
        if _TAXES & set(each.resources) and not is_tax_allowed(kit):
            raise Refusal("110942")
        for record_id in each.value.split(","):
            if _referred(kit, each, record_id.strip()) is None:
                raise Refusal("1002", thing=_thing(each.field))


def add_names(kit: Kit, record: JsonObject, schema: JsonObject, *, own: str) -> None:
    """Set beside each id what people call the record it leads to, ``customer_name`` say."""
    for each in list(references(record, schema)):
        is_own = each.holder is record and each.field == own
        found = None if is_own else _referred(kit, each, each.value)
        if found is None or not each.field.endswith("_id"):
            continue
        place, other = found
        shown = name_field(place)
        word = shown.rpartition("_")[2]
        if shown:
            each.holder[f"{each.field.removesuffix('_id')}_{word}"] = other.get(shown, "")


def references(value: object, schema: JsonObject, *, field: str = "") -> Iterator[Reference]:
    """Yield the ids in *value*, which stands in *field* of what holds it."""
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for name, held in value.items():
            facts = known.get(name, {})
            if isinstance(held, str) and held and "x-resource" in facts:
                yield Reference(value, name, held, _names(facts["x-resource"]))
            else:
                yield from references(held, facts, field=name)
    elif isinstance(value, list):
        facts = schema.get("items", {})
        for held in value:
            if isinstance(held, str) and held and "x-resource" in facts:
                yield Reference({}, field, held, _names(facts["x-resource"]))
            else:
                yield from references(held, facts, field=field)


def _referred(kit: Kit, each: Reference, record_id: str) -> tuple[str, JsonObject] | None:
    for name in each.resources:
        found = kit.books.find(name, record_id)
        if found is not None:
            return name, found
    return None


def _names(told: str | list[str]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told)


def _thing(field: str) -> str:
    words = field.removesuffix("s").removesuffix("_id").split("_")
    return " ".join(words).capitalize()
