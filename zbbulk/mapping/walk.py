"""Go down the tree of a mapping's rules, one step at a time."""

from __future__ import annotations

from collections.abc import Iterator

from zbbulk.mapping.rules import CustomFieldsRule, EachRowRule, ListRule, ObjectRule, Rule
from zbbulk.model import Path


def below(rule: Rule) -> Iterator[tuple[Rule, Path]]:
    """Yield the rules within *rule*, and the steps from its field to the field of each.

    The entry that each row gives a list has no step of its own; a scalar rule has nothing within.
    """
    if isinstance(rule, ObjectRule):
        yield from ((inner, (name,)) for name, inner in rule.fields.items())
    elif isinstance(rule, CustomFieldsRule):
        yield from ((entry.rule, (entry.name,)) for entry in rule.entries)
    elif isinstance(rule, EachRowRule):
        yield rule.entries[0], ()
    elif isinstance(rule, ListRule):
        yield from ((inner, (number,)) for number, inner in enumerate(rule.entries))
