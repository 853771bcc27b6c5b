"""What the steps of a migration will create, and which of their records are refused.

The check of a step asks it for records that no list of Zoho Books has yet; each gets an
id that stands in for the real one. Of each record only what later steps look up is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from zbbulk.jobs.lookups import lookup_rules
from zbbulk.jobs.migration_steps import SHOWN_IN, Step
from zbbulk.jobs.parcels import Parcel, parcels_of
from zbbulk.jobs.prepare import Prepared
from zbbulk.journal.journal import Journal
from zbbulk.model import (
    CUSTOM,
    LEGACY_KEY,
    Answered,
    JsonObject,
    LookupRule,
    Many,
    Missing,
    Outcome,
    Refused,
    Row,
    Status,
    Unchecked,
    field_value,
)
from zbbulk.resources import resource
from zbbulk.results import OutcomesInOrder
from zbbulk.zoho.finder import ListFinder

_OF_ANOTHER = "ZB311"
"""The code of a row that is refused because another one of its record is."""

_RENAMED = {"tax_name": "tax_group_name"}
"""How a list calls a field of the records that it shows beside its own."""


class Expected:
    """What is expected of the steps so far.

    Attributes:
        since: When the migration began to read lists.
    """

    def __init__(self, steps: Iterable[Step], *, since: datetime) -> None:
        """Expect nothing yet; what the mappings of *steps* look up will be asked for."""
        self.since = since
        self._rules = list(dict.fromkeys(rule for s in steps for rule in lookup_rules(s.rules)))
        self._ready: dict[str, tuple[str, list[JsonObject]]] = {}
        self._refused: dict[str, tuple[str, list[JsonObject]]] = {}
        self._reasons: dict[str, str] = {}
        self._finders: dict[tuple[LookupRule, bool], ListFinder] = {}

    def learn(self, step: Step, prepared: Prepared, journal: Journal, *, whole: str = "") -> None:
        """Take in the records of *step* as its *journal* knows them, in the place of earlier ones.

        Args:
            step: The step.
            prepared: Its sheet and mapping.
            journal: Of its check or its import; a row of which it knows nothing has passed.
            whole: Why nothing of the file is sent, "" when its rows may be.
        """
        name = prepared.resource.name
        fields, id_fields = self._looked_at(name), _id_fields(name)
        ready, refused = list[JsonObject](), list[JsonObject]()
        for parcel, outcome in _parcels(prepared, journal) if fields else ():
            if record := _slim(parcel, fields):
                row, why = outcome or (parcel.rows[0], whole)
                stand_in = f"{step.id}:{parcel.rows[0]}"
                if why:
                    told = f"({prepared.sheet.file}:{row}): {why}"
                    self._reasons[stand_in] = f"is refused in the step `{step.id}` {told}"
                kept = refused if why else ready
                kept.append(record | dict.fromkeys(id_fields, stand_in))
        self._ready[step.id], self._refused[step.id] = (name, ready), (name, refused)
        self._finders.clear()

    def find(self, rule: LookupRule, text: str) -> Answered:
        """Return the stand-in of the record that *text* means, or why it is refused."""
        answer = self._finder(rule, is_refused=False).find(rule, text)
        if not isinstance(answer, Missing):
            return answer
        refused = self.refusal(rule, text)
        return refused if isinstance(refused, Refused) else answer

    def refusal(self, rule: LookupRule, text: str) -> Answered:
        """Return why the record that *text* means is refused; Unchecked when none is."""
        answer = self._finder(rule, is_refused=True).find(rule, text)
        if isinstance(answer, Many):
            answer = answer.ids[0]
        return Refused(self._reasons[answer]) if isinstance(answer, str) else Unchecked()

    def _finder(self, rule: LookupRule, *, is_refused: bool) -> ListFinder:
        """Return what finds records for *rule*; a field of ``where`` that is not sent may fit."""
        known = self._finders.get((rule, is_refused))
        if known is None:
            where, lists = dict(rule.where), {name: list[JsonObject]() for name in rule.resources}
            steps = self._refused if is_refused else self._ready
            for name, records in steps.values():
                for shown_as in self.shown_in(name) & lists.keys():
                    lists[shown_as] += [where | each for each in records] if where else records
            known = self._finders[rule, is_refused] = ListFinder(lists)
        return known

    def shown_in(self, name: str) -> set[str]:
        """Return the resources whose lists show the records of the resource *name*."""
        return {name, SHOWN_IN.get(name, name)}

    def _looked_at(self, name: str) -> tuple[str, ...]:
        """Return the fields of the resource *name* that any step looks at."""
        shown = self.shown_in(name)
        rules = [rule for rule in self._rules if shown & set(rule.resources)]
        fields = (field for rule in rules for field in (rule.field, *dict(rule.where)))
        return tuple(dict.fromkeys(fields))


class Refusals:
    """What is asked while a step is sent: only which records are refused, none stands in."""

    def __init__(self, expected: Expected) -> None:
        """Ask *expected*."""
        self.since = expected.since
        self._expected = expected

    def find(self, rule: LookupRule, text: str) -> Answered:
        """Return why the record that *text* means is refused; Unchecked when none is."""
        return self._expected.refusal(rule, text)


def _parcels(
    prepared: Prepared, journal: Journal
) -> Iterable[tuple[Parcel, tuple[int, str] | None]]:
    """Yield each record, and the row and the reason if it is refused; skipped rows make none."""
    outcome_of = OutcomesInOrder(journal.outcomes)

    def counts(row: Row) -> bool:
        outcome = outcome_of(row.number)
        return outcome is None or outcome.status is not Status.SKIPPED

    again = OutcomesInOrder(journal.outcomes)
    for parcel in parcels_of(prepared, counts):
        yield parcel, _reason([(row, again(row)) for row in parcel.rows])


def _reason(outcomes: Sequence[tuple[int, Outcome | None]]) -> tuple[int, str] | None:
    bad = [(row, o) for row, o in outcomes if o is not None and o.status is Status.REJECTED]
    if not bad:
        return None
    row, outcome = next((each for each in bad if each[1].code != _OF_ANOTHER), bad[0])
    return row, f"{outcome.code} {outcome.message}"


def _slim(parcel: Parcel, fields: Iterable[str]) -> JsonObject:
    values: JsonObject = {LEGACY_KEY: parcel.legacy or None}
    for name in fields:
        if name != LEGACY_KEY:
            names = (name, f"{CUSTOM}{name}", _RENAMED.get(name, name))
            told = (field_value(parcel.record, each) for each in names)
            values[name] = next((value for value in told if value is not None), None)
    return {name: value for name, value in values.items() if value not in (None, "")}


def _id_fields(name: str) -> tuple[str, ...]:
    return resource(name).id_field, resource(SHOWN_IN.get(name, name)).id_field
