"""The gate that every Record passes, and the list of what is wrong with a refused one.

One engine (jsonschema-rs) answers both, so that they can't disagree; why that one
is told in ``docs/decisions/0002-one-schema-engine.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zbbulk.checks.explain import REQUIRED_IN, explained, settled
from zbbulk.checks.unreadable import readable_part
from zbbulk.model import Action, Fault, JsonObject, Record
from zbbulk.resources import schema as shipped_schema

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

_ABOUT_CREATING = frozenset(
    {"required", REQUIRED_IN, "dependentRequired", "if", "then", "else", "allOf", "anyOf", "oneOf"}
)

UNREADABLE = (ValueError, TypeError)
"""What jsonschema-rs raises for a value that is no JSON: a lone surrogate, a date, bytes."""


class Checker:
    """The rules of one resource and action, compiled; made by ``checker_for``.

    Attributes:
        accepts: As ``is_valid``, but faster, as it raises UNREADABLE for what is no JSON.
    """

    __slots__ = ("_rules", "_validator", "accepts")

    def __init__(self, validator: Draft202012Validator, *, rules: JsonObject) -> None:
        self._validator = validator
        self.accepts = validator.is_valid
        self._rules = rules

    def is_valid(self, record: Record) -> bool:
        """Return whether *record* keeps all rules; never raises."""
        try:
            return self.accepts(record)
        except UNREADABLE:
            return False

    def faults(self, record: Record) -> list[Fault]:
        """Return all that is wrong with *record*, [] exactly when ``is_valid``.

        Each Fault has the path of its Field down to the index in a list; a blank
        required Field is named itself, although it is not in the Record.
        """
        try:
            return self._explained(record)
        except UNREADABLE as error:
            return self._faults_of_unreadable(record, error)

    def _explained(self, record: Record) -> list[Fault]:
        found: list[Fault] = []
        for error in self._validator.iter_errors(record):
            found += explained(error, rules=self._rules)
        return settled(found)

    def _faults_of_unreadable(self, record: Record, error: Exception) -> list[Fault]:
        rest, found = readable_part(record)
        if not found:
            return [Fault("ZB309", f"the record can't be checked: {error}")]
        told = {fault.path for fault in found}
        return found + [fault for fault in self._explained(rest) if fault.path not in told]


def checker_for(
    resource: str, action: Action, *, schema: JsonObject | None = None, edition: str | None = None
) -> Checker:
    """Return the Checker for what *action* does with records of *resource*.

    Args:
        resource: Name of a resource; its shipped schema is used.
        action: An update needs other Fields than a create.
        schema: Rules to use in place of the shipped ones.
        edition: Country edition whose required Fields are asked for too, None for no country's.

    Raises:
        UsageError: there is no such resource.
    """
    from jsonschema_rs import (  # noqa: PLC0415 - heavy: only who checks pays
        Draft202012Validator,
        RegexOptions,
    )

    rules = rules_for(
        shipped_schema(resource) if schema is None else schema, action, edition=edition
    )
    validator = Draft202012Validator(
        rules, validate_formats=True, pattern_options=RegexOptions(), offline=True
    )
    return Checker(validator, rules=rules)


def rules_for(schema: JsonObject, action: Action, *, edition: str | None = None) -> JsonObject:
    """Return *schema*, which is written for creating, as it holds for *action* in *edition*.

    A create also needs what *edition* requires beyond the others. An update sends only
    what changes: the conditions at the top level, which are about a whole record, fall
    away; ``x-required-on-update`` names what it can't be without. A delete sends nothing.
    """
    if action is Action.CREATE:
        local = schema.get(REQUIRED_IN, {}).get(edition, [])
        required = list(dict.fromkeys([*schema.get("required", []), *local]))
        return schema | {"required": required, REQUIRED_IN: {edition: local} if local else {}}
    kept = {word: rule for word, rule in schema.items() if word not in _ABOUT_CREATING}
    if action is Action.DELETE:
        return kept | {"required": []}
    return kept | {"required": schema.get("x-required-on-update", [])}
