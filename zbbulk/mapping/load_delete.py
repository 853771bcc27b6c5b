"""What a mapping with ``action: delete`` may say: which records are meant, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.policies import KeyPolicy
from zbbulk.mapping.rules import CustomFieldsRule, Mapping, ObjectRule, Rule
from zbbulk.mapping.yaml_nodes import Block, Node, texts
from zbbulk.model import CUSTOM, Action
from zbbulk.resources import Resource


def refuse_unsure_delete(
    place: Node,
    key: Block | None,
    faults: MappingFaults,
    *,
    resource: Resource,
    rules: ObjectRule,
) -> None:
    """Note a delete that does not say which record is meant, or says more."""
    fields = key.get("fields") if key else None
    named = [each.text for each in texts(fields)] if fields is not None else []
    if resource.id_field not in rules.fields and not named:
        message = "Nothing says which records are deleted."
        fix = f"Map `{resource.id_field}`, or say `key: {{fields: [...]}}`."
        faults.add("ZB213", place, message, fix)
    spare = [name for name in rules.fields if name not in _needed(resource, named)]
    if spare and (named or resource.id_field in rules.fields):
        message = f"A delete sends no fields, so {', '.join(map(repr, spare))} can do nothing."
        faults.add("ZB211", place, message, "Map the id, or the fields of the key, and no others.")


def _needed(resource: Resource, key: Collection[str]) -> set[str]:
    """Return the fields by which a record is told from another."""
    custom = {"custom_fields"} if any(name.startswith(CUSTOM) for name in key) else set()
    plain = {name for name in key if not name.startswith(CUSTOM)}
    return {resource.id_field, *resource.path_fields, *plain, *custom}


def deleting(mapping: Mapping, resource: Resource) -> Mapping:
    """Return *mapping*, of whatever action, as one that deletes the records of its rows.

    They are told by their id where it is mapped, else by the key.
    """
    needed = _needed(resource, mapping.key)
    kept = {name: rule for name, rule in mapping.fields.fields.items() if name in needed}
    fields = {name: _of_key(rule, mapping.key) for name, rule in kept.items()}
    return replace(
        mapping,
        action=Action.DELETE,
        fields=replace(mapping.fields, fields=fields),
        checks=(),
        policy=KeyPolicy(),
        after_create=(),
        group_by=(),
        legacy_key=None,
        is_mirror=False,
    )


def _of_key(rule: Rule, key: Collection[str]) -> Rule:
    if not isinstance(rule, CustomFieldsRule):
        return rule
    wanted = {name.removeprefix(CUSTOM) for name in key}
    return replace(rule, entries=tuple(each for each in rule.entries if each.name in wanted))
