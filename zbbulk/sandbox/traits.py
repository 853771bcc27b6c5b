"""What the sandbox knows of each resource beyond the shared table: ``schemas/sandbox.yml``.

Messages, defaults, numbers, sorting, and the steps that complete a record. It
does not know how a step works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from zbbulk.assets import read_asset
from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resource, resources


class NumberForm(NamedTuple):
    """How a resource numbers by itself.

    Attributes:
        field: That holds the number.
        prefix: Before the digits.
        digits: At least so many, with zeros in front.
    """

    field: str
    prefix: str
    digits: int


class Settles(NamedTuple):
    """What a payment pays.

    Attributes:
        list: Field of the payment that says which documents, and how much of each.
        resource: The documents.
    """

    list: str
    resource: str


NO_PAYMENT = Settles("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """One resource as the sandbox plays it.

    Attributes:
        thing: What messages call a record.
        created: Message of a create; "" for the usual words, as in the next two.
        updated: Message of an update.
        deleted: Message of a delete.
        duplicate: Code of a second record with the same match key.
        number: How records are numbered, None when they are not.
        name: Field that other records show beside the id; the first match key if "".
        party: Field with the customer or vendor of a document.
        is_untaxed: Lines need no tax where the edition asks for one.
        steps: What completes a record, in this order; keys of ``shapes.STEPS``.
        children: Field -> resource whose records stand in it.
        settles: What a payment pays; nothing where its list is "".
        report: ``report_name`` of a list, the title if "".
        order: Column and ``A`` or ``D`` of a list when nothing else is asked for.
        columns: That a list can be sorted by.
        search: Fields that ``search_text`` looks into.
        filter_by: What ``filter_by`` takes: group -> values, beside ``All``.
        default_filter: ``filter_by`` when none is given, "" for all.
        aliases: Filter -> fields it looks into, where it is not the field of its name.
        day: Field that ``from_date``, ``to_date`` and ``is_current_date`` are about.
        left_out: Fields that a row of a list does not show.
        also: Further fields of a row of a list -> where their value stands.
        masked: Field of which a list shows the last digits only.
        bulk_flag: Query parameter that a bulk delete must set to ``true``, or "".
        defaults: Fields of a record that were not sent.
    """

    thing: str
    created: str = ""
    updated: str = ""
    deleted: str = ""
    duplicate: str = "1004"
    number: NumberForm | None = None
    name: str = ""
    party: str = ""
    is_untaxed: bool = False
    steps: tuple[str, ...] = ()
    children: Mapping[str, str] = field(default_factory=dict)
    settles: Settles = NO_PAYMENT
    report: str = ""
    order: tuple[str, str] = ("created_time", "A")
    columns: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    filter_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default_filter: str = ""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    day: str = ""
    left_out: frozenset[str] = frozenset()
    also: Mapping[str, str] = field(default_factory=dict)
    masked: str = ""
    bulk_flag: str = ""
    defaults: JsonObject = field(default_factory=dict)

    def says(self, deed: str) -> str:
        """Return the message of a ``created``, ``updated`` or ``deleted`` record."""
        own: str = getattr(self, deed)
        return own or f"The {self.thing.lower()} has been {deed}."


def traits(name: str) -> Traits:
    """Return the traits of the resource *name*."""
    return _table()[name]


@cache
def home(name: str) -> Resource:
    """Return the resource under which records of *name* are kept: the first with its path."""
    path = resource(name).path
    return next(each for each in resources().values() if each.path == path)


@cache
def variants(name: str) -> tuple[Resource, ...]:
    """Return the resources that share a path with *name*, those told apart by constants first."""
    path = resource(name).path
    found = [each for each in resources().values() if each.path == path]
    return tuple(sorted(found, key=lambda each: not each.constants))


def variant(name: str, record: JsonObject) -> Resource:
    """Return which of the resources on the path of *name* the *record* is one of."""
    fitting = (each for each in variants(name) if each.constants.items() <= record.items())
    return next(fitting)


def name_field(name: str) -> str:
    """Return the field of the resource *name* that tells people which record it is, or ""."""
    keys = resource(name).match_keys
    return traits(name).name or (keys[0][0] if keys else "")


@cache
def _table() -> dict[str, Traits]:
    import yaml  # noqa: PLC0415 - heavy: only a running sandbox pays

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = read_asset("schemas", "sandbox.yml")
    table = yaml.load(text, Loader=loader)  # noqa: S506 - safe
    return {name: _traits(name, facts) for name, facts in table["resources"].items()}


def _traits(name: str, facts: JsonObject) -> Traits:
    told: dict[str, Any] = {
        word: tuple(held) if isinstance(held, list) else held for word, held in facts.items()
    }
    told["left_out"] = frozenset(facts.get("left_out", ()))
    if "number" in facts:
        told["number"] = NumberForm(**{"field": resource(name).number_field, **facts["number"]})
    if "settles" in facts:
        told["settles"] = Settles(**facts["settles"])
    return Traits(**told)
