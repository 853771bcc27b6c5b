"""Write the Python function that turns the cells of one row into a Record.

One function a mapping and header, as fast as if written by hand: no loop over
rules, no call for a plain text. The source is put together from the templates
here and holds names only; every column text, field name, table and function of a
mapping reaches it through its namespace, never through the source.

Names in the generated source: ``c`` the cells, ``v`` the cell at hand, ``f`` the
faults, ``o1 o2`` objects, ``l1 l2`` lists, ``k1 k2`` whether an entry has content,
``f1 f2`` the faults before an object: one whose only cell can't be read stays in its
place, empty, so that its fault and its neighbours keep their paths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zbbulk.mapping.generate_field import FieldWriter, field_names
from zbbulk.mapping.reader import FieldReader
from zbbulk.mapping.rules import (
    CustomField,
    CustomFieldsRule,
    FieldRule,
    ListRule,
    ObjectRule,
    RowsFromRule,
    Rule,
)
from zbbulk.mapping.source_text import Place, SourceText
from zbbulk.model import Cell, Fault, Path

Bind = Callable[[FieldRule], FieldReader]
Generated = Callable[[Sequence[Cell]], tuple[Any, ...]]

Gather = Callable[
    [list[Fault] | None, dict[str, Any], Sequence[Cell], Path, str], list[Fault] | None
]
"""Puts the entries from another sheet into a dict, as the careful way of a field puts a
value: faults so far, dict, cells, path and key in, faults out."""


def generate(
    root: ObjectRule,
    bind: Bind,
    *,
    gathers: Mapping[int, Gather] | None = None,
    trace: bool = False,
) -> Generated:
    """Return the function for *root*.

    Args:
        root: The rules of a whole Record.
        bind: Gives the reader of a rule.
        gathers: What fills each list that comes from another sheet, by the id of its rule.
        trace: Return a third value: for each list of the Record (by its path) the
            numbers of the rules that its entries come from.
    """
    text = SourceText(field_names())
    root_path = text.constant((), "B")
    writer = _Writer(text, bind, gathers=gathers or {}, trace=trace)
    writer.object_fields(root, "o", root_path, indent=1, flag="")
    head = ["def convert(c):", "    f = None", "    o = {}"] + (["    t = {}"] if trace else [])
    end = "    return o, f, t" if trace else "    return o, f"
    source = text.text(head, [end])
    exec(compile(source, "<zbbulk mapping>", "exec"), text.names)  # noqa: S102 - templates only
    function: Generated = text.names["convert"]
    return function


class _Writer:
    def __init__(
        self, text: SourceText, bind: Bind, *, gathers: Mapping[int, Gather], trace: bool
    ) -> None:
        self._text = text
        self._bind = bind
        self._gathers = gathers
        self._trace = trace

    def object_fields(
        self, rule: ObjectRule, name: str, path: str, *, indent: int, flag: str
    ) -> None:
        for key, inner in rule.fields.items():
            place = Place(name, path, key=self._text.constant(key, "K"), flag=flag)
            self.rule(inner, place, indent)

    def rule(self, rule: Rule, place: Place, indent: int) -> None:
        if isinstance(rule, FieldRule):
            FieldWriter(self._text, self._bind(rule), place).write(indent)
        elif isinstance(rule, ObjectRule):
            self._object(rule, place, indent)
        elif isinstance(rule, RowsFromRule):
            gather = self._text.constant(self._gathers[id(rule)], "G")
            put = f"{gather}(f, {place.container}, c, {place.path}, {place.key})"
            self._text.add(indent, f"f = {put}")
        else:
            self._list(rule, place, indent)

    def _object(self, rule: ObjectRule, place: Place, indent: int) -> None:
        number = self._text.number()
        name, before = f"o{number}", f"f{number}"
        self._text.add(indent, f"{name} = {{}}", f"{before} = f")
        path = place.inner_path
        self.object_fields(rule, name, path, indent=indent, flag=place.flag)
        self._text.add(indent, f"if {name} or f is not {before}:", f"    {place.put(name)}")

    def _list(self, rule: ListRule | CustomFieldsRule, place: Place, indent: int) -> None:
        name = f"l{self._text.number()}"
        path = place.inner_path
        self._text.add(indent, f"{name} = []")
        if self._trace:
            self._text.add(indent, f"t[{path}] = t{name} = []")
        for number, entry in enumerate(rule.entries):
            self._entry(entry, Place(name, path, flag=place.flag), indent)
            if self._trace:
                self._text.add(indent, f"t{name} += [{number:d}] * (len({name}) - len(t{name}))")
        self._text.add(indent, f"if {name}:", f"    {place.put(name)}")

    def _entry(self, entry: Rule | CustomField, place: Place, indent: int) -> None:
        if isinstance(entry, CustomField):
            custom = Place(place.container, place.path, custom=entry, flag=place.flag)
            self.rule(entry.rule, custom, indent)
        elif isinstance(entry, ObjectRule):
            self._object_entry(entry, place, indent)
        else:
            self.rule(entry, place, indent)

    def _object_entry(self, entry: ObjectRule, place: Place, indent: int) -> None:
        number = self._text.number()
        name, before, flag = f"o{number}", f"f{number}", f"k{number}"
        always = not _reads_a_column(entry)
        self._text.add(indent, f"{name} = {{}}", f"{before} = f", f"{flag} = {always}")
        self.object_fields(entry, name, place.inner_path, indent=indent, flag=flag)
        keeps = f"{flag} and ({name} or f is not {before})"
        self._text.add(indent, f"if {keeps}:", f"    {place.container}.append({name})")
        if place.flag:
            self._text.add(indent, f"{place.flag} = {place.flag} or {flag}")


def _reads_a_column(rule: Rule | CustomField) -> bool:
    if isinstance(rule, FieldRule):
        return bool(rule.columns)
    if isinstance(rule, CustomField):
        return _reads_a_column(rule.rule)
    inner = rule.fields.values() if isinstance(rule, ObjectRule) else rule.entries
    return any(map(_reads_a_column, inner))
