"""Create the records that rows refer to and that are not there yet (``if_missing: create``).

Before the first row is sent, each once. What becomes of each is in the journal, and the
crosswalk knows it afterwards, so that a second run finds it. If one can't be created, no
row is sent: the rows that need it could not be.
"""

from __future__ import annotations

from pathlib import Path

from zbbulk.errors import ZohoError
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.lookups import Lookups
from zbbulk.jobs.target import Target, open_sender
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.journal.journal import Journal
from zbbulk.journal.kept_lists import forget_list, lists_path
from zbbulk.mapping import literal
from zbbulk.model import Action, LookupRule, Outcome, Record, Status
from zbbulk.resources import resource, schema
from zbbulk.zoho.pace import Pace


def make_missing(
    lookups: Lookups, *, target: Target, journal: Journal, runs: Path, log: EventLog, pace: Pace
) -> None:
    """Create every record that *lookups* wants in *target*, and let it be found from now on.

    Raises:
        ZohoError: one could not be created (ZB316), or the run must stop.
        ResultError: journal or crosswalk can't be written.
    """
    failed: list[str] = []
    path = crosswalk_path(runs, target.organization_id)
    with Crosswalk.open(path) as crosswalk:
        for (rule, _), text in lookups.wanted.items():
            outcome = _made(rule, text, target=target, journal=journal, log=log, pace=pace)
            (name,) = rule.resources
            if outcome.status is Status.CREATED and outcome.zb_id:
                crosswalk.add(name, {rule.field: text}, outcome.zb_id, journal.path.parent.name)
                lookups.made(rule, text, outcome.zb_id)
                forget_list(lists_path(runs, target.organization_id), name)
            else:
                failed.append(f"{name} {text!r}: {outcome.code} {outcome.message}".strip())
    if failed:
        told = "; ".join(failed[:5]) + (f" and {len(failed) - 5} more" if len(failed) > 5 else "")
        raise ZohoError(f"Nothing was sent: {len(failed)} can't be created: {told}", code="ZB316")


def _made(
    rule: LookupRule, text: str, *, target: Target, journal: Journal, log: EventLog, pace: Pace
) -> Outcome:
    """Create one record; the journal holds ``sending`` before and the outcome after."""
    (name,) = rule.resources
    fact = f"made {name} {rule.field} {text}"

    def leave() -> None:
        log.check()
        journal.note_fact(fact, Status.SENDING.value)

    opened = open_sender(target, resource=resource(name), action=Action.CREATE, log=log, pace=pace)
    with opened as (sender, _):
        outcome = sender.send(record_of(rule, text), leaving=leave)
    journal.note_fact(fact, f"{outcome.status.value} {outcome.zb_id or outcome.code}".strip())
    return outcome


def record_of(rule: LookupRule, text: str) -> Record:
    """Return the record that *rule* would find: the looked-up field and those of ``where``."""
    (name,) = rule.resources
    rules = schema(name)
    fields = {**dict(rule.where), rule.field: text}
    return {field: literal(value, rules, field) for field, value in fields.items()}
