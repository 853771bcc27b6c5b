"""Write a value as the cell that a field rule would read it from.

In the style that the mapping declares for the file; where it declares none, as a number or a
day. What comes out may still be read otherwise: whoever needs to know reads it back.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Protocol

from zbbulk.layout import AsIs, OutCell
from zbbulk.mapping.mirror_fields import settled, value_of
from zbbulk.mapping.rules import FieldRule, Kind, Source
from zbbulk.model import JsonObject, LookupRule

_PIECES = re.compile(r"d{1,2}|m{1,4}|yyyy|yy", re.IGNORECASE)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class NamesOf(Protocol):
    """Gives the texts that people know records by."""

    def text_of(self, rule: LookupRule, zb_id: str) -> str:
        """Return what the record with this id has in the field of *rule*, "" if nothing."""
        ...


class NoNames:
    """Knows no record: ids stay blank where the record itself does not show a name."""

    def text_of(self, rule: LookupRule, zb_id: str) -> str:  # noqa: ARG002 - the Protocol's shape
        """Return "": nothing is known."""
        return ""


def cell_of(
    held: object, rule: FieldRule, *, source: Source, beside: JsonObject, name: str, names: NamesOf
) -> OutCell:
    """Return the cell from which *rule* reads *held*; "" for what is empty or has no cell.

    Args:
        held: What Zoho has in the field.
        rule: A rule that can be turned round.
        source: How the file's cells are written.
        beside: The record, or the line, that the field stands in.
        name: Of the field.
        names: For ids that are looked up.
    """
    if held is None or held == "" or isinstance(held, dict | list):
        return ""
    if rule.lookup is not None:
        text = _name_beside(beside, name, rule.lookup.rule) or names.text_of(
            rule.lookup.rule, str(held)
        )
        return _worded(text, rule)
    if rule.values is not None:
        return _worded(held, rule)
    if rule.texts is not None:
        return _within(str(held), rule.texts)
    return styled(held, rule.kind, source)


def _name_beside(beside: JsonObject, name: str, rule: LookupRule) -> str:
    """Return the name that Zoho shows beside an id, "" where it shows none or another field."""
    told = f"{name.removesuffix('_id')}_name"
    fits = rule.field in (told, "contact_name", "account_name", "tax_name")
    shown = beside.get(told)
    return shown if fits and name.endswith("_id") and isinstance(shown, str) else ""


def _worded(held: object, rule: FieldRule) -> OutCell:
    """Return the first word of the value list that means *held*, else *held* as text."""
    wanted = value_of(held, rule.kind)
    for word in rule.words:
        if rule.values is not None and settled(rule.values[word.strip().casefold()]) == wanted:
            return word
    return held if isinstance(held, str | bool | Decimal) else str(held)


def _within(text: str, around: tuple[str, ...]) -> str:
    """Return what of *text* stands in the column of a template with one column."""
    before, after = around
    if not (text.startswith(before) and text.endswith(after)):
        return ""
    return text[len(before) : len(text) - len(after)]


def styled(held: object, kind: Kind, source: Source) -> OutCell:
    """Return a value as *source* says that such values are written."""
    if isinstance(held, bool):
        return held if kind is Kind.BOOLEAN else str(held).lower()
    number = value_of(held, kind)
    if isinstance(number, Decimal):
        plain = Decimal(str(held)) if not isinstance(held, int | Decimal) else Decimal(held)
        return plain if source.numbers.decimal == "." else AsIs(f"{plain:f}".replace(".", ","))
    if kind is Kind.DATE:
        return _day(str(held), source.dates)
    if isinstance(held, int | Decimal):
        return f"{held:f}"
    return str(held)


def _day(text: str, style: str | None) -> OutCell:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if style is None else _PIECES.sub(lambda found: _piece(found[0], day), style)


def _piece(piece: str, day: date) -> str:
    """Return one piece of a date style for *day*."""
    month = _MONTHS[day.month - 1]
    return {
        "d": str(day.day),
        "dd": f"{day.day:02}",
        "m": str(day.month),
        "mm": f"{day.month:02}",
        "mmm": month[:3],
        "mmmm": month,
        "yy": f"{day.year % 100:02}",
        "yyyy": f"{day.year:04}",
    }[piece.lower()]
