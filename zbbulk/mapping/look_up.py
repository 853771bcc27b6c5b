"""Carry out one lookup of a mapping: a text in, Zoho's id out, or why there is none.

Every text is looked up once and remembered. Who knows the ids is told by the
``Finder``; this module reads no list and asks nobody.
"""

from __future__ import annotations

from zbbulk.mapping.cells import CellError, shown
from zbbulk.mapping.gst import BETWEEN, PLACES, WITHIN, state_code
from zbbulk.mapping.lookup import Lookup
from zbbulk.mapping.rules import NOTHING
from zbbulk.mapping.words import IfMissing
from zbbulk.model import (
    LEGACY_KEY,
    Answered,
    Finder,
    LookupRule,
    Many,
    Missing,
    Refused,
    Sought,
    Unchecked,
)

_REMEMBERED = 100_000
_SHOWN_IDS = 4


class LookUp:
    """One lookup, ready to be called with the text of a cell."""

    def __init__(self, lookup: Lookup, finder: Finder | None) -> None:
        self._lookup = lookup
        self._finder = finder
        self._known: dict[tuple[str, str], Answered] = {}

    def __call__(self, text: str, place: str = "") -> object:
        """Return the id that *text* means; NOTHING when the field is to be left out.

        A text that can't be looked up here is returned as it is. For a rate of GST *place*
        is the state of the other side.

        Raises:
            CellError: there is no such record (ZB313), or several (ZB314), or it is refused
                itself (ZB327), or nothing tells whether a state is another one (ZB315).
        """
        answer = self._answer(text, place)
        if isinstance(answer, str):
            return answer
        if isinstance(answer, Unchecked):
            return text
        if isinstance(answer, Many):
            raise self._many(text, answer)
        if isinstance(answer, Refused):
            raise CellError("ZB327", f"{shown(text)} means a record that {answer.message}")
        return self._missing(text, answer, place)

    def _answer(self, text: str, place: str) -> Answered:
        if self._finder is None:
            return Unchecked()
        answer = self._known.get((text, place))
        if answer is None:
            answer = self._asked(self._finder, text, place)
            if len(self._known) < _REMEMBERED:
                self._known[text, place] = answer
        return answer

    def _asked(self, finder: Finder, text: str, place: str) -> Answered:
        """Return the first answer that is not that there is none."""
        answer: Answered = Unchecked()
        for rule in self._rules(finder, place):
            answer = finder.find(rule, text)
            if not isinstance(answer, Missing):
                break
        return answer

    def _rules(self, finder: Finder, place: str) -> tuple[LookupRule, ...]:
        if not self._lookup.is_gst:
            return (self._lookup.rule,)
        home = finder.home()
        if isinstance(home, Unchecked):
            return ()
        if not home:
            raise CellError("ZB315", "Zoho Books tells no state of the organization.")
        if not place:
            message = f"{' or '.join(PLACES)} is blank, so nothing tells which tax it is."
            raise CellError("ZB315", message, "Fill in the state.")
        return WITHIN if state_code(home) == state_code(place) else BETWEEN

    def _missing(self, text: str, answer: Missing, place: str) -> object:
        lookup = self._lookup
        if lookup.use and text != lookup.use:
            return self(lookup.use, place)
        if lookup.if_missing is IfMissing.BLANK:
            return NOTHING
        if lookup.if_missing is IfMissing.CREATE and self._finder is not None:
            self._finder.want(lookup.rule, text)
            return text
        near = answer.nearest
        fix = f"Did you mean {near!r}? " if near else ""
        fix += "Correct the cell, or "
        fix += (
            "import the record first, with `legacy_key:` in its mapping."
            if lookup.rule.field == LEGACY_KEY
            else "create the record in Zoho Books first."
        )
        message = f"No {self._who} is {shown(text)}."
        raise CellError("ZB313", message, fix, sought=self._sought(text, near))

    def _many(self, text: str, answer: Many) -> CellError:
        ids = ", ".join(answer.ids[:_SHOWN_IDS])
        more = len(answer.ids) - _SHOWN_IDS
        rest = f" and {more} more" if more > 0 else ""
        message = f"{len(answer.ids)} records have the {self._what} {shown(text)}: {ids}{rest}."
        return CellError("ZB314", message, sought=self._sought(text, ""))

    @property
    def _what(self) -> str:
        return f"{self._lookup.rule.field} of {' or '.join(self._lookup.rule.resources)}"

    @property
    def _who(self) -> str:
        where = " and ".join(f"{name} {text}" for name, text in self._lookup.rule.where)
        return f"{self._what} with {where}" if where else self._what

    def _sought(self, text: str, nearest: str) -> Sought:
        rule = self._lookup.rule
        return Sought(" or ".join(rule.resources), rule.field, text, nearest)
