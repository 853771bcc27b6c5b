"""How a plan looks on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from zbbulk.cli.reporters import say, show_findings, show_json

if TYPE_CHECKING:
    from zbbulk.jobs.plan import Plan, Total
    from zbbulk.jobs.plan_job import PlanReport

_DAYS_SHOWN = 7
_TOTALS_SHOWN = 24


def show_plan(report: PlanReport, *, to: str, output: str, quiet: bool, verbose: bool) -> None:
    """Print what an import would do; *to* is where it would be sent."""
    if output == "json":
        show_json(report.to_json())
        return
    show_findings(report.check, quiet=quiet, verbose=verbose)
    if report.refused:
        say(f"refused  {report.refused}", err=True)
    plan = report.check.plan
    if quiet or plan is None:
        return
    for line in (*_records(plan, to), *_calls(report, plan), *_totals(plan.totals)):
        say(line)
    for sentence in plan.kept_forever:
        say(f"for good {sentence}")
    say(f"result   {report.check.result}")
    say(f"plan     {report.path}")
    if plan.n_records:
        say(f"next     zbbulk apply {report.path}")


def _records(plan: Plan, to: str) -> Iterator[str]:
    told = [f"{number} {action}" for action, number in plan.records.items()]
    told += [f"{plan.skipped} skip"] * bool(plan.skipped)
    told += [f"{plan.rejected} reject"] * bool(plan.rejected)
    yield f"records  {', '.join(told) or 'none'}, in {to}"
    for name, number in plan.new.items():
        yield f"first    {number} of {name} that rows name and Zoho Books lacks"


def _calls(report: PlanReport, plan: Plan) -> Iterator[str]:
    kinds = ", ".join(f"{number} {kind}" for kind, number in plan.calls.items())
    minutes = report.minutes
    time = {0: "less than a minute", 1: "about a minute"}.get(minutes, f"about {minutes} minutes")
    more = "".join(f", up to {number} {kind}" for kind, number in plan.at_most.items())
    yield f"calls    {plan.n_calls} ({kinds or 'none'}{more}), {time}; {report.calls} made to plan"
    if report.quota.remaining is None:
        return
    reserve = f", {report.reserve} of a day kept for other apps" if report.reserve else ""
    yield f"quota    {report.quota.remaining} of {report.quota.limit} calls are left today{reserve}"
    if plan.n_calls and not report.days:
        yield "days     never: the reserve leaves no calls"
    elif len(report.days) > 1:
        yield f"days     {len(report.days)}, the last is {report.days[-1].day}"
        for day in report.days[:_DAYS_SHOWN]:
            yield f"  {day.day}  {day.calls:>6} calls"
        if len(report.days) > _DAYS_SHOWN:
            yield f"  and {len(report.days) - _DAYS_SHOWN} more days"


def _totals(totals: tuple[Total, ...]) -> Iterator[str]:
    if totals:
        yield "totals   month    currency  records       amount (before discount and tax)"
    for total in totals[:_TOTALS_SHOWN]:
        when = f"{total.month or '-':<8} {total.currency or 'own':<8}"
        yield f"         {when} {total.records:>8} {_amount(total.amount):>14}"
    if len(totals) > _TOTALS_SHOWN:
        yield f"         and {len(totals) - _TOTALS_SHOWN} more: they are in the plan file"


def _amount(amount: Decimal) -> str:
    """Return an amount with two decimals, or as many as it has."""
    plain = amount.normalize()
    places = max(2, -int(plain.as_tuple().exponent))
    return f"{plain:,.{places}f}"
