"""Say in plain words when a Field is required, from the schema alone.

Reads the forms that our schemas use: ``if`` with ``then`` and ``else``, ``allOf`` of
them, ``dependentRequired``, and alternatives (``anyOf``, ``oneOf``). Knows no Record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zbbulk.checks.words import either, shown
from zbbulk.model import JsonObject


def required_when(rules: JsonObject) -> dict[str, str]:
    """Return the fields that an object needs under a condition, e.g. ``when a is given``.

    *rules* are those of one object; what stands further down in it is not looked at.
    """
    found: dict[str, list[str]] = {}
    for name, words in _conditions(rules):
        found.setdefault(name, []).append(words)
    return {name: ", or ".join(dict.fromkeys(words)) for name, words in found.items()}


def alternatives(rules: JsonObject) -> tuple[str, ...]:
    """Return the fields of which an object needs one, each e.g. ``a`` or ``a with b``."""
    branches: list[JsonObject] = rules.get("anyOf") or rules.get("oneOf") or []
    choices = [branch.get("required", ()) for branch in branches]
    return tuple(map(" with ".join, choices)) if all(choices) else ()


def _conditions(rules: JsonObject) -> Iterator[tuple[str, str]]:
    for name in rules.get("then", {}).get("required", ()):
        yield name, f"when {_tested(rules['if'])}"
    for name in rules.get("else", {}).get("required", ()):
        yield name, f"unless {_tested(rules['if'])}"
    for given, names in rules.get("dependentRequired", {}).items():
        yield from ((name, f"when {given} is given") for name in names)
    for each in rules.get("allOf", ()):
        yield from _conditions(each)


def _tested(test: JsonObject) -> str:
    values = test.get("properties", {})
    given = [f"{name} is given" for name in test.get("required", ()) if name not in values]
    return both([*(value_words(name, each) for name, each in values.items()), *given])


def value_words(name: str, test: JsonObject) -> str:
    """Return which values of the field *name* pass *test*, a part of an ``if``."""
    options = test.get("enum", [test.get("const")])
    return f"{name} is {either([shown(option) for option in options])}"


def both(words: Iterable[str]) -> str:
    """Return *words* joined by ``and``."""
    return " and ".join(words)
