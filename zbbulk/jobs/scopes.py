"""Which scopes an import by a mapping needs, what for, and which of them a sign-in lacks.

Zoho's families surprise: items are under ``settings``, accounts under ``accountants``
(security blocks of Zoho's OpenAPI files; ``schemas/resources.yml`` has each resource's).
Status calls need CREATE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from zbbulk.jobs.lookups import lookup_rules
from zbbulk.mapping import Mapping as Rules
from zbbulk.mapping import field_rules
from zbbulk.mapping.words import IfMissing
from zbbulk.model import Action
from zbbulk.resources import Resource, resource

FULL_ACCESS = "ZohoBooks.fullaccess.all"


class Need(NamedTuple):
    """A scope that is needed.

    Attributes:
        scope: E.g. ``ZohoBooks.settings.CREATE``.
        why: For people, e.g. ``to create items``.
        is_must: Without it nothing can be sent; else something is known less well.
    """

    scope: str
    why: str
    is_must: bool = True


SEES_ORGANIZATION = Need(
    "ZohoBooks.settings.READ", "to see that the organization fits", is_must=False
)


def needs_of(rules: Rules) -> list[Need]:
    """Return the scopes that an import by *rules* needs, each once, with its first reason."""
    facts = resource(rules.resource)
    found: dict[str, Need] = {}
    for need in _needed(rules, facts):
        found.setdefault(need.scope, need)
    return list(found.values())


def _needed(rules: Rules, facts: Resource) -> Iterator[Need]:
    yield from _of_records(rules, facts)
    yield from _of_lookups(rules)
    yield from _of_error_log(rules)
    yield from _beside(facts)


def lacking(scopes: str, needs: Iterable[Need]) -> list[Need]:
    """Return those of *needs* that *scopes*, between commas, do not allow."""
    held = {scope.strip().lower() for scope in scopes.split(",")}
    if FULL_ACCESS.lower() in held:
        return []
    return [need for need in needs if held.isdisjoint(_covering(need.scope))]


def _covering(scope: str) -> set[str]:
    return {scope.lower(), f"{scope.rpartition('.')[0]}.all".lower()}


def _of_records(rules: Rules, facts: Resource) -> Iterator[Need]:
    if rules.action is Action.DELETE:
        yield _need(facts, "DELETE", "to delete")
        yield _need(facts, "READ", "to find what is meant of")
        return
    if rules.action is not Action.UPDATE:
        yield _need(facts, "CREATE", "to create")
    if rules.policy.reads_list:
        yield _need(facts, "READ", "to see which are there of")
    is_update = rules.action is not Action.CREATE or rules.policy.upsert_by
    if is_update or rules.policy.reads_list:
        yield _need(facts, "UPDATE", "to update")


def _of_lookups(rules: Rules) -> Iterator[Need]:
    for rule in lookup_rules(rules):
        for name in rule.resources:
            yield _need(resource(name), "READ", "to look names up in")
    for each in field_rules(rules.fields):
        if each.lookup is not None and each.lookup.if_missing is IfMissing.CREATE:
            yield _need(resource(each.lookup.rule.resources[0]), "CREATE", "to create missing")


def _of_error_log(rules: Rules) -> Iterator[Need]:
    if rules.error_log is not None:
        need = _need(resource("custommodules"), "CREATE", "to write failures to")
        yield need._replace(is_must=False)


def _beside(facts: Resource) -> Iterator[Need]:
    """Yield what an import can do without."""
    if "list" in facts.can:
        yield _need(facts, "READ", "to find out what became of lost answers, in")._replace(
            is_must=False
        )
    yield SEES_ORGANIZATION


def _need(facts: Resource, verb: str, why: str) -> Need:
    return Need(f"ZohoBooks.{facts.scope}.{verb}", f"{why} {facts.name}")
