"""What Zoho's OpenAPI files say against bodies that were sent and answered.

Knows JSON Schema, the files and the accepted differences of the corrections file; does
not know where the bodies come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from jsonschema import Draft202012Validator, ValidationError

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zoho_schemas.openapi import Node, OpenApi

SIDES = {
    "sent": ("request", "create"),
    "changed": ("request", "update"),
    "created": ("response", "create"),
    "read": ("response", "read"),
    "updated": ("response", "update"),
    "listed": ("response", "list"),
}
"""Side of a call -> which of an operation's bodies it is, and the operation."""

_WORDS = ("type", "enum", "required", "maxLength", "minLength", "minimum", "maximum", "pattern")
_DEEPEST = 12
_ENVELOPE = ("code", "message", "page_context")
_TYPES = {
    bool: "boolean",
    int: "number",
    float: "number",
    Decimal: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}

Part: TypeAlias = tuple[list[str | int], Node, object]
"""Place, description and value of something in a body."""


class Difference(NamedTuple):
    """One thing in which a body is not as documented.

    Attributes:
        resource, side: Whose body, and one of SIDES.
        path: Where, e.g. ``invoice.line_items[].rate``.
        keyword: The word of JSON Schema that it breaks, e.g. ``type``, or ``properties``
            when a record stands under another key than the documented one.
        given: The JSON type that is there instead, "" when it is not about a type.
    """

    resource: str
    side: str
    path: str
    keyword: str
    given: str = ""


def documented(zoho: OpenApi, resource: Resource, side: str) -> Node | None:
    """Return how Zoho's files describe the bodies of *side*; None where they do not."""
    body, verb = SIDES[side]
    return (zoho.request if body == "request" else zoho.response)(resource, verb)


def differences(
    node: Node, bodies: Iterable[JsonObject], *, resource: Resource, side: str
) -> set[Difference]:
    """Return in what *bodies* are not as *node* says; fields it does not name may be there.

    A record that is documented as a list of records, or the other way round, or under
    another key, is one difference, and is then held against what is said of a record.
    """
    key, found = _envelope_key(resource, side), set[Difference]()
    for body in bodies:
        if key in body and key not in node.fields:
            found.add(Difference(resource.name, side, key, "properties"))
        for place, below, part in (*_parts(node, body), *_misnamed(node, body, key)):
            for error in Draft202012Validator(json_schema(below)).iter_errors(part):
                found.update(_told(error, place, resource.name, side))
    return found


def _told(
    error: ValidationError, place: Sequence[str | int], resource: str, side: str
) -> Iterator[Difference]:
    keyword = str(error.validator)
    given = json_type(error.instance) if keyword == "type" else ""
    for missing in _missing(keyword, error.validator_value, error.instance):
        path = _path([*place, *error.absolute_path], missing)
        yield Difference(resource, side, path, keyword, given)


def _envelope_key(resource: Resource, side: str) -> str:
    """Return the key that records stand under in the bodies of *side*, "" for none."""
    if SIDES[side][0] == "request":
        return ""
    return resource.list_key if side == "listed" else resource.single_key


def _misnamed(node: Node, body: JsonObject, key: str) -> Iterator[Part]:
    """Yield what stands under *key* when *node* has it under another name, or under none."""
    if key not in body or key in node.fields:
        return
    named = {name: below for name, below in node.fields.items() if name not in _ENVELOPE}
    holders = [below for below in named.values() if below.facts.get("type") == json_type(body[key])]
    if len(named) == len(holders) == 1:
        yield [key], holders[0], body[key]
    elif named:
        yield [key], node, body[key]


def json_type(value: object) -> str:
    """Return the JSON type of a *value*, whole numbers being numbers too."""
    return next(name for kind, name in _TYPES.items() if isinstance(value, kind))


def _parts(node: Node, body: JsonObject) -> Iterator[Part]:
    """Yield place, description and value of *body* and of what stands in it one level off."""
    yield [], node, body
    for name, below in node.fields.items():
        held, kind = body.get(name), below.facts.get("type")
        if isinstance(held, dict) and kind == "array":
            yield [name], below.entry, held
        if isinstance(held, list) and kind == "object":
            for each in held:
                yield [name, 0], below, each


def json_schema(node: Node, *, deep: int = 0) -> JsonObject:
    """Return *node* as JSON Schema 2020-12, every reference followed.

    OpenAPI 3.0 says ``nullable`` where JSON Schema lists a type. What lies deeper than
    any body of Zoho's is left open, as a schema may hold itself.
    """
    facts = node.facts
    rule: JsonObject = {word: facts[word] for word in _WORDS if word in facts}
    if facts.get("nullable") and isinstance(rule.get("type"), str):
        rule["type"] = [rule["type"], "null"]
    if "properties" in facts and deep < _DEEPEST:
        fields = node.fields.items()
        rule["properties"] = {name: json_schema(below, deep=deep + 1) for name, below in fields}
    if "items" in facts and deep < _DEEPEST:
        rule["items"] = json_schema(node.entry, deep=deep + 1)
    return rule


def accepts(accepted: JsonObject, found: Difference) -> bool:
    """Tell whether an entry of the corrections file is about the difference *found*."""
    pattern = ".*".join(map(re.escape, accepted["path"].split("*")))
    last = found.path.rpartition(".")[2].removesuffix("[]")
    return (
        found.resource in accepted.get("in", [found.resource])
        and found.side in accepted.get("sides", [found.side])
        and found.keyword == accepted["keyword"]
        and found.given in accepted.get("given", [found.given])
        and last in accepted.get("only", [last])
        and re.fullmatch(pattern, found.path) is not None
    )


def _missing(keyword: object, names: object, instance: object) -> Sequence[str]:
    """Return the fields that are missed, or one "" when the error is about something else."""
    if keyword == "required" and isinstance(names, list) and isinstance(instance, dict):
        return [name for name in names if name not in instance]
    return [""]


def _path(steps: Iterable[str | int], last: str) -> str:
    return "".join(_steps(steps, last)).lstrip(".")


def _steps(steps: Iterable[str | int], last: str) -> Iterator[str]:
    for step in steps:
        yield "[]" if isinstance(step, int) else f".{step}"
    if last:
        yield f".{last}"
