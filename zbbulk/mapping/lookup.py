"""How the text of a field becomes Zoho's id: what ``find_by`` and its neighbours say.

A value only; ``load_lookup`` makes it of the mapping, ``look_up`` carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass

from zbbulk.mapping.gst import BETWEEN, WITHIN
from zbbulk.mapping.words import IfMissing
from zbbulk.model import LookupRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """One ``find_by``.

    Attributes:
        line, at: Where it stands in the mapping.
        rule: Which record is meant.
        if_missing: What happens when there is none.
        is_gst: The text is a rate of GST, and the document tells which tax that is.
        use: The text to look up in its place, "" to go by ``if_missing``.
    """

    line: int
    at: int
    rule: LookupRule
    if_missing: IfMissing = IfMissing.ERROR
    use: str = ""
    is_gst: bool = False

    @property
    def rules(self) -> tuple[LookupRule, ...]:
        """Return every rule that may be followed."""
        return (*WITHIN, *BETWEEN) if self.is_gst else (self.rule,)
