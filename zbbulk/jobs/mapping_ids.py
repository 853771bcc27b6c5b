"""Do the records exist whose ids a mapping itself holds: accounts, taxes, currencies?

An id that is typed into the mapping stands for every row. Only lists of settings are read
for it, which are short; the ids of customers and items are left to Zoho Books. A list
that the lookups have read is not read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from zbbulk.errors import AuthError, Level, Location, Problem
from zbbulk.jobs.run import Run
from zbbulk.jobs.target import open_client
from zbbulk.mapping.rules import FieldRule, ListRule, ObjectRule, Rule
from zbbulk.model import JsonObject
from zbbulk.resources import resource, schema
from zbbulk.zoho.auth import UnlessNew
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pages import whole_list

_SHORT = frozenset({"bankaccounts", "chartofaccounts", "currencies", "locations", "taxes"})


class _Named(NamedTuple):
    """An id in the mapping.

    Attributes:
        field: The field that gets it.
        resources: Where it may lead to.
    """

    field: str
    resources: tuple[str, ...]
    zb_id: str
    line: int


def missing_ids(run: Run) -> list[Problem]:
    """Return a Problem for each id of the mapping that leads nowhere; a call for each list.

    Raises:
        ZohoError: a list can't be read, for another reason than a scope.
    """
    rules = run.prepared.mapping
    root = schema(rules.resource)
    named = list(_named(rules.fields, root, root))
    if not named:
        return []
    known: dict[str, set[str] | None] = {}
    target = replace(run.target, token=UnlessNew(run.target.token))
    with open_client(target, log=run.log, pace=run.pace) as client:
        return [problem for each in named for problem in _of_id(each, known, client, run)]


def _named(rule: Rule, node: JsonObject, root: JsonObject, name: str = "") -> Iterator[_Named]:
    """Yield the ids in *rule*; *node* is what the schema says of its field *name*."""
    node = _followed(node, root)
    if isinstance(rule, ObjectRule):
        for field, inner in rule.fields.items():
            yield from _named(inner, node.get("properties", {}).get(field, {}), root, field)
    elif isinstance(rule, ListRule):
        for entry in rule.entries:
            yield from _named(entry, node.get("items", {}), root, name)
    elif isinstance(rule, FieldRule) and rule.lookup is None:
        yield from _of_field(rule, node, name)


def _of_field(rule: FieldRule, node: JsonObject, name: str) -> Iterator[_Named]:
    told = node.get("x-resource", ())
    resources = (told,) if isinstance(told, str) else tuple(told)
    for text in (rule.value, rule.default) if _SHORT & set(resources) else ():
        if isinstance(text, str) and text.strip():
            yield _Named(name, resources, text.strip(), rule.line)


def _followed(node: JsonObject, root: JsonObject) -> JsonObject:
    """Return what a ``$ref`` within the schema leads to."""
    for _ in range(9):
        if "$ref" not in node:
            return node
        found = root
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found.get(part, {})
        node = found
    return node


def _of_id(
    named: _Named, known: dict[str, set[str] | None], client: ZohoClient, run: Run
) -> Iterator[Problem]:
    lists = [name for name in named.resources if "list" in resource(name).can]
    for name in lists:
        if name not in known:
            known[name] = _ids(name, client, run)
    ids = [known[name] for name in lists]
    if any(each is None or named.zb_id in each for each in ids):
        return
    is_sure = len(lists) == len(named.resources)
    yield Problem(
        code="ZB431",
        message=f"{named.field} is {named.zb_id}, which none of the {' and '.join(lists)} has.",
        at=Location(file=run.prepared.mapping.file, row=named.line),
        fix="Take the id from Zoho Books, or name the record and let it be found by `find_by:`.",
        level=Level.ERROR if is_sure else Level.WARNING,
    )


def _ids(name: str, client: ZohoClient, run: Run) -> set[str] | None:
    """Return the ids of a whole list, None when the sign-in may not read it."""
    facts = resource(name)
    read = run.lookups.ids(name) if run.lookups else None
    if read is not None:
        return read
    try:
        return {str(each.get(facts.id_field, "")) for each in whole_list(client, facts)}
    except AuthError as error:
        if error.zoho_code != "57":
            raise
        return None
