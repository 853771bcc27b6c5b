"""Plan an import and save the plan; nothing is sent. Carry a saved plan out exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from zbbulk.errors import ExitCode
from zbbulk.jobs.import_job import Agreed, begun_run, import_file, prospect_of
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.quota_days import Day, days_of, minutes_of
from zbbulk.jobs.reports import CheckReport, ImportReport
from zbbulk.jobs.result_file import write_result
from zbbulk.jobs.run import Run
from zbbulk.jobs.saved_plan import SavedPlan, save_plan
from zbbulk.jobs.target import Target, open_client
from zbbulk.jobs.waiting import Waits
from zbbulk.model import JsonObject
from zbbulk.zoho.envelope import DayQuota
from zbbulk.zoho.organization import state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """What an import would do and how long it would take.

    Attributes:
        check: What was found; its ``plan`` is None when nothing can be planned.
        refused: Why it can't be planned, "" when it can.
        quota: The day's calls, as Zoho told them.
        reserve: Calls of each day that are left to other apps.
        minutes: At Zoho's pace, at least.
        days: The days it takes, with the calls of each.
        path: The plan file.
        calls: Calls that were made to find all this out.
    """

    check: CheckReport
    refused: str
    quota: DayQuota
    reserve: int
    minutes: int
    days: Sequence[Day]
    path: Path
    calls: int

    @property
    def exit_code(self) -> ExitCode:
        """Return NOTHING_SENT when nothing could be planned, else what the check says."""
        return ExitCode.NOTHING_SENT if self.refused else self.check.exit_code

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return self.check.to_json() | {
            "refused": self.refused,
            "quota": {"limit": self.quota.limit, "remaining": self.quota.remaining},
            "reserve": self.reserve,
            "minutes": self.minutes,
            "days": [{"day": each.day.isoformat(), "calls": each.calls} for each in self.days],
            "plan_file": str(self.path),
            "calls_made": self.calls,
            "exit_code": int(self.exit_code),
        }


def plan_file(  # noqa: PLR0913 - one argument a choice of the user
    path: Path,
    mapping: Path,
    *,
    target: Target,
    runs: Path,
    save: Path | None = None,
    reserve: int = 0,
    again: bool = False,
    progress: Progress = no_progress,
) -> PlanReport:
    """Return what an import of *path* would do; nothing is sent.

    Args:
        path: The user's file.
        mapping: The mapping file.
        target: Whose lists are read.
        runs: Folder of all runs.
        save: Where the plan is saved; None for the run's folder alone.
        reserve: Calls of each day that are left to other apps.
        again: As in ``import_file``.
        progress: Shows how far it is.

    Raises:
        SourceError, MappingError, UsageError, ZohoError, ResultError: as ``import_file``.
    """
    begun = begun_run(path, mapping, target=target, runs=runs, again=again, progress=progress)
    with begun as opened:
        run, check, refused = prospect_of(opened)
        outcomes = Outcomes(run.journal, unwritten={})
        result = write_result(
            run.prepared.own_sheet, outcomes.in_order(), folder=run.folder, rows=check.rows
        )
        quota = _quota(run)
        if check.plan is not None:
            for place in filter(None, (run.folder.plan, save)):
                save_plan(run, check.plan, place)
        run.journal.finish("planned")
        return _report(
            run, check, result, refused=str(refused or ""), quota=quota, reserve=reserve, save=save
        )


def _report(  # noqa: PLR0913 - all that was found
    run: Run,
    check: CheckReport,
    result: Path,
    *,
    refused: str,
    quota: DayQuota,
    reserve: int,
    save: Path | None,
) -> PlanReport:
    calls = check.plan.n_calls if check.plan else 0
    days: Sequence[Day] = ()
    if quota.limit is not None and quota.remaining is not None:
        days = tuple(
            days_of(calls, today=_today(), left=quota.remaining, limit=quota.limit, reserve=reserve)
        )
    return PlanReport(
        check=replace(check, result=result),
        refused=refused,
        quota=quota,
        reserve=reserve,
        minutes=minutes_of(calls, per_minute=run.target.per_minute),
        days=days,
        path=save or run.folder.plan,
        calls=run.log.left,
    )


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _quota(run: Run) -> DayQuota:
    """Return the day's calls: every answer of Zoho tells them, the organization's too."""
    with open_client(run.target, log=run.log, pace=run.pace) as client:
        state_of(client, run.target.organization_id)
        return client.quota


def apply_plan(
    plan: SavedPlan,
    *,
    target: Target,
    runs: Path,
    agreed: Agreed = lambda _: True,
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Do exactly what *plan* says.

    Raises:
        UsageError: sheet, mapping, organization or what is in Zoho Books has changed since
            it was made (ZB516, ZB518); nothing was sent.
        SourceError, MappingError, ZohoError, ResultError: as ``import_file``.
    """
    plan.refuse_changed_files()
    plan.refuse_organization(target.organization_id)
    return import_file(
        plan.file,
        plan.mapping,
        target=target,
        runs=runs,
        agreed=agreed,
        expected=plan,
        waits=waits,
        progress=progress,
    )
