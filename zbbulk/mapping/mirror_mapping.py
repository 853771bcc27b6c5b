"""Write the mapping that reads a mirror back.

It is an ordinary mapping with ``mirror: yes``: people may read it, and take columns out of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from zbbulk.mapping.mirror import Mirror
from zbbulk.mapping.mirror_fields import ID, LINE_ID, LINE_IDS, LINES
from zbbulk.mapping.words import VERSION
from zbbulk.model import JsonObject, Path
from zbbulk.resources import Resource, schema

Tree: TypeAlias = "dict[str | int, Tree | str]"
"""Fields, and the numbers of entries of a list, each with what is below it or its column."""


def mirror_mapping(mirror: Mirror, resource: Resource, *, fixed: JsonObject | None = None) -> str:
    """Return the YAML text of a mapping that reads the sheet of *mirror*.

    Args:
        mirror: The layout.
        resource: What its records are.
        fixed: Fields that stand in the path of a call and are the same for all records.
    """
    head = {each.path: mirror.names[each] for each in mirror.fields if not each.in_line}
    line = {each.path: mirror.names[each] for each in mirror.fields if each.in_line}
    lines = [
        f"# A mirror of {resource.name}: change cells, then import it with this mapping.",
        "# What is not changed is not sent; a blank cell changes nothing, <clear> empties a field.",
        f"zbbulk: {VERSION}",
        f"resource: {resource.name}",
        "action: update",
        "mirror: yes",
    ]
    if mirror.has_lines:
        lines += [
            f"group_rows_by: [{ID}]",
            "# lines_missing: delete  takes lines out of a record whose rows you have deleted",
            "key: {lines: merge, lines_missing: error}",
        ]
    lines += ["fields:", f"  {resource.id_field}: {ID}"]
    lines += [f"  {name}: {{value: {_quoted(value)}}}" for name, value in (fixed or {}).items()]
    lines += _block(_tree(head), indent=2)
    if mirror.has_lines:
        lines += [f"  {LINES}:", "    each_row:", f"      {_line_id(resource)}: {LINE_ID}"]
        lines += _block(_tree(line), indent=6)
    return "\n".join(lines) + "\n"


def _line_id(resource: Resource) -> str:
    """Return how *resource* calls the id of a line."""
    properties = schema(resource.name)["properties"][LINES]["items"].get("properties", {})
    return next((name for name in LINE_IDS if name in properties), LINE_IDS[0])


def _tree(columns: dict[Path, str]) -> Tree:
    root: Tree = {}
    for path, column in columns.items():
        *above, last = path
        held = root
        for step in above:
            below = held.setdefault(step, {})
            if isinstance(below, dict):
                held = below
        held[last] = column
    return root


def _block(tree: Tree, *, indent: int) -> Iterator[str]:
    """Yield the lines of a map of fields."""
    margin = " " * indent
    for name, below in tree.items():
        key = name if str(name).isidentifier() else _quoted(str(name))
        if isinstance(below, str):
            yield f"{margin}{key}: {_quoted(below)}"
        elif all(isinstance(step, int) for step in below):
            yield f"{margin}{key}:"
            yield from _entries(below.values(), indent=indent + 2)
        else:
            yield f"{margin}{key}:"
            yield from _block(below, indent=indent + 2)


def _entries(entries: Iterable[Tree | str], *, indent: int) -> Iterator[str]:
    """Yield the lines of a list."""
    margin = " " * indent
    for entry in entries:
        if isinstance(entry, str):
            yield f"{margin}- {_quoted(entry)}"
        else:
            yield f"{margin}-"
            yield from _block(entry, indent=indent + 2)


def _quoted(text: object) -> str:
    return json.dumps(str(text), ensure_ascii=False)
