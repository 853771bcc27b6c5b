"""Which records a list call means: filters, their variants, filter_by, search_text.

A filter that Zoho does not document is ignored without a word, as Zoho does it,
so a misspelt one returns everything. Text is compared without regard to case
(an assumption, see docs/sandbox.md). It does not know pages or sorting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.groups import group_test
from zbbulk.sandbox.traits import traits, variants

Test = Callable[[JsonObject], bool]

_COMPUTED_NUMBERS = frozenset({"total", "balance", "amount"})
_NUMBER_TYPES = frozenset({"number", "integer"})
_LINE_FIELDS = {"item_name": "name", "item_description": "description"}
_SEARCH_LIMIT = 100

_TEXT_VARIANTS: dict[str, Callable[[str, str], bool]] = {
    "": lambda held, wanted: held == wanted,
    "_startswith": lambda held, wanted: held.startswith(wanted),
    "_contains": lambda held, wanted: wanted in held,
}
_NUMBER_VARIANTS: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda held, wanted: held == wanted,
    "_less_than": lambda held, wanted: held < wanted,
    "_less_equals": lambda held, wanted: held <= wanted,
    "_greater_than": lambda held, wanted: held > wanted,
    "_greater_equals": lambda held, wanted: held >= wanted,
}
_DATE_VARIANTS: dict[str, Callable[[str, str], bool]] = {
    "": lambda held, wanted: held == wanted,
    "_start": lambda held, wanted: held >= wanted,
    "_end": lambda held, wanted: held <= wanted,
    "_before": lambda held, wanted: held < wanted,
    "_after": lambda held, wanted: held > wanted,
}


def tests_of(kit: Kit, resource: Resource, query: Mapping[str, str]) -> list[Test]:
    """Return what a record must pass to be listed.

    Raises:
        Refusal: 2 for a filter_by or a number that is not one, 15 for a long search_text.
    """
    asked = {**query, "filter_by": applied_filter(resource, query)}
    tests = (_test_of(kit, resource, name, wanted) for name, wanted in asked.items())
    return [test for test in tests if test is not None]


def applied_filter(resource: Resource, query: Mapping[str, str]) -> str:
    """Return what page_context names as the applied filter."""
    return query.get("filter_by") or traits(resource.name).default_filter or "Status.All"


def _test_of(kit: Kit, resource: Resource, name: str, wanted: str) -> Test | None:
    if name == "filter_by":
        return group_test(resource, wanted)
    if name == "search_text":
        return _search_test(resource, wanted)
    if any(name in each.constants for each in variants(resource.name)):
        return lambda record: record.get(name) == wanted
    if name not in resource.filters:
        return _variant_test(resource, name, wanted)
    if name == "last_modified_time":
        return lambda record: _instant(record[name]) >= _instant(wanted)
    return _day_test(kit, resource, name, wanted) or _variant_test(resource, name, wanted)


def _day_test(kit: Kit, resource: Resource, name: str, wanted: str) -> Test | None:
    """Return a test on the day that the records of *resource* are about."""
    day = traits(resource.name).day
    if name == "is_current_date":
        today = kit.today()
        return lambda record: wanted != "true" or record[day] == today
    if name in {"from_date", "to_date"}:
        passes = _DATE_VARIANTS["_start" if name == "from_date" else "_end"]
        return lambda record: passes(record[day], wanted)
    return None


def _variant_test(resource: Resource, name: str, wanted: str) -> Test | None:
    for field in resource.filters:
        variants = _variants(resource, field)
        if name.startswith(field) and name[len(field) :] in variants:
            return _field_test(resource, field, variants[name[len(field) :]], wanted)
    return None


def _variants(resource: Resource, field: str) -> dict[str, Callable[[Any, Any], bool]]:
    if _is_number(resource, field):
        return _NUMBER_VARIANTS
    is_date = field == "date" or field.endswith("_date")
    return _DATE_VARIANTS if is_date else _TEXT_VARIANTS


def _is_number(resource: Resource, field: str) -> bool:
    told = schema(resource.name)["properties"].get(field, {}).get("type", "")
    return field in _COMPUTED_NUMBERS or told in _NUMBER_TYPES


def _field_test(
    resource: Resource, field: str, passes: Callable[[Any, Any], bool], wanted: str
) -> Test:
    if _is_number(resource, field):
        number = _number(field, wanted)
        return lambda record: passes(_number(field, str(record.get(field, 0))), number)
    folded = wanted.casefold()
    fields = traits(resource.name).aliases.get(field, (field,))

    def test(record: JsonObject) -> bool:
        return any(passes(value, folded) for each in fields for value in _values(record, each))

    return test


def _values(record: JsonObject, field: str) -> list[str]:
    if field == "custom_field":
        found = list(record["custom_field_hash"].values())
    elif field == "address":
        found = [*record["billing_address"].values(), *record["shipping_address"].values()]
    elif field in record:
        found = record[field] if isinstance(record[field], list) else [record[field]]
    else:
        found = [part[name] for part, name in _parts(record, field)] or [""]
    return [_as_text(value) for value in found]


def _parts(record: JsonObject, field: str) -> Iterator[tuple[JsonObject, str]]:
    """Yield the lines, or other parts, of a record that have the field, and its name there."""
    name = _LINE_FIELDS.get(field, field)
    for held in record.values():
        for part in held if isinstance(held, list) else ():
            if isinstance(part, dict) and name in part:
                yield part, name


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).casefold()


def _number(field: str, text: str) -> Decimal:
    try:
        number = Decimal(text or 0)
    except InvalidOperation as error:
        raise Refusal("2", field=field) from error
    if not number.is_finite():
        raise Refusal("2", field=field)
    return number


def _search_test(resource: Resource, wanted: str) -> Test:
    if len(wanted) > _SEARCH_LIMIT:
        raise Refusal("15", field="search_text", limit=_SEARCH_LIMIT)
    folded = wanted.casefold()
    fields = traits(resource.name).search
    if not fields:
        return lambda _: True
    return lambda record: any(folded in str(record.get(field, "")).casefold() for field in fields)


def _instant(text: str) -> float:
    from datetime import datetime  # noqa: PLC0415 - only this filter

    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except ValueError as error:
        raise Refusal("2", field="last_modified_time") from error
