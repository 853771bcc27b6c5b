"""How values, kinds and lists are written in a message that a bookkeeper reads.

Knows no rule and no Record.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

_LONGEST_TEXT = 40
_LONGEST_LIST = 12

KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "a yes/no value",
    "array": "a list",
    "object": "a group of fields",
    "null": "nothing",
}
"""JSON's word for a kind of value -> ours."""

_KIND_OF = {
    bool: "boolean",
    str: "string",
    int: "number",
    float: "number",
    Decimal: "number",
    list: "array",
    tuple: "array",
    dict: "object",
    type(None): "null",
}


def shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return *value* as it is quoted in a message; a long text only at its beginning."""
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}...")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    return KINDS[_KIND_OF[type(value)]]


def kind_of(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return what kind of thing *value* is."""
    return KINDS[_KIND_OF[type(value)]]


def either(words: Sequence[str]) -> str:
    """Return ``a``, ``a or b`` or ``a, b or c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def allowed(options: Sequence[Any]) -> str:
    """Return the allowed values, the first dozen of a long list."""
    listed = ", ".join(map(str, options[:_LONGEST_LIST]))
    more = len(options) - _LONGEST_LIST
    return f"{listed} and {more} more" if more > 0 else listed


def nearest(value: Any, options: Sequence[Any]) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the option that *value* most probably means; case, spaces and hyphens don't count."""
    plain = {_plain(option): str(option) for option in reversed(options)}
    found = get_close_matches(_plain(value), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def _plain(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return str(value).strip().casefold().replace(" ", "_").replace("-", "_")
