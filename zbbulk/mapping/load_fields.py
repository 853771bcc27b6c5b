"""Load the tree below ``fields:`` along the resource's JSON Schema.

The schema tells a nested object from a rule with modifiers, so that a Zoho field
that happens to be called ``value`` still works. What a rule itself says is
``load_rule``'s business.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Table

from zbbulk.editions import edition_name
from zbbulk.mapping.gst import GST_RATE, PLACES
from zbbulk.mapping.load_debit_credit import load_debit_credit, mapped_by, takes_sides
from zbbulk.mapping.load_rows_from import load_rows_from
from zbbulk.mapping.load_rule import RuleLoader
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import (
    CustomField,
    CustomFieldsRule,
    EachRowRule,
    FieldRule,
    Kind,
    ListRule,
    ObjectRule,
    RowsFromRule,
    Rule,
)
from zbbulk.mapping.shapes import Shape
from zbbulk.mapping.words import DEBIT_CREDIT, EACH_ROW, ORIGIN_WORDS, ROWS_FROM, Rows, did_you_mean
from zbbulk.mapping.yaml_nodes import Block, Listing, Node, Text
from zbbulk.model import Action
from zbbulk.resources import Resource

_ANYTHING = Shape({}, {})


class FieldsLoader:
    """Loads the field rules of one mapping."""

    def __init__(
        self,
        faults: MappingFaults,
        action: Action,
        resource: Resource,
        *,
        edition: str | None = None,
        is_grouped: bool = False,
        sheets: Collection[str] = (),
    ) -> None:
        self._faults = faults
        self._action = action
        self._resource = resource
        self._edition = edition
        self._is_grouped = is_grouped
        self._sheets = sheets
        self._lists = 0  # so many lists are around what is being loaded
        self._rules = RuleLoader(faults, action)

    def load(self, node: Node, shape: Shape) -> ObjectRule:
        """Return the rules at *node*, the value of ``fields:``; faults are collected."""
        if not isinstance(node, Block) or not node.pairs:
            message = "`fields:` is a map of Zoho's fields, e.g. `name: Item Name`."
            self._faults.add("ZB212", node, message)
            return ObjectRule(line=node.line, fields={})
        rule = self._object(node, shape, path=())
        self._refuse_nowhere(rule, rule.fields)
        zb_id = self._resource.id_field
        is_update = self._action is Action.UPDATE
        if is_update and zb_id and zb_id not in {key.text for key, _ in node.pairs}:
            self._not_mapped(node, zb_id, "An update")
        return rule

    def _refuse_nowhere(self, rule: Rule | CustomField, top: Table[str, Rule]) -> None:
        """Note each rate of GST where no field of the document tells the state."""
        if isinstance(rule, FieldRule):
            lookup = rule.lookup
            if lookup is not None and lookup.is_gst and not any(name in top for name in PLACES):
                message = f"`find_by: {GST_RATE}` needs to know the state, and none is mapped."
                fix = f"Map `{'` or `'.join(PLACES)}`, or look up by `tax_name`."
                self._faults.add("ZB228", lookup, message, fix)
        elif isinstance(rule, ObjectRule | ListRule):
            inner = rule.fields.values() if isinstance(rule, ObjectRule) else rule.entries
            for each in inner:
                self._refuse_nowhere(each, top)

    def _object(self, block: Block, shape: Shape, *, path: tuple[str, ...]) -> ObjectRule:
        fields: dict[str, Rule] = {}
        for key, value in block.pairs:
            if key.text == DEBIT_CREDIT and takes_sides(shape):
                fields |= load_debit_credit(key, value, block, self._faults)
                continue
            known = shape.field(key.text)
            if known is None and not (not path and self._is_id(key.text)):
                self._unknown_field(key, shape, path)
            if known is not None:
                self._refuse_foreign(key, known, path)
            rule = self._rule(value, known or _ANYTHING, path=(*path, key.text))
            if rule is not None:
                fields[key.text] = rule
        self._require(block, shape, path)
        return ObjectRule(line=block.line, fields=fields)

    def _is_id(self, name: str) -> bool:
        return self._action is not Action.CREATE and name == self._resource.id_field

    def _rule(self, node: Node, shape: Shape, *, path: tuple[str, ...]) -> Rule | None:
        if isinstance(node, Block) and path[-1].endswith("custom_fields"):
            return self._custom_fields(node)
        kind = shape.type if shape is not _ANYTHING else _type_by_look(node)
        if kind == "object":
            return self._nested(node, shape, path=path)
        if kind == "array":
            return self._list(node, shape, path=path)
        rule = self._rules.load(node, shape.kind, refers=shape.refers)
        self._refuse_rows(node, rule)
        return rule

    def _nested(self, node: Node, shape: Shape, *, path: tuple[str, ...]) -> Rule | None:
        if isinstance(node, Block):
            return self._object(node, shape, path=path)
        message = f"`{path[-1]}` holds fields of its own."
        fix = f"Write them below it, indented: {', '.join(shape.names[:8])} ..."
        self._faults.add("ZB212", node, message, fix)
        return None

    def _list(self, node: Node, shape: Shape, *, path: tuple[str, ...]) -> Rule | None:
        if isinstance(node, Block) and node.get(ROWS_FROM) is not None:
            return self._rows_from(node, shape, path=path)
        if isinstance(node, Block) and node.get(EACH_ROW) is not None:
            return self._each_row(node, shape, path=path)
        if not isinstance(node, Listing) or not node.entries:
            message = f"`{path[-1]}` is a list."
            self._faults.add("ZB212", node, message, "Begin each of its entries with `- `.")
            return None
        entry_shape = _ANYTHING if shape is _ANYTHING else shape.entry
        self._lists += 1
        loaded = [self._rule(entry, entry_shape, path=path) for entry in node.entries]
        self._lists -= 1
        return ListRule(line=node.line, entries=tuple(rule for rule in loaded if rule))

    def _each_row(self, block: Block, shape: Shape, *, path: tuple[str, ...]) -> Rule | None:
        """Return the rule of a list that has an entry for each row of a document."""
        self._faults.unknown_words(block, (EACH_ROW,), where=f"`{path[-1]}`")
        if not self._is_grouped or self._lists:
            where = "inside another list" if self._lists else "without `group_rows_by:`"
            message = f"`{EACH_ROW}:` can't stand {where}."
            fix = "Say at the top which column tells that rows belong together."
            self._faults.add("ZB224", block, message, fix)
        entry = self._entry(block.get(EACH_ROW) or block, shape, path=path)
        return EachRowRule(line=block.line, entries=(entry,)) if entry else None

    def _rows_from(self, block: Block, shape: Shape, *, path: tuple[str, ...]) -> Rule | None:
        """Return the rule of a list that has an entry for each row of another sheet."""
        sheet, where = load_rows_from(block, self._sheets, self._faults)
        if self._lists:
            message = f"`{ROWS_FROM}:` can't stand inside another list."
            self._faults.add("ZB224", block, message, "Lines of lines are in no record of Zoho.")
        node = block.get(EACH_ROW)
        if node is None:
            message = f"`{EACH_ROW}:` is missing: what each row of the other sheet gives."
            self._faults.add("ZB213", block, message)
            return None
        entry = self._entry(node, shape, path=path)
        if entry is None or not where:
            return None
        return RowsFromRule(line=block.line, entries=(entry,), sheet=sheet, where=where)

    def _entry(self, node: Node, shape: Shape, *, path: tuple[str, ...]) -> Rule | None:
        self._lists += 1
        entry = self._rule(node, _ANYTHING if shape is _ANYTHING else shape.entry, path=path)
        self._lists -= 1
        return entry

    def _refuse_rows(self, node: Node, rule: FieldRule | None) -> None:
        """Note a `rows:` with nothing to be taken from, or for what can't be put together."""
        if rule is None or not isinstance(node, Block) or node.get("rows") is None:
            return
        place = node.get("rows") or node
        if not self._is_grouped or self._lists:
            message = "`rows:` says how a value of a document is taken from its rows."
            fix = "It stands beside a field above the lines, in a mapping with `group_rows_by:`."
            self._faults.add("ZB224", place, message, fix)
        if rule.rows is Rows.SUM and rule.kind not in (Kind.NUMBER, Kind.INTEGER):
            message = f"`rows: sum` adds numbers, and this field takes a {rule.kind}."
            self._faults.add("ZB224", place, message)
        if rule.rows is Rows.JOIN and rule.kind is not Kind.TEXT:
            message = f"`rows: join` joins texts, and this field takes a {rule.kind}."
            self._faults.add("ZB224", place, message)

    def _custom_fields(self, block: Block) -> CustomFieldsRule:
        entries = []
        for key, value in block.pairs:
            rule = self._rules.load(value, Kind.TEXT)
            if isinstance(rule, FieldRule):
                name = "api_name" if key.text.startswith("cf_") else "label"
                entries.append(CustomField(name, key.text, rule))
        return CustomFieldsRule(line=block.line, entries=tuple(entries))

    def _unknown_field(self, key: Text, shape: Shape, path: tuple[str, ...]) -> None:
        if shape is _ANYTHING:
            return  # the field above it was told already
        owner = ".".join(path) or self._resource.name
        if key.text == DEBIT_CREDIT:
            message = f"{owner} has no two sides that `{DEBIT_CREDIT}:` could fill."
            self._faults.add(
                "ZB211", key, message, "It stands in the lines of journals and the like."
            )
            return
        fix = did_you_mean(key.text, shape.names)
        fix += f"It is sent as text; `zbbulk resources {self._resource.name}` lists the known ones."
        self._faults.warn("ZB214", key, f"`{key.text}` is not a known field of {owner}.", fix)

    def _refuse_foreign(self, key: Text, shape: Shape, path: tuple[str, ...]) -> None:
        """Note a field that the edition does not have; without an edition all may be there."""
        if self._edition is None or not shape.editions or self._edition in shape.editions:
            return
        owner = ".".join(path) or self._resource.name
        message = f"The edition {edition_name(self._edition)} has no `{key.text}` in {owner}."
        others = ", ".join(map(edition_name, shape.editions))
        fix = f"Remove the line; these editions have the field: {others}."
        self._faults.add("ZB218", key, message, fix)

    def _require(self, block: Block, shape: Shape, path: tuple[str, ...]) -> None:
        mapped = mapped_by(block)
        needed = self._needed(shape)
        in_path = () if path else self._resource.path_fields
        for name in dict.fromkeys((*needed, *in_path)):
            if name not in mapped and not (not path and self._is_id(name)):
                self._not_mapped(block, name, ".".join(path) or self._resource.name)
        if self._edition is not None and not path and self._action is Action.CREATE:
            for name in shape.required_in(self._edition):
                if name not in {*mapped, *needed}:
                    where = f"{self._resource.name} in the edition {edition_name(self._edition)}"
                    self._not_mapped(block, name, where)

    def _needed(self, shape: Shape) -> tuple[str, ...]:
        """Return the fields that an object can't be without; a delete sends none."""
        if self._action is Action.DELETE:
            return ()
        return shape.required(on_update=self._action is Action.UPDATE)

    def _not_mapped(self, block: Block, name: str, owner: str) -> None:
        message = f"{owner} needs `{name}`, and nothing is mapped to it."
        self._faults.add("ZB217", block, message, f"Add `{name}:` with the column that holds it.")


def _type_by_look(node: Node) -> str:
    """Return the type of a field that the schema does not know."""
    if isinstance(node, Listing):
        return "array"
    if isinstance(node, Block) and not any(key.text in ORIGIN_WORDS for key, _ in node.pairs):
        return "object"
    return "scalar"
