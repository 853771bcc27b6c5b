"""Point from the field that Zoho names in its words to the user's column.

Zoho says ``Invalid value passed for Payment Terms``; the user looks for a column.
"""

from __future__ import annotations

from dataclasses import replace

from zbbulk.mapping import Program
from zbbulk.model import Outcome, Status
from zbbulk.zoho.rules import rule_for


def pointed(outcome: Outcome, program: Program) -> Outcome:
    """Return *outcome* with the column in its fix, if Zoho names a field that has one."""
    if outcome.status is not Status.FAILED:
        return outcome
    rule = rule_for(outcome.code, outcome.message)
    named = rule.field_in(outcome.message) if rule else None
    if not named:
        return outcome
    field = "_".join(named.lower().split())
    columns = ", ".join(repr(column) for column in program.origin((field,)).columns)
    if not columns or program.origin((field,)) == program.origin(()):
        return outcome
    return replace(outcome, fix=f"{outcome.fix} In your sheet: column {columns}.")
