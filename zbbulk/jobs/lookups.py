"""Give a mapping the ids it looks up: from Zoho's lists, from those last read, from the crosswalk.

Lists are read whole and before the first row, once a run; never is a call made for a
row. What can't be looked up here is told by its resource, so that a check never
promises more than it did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from zbbulk.folding import folded
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.looked_up import LookedUp
from zbbulk.jobs.target import Target, open_client
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.journal.kept_lists import (
    keep_list,
    kept_list,
    lists_path,
    organizations_with_lists,
)
from zbbulk.mapping import Mapping as Rules
from zbbulk.mapping import field_rules
from zbbulk.mapping.words import IfMissing
from zbbulk.model import (
    LEGACY_KEY,
    Answered,
    JsonObject,
    LookupRule,
    Many,
    Missing,
    Unchecked,
)
from zbbulk.resources import resource
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.finder import ListFinder
from zbbulk.zoho.organization import state_of
from zbbulk.zoho.pace import Pace
from zbbulk.zoho.pages import whole_list

_STATE = ("status", "is_active")
"""Fields that tell whether a record is inactive."""

_ORGANIZATIONS = "organizations"
"""The name under which the state of the organization is kept."""

Crossings = dict[tuple[str, str], dict[str, list[str]]]
"""By resource and field: the ids of each text, its case and spaces folded."""


class Beyond(Protocol):
    """What a migration knows of records that no list and no crosswalk has.

    Attributes:
        since: Lists that were read since this moment still hold, if they are kept.
    """

    since: datetime

    def find(self, rule: LookupRule, text: str) -> Answered:
        """Return what *text* means to it: an id, or that the record is refused."""
        ...


class Lookups:
    """The Finder of one run.

    Attributes:
        wanted: The records to be made, by rule and text.
    """

    def __init__(
        self,
        lists: ListFinder,
        crossings: Crossings,
        *,
        told: LookedUp,
        home: str | Unchecked,
        beyond: Beyond | None = None,
    ) -> None:
        self._home = home
        self._beyond = beyond
        self._told = told
        self.wanted: dict[tuple[LookupRule, str], str] = {}
        self._lists = lists
        self._crossings = crossings

    @property
    def told(self) -> LookedUp:
        """Return where the ids came from."""
        return replace(self._told, new=Counter(rule.resources[0] for rule, _ in self.wanted))

    def find(self, rule: LookupRule, text: str) -> Answered:
        """Return the id that *text* means; the crosswalk is asked when the lists have none."""
        answer = self._known(rule, text)
        if isinstance(answer, Missing | Unchecked) and self._beyond is not None:
            there = self._beyond.find(rule, text)
            if not isinstance(there, Unchecked):
                return answer if there == Missing() and isinstance(answer, Missing) else there
        return answer

    def _known(self, rule: LookupRule, text: str) -> Answered:
        if rule.field == LEGACY_KEY:
            ids = self._crossed(rule, text)
            answer: Answered = Missing() if self._told.organization_id else Unchecked()
        else:
            answer = self._lists.find(rule, text)
            is_open = isinstance(answer, Missing | Unchecked) and not rule.where
            crossed = self._crossed(rule, text) if is_open else ()
            ids = tuple(zb_id for zb_id in crossed if self._is_there(rule, zb_id))
        if not ids:
            return answer
        return ids[0] if len(ids) == 1 else Many(ids)

    def _is_there(self, rule: LookupRule, zb_id: str) -> bool:
        """Tell whether a record is still in Zoho Books, as far as a list just read tells."""
        read_now = [name for name in rule.resources if name in self._told.calls]
        return not read_now or any(self._lists.has(name, zb_id) for name in read_now)

    def ids(self, name: str) -> set[str] | None:
        """Return the ids in the list of the resource *name*, None when it was not read now."""
        return self._lists.ids(name) if name in self._told.calls else None

    def home(self) -> str | Unchecked:
        """Return the state of the organization."""
        return self._home

    def _crossed(self, rule: LookupRule, text: str) -> tuple[str, ...]:
        known = (self._crossings.get((name, rule.field), {}) for name in rule.resources)
        return tuple(dict.fromkeys(zb_id for ids in known for zb_id in ids.get(folded(text), ())))

    def want(self, rule: LookupRule, text: str) -> None:
        """Note that a record is to be made."""
        self.wanted.setdefault((rule, folded(text)), text)

    def made(self, rule: LookupRule, text: str, zb_id: str) -> None:
        """Take over a record that was made."""
        (name,) = rule.resources
        fields = {**dict(rule.where), rule.field: text, resource(name).id_field: zb_id}
        self._lists.add(name, fields)


def lookup_rules(rules: Rules) -> list[LookupRule]:
    """Return every lookup of a mapping, each once, in its order."""
    lookups = (rule.lookup for rule in field_rules(rules.fields))
    found = (rule for lookup in lookups if lookup is not None for rule in lookup.rules)
    return list(dict.fromkeys(found))


def _needs_state(rules: Rules) -> bool:
    lookups = (rule.lookup for rule in field_rules(rules.fields))
    return any(lookup is not None and lookup.is_gst for lookup in lookups)


def makes_missing(rules: Rules) -> bool:
    """Tell whether a mapping creates records that it does not find."""
    lookups = (rule.lookup for rule in field_rules(rules.fields))
    return any(each is not None and each.if_missing is IfMissing.CREATE for each in lookups)


def _names(rules: Iterable[LookupRule]) -> list[str]:
    """Return the resources whose lists are needed; keys of the old system need none."""
    listed = (rule for rule in rules if rule.field != LEGACY_KEY)
    return list(dict.fromkeys(name for rule in listed for name in rule.resources))


def online_lookups(
    target: Target,
    rules: Rules,
    *,
    runs: Path,
    log: EventLog,
    pace: Pace | None = None,
    beyond: Beyond | None = None,
) -> Lookups | None:
    """Read the lists that *rules* need from *target*; None when it looks nothing up.

    Args:
        target: Where to read.
        rules: The mapping.
        runs: Folder of all runs.
        log: Is told of the calls.
        pace: Shared with all that is sent to it.
        beyond: What is asked for a text that is found nowhere else.

    Raises:
        ZohoError: Zoho refused a list or did not answer.
        ResultError: the lists can't be kept in *runs*.
    """
    needed = lookup_rules(rules)
    if not needed:
        return None
    kept_in = lists_path(runs, target.organization_id)
    lists: dict[str, list[JsonObject]] = {}
    calls: dict[str, int] = {}
    since = beyond.since if beyond else None
    with open_client(target, log=log, pace=pace) as client:
        for name in _names(needed):
            log.check()
            before = log.left
            held = _still_held(kept_in, name, since)
            records = _read(client, name, kept_in=kept_in) if held is None else held
            lists[name] = list(_slim(records, name, needed))
            calls[name] = log.left - before
        home = _home(client, target, kept_in=kept_in, since=since) if _needs_state(rules) else ""
    told = LookedUp(organization_id=target.organization_id, calls=calls)
    crossings = _crossings(crosswalk_path(runs, target.organization_id), needed)
    return Lookups(ListFinder(lists), crossings, told=told, home=home, beyond=beyond)


def _still_held(path: Path, name: str, since: datetime | None) -> Iterator[JsonObject] | None:
    """Return a list as it is kept, None unless it was read *since* then and nobody changed it."""
    found = kept_list(path, name) if since else None
    return found[0] if found and since and found[1] >= since.replace(microsecond=0) else None


def _home(client: ZohoClient, target: Target, *, kept_in: Path, since: datetime | None) -> str:
    """Return the state of the organization, and keep it for checks without a connection."""
    held = _still_held(kept_in, _ORGANIZATIONS, since)
    if held is not None:
        return str(next(iter(held))["state"])
    state = state_of(client, target.organization_id)
    fact = {"organization_id": target.organization_id, "state": state}
    kept = keep_list(
        kept_in, _ORGANIZATIONS, [fact], id_field="organization_id", at=datetime.now(UTC)
    )
    return str(next(iter(list(kept)))["state"])


def _kept_home(path: Path) -> str | Unchecked:
    found = kept_list(path, _ORGANIZATIONS)
    return Unchecked() if found is None else str(next(iter(found[0]))["state"])


def _read(client: ZohoClient, name: str, *, kept_in: Path) -> Iterator[JsonObject]:
    facts = resource(name)
    records = whole_list(client, facts)
    return keep_list(kept_in, name, records, id_field=facts.id_field, at=datetime.now(UTC))


def offline_lookups(rules: Rules, *, runs: Path, organization_id: str = "") -> Lookups | None:
    """Return what earlier runs know of the ids that *rules* need; None when there are none.

    Args:
        rules: The mapping.
        runs: Folder of all runs.
        organization_id: Whose lists; "" takes those of the only organization that has any.

    Raises:
        ResultError: what is kept can't be read.
    """
    needed = lookup_rules(rules)
    if not needed:
        return None
    known = organizations_with_lists(runs)
    organization_id = organization_id or (known[0] if len(known) == 1 else "")
    lists: dict[str, list[JsonObject]] = {}
    kept: dict[str, datetime] = {}
    for name in _names(needed) if organization_id else ():
        found = kept_list(lists_path(runs, organization_id), name)
        if found is not None:
            lists[name], kept[name] = list(_slim(found[0], name, needed)), found[1]
    home = _kept_home(lists_path(runs, organization_id)) if organization_id else Unchecked()
    unchecked = tuple(name for name in _names(needed) if name not in lists)
    if not organization_id:
        legacy = (rule.resources for rule in needed if rule.field == LEGACY_KEY)
        unchecked += tuple(dict.fromkeys(name for names in legacy for name in names))
    if _needs_state(rules) and isinstance(home, Unchecked):
        unchecked = (*unchecked, _ORGANIZATIONS)
    told = LookedUp(organization_id=organization_id, kept=kept, unchecked=unchecked)
    crossings = _crossings(crosswalk_path(runs, organization_id), needed) if organization_id else {}
    return Lookups(ListFinder(lists), crossings, told=told, home=home)


def _slim(
    records: Iterable[JsonObject], name: str, needed: Iterable[LookupRule]
) -> Iterator[JsonObject]:
    """Yield of each record only the fields that are looked at."""
    rules = [rule for rule in needed if name in rule.resources]
    named = {field for rule in rules for field in (rule.field, *dict(rule.where))}
    kept = (resource(name).id_field, *_STATE, *named)
    for record in records:
        yield {field: record[field] for field in kept if field in record}


def _crossings(path: Path, needed: Iterable[LookupRule]) -> Crossings:
    """Return what the crosswalk knows of the texts that may be asked for."""
    if not path.is_file():
        return {}
    wanted = {(name, rule.field) for rule in needed for name in rule.resources}
    with Crosswalk.open(path) as crosswalk:
        return {(name, by): crosswalk.ids(name, by) for name, by in wanted}
