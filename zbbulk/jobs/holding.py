"""Which step of a migration is not begun, because of how the steps before it ended."""

from __future__ import annotations

from collections.abc import Sequence

from zbbulk.errors import MappingError, SourceError, ZbbulkError
from zbbulk.jobs.migration_reports import Ending, StepReport
from zbbulk.jobs.migration_steps import Step

_OF_ONE_STEP = ("ZB416", "ZB316")
"""What stops one step and says nothing about the others."""


def why_held(step: Step, ended: Sequence[StepReport]) -> str:
    """Return why *step* is not begun after those that *ended*, "" when it may be."""
    for each in ended:
        if each.error is not None and not _concerns_one(each.error):
            return f"the migration was stopped in the step `{each.step.id}`"
    by_id = {each.step.id: each for each in ended}
    for name, why in step.parents.items():
        if name in by_id and by_id[name].holds_others:
            return f"it {why}, and the step `{name}` {_standing(by_id[name])}"
    return ""


def _concerns_one(error: ZbbulkError) -> bool:
    return isinstance(error, SourceError | MappingError) or error.code in _OF_ONE_STEP


def _standing(report: StepReport) -> str:
    """Return what others wait for."""
    if report.ending is Ending.HELD:
        return "was not begun"
    if report.ending is Ending.STOPPED:
        return "was stopped"
    return "has rows that are not in Zoho Books"
