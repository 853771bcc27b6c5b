"""What Zoho's OpenAPI files say against bodies that were sent and answered.

Knows JSON Schema, the files and the accepted differences of the corrections file; does
not know where the bodies come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from jsonschema import Draft202012Validator

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


class Difference(NamedTuple):
    """One thing in which a body is not as documented.

    Attributes:
        resource, side: Whose body, and one of SIDES.
        path: Where, e.g. ``invoice.line_items[].rate``.
        keyword: The word of JSON Schema that it breaks, e.g. ``type``.
    """

    resource: str
    side: str
    path: str
    keyword: str


def documented(zoho: OpenApi, resource: Resource, side: str) -> Node | None:
    """Return how Zoho's files describe the bodies of *side*; None where they do not."""
    body, verb = SIDES[side]
    return (zoho.request if body == "request" else zoho.response)(resource, verb)


def differences(
    node: Node, bodies: Iterable[object], *, resource: str, side: str
) -> set[Difference]:
    """Return in what *bodies* are not as *node* says; fields it does not name may be there.

    A record that is documented as a list of records, or the other way round, is one
    difference, and is then held against what is said of a single record.
    """
    found: set[Difference] = set()
    for body in bodies:
        for place, facts, part in _parts(node, body):
            for error in Draft202012Validator(json_schema(facts)).iter_errors(part):
                for missing in _missing(error.validator, error.validator_value, error.instance):
                    path = _path([*place, *error.absolute_path], missing)
                    found.add(Difference(resource, side, path, str(error.validator)))
    return found


def _parts(node: Node, body: object) -> Iterator[tuple[list[str | int], Node, object]]:
    """Yield place, description and value of *body* and of what stands in it one level off."""
    yield [], node, body
    if not isinstance(body, dict):
        return
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
