"""What Zoho's codes mean and what follows, read from ``schemas/zoho-codes.yml``.

Zoho reuses its codes, so a rule is keyed on the code and on Zoho's own words; the
first that fits wins. Loading asks for neither the network nor ``requests``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from zbbulk.assets import read_asset
from zbbulk.model import JsonObject


class Reaction(StrEnum):
    """What is done about an answer; explained in the data file."""

    DONE = "done"
    REFUSE = "refuse"
    REACHED = "reached"
    RENEW = "renew"
    MINUTE = "minute"
    DAY = "day"
    AT_ONCE = "at_once"
    HEADER = "header"
    ORGANIZATION = "organization"
    PLAN = "plan"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one kind of answer means.

    Attributes:
        code: Zoho's code as text, None for every code.
        words: Pattern in Zoho's message, None for all messages.
        meaning: For people, one sentence or two.
        hint: What the user can do.
        reaction: What zbbulk does.
        mark: ``A`` an official page, ``B`` met in production.
        source: Where the fact is from.
    """

    code: str | None
    words: re.Pattern[str] | None
    meaning: str
    hint: str
    reaction: Reaction
    mark: str
    source: tuple[str, ...]

    def fits(self, code: str, message: str) -> bool:
        """Tell whether the rule is about such an answer."""
        is_code = self.code is None or self.code == code
        return is_code and (self.words is None or self.words.search(message) is not None)

    def field_in(self, message: str) -> str | None:
        """Return the field that Zoho names in *message*, as Zoho spells it."""
        found = self.words.search(message) if self.words else None
        return found.groupdict().get("field") if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The whole data file.

    Attributes:
        rules: In the order in which they are tried.
        refused_hint: For a refusal that no rule is about.
        duplicate_codes: Codes that say: it is there already.
        duplicate_words: Pattern that says the same.
        duplicate_hint: For a duplicate that no rule is about.
    """

    rules: tuple[Rule, ...]
    refused_hint: str
    duplicate_codes: frozenset[str]
    duplicate_words: re.Pattern[str]
    duplicate_hint: str


@cache
def all_rules() -> Rules:
    """Return the data file, read once."""
    import yaml  # noqa: PLC0415 - heavy: only who asks for rules pays

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table = yaml.load(read_asset("schemas", "zoho-codes.yml"), Loader=loader)  # noqa: S506 - safe
    duplicate = table["duplicate"]
    return Rules(
        rules=tuple(_rule(entry) for entry in table["rules"]),
        refused_hint=table["refused"]["hint"],
        duplicate_codes=frozenset(duplicate["codes"]),
        duplicate_words=re.compile(duplicate["message"], re.IGNORECASE),
        duplicate_hint=duplicate["hint"],
    )


def _rule(entry: JsonObject) -> Rule:
    words = entry.get("message")
    return Rule(
        code=entry.get("code"),
        words=re.compile(words, re.IGNORECASE) if words else None,
        meaning=entry["meaning"],
        hint=entry["hint"],
        reaction=Reaction(entry["reaction"]),
        mark=entry["mark"],
        source=tuple(entry["source"]),
    )


def rule_for(code: str, message: str) -> Rule | None:
    """Return the rule about such an answer, None when nothing is known about it."""
    return next((rule for rule in all_rules().rules if rule.fits(code, message)), None)


def rules_of(code: str) -> list[Rule]:
    """Return every rule of *code*, the first to be tried first; [] for an unknown code."""
    return [rule for rule in all_rules().rules if rule.code == code]


def is_duplicate(code: str, message: str) -> bool:
    """Tell whether Zoho says that such a record is there already."""
    table = all_rules()
    return code in table.duplicate_codes or table.duplicate_words.search(message) is not None


def hint_for(code: str, message: str) -> str:
    """Return what the user can do about a refusal, something general if nothing is known."""
    rule = rule_for(code, message)
    if rule is not None:
        return rule.hint
    table = all_rules()
    return table.duplicate_hint if is_duplicate(code, message) else table.refused_hint
