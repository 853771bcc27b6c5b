"""Export records of Zoho Books into a file: fetch what is not there yet, then write it.

Two phases, so that an export that was broken off asks nothing twice, and so that the columns
can be made for what the records have. Changes nothing in Zoho Books.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zbbulk.errors import Location, MappingError, ResultError, UsageError, ZbbulkError, ZohoError
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.export_fetch import (
    LISTED,
    PAGES,
    PASSED,
    TWICE,
    Fetch,
    can_read_whole,
    whole_calls,
)
from zbbulk.jobs.export_file import ExportFile, Written
from zbbulk.jobs.export_filters import Filters, filters_of
from zbbulk.jobs.export_names import ListNames
from zbbulk.jobs.export_report import Cost, ExportReport
from zbbulk.jobs.export_request import ExportRequest
from zbbulk.jobs.interrupts import one_interrupt
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.quota_days import minutes_of
from zbbulk.jobs.run_folder import RunFolder, make_run_folder
from zbbulk.jobs.target import Target, open_client, pace_of
from zbbulk.jobs.waiting import Waits, waited
from zbbulk.journal.fetched import Fetched
from zbbulk.mapping import Mapping, load_mapping
from zbbulk.mapping.reverse import Reversed
from zbbulk.mapping.reverse_cells import NoNames
from zbbulk.private import make_file
from zbbulk.resources import Resource, resource, schema
from zbbulk.version import __version__
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pace import Pace

Agreed = Callable[[Cost], bool]
"""Shown what it takes to read each record by itself; False ends the job."""

REQUEST, WHOLE, CALLS, NAMES, ENDED = "request", "whole", "calls", "names", "ended"
"""Facts of the store: what is asked for, whether records are read by themselves (``yes``,
``no``, not known before the list was read), calls of earlier tries, those for names, and how it
ended."""


def export_records(
    request: ExportRequest,
    *,
    target: Target,
    runs: Path,
    agreed: Agreed = lambda _: True,
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ExportReport:
    """Write the records that *request* asks for to its file.

    Args:
        request: What, and where to.
        target: Whose records.
        runs: Folder of all runs; made if missing.
        agreed: Asked before records are read one by one.
        waits: Told before the job waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        UsageError: the file is there already or can't be (ZB530), a filter or a column is
            none (ZB531, ZB532, ZB535), or *agreed* said no.
        ResultError: the store (ZB502) or the file (ZB537) can't be written.
    """
    request.refuse_impossible()
    facts, filters = resource(request.resource), _filters(request)
    mapping = _mapping_of(request)
    folder = make_run_folder(runs, resource=f"export-{facts.name}", now=_now())
    _copy_mapping(request, folder)
    with folder.locked(), Fetched.create(folder.export, _facts(request, target)) as store:
        return _carried_out(
            _Export(request, facts, filters, target, folder, store, progress, mapping),
            agreed,
            waits,
        )


def resume_export(
    folder: RunFolder,
    *,
    target: Target,
    agreed: Agreed = lambda _: True,
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ExportReport:
    """Go on with the export in *folder* where it stood; what it has is not asked for again.

    Raises:
        UsageError: the export is of another organization (ZB516), is in use, or as
            ``export_records``.
        ResultError: its store can't be read or written.
    """
    with folder.locked(), Fetched.open(folder.export) as store:
        known = store.facts()
        if known["organization_id"] != target.organization_id:
            message = f"The export is of organization {known['organization_id']}; "
            raise UsageError(f"{message}this is {target.organization_id}.", code="ZB516")
        request = ExportRequest.from_text(known[REQUEST])
        if known.get(ENDED) != "done":
            request.refuse_impossible()
        facts, filters = resource(request.resource), _filters(request)
        mapping = None if request.laid_out_by is None else load_mapping(folder.mapping)
        return _carried_out(
            _Export(request, facts, filters, target, folder, store, progress, mapping),
            agreed,
            waits,
        )


@dataclass(frozen=True, slots=True)
class _Export:
    """All that the steps of one export share."""

    request: ExportRequest
    resource: Resource
    filters: Filters
    target: Target
    folder: RunFolder
    store: Fetched
    progress: Progress
    mapping: Mapping | None

    @property
    def is_whole(self) -> bool:
        return self.store.facts().get(WHOLE) == "yes"


def _filters(request: ExportRequest) -> Filters:
    facts = resource(request.resource)
    if "list" not in facts.can:
        raise UsageError(
            f"Zoho Books has no list of {facts.name}, so they can't be exported.", code="ZB532"
        )
    return filters_of(facts, request.where, request.since)


def _facts(request: ExportRequest, target: Target) -> dict[str, str]:
    return {
        "zbbulk_version": __version__,
        "started": _now().isoformat(timespec="milliseconds"),
        REQUEST: request.to_text(),
        "resource": request.resource,
        "organization_id": target.organization_id,
        "api_root": target.api_root,
        "is_real": "yes" if target.is_real else "no",
        "store": str(target.store.resolve()) if target.store else "",
        "edition": target.edition or "",
    }


def _now() -> datetime:
    return datetime.now().astimezone()


def _carried_out(export: _Export, agreed: Agreed, waits: Waits | None) -> ExportReport:
    """Fetch and write, and tell how it went; ends with a report when it must stop."""
    started = export.target.clock.now()
    written, stopped = None, None
    with one_interrupt(f"zbbulk resume {export.folder.path.name}"):
        try:
            pace = pace_of(export.target)
            while stopped := _fetched(export, agreed, pace):
                if not waited(export.target, stopped, waits):
                    break
                pace = pace_of(export.target)
            if stopped is None:
                written = _written(export, pace)
        except ZohoError as error:
            stopped = error
        except KeyboardInterrupt:
            stopped = ZohoError("You stopped the export.", code="ZB414")
        except ZbbulkError as error:
            export.store.note(**{ENDED: error.code})
            raise
    export.store.note(**{ENDED: "done" if written else stopped.code if stopped else "broken off"})
    took_s = export.target.clock.now() - started
    return _report(export, written, stopped, took_s=took_s)


def _fetched(export: _Export, agreed: Agreed, pace: Pace) -> ZohoError | None:
    """Fetch what is not in the store yet; return why that had to stop, None if it had not."""
    with (
        EventLog(export.folder.log) as log,
        _counted(export, log),
        open_client(export.target, log=log, pace=pace) as client,
    ):
        fetch = Fetch(
            client=client,
            resource=export.resource,
            store=export.store,
            filters=export.filters,
            pace=pace,
            workers=export.target.at_once,
            progress=export.progress,
        )
        try:
            fetch.list()
            _choose(export, client, agreed)
            if export.is_whole:
                fetch.whole()
        except ZohoError as error:
            return error
    return None


@contextmanager
def _counted(export: _Export, log: EventLog, *, kind: str = "") -> Iterator[None]:
    """Add the calls of this try to those before it, however it ends; *kind* too, if it has one."""
    try:
        yield
    finally:
        facts = export.store.facts()
        names = {CALLS, kind} - {""}
        export.store.note(**{n: str(int(facts.get(n, 0)) + log.left) for n in names})


def _choose(export: _Export, client: ZohoClient, agreed: Agreed) -> None:
    """Decide whether records are read by themselves, once the list is known; ask if so.

    Raises:
        UsageError: a column or a filter is about no field (ZB535, ZB531), or *agreed* said no.
    """
    store, request, facts = export.store, export.request, export.resource
    if store.facts().get(WHOLE):
        return
    shown = {name for row in store.rows() for name in row}
    records = store.count()
    if records:
        _refuse_unseen(export)
        request.refuse_unknown_columns(facts, shown)
    wanted = _fields_of(export.mapping) if export.mapping else ()
    is_needed = request.needs_whole(facts, shown, wanted)
    is_whole = bool(records) and can_read_whole(facts) and is_needed
    if is_whole and not agreed(_cost(export, client)):
        raise UsageError(
            "Nothing was exported: you did not agree.",
            fix="Add --no-details for what the list shows, or name fewer columns.",
        )
    store.note(**{WHOLE: "yes" if is_whole else "no"})


def _fields_of(mapping: Mapping) -> Sequence[str]:
    facts = resource(mapping.resource)
    rules = schema(facts.name)
    return Reversed(mapping, schema=rules, id_field=facts.id_field, names=NoNames()).fields


def _refuse_unseen(export: _Export) -> None:
    unseen = export.filters.unseen_in(export.store.rows())
    if unseen:
        name, fields = export.resource.name, ", ".join(unseen)
        message = f"Zoho's list of {name} does not show {fields}: nothing can be chosen by it."
        documented = ", ".join(export.resource.filters) or "none"
        raise UsageError(message, fix=f"Zoho documents the filters: {documented}.", code="ZB531")


def _cost(export: _Export, client: ZohoClient) -> Cost:
    records = export.store.count_open()
    calls = whole_calls(export.resource, records)
    minutes = minutes_of(calls, per_minute=export.target.per_minute)
    return Cost(records, calls, minutes, client.quota.remaining)


def _written(export: _Export, pace: Pace) -> Written:
    """Write the file.

    Raises:
        ResultError: there is no room for it, or no right to (ZB537); or as ``ExportFile``.
    """
    try:
        return _write(export, pace)
    except ResultError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        why = error.__cause__.strerror or str(error.__cause__)
        raise ResultError(
            f"{export.request.output} can't be written: {why}.",
            fix=f"Free some space or check the folder's rights. Then `zbbulk resume "
            f"{export.folder.path.name}` writes it; records are not read again.",
            code="ZB537",
            at=error.at,
        ) from error


def _write(export: _Export, pace: Pace) -> Written:
    file = ExportFile(
        request=export.request,
        resource=export.resource,
        store=export.store,
        filters=export.filters,
        is_whole=export.is_whole,
        progress=export.progress,
    )
    if export.mapping is None:
        return file.write()
    with (
        EventLog(export.folder.log) as log,
        _counted(export, log, kind=NAMES),
        open_client(export.target, log=log, pace=pace) as client,
    ):
        return file.write_by(export.mapping, ListNames(client))


def _mapping_of(request: ExportRequest) -> Mapping | None:
    """Return the mapping that lays the sheet out, None for a mirror.

    Raises:
        MappingError: it is wrong, or for another resource (ZB244).
    """
    if request.laid_out_by is None:
        return None
    mapping = load_mapping(request.laid_out_by)
    if mapping.resource != request.resource:
        message = f"{mapping.file} is for {mapping.resource}, and {request.resource} are exported."
        raise MappingError(message, at=Location(file=mapping.file), code="ZB244")
    return mapping


def _copy_mapping(request: ExportRequest, folder: RunFolder) -> None:
    """Copy the mapping into the folder: an export may be gone on with after it was changed.

    Raises:
        UsageError: there is no room for it (ZB503).
    """
    if request.laid_out_by is None:
        return
    try:
        make_file(folder.mapping)
        shutil.copyfile(request.laid_out_by, folder.mapping)
    except OSError as error:
        message = f"The mapping can't be copied: {error.strerror}."
        raise UsageError(message, code="ZB503") from error


def _report(
    export: _Export, written: Written | None, stopped: ZbbulkError | None, *, took_s: float
) -> ExportReport:
    store, facts = export.store, export.store.facts()
    records = store.count()
    needed = {"list": int(facts.get(PAGES, 0))}
    if export.is_whole:
        needed["records"] = whole_calls(export.resource, records)
    if NAMES in facts:
        needed["names"] = int(facts[NAMES])
    return ExportReport(
        resource=export.resource.name,
        folder=export.folder.path,
        file=export.request.output if written else None,
        mapping=export.request.mapping if written else None,
        records=records,
        rows=written.rows if written else 0,
        columns=written.columns if written else 0,
        passed_over=int(facts.get(PASSED, 0)),
        twice=int(facts.get(TWICE, 0)),
        left_out=written.left_out if written else {},
        refused=store.refusals(),
        calls=int(facts.get(CALLS, 0)),
        needed=needed if facts.get(LISTED) == "yes" else {},
        stopped=stopped,
        took_s=took_s,
    )
