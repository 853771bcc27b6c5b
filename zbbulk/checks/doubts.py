"""What Zoho Books is not proven to refuse, and is most likely a slip all the same.

The schemas say it beside the rule of a field, in ``x-doubt``: a longest text, known words,
limits of a number, a form. Nothing of it refuses a Record. Signs that nobody can see are
doubted in every text. Pure: knows Records, no sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from zbbulk.checks.gstin import gstin_fault
from zbbulk.checks.words import allowed, nearest
from zbbulk.model import Fault, FieldNames, JsonObject, Path, Record

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Signs that can't be seen; tabs and line ends are none of them."""

_PERCENT = re.compile(r"(-?[0-9]+(?:[.][0-9]+)?)%")
_MOST_PERCENT = 100

Told = tuple[str, str]
"""Code and message."""


class Doubt(NamedTuple):
    """One thing that is doubted of a field.

    Attributes:
        tells: Tells what is doubtful in a value, None for nothing.
        spares: True when none of many values is doubtful; False when they must be looked at
            one by one. Every row passes it.
    """

    tells: Callable[[Any], Told | None]
    spares: Callable[[Sequence[Any]], bool] = lambda _: False


class _Field(NamedTuple):
    """What is doubted in a field, and in the fields below it."""

    doubts: tuple[Doubt, ...]
    below: Mapping[str, _Field]


class Doubts:
    """All that is doubted of the mapped fields of one resource; false where that is nothing."""

    def __init__(self, fields: Mapping[str, _Field]) -> None:
        self._fields = fields

    def __bool__(self) -> bool:
        """Tell whether anything is doubted at all."""
        return bool(self._fields)

    def suspects(self, records: Sequence[Record]) -> set[int]:
        """Return the places of the *records* that have something doubtful.

        Every row passes here: a field is looked at in all records, and then the next.
        """
        found: set[int] = set()
        for name, (doubts, below) in self._fields.items():
            there = _values(records, name)
            if below or not all(doubt.spares(there) for doubt in doubts):
                found.update(n for n, record in enumerate(records) if self._any(record))
        return found

    def faults(self, record: Record) -> Iterator[Fault]:
        """Yield what is doubtful in *record*, with the path of its field."""
        yield from _faults(record, self._fields, ())

    def _any(self, record: Record) -> bool:
        return next(self.faults(record), None) is not None


def _values(records: Sequence[Record], name: str) -> list[Any]:
    """Return what *records* have in a field; most often all have it, which is quick."""
    try:
        return list(map(itemgetter(name), records))
    except KeyError:
        return [record[name] for record in records if name in record]


def doubts_of(schema: JsonObject, mapped: FieldNames) -> Doubts:
    """Return what *schema* doubts of the *mapped* fields."""
    return Doubts(_fields(schema, mapped))


def unseen(record: Record) -> Iterator[Fault]:
    """Yield a fault for each text of *record* with signs that nobody can see (ZB329)."""
    for path, text in _texts(record, ()):
        if found := CONTROL.search(text):
            code = f"U+{ord(found[0]):04X}"
            message = f"{text!r} has a control character ({code}) that nobody can see"
            yield Fault("ZB329", message, path)


def _fields(schema: JsonObject, mapped: FieldNames) -> dict[str, _Field]:
    found = {}
    for name, rule in schema.get("properties", {}).items():
        if name in mapped:
            entry = rule.get("items", rule)
            doubts = tuple(DOUBTS[word](limit) for word, limit in rule.get("x-doubt", {}).items())
            field = _Field(doubts, _fields(entry, mapped[name]))
            if any(field):
                found[name] = field
    return found


def _faults(record: Record, fields: Mapping[str, _Field], above: Path) -> Iterator[Fault]:
    for name, (doubts, below) in fields.items():
        value = record.get(name)
        if value is None:
            continue
        path = (*above, name)
        told = filter(None, (doubt.tells(value) for doubt in doubts))
        yield from (Fault(code, message, path) for code, message in told)
        if below and isinstance(value, list):
            for number, entry in enumerate(value):
                yield from _faults(entry, below, (*path, number))
        elif below and isinstance(value, dict):
            yield from _faults(value, below, path)


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _texts(below, (*path, name))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _texts(below, (*path, number))


def _longer_than(most: int) -> Doubt:
    def tells(value: str) -> Told | None:
        if len(value) <= most:
            return None
        return "ZB334", f"{len(value)} characters; Zoho Books is not known to take over {most}"

    def spares(values: Sequence[Any]) -> bool:
        try:
            return max(map(len, values), default=0) <= most
        except TypeError:  # no text among them
            return False

    return Doubt(tells, spares)


def _other_than(words: Sequence[str]) -> Doubt:
    def tells(value: str) -> Told | None:
        if not value or value in words:
            return None
        near = nearest(value, words)
        hint = f", did you mean {near!r}?" if near else f": {allowed(words)}"
        return "ZB331", f"{value!r} is none of the words that Zoho documents{hint}"

    return Doubt(tells, frozenset({"", *words}).issuperset)


def _no_percentage(_: object) -> Doubt:
    def tells(value: Decimal | str) -> Told | None:
        if isinstance(value, str) or 0 <= value <= _MOST_PERCENT:
            return None
        return "ZB332", f"{value} per cent is not between 0 and {_MOST_PERCENT}"

    return Doubt(tells, lambda values: _lie_between(values, 0, _MOST_PERCENT))


def _lie_between(values: Sequence[Any], least: int, most: int) -> bool:
    """Tell whether all *values* are numbers in a range."""
    try:
        return not values or bool(least <= min(values) and max(values) <= most)
    except TypeError:  # a text among them
        return False


def _no_percent_sign(_: object) -> Doubt:
    of_number = _no_percentage(_).tells

    def tells(value: Decimal | str) -> Told | None:
        is_percent = isinstance(value, str) and _PERCENT.fullmatch(value)
        return of_number(Decimal(is_percent[1])) if is_percent else None  # else an amount

    return Doubt(tells, lambda values: str not in set(map(type, values)))


def _nothing_paid(_: object) -> Doubt:
    def tells(value: Decimal | str) -> Told | None:
        return (
            None if isinstance(value, str) or value > 0 else ("ZB333", f"{value} is not above zero")
        )

    return Doubt(tells, _are_above_zero)


def _are_above_zero(values: Sequence[Any]) -> bool:
    try:
        return not values or bool(min(values) > 0)
    except TypeError:  # a text among them
        return False


def _no_gstin(_: object) -> Doubt:
    def tells(value: str) -> Told | None:
        fault = gstin_fault(value) if value else ""
        return ("ZB330", f"{value!r} is not a GSTIN: {fault}") if fault else None

    return Doubt(tells)


DOUBTS: dict[str, Callable[[Any], Doubt]] = {
    "longest": _longer_than,
    "words": _other_than,
    "percentage": _no_percentage,
    "percent_sign": _no_percent_sign,
    "above_zero": _nothing_paid,
    "gstin": _no_gstin,
}
"""The words of ``x-doubt``."""
