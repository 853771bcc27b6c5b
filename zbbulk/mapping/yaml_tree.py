"""Read YAML as a tree of texts, every one with its line: no types, no surprises.

``no`` stays ``no`` and ``0123`` stays ``0123``. Twice-named keys, anchors, tags
and merge keys are refused. Knows YAML, not the mapping language.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.yaml_faults import explain
from zbbulk.mapping.yaml_nodes import Block, Listing, Node, Text

_DEEPEST = 30


def read_yaml(text: str, faults: MappingFaults) -> Node | None:
    """Return the tree of *text*; None if it is empty or can't be read at all.

    All that is wrong goes to *faults*.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = list(yaml.parse(text, Loader=loader))
    except yaml.YAMLError as error:
        faults.add_at("ZB201", *explain(error, text))
        return None
    return _Builder(events, faults).document()


class _Builder:
    def __init__(self, events: list[Any], faults: MappingFaults) -> None:
        self._events: Iterator[Any] = iter(events)
        self._faults = faults

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    what = self._faults.what
                    message = f"A {what} file holds one {what}, and `---` begins a second."
                    self._faults.add("ZB201", _place(event), message, "Delete the `---`.")
                    return root
                root = self._node(next(self._events), 0)
        return None if isinstance(root, Text) and not root.text else root

    def _node(self, event: Any, depth: int) -> Node:  # noqa: ANN401 - PyYAML's events have no types
        place = _place(event)
        line, at = place.line, place.at
        self._refuse_extras(event, place)
        if isinstance(event, yaml.ScalarEvent):
            return Text(line, at, event.value, is_plain=not event.style)
        if isinstance(event, yaml.AliasEvent):
            return Text(line, at, f"*{event.anchor}")
        if depth > _DEEPEST:
            self._faults.add("ZB201", place, "This is nested too deeply.")
            return self._skipped(line, at)
        if isinstance(event, yaml.SequenceStartEvent):
            return Listing(line, at, tuple(self._entries(depth + 1)))
        pairs = tuple(self._pairs(depth + 1))
        return Block(line, at, pairs, is_flow=bool(event.flow_style))

    def _entries(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth)

    def _pairs(self, depth: int) -> Iterator[tuple[Text, Node]]:
        seen: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth)
            value = self._node(next(self._events), depth)
            if not isinstance(key, Text):
                self._faults.add("ZB212", key, "A key must be a text, not a list or a map.")
            elif key.text == "<<" and key.is_plain:
                message = f"`<<` (a merge key) is not used in a {self._faults.what}."
                self._faults.add("ZB201", key, message, "Write it out.")
            elif key.text in seen:
                message = f"`{key.text}` already stands in line {seen[key.text]}."
                self._faults.add("ZB203", key, message)
            else:
                seen[key.text] = key.line
                yield key, value

    def _refuse_extras(self, event: Any, place: Text) -> None:  # noqa: ANN401 - as above
        if isinstance(event, yaml.AliasEvent):
            mark = f"*{event.anchor}"
        elif event.anchor is not None:
            mark = f"&{event.anchor}"
        elif event.tag is not None:
            mark = event.tag.replace("tag:yaml.org,2002:", "!!")
        else:
            return
        message = f"A text that begins with `{mark[0]}` means something else in YAML: `{mark}`."
        fix = f"Put quotes around it if it is a column: '{mark} ...'. Otherwise write it out."
        self._faults.add("ZB201", place, message, fix)

    def _skipped(self, line: int, at: int) -> Text:
        depth = 1
        while depth:
            event = next(self._events)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
        return Text(line, at, "")


def _place(event: Any) -> Text:  # noqa: ANN401 - PyYAML's events have no types
    return Text(event.start_mark.line + 1, event.start_mark.column + 1, "")
