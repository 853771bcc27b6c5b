"""Is this body one that Zoho Books takes? A small validator of its own.

It reads the facts of ``schemas/<resource>.schema.json`` as data: types, lengths,
enumerations, patterns, what is required when. The first fault is a Refusal, as
Zoho tells only one. It does not know the records that are there already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal

Editions = frozenset[str]

LABELS = {"payment_terms": "Payment Terms"}
"""Fields that Zoho calls by their label in a message, not by their API name."""


def check_body(
    body: JsonObject, schema: JsonObject, *, editions: Editions, is_update: bool
) -> None:
    """Refuse a body that breaks a fact of the resource.

    Args:
        body: As sent.
        schema: The resource's facts.
        editions: Codes of the organization's edition; some fields are required in one only.
        is_update: An update may leave out what a create requires.

    Raises:
        Refusal: 2, 4 or 15, for the first fault.
    """
    if is_update:
        _check_fields(body, schema)
        return
    _check_object(body, schema)
    for edition, names in schema.get("x-required-in", {}).items():
        if edition in editions:
            _check_required(body, {"required": names})


def prune(value: object, schema: JsonObject, *, editions: Editions) -> object:
    """Return *value* without the fields that the facts do not name, or not for this edition.

    Zoho drops them in silence.
    """
    if isinstance(value, dict) and "properties" in schema:
        known = ((key, held, _facts_of(key, schema)) for key, held in value.items())
        return {
            key: prune(held, facts, editions=editions)
            for key, held, facts in known
            if facts is not None and not editions.isdisjoint(facts.get("x-editions", editions))
        }
    if isinstance(value, list) and "items" in schema:
        return [prune(held, schema["items"], editions=editions) for held in value]
    return value


def _facts_of(field: str, schema: JsonObject) -> JsonObject | None:
    """Return the facts of a field, None when the schema does not name it."""
    if field in schema["properties"]:
        found: JsonObject = schema["properties"][field]
        return found
    named = schema.get("patternProperties", {}).items()
    return next((facts for pattern, facts in named if _pattern(pattern).search(field)), None)


def _check_object(value: JsonObject, schema: JsonObject) -> None:
    _check_fields(value, schema)
    _check_required(value, schema)


def _check_fields(value: JsonObject, schema: JsonObject) -> None:
    known = schema.get("properties", {})
    for name, held in value.items():
        if held is None:
            raise _invalid(name)
        if name in known:
            _check_value(held, known[name], name)


def _check_required(value: JsonObject, schema: JsonObject) -> None:
    for name in _missing(value, schema):
        raise _invalid(name)
    for part in schema.get("allOf", ()):
        _check_required(value, part)
    if "if" in schema:
        branch = "then" if _holds(value, schema["if"]) else "else"
        _check_required(value, schema.get(branch, {}))
    choices = schema.get("anyOf", ())
    if choices and not any(_holds(value, choice) for choice in choices):
        raise _invalid(choices[0].get("required", ["line_items"])[0])


def _missing(value: JsonObject, schema: JsonObject) -> list[str]:
    return [name for name in schema.get("required", ()) if value.get(name) in (None, "")]


def _holds(value: JsonObject, condition: JsonObject) -> bool:
    if _missing(value, condition):
        return False
    for name, facts in condition.get("properties", {}).items():
        allowed = [facts["const"]] if "const" in facts else facts.get("enum")
        if name in value and allowed is not None and value[name] not in allowed:
            return False
    return True


def _check_value(value: object, schema: JsonObject, name: str) -> None:
    if not _has_type(value, schema.get("type")):
        raise _invalid(name)
    if "enum" in schema and value not in schema["enum"]:
        raise _invalid(name)
    if isinstance(value, str):
        _check_text(value, schema, name)
    elif isinstance(value, int | Decimal):
        _check_range(value, schema, name)
    elif isinstance(value, dict):
        _check_object(value, schema)
    elif isinstance(value, list):
        _check_list(value, schema, name)


def _check_text(text: str, schema: JsonObject, name: str) -> None:
    limit = schema.get("maxLength")
    if limit is not None and len(text) > limit:
        raise Refusal("15", field=name, limit=limit)
    if len(text) < schema.get("minLength", 0):
        raise _invalid(name)
    if text and "pattern" in schema and not _pattern(schema["pattern"]).search(text):
        raise _invalid(name)
    if text and schema.get("format") == "date" and not _is_date(text):
        raise _invalid(name)


def _check_range(number: int | Decimal, schema: JsonObject, name: str) -> None:
    if "minimum" in schema and number < schema["minimum"]:
        raise Refusal("4", field=_label(name))
    if "maximum" in schema and number > schema["maximum"]:
        raise Refusal("4", field=_label(name))


def _check_list(values: list[object], schema: JsonObject, name: str) -> None:
    if len(values) < schema.get("minItems", 0):
        raise _invalid(name)
    facts = schema.get("items", {})
    for value in values:
        if value is None:
            raise _invalid(name)
        _check_value(value, facts, name)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_integer(value: object) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


_TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": _is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _has_type(value: object, wanted: str | list[str] | None) -> bool:
    if wanted is None:
        return True
    names = [wanted] if isinstance(wanted, str) else wanted
    return any(_TYPES[name](value) for name in names)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _label(name: str) -> str:
    return LABELS.get(name, name)


def _invalid(name: str) -> Refusal:
    return Refusal("2", field=_label(name))
