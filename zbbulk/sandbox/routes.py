"""Which resource, record and deed a method and a path mean.

Made from ``schemas/resources.yml``: literal words of a path win over ids. A
custom module is named ``cm_...``. It does not know what a deed does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from zbbulk.resources import Resource, resources
from zbbulk.sandbox.answers import Refusal

_MODULE = "{module_name}"
_MODULE_PREFIX = "cm_"


class Deed(NamedTuple):
    """What one method on one path does.

    Attributes:
        verb: ``create read list update delete upsert act delete_many read_many``.
        resource: The first of those on the path.
        action: Path of a status call, "" for every other deed.
    """

    verb: str
    resource: Resource
    action: str = ""


class Route(NamedTuple):
    """A deed and the words of the path that are not literal.

    Attributes:
        deed: What is done.
        record_id: "" when no record is named.
        path_fields: Fields of the record that stand in the path.
    """

    deed: Deed
    record_id: str
    path_fields: Mapping[str, str]


def find_route(method: str, path: str) -> Route:
    """Return what is meant.

    Raises:
        Refusal: 5 for an unknown path, 405 for a method that the path does not have.
    """
    words = tuple(path.strip("/").split("/"))
    fitting = [pattern for pattern in _deeds() if _fits(pattern, words)]
    if not fitting:
        raise Refusal("5")
    pattern = min(fitting, key=lambda parts: [part.startswith("{") for part in parts])
    deed = _deeds()[pattern].get(method)
    if deed is None:
        raise Refusal("405")
    given = {
        part[1:-1]: word for part, word in zip(pattern, words, strict=True) if part.startswith("{")
    }
    record_id = given.pop("id", "")
    return Route(deed, record_id, given)


def _fits(pattern: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if len(pattern) != len(words):
        return False
    return all(_is_at(part, word) for part, word in zip(pattern, words, strict=True))


def _is_at(part: str, word: str) -> bool:
    if part == _MODULE:
        return word.startswith(_MODULE_PREFIX)
    return bool(word) if part.startswith("{") else part == word


@cache
def _deeds() -> dict[tuple[str, ...], dict[str, Deed]]:
    table: dict[tuple[str, ...], dict[str, Deed]] = {}
    for resource in resources().values():
        for method, path, deed in _deeds_of(resource):
            pattern = tuple(path.strip("/").split("/"))
            table.setdefault(pattern, {}).setdefault(method, deed)
    return table


def _deeds_of(resource: Resource) -> Iterator[tuple[str, str, Deed]]:
    for verb in resource.can:
        method, path = _place(resource, verb)
        yield method, path, Deed(verb, resource)
    for action in resource.actions.values():
        path = f"{resource.record_path('update')}/{action}"
        yield "POST", path, Deed("act", resource, action)
    if resource.upsert:
        yield "PUT", resource.path, Deed("upsert", resource)
    if resource.bulk_delete:
        yield "DELETE", resource.path, Deed("delete_many", resource)
    if resource.many_at_once:
        yield "GET", resource.many_at_once.path, Deed("read_many", resource)


def _place(resource: Resource, verb: str) -> tuple[str, str]:
    if verb == "create":
        return "POST", resource.path
    if verb == "list":
        return "GET", resource.list_path
    method = {"read": "GET", "update": "PUT", "delete": "DELETE"}[verb]
    return method, resource.record_path(verb)
