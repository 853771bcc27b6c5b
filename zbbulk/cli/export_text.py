"""How an export looks on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zbbulk.cli.reporters import counted, problem_text, records_text, reset_text, say, show_json
from zbbulk.errors import ZohoError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zbbulk.jobs.export_report import Cost, ExportReport

_SHOWN = 20


def cost_text(cost: Cost) -> str:
    """Return what it takes to read records by themselves."""
    minutes = {0: "less than a minute", 1: "about a minute"}
    time = minutes.get(cost.minutes, f"about {cost.minutes} minutes")
    left = "" if cost.left_today is None else f"; {cost.left_today} calls are left today"
    return (
        f"details  {counted(cost.records, 'record')} read by "
        f"{'itself' if cost.records == 1 else 'themselves'}: "
        f"{counted(cost.calls, 'more call')}, {time} of Zoho's time{left}"
    )


def show_export(report: ExportReport, *, output: str, quiet: bool, verbose: bool) -> None:
    """Print what an export did."""
    if output == "json":
        show_json(report.to_json())
        return
    for zb_id, why in report.refused[:_SHOWN]:
        say(f"refused  {zb_id}: {why} The file shows what the list shows of it.")
    if len(report.refused) > _SHOWN:
        say(f"refused  and {len(report.refused) - _SHOWN} more")
    _show_stop(report)
    for line in () if quiet else _lines(report, verbose=verbose):
        say(line)


def _lines(report: ExportReport, *, verbose: bool) -> Iterator[str]:
    """Yield what was read, what it cost, and what was written."""
    yield f"read     {records_text(report.records, report.resource)}{_beside(report)}"
    yield f"calls    {_calls_text(report.calls, report.needed)}"
    yield from (f"left out {name}: {why}" for name, why in report.left_out.items())
    if verbose:
        yield f"took     {report.took_s:.1f} s of Zoho's time"
    if report.file:
        yield f"file     {report.file}{_size(report)}"
    if report.mapping:
        yield f"mapping  {report.mapping}"
        yield f"next     change cells, then zbbulk import {report.file} -m {report.mapping}"
    if report.stopped:
        yield f"next     zbbulk resume {report.folder.name}"


def _size(report: ExportReport) -> str:
    """Return how large a sheet is, "" for what is none."""
    sheet = f": {counted(report.rows, 'row')}, {counted(report.columns, 'column')}"
    return sheet if report.columns else ""


def _show_stop(report: ExportReport) -> None:
    if report.stopped is None:
        return
    for problem in report.stopped.as_problems():
        say(problem_text(problem), err=True)
    if isinstance(report.stopped, ZohoError) and report.stopped.reset_s is not None:
        say(reset_text(report.stopped.reset_s), err=True)


def _beside(report: ExportReport) -> str:
    """Return what else came with the list."""
    told = ""
    if report.passed_over:
        told += f"; {report.passed_over} others of the list are not asked for"
    if report.twice:
        told += f"; {report.twice} came twice, as the list changed while it was read"
    return told


def _calls_text(calls: int, needed: Mapping[str, int]) -> str:
    """Return the calls that were made beside those that it takes."""
    if not needed:
        return f"{calls} so far"
    parts = [f"{needed['list']} for the list"]
    parts += [f"{needed[kind]} for {kind}" for kind in ("records", "names") if needed.get(kind)]
    return f"{calls} made, {sum(needed.values())} needed: {', '.join(parts)}"
