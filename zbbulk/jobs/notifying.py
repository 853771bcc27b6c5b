"""Tell a webhook how a run ended; whatever comes of that, the run ends as it did.

The summary has counts, codes and paths: no cell value, no token.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition
from typing import TypeVar

from zbbulk.codes import CODES
from zbbulk.errors import Level, Location, Problem, UsageError, ZbbulkError
from zbbulk.jobs.migration_reports import MigrationReport
from zbbulk.jobs.reports import ImportReport
from zbbulk.jobs.target import Target
from zbbulk.mapping import load_mapping
from zbbulk.mapping.load_endings import is_safe_url
from zbbulk.model import JsonObject
from zbbulk.notices import Notice, posted
from zbbulk.settings import NOTIFY_SECRET_VARIABLE
from zbbulk.version import __version__

_Report = TypeVar("_Report", ImportReport, MigrationReport)


def declared(mapping: Path) -> str:
    """Return the webhook that a mapping file names, "" for none; what is wrong the job tells."""
    try:
        return load_mapping(mapping).notify
    except ZbbulkError:
        return ""


def notified(
    job: Callable[[], _Report],
    *,
    url: str,
    target: Target,
    file: Path,
) -> _Report:
    """Do *job* and tell *url* how it ended; "" tells nobody.

    Args:
        job: Gives a report, or raises what stopped it before anything was sent.
        url: Of the webhook.
        target: Where the job sends to.
        file: What it is about.

    Returns:
        The report, with what should be known of the notice.

    Raises:
        UsageError: *url* is neither https nor on this machine (ZB240); nothing was done.
        ZbbulkError: as *job*.
    """
    if not url:
        return job()
    if not is_safe_url(url):
        raise UsageError("The address to notify is neither https nor this machine.", code="ZB240")
    try:
        report = job()
    except ZbbulkError as error:
        _post(url, _of_error(error, target, file), target)
        raise
    problems = _post(url, _of_report(report, target, file), target)
    return replace(report, notices=problems)


def _post(url: str, summary: JsonObject, target: Target) -> tuple[Problem, ...]:
    """Post *summary*, and return what should be known of that."""
    secret, event = os.environ.get(NOTIFY_SECRET_VARIABLE, ""), str(uuid.uuid4())
    document = {"event": "run.ended", "id": event, **summary}
    notice = Notice("", 0, "you stopped it")
    with suppress(KeyboardInterrupt):
        notice = posted(
            url,
            document,
            secret=secret,
            event=event,
            now=time.time,
            wait=lambda seconds: _wait(target, seconds),
        )
    told = []
    if not secret:
        told.append(_warning("ZB524", f"The notice to {notice.host} was not signed."))
    if notice.why:
        tries = "1 try" if notice.tries == 1 else f"{notice.tries} tries"
        message = f"{notice.host or 'The webhook'} was not told in {tries}: {notice.why}."
        told.append(_warning("ZB523", message))
    return tuple(told)


def _wait(target: Target, seconds: float) -> None:
    nobody = Condition()
    with nobody:
        target.clock.wait(nobody, seconds)


def _warning(code: str, message: str) -> Problem:
    at, fix = Location(file="zbbulk"), CODES[code].fix
    return Problem(code=code, message=message, at=at, level=Level.WARNING, fix=fix)


def _of_report(report: ImportReport | MigrationReport, target: Target, file: Path) -> JsonObject:
    about = _about(target, file)
    if isinstance(report, MigrationReport):
        steps = {step.step.id: step.ending.value for step in report.steps}
        return about | {"steps": steps, "exit_code": int(report.exit_code)}
    check = report.check
    return about | {
        "run": report.journal.parent.name,
        "resource": check.resource,
        "action": check.action.value,
        "counts": {status.value: number for status, number in report.counts.items()},
        "calls": report.calls,
        "took_s": round(report.took_s, 3),
        "stopped": [_told(error) for error in report.errors],
        "result": str(check.result.absolute()),
        "exit_code": int(report.exit_code),
    }


def _of_error(error: ZbbulkError, target: Target, file: Path) -> JsonObject:
    stopped = {"stopped": [_told(error)], "exit_code": int(error.exit_code)}
    return _about(target, file) | stopped


def _about(target: Target, file: Path) -> JsonObject:
    return {
        "zbbulk_version": __version__,
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "file": file.name,
        "organization_id": target.organization_id,
        "is_real": target.is_real,
    }


def _told(error: ZbbulkError) -> JsonObject:
    """Return what stopped a run by its code: its own words may have a cell's value in them."""
    known = CODES.get(error.code)
    return {"code": error.code, "title": known.title if known else ""}
