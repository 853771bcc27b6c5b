"""Load the rule of one scalar field: a bare column, or one source word with modifiers.

Values that stand in the mapping (``value``, ``default``, ``values``) are turned
into what the field takes here, once, so that a slip shows before the first row.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from zbbulk.mapping.cells import CellError
from zbbulk.mapping.literals import read_text
from zbbulk.mapping.load_choose import load_choose
from zbbulk.mapping.load_formula import load_formula, refuse_modifiers
from zbbulk.mapping.load_lookup import load_lookup
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import NOTHING, ColumnName, FieldRule, Kind, Part
from zbbulk.mapping.words import (
    BRANCH_WORDS,
    LOOKUP_WORDS,
    MODIFIERS,
    ORIGIN_WORDS,
    PART_WORDS,
    RULE_WORDS,
    Blank,
    OtherValues,
    Rows,
    TextChange,
    did_you_mean,
)
from zbbulk.mapping.yaml_nodes import Block, Listing, Node, Text, scalar, texts
from zbbulk.model import Action

_Choice = TypeVar("_Choice", bound=StrEnum)

_PIECES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_SHAPES = {
    "column": "`column:` takes the name of one column.",
    "template": "`template:` takes one text with columns in braces.",
    "first_of": "`first_of:` takes a list of columns, e.g. `[Ship City, City]`.",
    "part": '`part:` takes a map, e.g. `{split: "-", take: 2}`.',
    "values": "`values:` takes a map, e.g. `{Nos: pcs, Kilo: kg}`.",
}


class RuleLoader:
    """Loads rules for scalar fields of one mapping."""

    def __init__(self, faults: MappingFaults, action: Action) -> None:
        self._faults = faults
        self._action = action

    def load(self, node: Node, kind: Kind, *, refers: tuple[str, ...] = ()) -> FieldRule | None:
        """Return the rule at *node* for a field of *kind*; None when it has a fault.

        *refers* are the resources whose ids the field takes.
        """
        if isinstance(node, Text):
            return self._bare(node, kind)
        if isinstance(node, Listing):
            message = "This field takes one value, not a list."
            self._faults.add("ZB212", node, message, "Write a column, or `first_of: [A, B]`.")
            return None
        before = len(self._faults.errors)
        self._faults.unknown_words(node, RULE_WORDS, where="a field rule")
        rule = _RuleBlock(node, kind, self._faults, self._action).load()
        if rule is not None:
            rule = replace(rule, lookup=load_lookup(node, refers, self._faults))
        return rule if len(self._faults.errors) == before else None

    def _bare(self, node: Text, kind: Kind) -> FieldRule | None:
        if not node.text.strip():
            message = "Nothing stands behind the colon."
            fix = "Write the column's name; put it in quotes if it begins with #."
            self._faults.add("ZB213", node, message, fix)
            return None
        return FieldRule(line=node.line, kind=kind, columns=(_column(node),))


class _RuleBlock:
    def __init__(self, block: Block, kind: Kind, faults: MappingFaults, action: Action) -> None:
        self._block = block
        self._kind = kind
        self._faults = faults
        self._action = action

    def load(self) -> FieldRule | None:
        used = [key for key, _ in self._block.pairs if key.text in ORIGIN_WORDS]
        if len(used) != 1:
            self._wrong_number_of_sources(used)
            return None
        if used[0].text == "value":
            return self._fixed()
        if used[0].text in ("formula", "choose"):
            return self._made(used[0].text)
        columns, texts_around = self._columns(used[0].text)
        words = self._value_list()
        rule = FieldRule(
            line=self._block.line,
            kind=self._kind,
            columns=columns,
            texts=texts_around,
            default=self._literal("default"),
            values=words,
            words=self._words_as_written(),
            other_values=self._choice("other_values", OtherValues),
            text=self._choice("text", TextChange),
            blank=self._choice("blank", Blank),
            part=self._part(),
            rows=self._choice("rows", Rows),
        )
        self._refuse_contradictions(rule)
        return rule

    def _wrong_number_of_sources(self, used: list[Text]) -> None:
        known = ", ".join(ORIGIN_WORDS)
        if used:
            names = " and ".join(f"`{key.text}`" for key in used)
            message = f"{names} stand together; a rule takes its value from one place."
            self._faults.add("ZB211", used[1], message, f"Keep one of: {known}.")
        elif all(key.text in MODIFIERS for key, _ in self._block.pairs):
            message = "This rule does not say where its value comes from."
            self._faults.add("ZB211", self._block, message, f"Add one of: {known}.")

    def _fixed(self) -> FieldRule:
        for key, _ in self._block.pairs:
            if key.text in MODIFIERS and key.text not in LOOKUP_WORDS:
                message = f"`value:` is always the same, so `{key.text}:` can do nothing."
                self._faults.add("ZB211", key, message, f"Delete `{key.text}:`.")
        return FieldRule(
            line=self._block.line, kind=self._kind, value=self._literal("value", may_be_empty=True)
        )

    def _made(self, word: str) -> FieldRule | None:
        """Return the rule of a value that is computed or chosen, and not read from one cell."""
        node = self._block.get(word) or self._block
        if word == "formula":
            rule = load_formula(node, self._kind, self._faults)
        else:
            rule = load_choose(node, self._kind, self._faults, load=self._branch)
        refuse_modifiers(self._block, self._faults, word=word)
        if rule is None:
            return None
        rule = replace(
            rule,
            default=self._literal("default"),
            blank=self._choice("blank", Blank),
            rows=self._choice("rows", Rows),
        )
        self._refuse_contradictions(rule)
        return rule

    def _branch(self, block: Block) -> FieldRule | None:
        self._faults.unknown_words(block, BRANCH_WORDS, where="a branch of `choose:`")
        return _RuleBlock(block, self._kind, self._faults, self._action).load()

    def _columns(self, word: str) -> tuple[tuple[ColumnName, ...], tuple[str, ...] | None]:
        node = self._block.get(word) or self._block
        if word == "template":
            return self._template(node)
        names = texts(node)
        if not names or (word == "column" and not isinstance(node, Text)):
            self._faults.add("ZB212", node, _SHAPES[word])
        return tuple(map(_column, names)), None

    def _template(self, node: Node) -> tuple[tuple[ColumnName, ...], tuple[str, ...]]:
        columns: list[ColumnName] = []
        around = [""]
        template = scalar(node)
        if template is None:
            self._faults.add("ZB212", node, _SHAPES["template"])
            return (), ("",)
        end = 0
        for found in _PIECES.finditer(template):
            around[-1] += template[end : found.start()]
            end = found.end()
            if found[0] in {"{{", "}}"}:
                around[-1] += found[0][0]
            elif found[1] and found[1].strip():
                columns.append(ColumnName(found[1].strip(), node.line, node.at))
                around.append("")
            else:
                message = f"`{found[0]}` in the template does not enclose a column."
                fix = "Write {Column}, and {{ or }} for a brace that is meant as such."
                self._faults.add("ZB211", node, message, fix)
        around[-1] += template[end:]
        if not columns:
            message = "There is no column in the template."
            self._faults.add("ZB211", node, message, "Write {Column}, or use `value:`.")
        return tuple(columns), tuple(around)

    def _literal(self, word: str, *, may_be_empty: bool = False) -> object:
        node = self._block.get(word)
        if node is None:
            return NOTHING
        text = scalar(node)
        if text is None or not (text.strip() or may_be_empty):
            self._faults.add("ZB212", node, f"`{word}:` takes one value.")
            return NOTHING
        return self._typed(node, text)

    def _typed(self, node: Node, text: str) -> object:
        try:
            return read_text(text.strip(), self._kind)
        except CellError as error:
            fix = (
                f"Here the field takes a {self._kind}; write it plainly, e.g. 1250.00, 2024-03-31."
            )
            self._faults.add(error.code, node, error.message, fix)
            return NOTHING

    def _value_list(self) -> dict[str, object] | None:
        node = self._block.get("values")
        if node is None:
            return None
        if not isinstance(node, Block) or not node.pairs:
            self._faults.add("ZB212", node, _SHAPES["values"])
            return None
        listed: dict[str, object] = {}
        for key, value in node.pairs:
            word = key.text.strip().casefold()
            if word in listed:
                message = (
                    f"`{key.text}` stands twice; capitals and outer spaces make no difference."
                )
                self._faults.add("ZB203", key, message)
            elif (text := scalar(value)) is None or not text.strip():
                self._faults.add("ZB212", value, f"`{key.text}` needs one value to be sent.")
            else:
                listed[word] = self._typed(value, text)
        return listed

    def _words_as_written(self) -> tuple[str, ...]:
        node = self._block.get("values")
        return tuple(key.text for key, _ in node.pairs) if isinstance(node, Block) else ()

    def _choice(self, word: str, choices: type[_Choice]) -> _Choice:
        node = self._block.get(word)
        if node is None:
            return next(iter(choices))
        text = scalar(node) or ""
        if text in tuple(choices):
            return choices(text)
        message = f"`{word}: {text}` is not known."
        fix = f"{did_you_mean(text, choices)}Use one of: {', '.join(choices)}."
        self._faults.add("ZB202", node, message, fix)
        return next(iter(choices))

    def _part(self) -> Part | None:
        node = self._block.get("part")
        if node is None:
            return None
        if not isinstance(node, Block):
            self._faults.add("ZB212", node, _SHAPES["part"])
            return None
        self._faults.unknown_words(node, PART_WORDS, where="`part:`")
        split, take = scalar(node.get("split") or Text(0, 0, "")), node.get("take")
        if not split:
            self._faults.add("ZB213", node, "`part:` needs `split:`.", _SHAPES["part"])
        number = scalar(take) if take is not None else None
        if number is None or not re.fullmatch(r"-?[1-9][0-9]{0,3}", number):
            message = "`take:` says which piece: 1 the first, 2 the second, -1 the last."
            self._faults.add("ZB212", take or node, message, _SHAPES["part"])
            return None
        return Part(split=split or "", take=int(number))

    def _refuse_contradictions(self, rule: FieldRule) -> None:
        refused: dict[str, tuple[bool, str]] = {
            "other_values": (rule.values is None, "`other_values:` needs `values:`."),
            "blank": (
                rule.blank is not Blank.OMIT and rule.default is not NOTHING,
                f"`blank: {rule.blank}` and `default:` contradict each other.",
            ),
        }
        for word, (is_refused, message) in refused.items():
            node = self._block.get(word)
            if node is not None and is_refused:
                self._faults.add("ZB211", node, message, "Delete one of the two.")
        self._refuse_blank(rule)

    def _refuse_blank(self, rule: FieldRule) -> None:
        node = self._block.get("blank")
        if node is None:
            return
        if rule.blank is Blank.CLEAR and self._action is not Action.UPDATE:
            message = (
                "`blank: clear` empties a field that has a value, so it needs `action: update`."
            )
            self._faults.add("ZB211", node, message, "Delete it, or set `action: update`.")
        if rule.blank is Blank.KEEP and rule.kind is not Kind.TEXT:
            message = f"`blank: keep` sends the cell as it is, and this field takes a {rule.kind}."
            self._faults.add("ZB211", node, message, "Delete it: a blank cell is then not sent.")


def _column(node: Text) -> ColumnName:
    return ColumnName(node.text.strip(), node.line, node.at)
