"""Are the custom fields of a mapping there, and of a kind that takes what it sends?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from zbbulk.errors import Level, Location, Problem
from zbbulk.folding import folded
from zbbulk.mapping import Mapping as Rules
from zbbulk.mapping.rules import CustomField, CustomFieldsRule
from zbbulk.resources import resource
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.custom_fields import CustomFieldFacts, custom_fields_of

_MADE_BY_ZOHO = ("autonumber", "formula")
"""Types whose values are not sent."""


def field_problems(client: ZohoClient, rules: Rules) -> list[Problem]:
    """Return what is wrong with the custom fields of *rules*. One call, none without them.

    Raises:
        ZohoError: the run must stop.
    """
    mapped = _mapped(rules)
    if not mapped:
        return []
    facts = resource(rules.resource)
    known = custom_fields_of(client, facts)
    if known is None:
        message = f"Zoho Books did not tell which custom fields {facts.name} have."
        return [_problem(rules, "ZB434", message, mapped[0].rule.line, level=Level.WARNING)]
    return [problem for each in mapped for problem in _of_field(each, known, rules)]


def _mapped(rules: Rules) -> list[CustomField]:
    """Return the custom fields of the records themselves; those of lines have other lists."""
    rule = rules.fields.fields.get("custom_fields")
    return list(rule.entries) if isinstance(rule, CustomFieldsRule) else []


def _of_field(
    field: CustomField, known: Iterable[CustomFieldFacts], rules: Rules
) -> Iterator[Problem]:
    facts = next((each for each in known if _is_it(each, field)), None)
    line = field.rule.line
    if facts is None:
        yield _missing(field, known, rules)
    elif not facts.is_active:
        yield _problem(rules, "ZB433", f"The custom field {field.name!r} is inactive.", line)
    elif facts.data_type in _MADE_BY_ZOHO:
        message = f"Zoho Books fills the custom field {field.name!r} itself ({facts.data_type})."
        yield _problem(rules, "ZB433", message, line, "Remove it from the mapping.")
    elif rules.policy.upsert_by == facts.api_name and facts.is_unique is False:
        message = f"The custom field {field.name!r} allows duplicates, `upsert_by:` needs none."
        yield _problem(rules, "ZB433", message, line)


def _is_it(facts: CustomFieldFacts, field: CustomField) -> bool:
    return folded(getattr(facts, field.key)) == folded(field.name)


def _missing(field: CustomField, known: Iterable[CustomFieldFacts], rules: Rules) -> Problem:
    names = [getattr(each, field.key) for each in known]
    near = get_close_matches(field.name, names, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    message = f"{rules.resource} have no custom field {field.name!r}; Zoho would drop its values."
    fix = f"{hint}Known: {', '.join(filter(None, names)) or 'none'}."
    return _problem(rules, "ZB432", message, field.rule.line, fix)


def _problem(
    rules: Rules, code: str, message: str, line: int, fix: str = "", *, level: Level = Level.ERROR
) -> Problem:
    at = Location(file=rules.file, row=line)
    return Problem(code=code, message=message, at=at, fix=fix, level=level)
