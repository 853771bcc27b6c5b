"""Turn what the schema engine finds into Faults that a bookkeeper can read.

One small function a keyword, in ``EXPLAINERS``; ``anyOf`` and ``oneOf`` are unfolded
into what is wrong with the alternative that fits best. Knows no sheet and no mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from zbbulk.checks.conditions import both, value_words
from zbbulk.checks.words import KINDS, allowed, either, kind_of, nearest, shown
from zbbulk.editions import edition_name
from zbbulk.model import Fault, JsonObject, Path

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

Explainer: TypeAlias = "Callable[[ValidationError, JsonObject], list[Fault]]"
"""Takes one finding of the engine and the rules of the whole Record."""

ID_PATTERN = "^[0-9]{1,20}$"
"""How the schemas tell Zoho's ids, 18-19 digits today, from other text."""

REQUIRED_IN = "x-required-in"
"""The schemas' word for what an edition requires beyond the others: its code -> Fields."""

_ID_FIX = (
    "Enter the id as Zoho shows it, digits only; if Excel shows it like 4.6E+17, "
    "format the column as text first."
)

_CHOICES_SHOWN = 4

_FORMATS = {"date": "a date like 2024-12-31", "email": "an e-mail address", "uri": "a web address"}


def explained(error: ValidationError, *, rules: JsonObject) -> list[Fault]:
    """Return *error* as Faults, one or more; *rules* is the schema it was found with."""
    explain = EXPLAINERS.get(error.kind.name, _any_other)
    return explain(error, rules)


def settled(faults: Iterable[Fault]) -> list[Fault]:
    """Return *faults* without what says the same again about the same Field.

    A value of the wrong kind breaks further rules only because of its kind.
    """
    kept = {_sameness(fault): fault for fault in reversed(list(faults))}
    wrong_kind = {fault.path for fault in kept.values() if fault.code == "ZB305"}
    return [
        fault
        for fault in reversed(kept.values())
        if fault.code == "ZB305" or fault.path not in wrong_kind
    ]


def _sameness(fault: Fault) -> tuple[str, Path, str]:
    return fault.code, fault.path, "" if fault.code == "ZB304" else fault.message


def _path(error: ValidationError) -> Path:
    return tuple(error.instance_path)


def _name(error: ValidationError) -> str:
    """Return the name of the Field that *error* is about, or of the list it stands in."""
    names = [part for part in error.instance_path if isinstance(part, str)]
    return names[-1] if names else "the record"


def _limit(error: ValidationError) -> Any:  # noqa: ANN401 - a JSON number
    return error.kind.as_dict()["limit"]


def _rule_at(rules: JsonObject, path: Sequence[str | int]) -> Any:  # noqa: ANN401 - any rule
    place: Any = rules
    for step in path:
        place = place[step]
    return place


def _required(error: ValidationError, rules: JsonObject) -> list[Fault]:
    name = error.kind.as_dict()["property"]
    message = f"{name} is blank; Zoho needs it{_condition(error, rules)}"
    return [Fault("ZB301", message, (*_path(error), name))]


def _condition(error: ValidationError, rules: JsonObject) -> str:
    """Return under which condition a Field is required, "" when always."""
    path = error.schema_path
    turns = [place for place, word in enumerate(path) if word in ("then", "else")]
    if not turns:
        return _edition_words(error, rules)
    branch = path[turns[-1]]
    tests = _rule_at(rules, path[: turns[-1]])["if"].get("properties", {})
    if branch == "else":
        return f" unless {both(value_words(name, test) for name, test in tests.items())}"
    record: Any = error.instance
    holds = [f"{name} is {shown(record[name])}" for name in tests if name in record]
    return f" when {both(holds)}" if holds else ""


def _edition_words(error: ValidationError, rules: JsonObject) -> str:
    """Return which edition alone requires a Field of the Record, "" when all do."""
    name = error.kind.as_dict()["property"]
    local = () if error.instance_path else rules.get(REQUIRED_IN, {}).items()
    found = [edition_name(edition) for edition, names in local if name in names]
    return f" in the edition {found[0]}" if found else ""


def _too_long(error: ValidationError, _rules: JsonObject) -> list[Fault]:
    text = str(error.instance)
    message = f"{shown(text)} is {len(text)} characters long; Zoho takes {_limit(error)}"
    return [Fault("ZB302", message, _path(error))]


def _too_short(error: ValidationError, _rules: JsonObject) -> list[Fault]:
    text = str(error.instance)
    if not text:
        return [Fault("ZB301", f"{_name(error)} is blank; Zoho needs it", _path(error))]
    message = f"{shown(text)} is {len(text)} characters long; Zoho needs {_limit(error)}"
    return [Fault("ZB304", message, _path(error))]


def _not_listed(error: ValidationError, _rules: JsonObject) -> list[Fault]:
    facts = error.kind.as_dict()
    options = facts["options"] if "options" in facts else [facts["expected_value"]]
    near = nearest(error.instance, options)
    hint = f"Did you mean {near!r}? " if near else ""
    fix = f"{hint}Correct the cell, or translate it with `values:` in the mapping."
    message = f"{shown(error.instance)} is not one of: {allowed(options)}"
    return [Fault("ZB303", message, _path(error), fix=fix)]


def _wrong_pattern(error: ValidationError, rules: JsonObject) -> list[Fault]:
    pattern = error.kind.as_dict()["pattern"]
    if pattern == ID_PATTERN:
        message = f"{shown(error.instance)} is not an id: Zoho's ids are 1 to 20 digits"
        return [Fault("ZB304", message, _path(error), fix=_ID_FIX)]
    rule = _rule_at(rules, error.schema_path[:-1])
    wanted = f"of the right shape: {rule.get('description', pattern)}"
    message = f"{shown(error.instance)} is not {_FORMATS.get(rule.get('format'), wanted)}"
    return [Fault("ZB304", message, _path(error))]


def _wrong_format(error: ValidationError, _rules: JsonObject) -> list[Fault]:
    form = error.kind.as_dict()["format"]
    message = f"{shown(error.instance)} is not {_FORMATS.get(form, f'of the form {form}')}"
    return [Fault("ZB304", message, _path(error))]


def _wrong_kind(error: ValidationError, _rules: JsonObject) -> list[Fault]:
    return [_kind_fault(error, error.kind.as_dict()["types"])]


def _kind_fault(error: ValidationError, kinds: Sequence[str]) -> Fault:
    wanted = either([KINDS[kind] for kind in dict.fromkeys(kinds)])
    if error.instance is None:  # also what the engine makes of NaN and infinity
        message = f"{_name(error)} has no value that can be sent; Zoho takes {wanted}"
    else:
        message = f"{shown(error.instance)} is {kind_of(error.instance)}, not {wanted}"
    return Fault("ZB305", message, _path(error))


def _beyond(words: str) -> Explainer:
    def explain(error: ValidationError, _rules: JsonObject) -> list[Fault]:
        message = f"{shown(error.instance)} is {words.format(_limit(error))}"
        return [Fault("ZB306", message, _path(error))]

    return explain


def _no_multiple(error: ValidationError, _rules: JsonObject) -> list[Fault]:
    step = error.kind.as_dict()["multiple_of"]
    message = f"{shown(error.instance)} is not a multiple of {step}"
    return [Fault("ZB306", message, _path(error))]


def _wrong_count(words: str) -> Explainer:
    def explain(error: ValidationError, _rules: JsonObject) -> list[Fault]:
        entries = len(error.instance) if isinstance(error.instance, list | dict) else 0
        count = f"{entries} entry" if entries == 1 else f"{entries} entries"
        message = f"{_name(error)} has {count}; Zoho {words} {_limit(error)}"
        return [Fault("ZB308", message, _path(error))]

    return explain


def _no_alternative(error: ValidationError, rules: JsonObject) -> list[Fault]:
    """Unfold ``anyOf`` and ``oneOf``: what is wrong with the alternative that fits best."""
    branches: list[list[ValidationError]] = error.kind.as_dict()["context"]
    if not branches or not all(branches):
        return _any_other(error, rules)
    if all(each.kind.name == "required" for branch in branches for each in branch):
        return [_all_blank(error, branches)]
    fitting = [branch for branch in branches if not _is_other_kind(branch, error)]
    if not fitting:
        kinds = [kind for branch in branches for kind in _kinds(branch)]
        return [_kind_fault(error, kinds)]
    best = min(fitting, key=len)
    return [fault for each in best for fault in explained(each, rules=rules)]


def _all_blank(error: ValidationError, branches: Sequence[Sequence[ValidationError]]) -> Fault:
    """Return that one of several Fields is needed; for a whole Record it points to the first."""
    choices = [
        " with ".join(str(each.kind.as_dict()["property"]) for each in branch)
        for branch in branches
    ]
    more = len(choices) - _CHOICES_SHOWN
    others = [f"one of {more} others"] if more > 0 else []
    needed = either([*choices[:_CHOICES_SHOWN], *others])
    message = f"{needed} is needed, and all are blank"
    first_blank = branches[0][0].kind.as_dict()["property"]
    return Fault("ZB301", message, _path(error) or (first_blank,), fix="Fill in one of them.")


def _is_other_kind(branch: Sequence[ValidationError], error: ValidationError) -> bool:
    path = error.instance_path
    return any(each.kind.name == "type" and each.instance_path == path for each in branch)


def _kinds(branch: Sequence[ValidationError]) -> list[str]:
    return [kind for each in branch for kind in each.kind.as_dict().get("types", ())]


def _any_other(error: ValidationError, _rules: JsonObject) -> list[Fault]:
    name = _name(error)
    message = f"{name} breaks the rule {error.kind.name!r}: {shown(error.instance)}"
    return [Fault("ZB309", message, _path(error))]


EXPLAINERS: dict[str, Explainer] = {
    "required": _required,
    "dependentRequired": _required,
    "maxLength": _too_long,
    "minLength": _too_short,
    "enum": _not_listed,
    "const": _not_listed,
    "pattern": _wrong_pattern,
    "format": _wrong_format,
    "type": _wrong_kind,
    "minimum": _beyond("less than {}, the least that Zoho takes"),
    "maximum": _beyond("more than {}, the most that Zoho takes"),
    "exclusiveMinimum": _beyond("not more than {}, as Zoho needs"),
    "exclusiveMaximum": _beyond("not less than {}, as Zoho needs"),
    "multipleOf": _no_multiple,
    "minItems": _wrong_count("needs at least"),
    "maxItems": _wrong_count("takes at most"),
    "minProperties": _wrong_count("needs at least"),
    "maxProperties": _wrong_count("takes at most"),
    "anyOf": _no_alternative,
    "oneOf": _no_alternative,
}
