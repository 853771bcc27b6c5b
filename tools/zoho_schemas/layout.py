"""How a schema is written down: words in one order, short objects on one line."""

from __future__ import annotations

import json

from zbbulk.model import JsonObject

WIDTH = 100

_WORDS = """
$schema $id title $comment
type format pattern enum const minLength maxLength minimum maximum
required x-required-on-update x-required-in if then else allOf
properties patternProperties items anyOf minItems description x-resource x-in x-editions x-doubt
"""

ORDER = _WORDS.split()


def in_order(rule: JsonObject) -> JsonObject:
    """Return *rule* with its words in ``ORDER``, however deep; fields keep theirs.

    Raises:
        ValueError: a word has no place in ``ORDER``.
    """
    return {word: _below(word, rule[word]) for word in sorted(rule, key=ORDER.index)}


def _below(word: str, value: object) -> object:
    if word in ("properties", "patternProperties") and isinstance(value, dict):
        return {name: in_order(rule) for name, rule in value.items()}
    if word in ("items", "if", "then", "else") and isinstance(value, dict):
        return in_order(value)
    if word in ("allOf", "anyOf") and isinstance(value, list):
        return [in_order(rule) for rule in value]
    return value


def written(schema: JsonObject) -> str:
    """Return *schema* as the text of its file."""
    lines = [f"  {_pair(name, value, indent=2)}" for name, value in schema.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _pair(name: str, value: object, *, indent: int) -> str:
    key = json.dumps(name) + ": "
    return key + _value(value, room=WIDTH - indent - len(key), indent=indent)


def _value(value: object, *, room: int, indent: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(flat) < room:
        return flat
    deeper, pad = indent + 2, " " * (indent + 2)
    if isinstance(value, dict):
        lines = [pad + _pair(name, each, indent=deeper) for name, each in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    lines = [pad + _value(each, room=WIDTH - deeper, indent=deeper) for each in value]
    return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"
