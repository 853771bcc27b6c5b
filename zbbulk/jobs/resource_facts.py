"""What a person should know about each resource: what can be done, its fields, what ships.

Brings together the table of resources, the schema, and the shipped mappings and
samples. Does not know how any of it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zbbulk.assets import asset_names, asset_path
from zbbulk.checks.conditions import alternatives
from zbbulk.editions import EDITIONS, known_edition
from zbbulk.jobs.field_facts import FieldFacts, field_facts
from zbbulk.model import JsonObject
from zbbulk.resources import Batch, Resource, resource, resources, schema

_SAMPLE_KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".xls")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFacts:
    """One resource.

    Attributes:
        resource: Its facts.
        mapping: What ``-m`` takes for its shipped mapping, None when none ships.
        sample: Path of the sample that the mapping is tried with, None when none ships.
        edition_mappings: The same for the editions that have a mapping of their own.
    """

    resource: Resource
    mapping: str | None
    sample: str | None
    edition_mappings: Mapping[str, str]

    @property
    def scope(self) -> str:
        """Return the OAuth scope that a token needs to send it."""
        return f"ZohoBooks.{self.resource.scope}.CREATE"

    def to_json(self) -> JsonObject:
        """Return the facts under the names that ``--format json`` prints."""
        told = self.resource
        return {
            "name": told.name,
            "title": told.title,
            "area": told.area,
            "can": list(told.can),
            "actions": list(told.actions),
            "undo": list(told.undo),
            "match_keys": [list(key) for key in told.match_keys],
            "batch": _batch_json(told.batch),
            "scope": self.scope,
            "mapping": self.mapping,
            "sample": self.sample,
            "edition_mappings": dict(self.edition_mappings),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldList:
    """The fields of one resource.

    Attributes:
        of: The resource.
        edition: The edition whose fields they are, None for those of all editions.
        one_of: The fields of which a record needs one, () when there is no such choice.
        fields: Every field, each followed by those below it.
    """

    of: ResourceFacts
    edition: str | None
    one_of: tuple[str, ...]
    fields: Sequence[FieldFacts]

    def to_json(self) -> JsonObject:
        """Return the facts under the names that ``--format json`` prints."""
        return self.of.to_json() | {
            "edition": self.edition,
            "one_of": list(self.one_of),
            "fields": [field.to_json() for field in self.fields],
        }


def all_resource_facts() -> list[ResourceFacts]:
    """Return what can be done with each resource, in the order of their table."""
    return [facts_of_resource(each) for each in resources().values()]


def facts_of_resource(each: Resource, *, edition: str | None = None) -> ResourceFacts:
    """Return what can be done with a resource and what ships for it, in *edition* if it matters."""
    shipped = asset_names("mappings", ".yml")
    own = {code: f"editions/{each.name}-{code}" for code in EDITIONS}
    own = {code: name for code, name in own.items() if name in shipped}
    mapping = own.get(edition or "", each.name)
    samples = [asset_path("samples", f"{mapping}{kind}") for kind in _SAMPLE_KINDS]
    return ResourceFacts(
        resource=each,
        mapping=mapping if mapping in shipped else None,
        sample=next((str(path) for path in samples if path.is_file()), None),
        edition_mappings=own,
    )


def fields_of_resource(name: str, *, edition: str | None = None) -> FieldList:
    """Return the fields of the resource *name*.

    Raises:
        UsageError: there is no such resource, or no such *edition*.
    """
    code = None if edition is None else known_edition(edition)
    facts = facts_of_resource(resource(name), edition=code)
    rules = schema(name)
    return FieldList(
        of=facts,
        edition=code,
        one_of=alternatives(rules),
        fields=tuple(field_facts(rules, edition=code)),
    )


def _batch_json(batch: Batch | None) -> JsonObject | None:
    if batch is None:
        return None
    return {"list": batch.list, "key": list(batch.key), "most": batch.most, "whole": batch.whole}
