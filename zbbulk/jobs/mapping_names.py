"""Do the records exist that a mapping itself names: accounts, taxes, currencies, customers?

A name in the mapping stands for every row, so it is told once, with its line, before the
rows are told one by one. Asks nobody: the lists of the lookups are read already.
"""

from __future__ import annotations

from collections.abc import Iterator

from zbbulk.errors import Location, Problem
from zbbulk.jobs.lookups import Lookups
from zbbulk.jobs.run import Run
from zbbulk.mapping import Mapping as Rules
from zbbulk.mapping import field_rules
from zbbulk.mapping.lookup import Lookup
from zbbulk.mapping.rules import FieldRule
from zbbulk.mapping.words import IfMissing
from zbbulk.model import Many, Missing


def missing_names(run: Run) -> list[Problem]:
    """Return a Problem for each name of the mapping that its lookup does not find."""
    rules, lookups = run.prepared.mapping, run.lookups
    if lookups is None or run.beyond is not None:
        return []  # a migration creates on the way what is not there yet
    return [
        problem
        for rule in field_rules(rules.fields)
        if rule.lookup is not None and not rule.lookup.is_gst
        for text in dict.fromkeys(_named(rule, rule.lookup))
        for problem in _of_name(text, rule, rule.lookup, rules, lookups)
    ]


def _named(rule: FieldRule, lookup: Lookup) -> Iterator[str]:
    """Yield the texts that the mapping itself looks up."""
    values = rule.values.values() if rule.values else ()
    for each in (rule.value, rule.default, *values, lookup.use):
        if isinstance(each, str) and each.strip():
            yield each


def _of_name(
    text: str, rule: FieldRule, lookup: Lookup, rules: Rules, lookups: Lookups
) -> Iterator[Problem]:
    found = lookups.find(lookup.rule, text)
    where = " or ".join(lookup.rule.resources)
    at = Location(file=rules.file, row=rule.line)
    if isinstance(found, Missing) and lookup.if_missing is IfMissing.ERROR:
        hint = f"Did you mean {found.nearest!r}? " if found.nearest else ""
        yield Problem(
            code="ZB431",
            message=f"There is no {text!r} ({lookup.rule.field} of {where}) in Zoho Books.",
            at=at,
            fix=f"{hint}Correct the name in the mapping, or create it in Zoho Books.",
        )
    elif isinstance(found, Many):
        yield Problem(
            code="ZB431",
            message=f"{len(found.ids)} records of {where} are called {text!r}.",
            at=at,
            fix="Name it by another field with `find_by:`, or narrow it down with `where:`.",
        )
