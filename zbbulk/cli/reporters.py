"""Print reports and errors, as text for people or as JSON for machines.

Knows how things look, not what they mean. Reports go to stdout, errors to stderr.
"""

from __future__ import annotations

import errno
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zbbulk.assets import asset_root
from zbbulk.editions import edition_name
from zbbulk.errors import Level, Problem, ZbbulkError, ZohoError
from zbbulk.model import Action

if TYPE_CHECKING:
    from zbbulk.jobs.error_logging import Logged
    from zbbulk.jobs.failure import Failure
    from zbbulk.jobs.looked_up import LookedUp
    from zbbulk.jobs.mirror_report import MirrorReport
    from zbbulk.jobs.plan import Plan
    from zbbulk.jobs.preflight_report import Preflight
    from zbbulk.jobs.reports import CheckReport, ImportReport, MissingText
    from zbbulk.mapping import LeftOut
    from zbbulk.model import JsonObject, SheetForm, Status

_DEEPEST = 4
"""The level of a sandbox that took the records."""

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


_PER_MINUTE = 100
"""Calls that Zoho takes of one organization."""

_FEWEST_A_DAY = 1000
"""Calls a day of the smallest plan."""


def counted(number: int, thing: str) -> str:
    """Return e.g. ``1 row`` or ``2 rows``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def records_text(number: int, resource_name: str) -> str:
    """Return e.g. ``1 contact`` or ``2 contacts``."""
    if number != 1:
        return f"{number} {resource_name}"
    from zbbulk.resources import resource  # noqa: PLC0415 - heavy: only one record needs it

    name = resource(resource_name).single_key.replace("_", " ")
    return f"1 {name}" if name else f"1 row of {resource_name}"


def say(text: str, *, err: bool = False) -> None:
    """Print *text*; where the output can't take it any more, go on in silence.

    A report that nobody reads must not change how a run ends.
    """
    try:
        click.echo(text, err=err)
    except OSError as error:
        muted = os.open(os.devnull, os.O_WRONLY)
        os.dup2(muted, sys.stderr.fileno() if err else sys.stdout.fileno())
        if error.errno != errno.EPIPE and not err:
            say(f"The report can't be written to the output: {error.strerror}.", err=True)


def show_json(values: JsonObject) -> None:
    """Print one JSON document."""
    say(json_text(values))


def json_text(values: JsonObject) -> str:
    """Return *values* as JSON for people, each Decimal digit for digit."""
    import simplejson  # noqa: PLC0415 - heavy: only who prints JSON pays

    text: str = simplejson.dumps(values, indent=2, ensure_ascii=False, use_decimal=True)
    return text


def show_error(error: ZbbulkError, *, output: str) -> None:
    """Print everything that an error has to say."""
    problems = error.as_problems()
    if output == "json":
        told = [problem.to_json() for problem in problems]
        show_json({"error": error.message, "problems": told, "exit_code": int(error.exit_code)})
        return
    for problem in problems:
        say(problem_text(problem), err=True)


def problem_text(problem: Problem) -> str:
    """Return code, message, place and fix, as a person reads them."""
    word = "warning: " if problem.level is Level.WARNING else ""
    place = "" if problem.at.file == "zbbulk" else f"\n  --> {problem.at}"
    return (
        f"{problem.code} {word}{problem.message}{place}\n"
        f"  fix: {problem.fix}   (more: zbbulk explain {problem.code})"
    )


def show_check(
    report: CheckReport, *, output: str, quiet: bool, verbose: bool, options: Sequence[str] = ()
) -> None:
    """Print what a check found; the next command gets the same *options*."""
    if output == "json":
        show_json(report.to_json())
        return
    show_findings(report, quiet=quiet, verbose=verbose)
    for each in report.shown:
        rows = "row" if len(each.rows) == 1 else "rows"
        say(f"{rows} {', '.join(map(str, each.rows))}: {each.call}\n{json_text(each.record)}")
    if quiet:
        return
    say(depth_text(report))
    if report.ready and not report.refused_whole:
        say(f"import   {_needed_text(report, per_minute=_PER_MINUTE)}")
    say(f"result   {report.result}")
    if verbose:
        say(f"took     {report.took_s:.2f} s")
    say(_next_step(report, options))


def show_findings(report: CheckReport, *, quiet: bool, verbose: bool) -> None:
    """Print the file, the mapping, the Problems and the counts of a check."""
    if not quiet:
        for line in _facts_text(report, verbose=verbose):
            say(line)
    if report.looked_up and not quiet:
        _show_lookups(report.looked_up)
    for problem in report.warnings:
        say(problem_text(problem))
    _show_problems(report)
    if not quiet:
        say(f"checked  {_rows_text(report)}: {counts_text(report.counts)}")


def _facts_text(report: CheckReport, *, verbose: bool) -> Iterator[str]:
    """Yield what file, mapping and organization turned out to be."""
    yield f"file     {report.file}: {form_text(report.form, verbose=verbose)}"
    yield f"mapping  {mapping_name(report.mapping)}: {report.action.value}s {report.resource}"
    if report.edition:
        yield f"edition  {edition_name(report.edition)}"
    if report.preflight:
        yield from books_text(report.preflight)
    for column, style in report.dates.items():
        yield f"dates    column {column!r} is read as {style}: no other style fits it"
    if report.left_out:
        yield left_out_text(report.left_out)
    if report.mirror:
        yield from mirror_text(report.mirror)


def books_text(found: Preflight) -> Iterator[str]:
    """Yield what is known of the organization before anything is sent to it."""
    books, quota = found.organization, found.quota
    if books is not None:
        facts = (books.country_code, books.currency_code, books.plan, books.time_zone)
        told = ", ".join(filter(None, facts))
        left = quota.remaining
        calls = "" if left is None else f"; {left} of {quota.limit} calls are left today"
        yield f"books    {books.organization_id} {books.name}: {told}{calls}"
    if found.numbering:
        whose = {"own": "are the sheet's own", "zoho": "are given by Zoho Books"}
        yield f"numbers  {whose[found.numbering]}"


def mirror_text(mirror: MirrorReport) -> Iterator[str]:
    """Yield what a mirror changes: the first cells, old and new, and where all of them stand."""
    records = counted(mirror.changed, "record")
    calls = f"; read with {counted(mirror.calls, 'call')}" if mirror.calls else ""
    yield (
        f"mirror   {counted(mirror.cells, 'cell')} changed in {records}, "
        f"{mirror.unchanged} as before{calls}"
    )
    for each in mirror.shown:
        yield f"         row {each.row}, {each.column}: {each.old!r} -> {each.new!r}"
    if mirror.cells > len(mirror.shown):
        yield f"         and {mirror.cells - len(mirror.shown)} more: {mirror.file}"


def left_out_text(left_out: Sequence[LeftOut]) -> str:
    """Return one line about the columns of a shipped mapping that a file does not have."""
    names = ", ".join(
        f"{each.column!r} (is {each.nearest!r} meant?)" if each.nearest else repr(each.column)
        for each in left_out
    )
    columns = counted(len(left_out), "column")
    return f"left out {columns} of the mapping that the sheet does not have: {names}"


def _rows_text(report: CheckReport) -> str:
    """Return how many rows were checked, and how many records they make together."""
    rows = counted(report.rows, "row")
    if report.documents is None:
        return rows
    return f"{rows} in {records_text(report.documents, report.resource)}"


def _show_lookups(looked_up: LookedUp) -> None:
    if looked_up.calls:
        say(f"lookups  {', '.join(calls_text(*each) for each in looked_up.calls.items())}")
    for name, at in looked_up.kept.items():
        age = age_text((datetime.now(UTC) - at).total_seconds())
        say(f"lookups  {name} as read {age} ago from organization {looked_up.organization_id}")
    for new in looked_up.new.items():
        say(new_text(*new))


def new_text(name: str, number: int) -> str:
    """Return what is created because rows name it and it is missing."""
    them = "it" if number == 1 else "them"
    return (
        f"missing  {name}: rows name {number} that Zoho Books lacks; an import creates {them} first"
    )


def calls_text(name: str, calls: int) -> str:
    """Return e.g. ``contacts 3 calls``."""
    return f"{name} {counted(calls, 'call')}"


def age_text(seconds: float) -> str:
    """Return a length of time in its largest whole unit, e.g. ``3 hours``."""
    units = (("day", 86_400), ("hour", 3_600), ("minute", 60))
    name, length = next((unit for unit in units if seconds >= unit[1]), ("second", 1))
    return counted(max(int(seconds // length), 0), name)


def depth_text(report: CheckReport) -> str:
    """Return how deep a check went, and why not deeper."""
    told = report.looked_up
    words = f"depth    L{report.depth} of L{_DEEPEST}"
    if told is None:
        return (
            f"{words}: checked here alone, Zoho Books was not asked; the mapping looks nothing up"
        )
    if told.unchecked:
        whose = (
            f"organization {told.organization_id}" if told.organization_id else "no organization"
        )
        return f"{words}: lookups not checked ({whose}): {', '.join(told.unchecked)}"
    return f"{words}: every lookup was made; no record was tried in Zoho Books"


def missing_text(missing: MissingText) -> str:
    """Return one line about a text that was looked up in vain."""
    rows = f"{counted(missing.rows, 'row')} {'says' if missing.rows == 1 else 'say'}"
    near = f", nearest {missing.nearest!r}" if missing.nearest else ""
    return f"missing  {rows} {missing.text!r} ({missing.field} of {missing.resource}){near}"


def _show_problems(report: CheckReport) -> None:
    for problem in report.problems:
        say(problem_text(problem))
    shown = dict.fromkeys(report.problem_counts, 0)
    for problem in report.problems:
        shown[problem.code] += 1
    for code, number in report.problem_counts.items():
        if number > shown[code]:
            say(f"{code} and {number - shown[code]} more: all of it is in the result file")
    for code, number in report.warning_counts.items():
        more = number - sum(problem.code == code for problem in report.warnings)
        if more > 0:
            say(f"{code} warning: and {more} more: all of it is in the result file")
    for missing in report.missing:
        say(missing_text(missing))


def mapping_name(file: str) -> str:
    """Return what ``-m`` takes for a mapping: the short name of one that ships, else its path."""
    shipped = asset_root() / "mappings"
    path = Path(file)
    return path.relative_to(shipped).with_suffix("").as_posix() if shipped in path.parents else file


def form_text(form: SheetForm, *, verbose: bool) -> str:
    """Return how a file is written, e.g. ``CSV, utf-8, comma``."""
    if form.encoding is None:
        words = [f"{form.kind.upper()} workbook, sheet {form.sheet!r}"]
        if len(form.sheets) > 1:
            words.append(f"one of {len(form.sheets)}: {', '.join(map(repr, form.sheets))}")
    else:
        delimiter = form.delimiter or ""
        words = ["CSV", form.encoding, _DELIMITERS.get(delimiter, repr(delimiter))]
        if verbose:
            words.append(f"lines end in {form.line_end!r}")
    if form.header_row != 1 or verbose:
        words.append(f"header in row {form.header_row}")
    return ", ".join(words)


def counts_text(counts: Mapping[Status, int]) -> str:
    """Return the rows by status, e.g. ``35 ready, 6 rejected``."""
    told = [f"{number} {status.value}" for status, number in counts.items() if number]
    return ", ".join(told) or "none"


def _next_step(report: CheckReport, options: Sequence[str]) -> str:
    if report.problem_counts:
        return "next     mend the rows marked `rejected`; an import sends only those marked `ready`"
    if not report.ready:
        return "next     nothing to send: there is no row that could be"
    words = ["zbbulk", "import", report.file, "-m", mapping_name(report.mapping)]
    words += ["--edition", report.edition] if report.edition else []
    return f"next     {shlex.join([*words, *options, '--sandbox'])}"


def plan_text(report: CheckReport, *, to: str, per_minute: int) -> str:
    """Return what is about to be sent, where to, and how long it takes at least."""
    if report.refused_whole:
        return "sending  nothing: the file as a whole is refused"
    if report.plan is not None and not report.plan.n_records:
        return f"sending  nothing: {_nothing_text(report.plan)}"
    if not report.ready:
        return "sending  nothing: there is no row that could be sent"
    if report.plan is not None and report.action is Action.DELETE:
        return _deletion_text(report, report.plan, to=to, per_minute=per_minute)
    alone = report.calls_needed == report.ready
    what = records_text(report.ready, report.resource)
    if not alone:
        what = f"{counted(report.ready, 'row')} of {report.resource}"
    return f"sending  {what} to {to}: {_needed_text(report, per_minute=per_minute)}"


def _deletion_text(report: CheckReport, plan: Plan, *, to: str, per_minute: int) -> str:
    """Return what is about to be deleted."""
    records = records_text(plan.n_records, report.resource)
    missing = f"; {plan.skipped} more are not there" if plan.skipped else ""
    unsure = f"; {plan.rejected} more are not certain" if plan.rejected else ""
    cost = _needed_text(report, per_minute=per_minute)
    return f"deleting {records} in {to}{missing}{unsure}: {cost}"


def _needed_text(report: CheckReport, *, per_minute: int) -> str:
    """Return the calls and the time that an import takes at least."""
    calls = counted(report.calls_needed, "call")
    if report.reads_list:
        calls += f" and the pages of the list of {report.resource}"
    if report.plan is not None and report.plan.at_most:
        calls += f" and up to {sum(report.plan.at_most.values())} to log failures"
    minutes = report.calls_needed // per_minute
    time = {0: "less than a minute", 1: "about a minute"}.get(minutes, f"about {minutes} minutes")
    return f"{calls}, {time} of Zoho's time{_days_text(report.calls_needed)}"


def _days_text(calls: int) -> str:
    """Return a warning where the smallest plan's calls of a day do not do, "" where they do."""
    if calls <= _FEWEST_A_DAY:
        return ""
    return f"; plans allow {_FEWEST_A_DAY:,} to 10,000 calls a day, for all apps together"


def _nothing_text(plan: Plan) -> str:
    """Return why a plan sends nothing."""
    if plan.skipped:
        records = "record" if plan.skipped == 1 else f"{plan.skipped} records"
        return f"earlier runs created the {records}, or they are in Zoho Books already"
    return "there is no row that could be"


def show_import(report: ImportReport, *, output: str, quiet: bool, verbose: bool) -> None:
    """Print what an import did; its check was shown before."""
    if output == "json":
        show_json(report.to_json())
        return
    for failure in report.failures:
        say(failure_text(failure, file=report.check.file))
    _show_errors(report.errors)
    if report.logged:
        say(logged_text(report.logged))
    for problem in report.notices:
        say(problem_text(problem))
    if quiet:
        return
    rows = counted(sum(report.counts.values()), "row")
    say(f"outcome  {rows}: {counts_text(report.counts)}")
    if verbose:
        say(f"calls    {report.calls} in {report.took_s:.1f} s, {report.api_root}")
    if not report.unwritten:
        say(f"result   {report.check.result}")
    say(f"journal  {report.journal}")
    _show_next(report)


def logged_text(logged: Logged) -> str:
    """Return what became of the error log."""
    doubt = f", {logged.doubtful} in doubt" if logged.doubtful else ""
    left = f", {logged.left} not written: {logged.why}" if logged.left else ""
    return f"logged   {counted(logged.written, 'failure')} in {logged.module}{doubt}{left}"


def _show_errors(errors: Iterable[ZbbulkError]) -> None:
    for error in errors:
        for problem in error.as_problems():
            say(problem_text(problem), err=True)
        if isinstance(error, ZohoError) and error.reset_s is not None:
            say(reset_text(error.reset_s), err=True)


def _show_next(report: ImportReport) -> None:
    from zbbulk.jobs.runs_job import NOTHING_LEFT, next_step  # noqa: PLC0415 - heavy

    step = next_step(report.journal.parent.name, report.counts)
    if not report.check.refused_whole and step != NOTHING_LEFT:
        say(f"next     {step}")


def reset_text(seconds: float) -> str:
    """Return when Zoho gives the calls of the next day; *seconds* are those of its clock."""
    at = datetime.now().astimezone() + timedelta(seconds=seconds)
    hours, minutes = divmod(round(seconds / 60), 60)
    when = f"{at:%Y-%m-%d %H:%M} {at.tzname()}"
    return (
        f"again    in {hours} h {minutes} min of Zoho's time, at {when}: the calls of the next day"
    )


def failure_text(failure: Failure, *, file: str) -> str:
    """Return Zoho's code and words, the first row they are about, and the fix."""
    more = f" and {counted(failure.rows - 1, 'more row')} with this code" * (failure.rows > 1)
    return (
        f"{failure.code} {failure.message}\n  --> {file}:{failure.first_row}{more}\n"
        f"  fix: {failure.fix}   (more: zbbulk explain {failure.code})"
    )
