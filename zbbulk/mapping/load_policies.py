"""Load what a mapping asks beyond its fields: checks, status calls, policies.

``checks:``, ``after_create:``, ``upsert_by:`` and the words of ``key:`` that say what
becomes of records that are there already.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from zbbulk.errors import Level
from zbbulk.mapping.amounts import PLAIN
from zbbulk.mapping.cells import CellError
from zbbulk.mapping.load_formula import load_formula
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.policies import Check, KeyPolicy
from zbbulk.mapping.rules import CustomFieldsRule, FieldRule, Kind, ObjectRule
from zbbulk.mapping.words import (
    CHECK_WORDS,
    CheckName,
    Lines,
    LinesMissing,
    OnMatch,
    did_you_mean,
)
from zbbulk.mapping.yaml_nodes import Block, Listing, Node, Text, scalar, texts
from zbbulk.model import CUSTOM, Action
from zbbulk.resources import Resource

_Choice = TypeVar("_Choice", bound=StrEnum)

_COMMON = ("rule", "level", "message")
_NEEDED = {
    CheckName.UNIQUE: ("fields",),
    CheckName.BALANCED: (),
    CheckName.TOTAL_EQUALS: ("column",),
    CheckName.CONTROL_TOTAL: ("column", "expect"),
    CheckName.FORMULA: ("that",),
}
_TAKEN = {
    CheckName.UNIQUE: ("fields",),
    CheckName.BALANCED: (),
    CheckName.TOTAL_EQUALS: ("column", "within"),
    CheckName.CONTROL_TOTAL: ("column", "expect", "within"),
    CheckName.FORMULA: ("that",),
}


class PolicyLoader:
    """Loads the policies of one mapping; faults are noted, never raised."""

    def __init__(
        self, faults: MappingFaults, *, resource: Resource, action: Action, rules: ObjectRule
    ) -> None:
        """Load nothing yet; *rules* are the mapping's fields."""
        self._faults = faults
        self._resource = resource
        self._action = action
        self._rules = rules

    def checks(self, node: Node | None) -> tuple[Check, ...]:
        """Return the entries of ``checks:``."""
        if node is None:
            return ()
        if not isinstance(node, Listing):
            message = "`checks:` is a list, e.g. `- {rule: unique, fields: [sku]}`."
            self._faults.add("ZB212", node, message)
            return ()
        found = [self._check(entry) for entry in node.entries]
        return tuple(check for check in found if check is not None)

    def after_create(self, node: Node | None) -> tuple[str, ...]:
        """Return the names of the status calls that follow each create."""
        if node is None:
            return ()
        names = texts(node)
        if not names:
            message = "`after_create:` is a list of status calls, e.g. `[mark_sent]`."
            self._faults.add("ZB212", node, message)
        if self._action is not Action.CREATE:
            message = "`after_create:` is for `action: create`."
            self._faults.add("ZB231", node, message, "Remove it, or use `action: create`.")
        for name in names:
            self._status_call(name)
        return tuple(name.text for name in names)

    def policy(self, key: Block | None, upsert_by: Node | None) -> KeyPolicy:
        """Return what becomes of records that are in Zoho Books already."""
        words = key or Block(1, 1, ())
        on_match = self._choice(words, "on_match", OnMatch)
        if on_match is not None and self._action is not Action.CREATE:
            message = "`on_match:` is for `action: create`; all else is about records there."
            self._faults.add("ZB212", words.get("on_match") or words, message)
        if on_match is not None and not self._is_listed():
            name = self._resource.name
            message = f"Zoho Books does not list all {name}, so no key can be looked up."
            self._faults.add("ZB219", words.get("on_match") or words, message)
        return KeyPolicy(
            on_match=on_match,
            upsert_by=self._upsert_by(upsert_by, key),
            lines=self._choice(words, "lines", Lines) or Lines.REPLACE,
            lines_missing=self._choice(words, "lines_missing", LinesMissing) or LinesMissing.ERROR,
        )

    def is_mapped(self, name: str) -> bool:
        """Tell whether *name* is a field with one value, or ``custom_fields.`` and a custom one."""
        if not name.startswith(CUSTOM):
            return isinstance(self._rules.fields.get(name), FieldRule)
        return name.removeprefix(CUSTOM) in self._custom_fields()

    def mapped(self) -> list[str]:
        """Return all names that a key may have."""
        plain = [key for key, rule in self._rules.fields.items() if isinstance(rule, FieldRule)]
        return [*plain, *(f"{CUSTOM}{name}" for name in self._custom_fields())]

    def _is_listed(self) -> bool:
        return "list" in self._resource.can and "{" not in self._resource.list_path

    def _custom_fields(self) -> list[str]:
        rule = self._rules.fields.get("custom_fields")
        return [entry.name for entry in rule.entries] if isinstance(rule, CustomFieldsRule) else []

    def _status_call(self, name: Text) -> None:
        known = self._resource.actions
        if name.text not in known:
            message = f"{self._resource.name} have no status call {name.text!r}."
            fix = f"{did_you_mean(name.text, known)}Known: {', '.join(known) or 'none'}."
            self._faults.add("ZB231", name, message, fix)

    def _upsert_by(self, node: Node | None, key: Block | None) -> str:
        if node is None:
            return ""
        name = scalar(node) or ""
        if not self._resource.upsert or self._action is not Action.CREATE:
            message = f"Zoho Books does not offer `upsert_by:` for {self._resource.name}."
            if self._resource.upsert:
                message = "`upsert_by:` is for `action: create`; an update names the record's id."
            self._faults.add("ZB232", node, message, "Remove `upsert_by:`.")
        if not name.startswith("cf_") or name not in self._custom_fields():
            message = f"The custom field {name!r} is not mapped under `custom_fields:`."
            near = did_you_mean(name, self._custom_fields())
            fix = f"{near}Map it by its API name, which begins with `cf_`."
            self._faults.add("ZB232", node, message, fix)
        if key is not None and key.get("on_match") is not None:
            message = "`upsert_by:` lets Zoho find the record; `on_match:` finds it here."
            self._faults.add("ZB232", node, message, "Use one of them.")
        return name

    def _check(self, node: Node) -> Check | None:
        if not isinstance(node, Block):
            message = "A check is a map, e.g. `{rule: unique, fields: [sku]}`."
            self._faults.add("ZB212", node, message)
            return None
        self._faults.unknown_words(node, CHECK_WORDS, where="a check")
        rule = self._choice(node, "rule", CheckName)
        if rule is None:
            if node.get("rule") is None:
                self._faults.add("ZB213", node, "The check has no `rule:`.", _known(CheckName))
            return None
        self._words_of(node, rule)
        self._fits(node, rule)
        place = node.get("column") or node
        return Check(
            line=place.line,
            at=place.at,
            rule=rule,
            level=self._choice(node, "level", Level) or Level.ERROR,
            fields=self._fields(node.get("fields")),
            column=scalar(node.get("column")) or "",
            within=self._number(node.get("within")),
            expect=self._number(node.get("expect")),
            message=scalar(node.get("message")) or "",
            that=self._condition(node.get("that")),
        )

    def _condition(self, node: Node | None) -> FieldRule | None:
        return None if node is None else load_formula(node, Kind.BOOLEAN, self._faults)

    def _words_of(self, node: Block, rule: CheckName) -> None:
        for word in _NEEDED[rule]:
            if node.get(word) is None:
                self._faults.add("ZB213", node, f"The check `{rule}` has no `{word}:`.")
        allowed = (*_COMMON, *_TAKEN[rule])
        for key, _ in node.pairs:
            if key.text in CHECK_WORDS and key.text not in allowed:
                message = f"`{key.text}:` has no effect in the check `{rule}`."
                self._faults.add("ZB230", key, message, f"It takes: {', '.join(allowed)}.")

    def _fits(self, node: Block, rule: CheckName) -> None:
        """Note a rule that Records of this resource can't be asked."""
        lines = self._rules.fields.get("line_items")
        if rule is CheckName.BALANCED and not self._resource.balanced:
            message = f"{self._resource.name} have no debits and credits that must be equal."
            self._faults.add("ZB230", node, message, "Remove the check.")
        if rule is CheckName.TOTAL_EQUALS and (lines is None or self._resource.balanced):
            message = f"These {self._resource.name} have no `line_items` with a rate to add up."
            self._faults.add("ZB230", node, message, "Map `line_items:`, or remove the check.")

    def _fields(self, node: Node | None) -> tuple[str, ...]:
        names = () if node is None else texts(node)
        if node is not None and not names:
            self._faults.add("ZB212", node, "`fields:` of a check is a list of field names.")
        for name in names:
            if not self.is_mapped(name.text):
                message = f"The field {name.text!r} is not mapped as a field with one value."
                fix = f"{did_you_mean(name.text, self.mapped())}Map it in `fields:`."
                self._faults.add("ZB213", name, message, fix)
        return tuple(name.text for name in names)

    def _number(self, node: Node | None) -> Decimal:
        if node is None:
            return Decimal(0)
        try:
            return PLAIN.read(scalar(node) or "")
        except CellError as error:
            message = f"{scalar(node)!r} is not a number."
            self._faults.add("ZB212", node, message, error.fix or 'Write e.g. "0.05".')
            return Decimal(0)

    def _choice(self, block: Block, word: str, choices: type[_Choice]) -> _Choice | None:
        node = block.get(word)
        if node is None:
            return None
        text = scalar(node) or ""
        if text in tuple(choices):
            return choices(text)
        fix = f"{did_you_mean(text, choices)}{_known(choices)}"
        self._faults.add("ZB202", node, f"`{word}: {text}` is not known.", fix)
        return None


def _known(choices: Iterable[str]) -> str:
    return f"Use one of: {', '.join(choices)}."
