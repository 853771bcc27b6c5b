"""zbbulk: move spreadsheets into and out of Zoho Books by a YAML mapping.

    import zbbulk

    with zbbulk.open_sandbox() as books:
        report = zbbulk.import_file("items.csv", "items", target=books)
    print(report.counts)

A function for each command, typed reports, errors that say what to do: docs/python.md. The names
are loaded when they are first used, so that to import the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from zbbulk.version import __version__

if TYPE_CHECKING:
    from zbbulk.api.checking import check_file
    from zbbulk.api.deleting import delete_file, write_delete_mapping
    from zbbulk.api.exporting import export_records, resume_export
    from zbbulk.api.importing import import_file
    from zbbulk.api.looking import describe_run, known_runs, outcomes, runs_of
    from zbbulk.api.migrating import migrate_files
    from zbbulk.api.planning import apply_plan, plan_file
    from zbbulk.api.resuming import resume_run, retry_run
    from zbbulk.api.targets import open_organization, open_sandbox
    from zbbulk.api.undoing import preview_undo, undo_run, undo_runs
    from zbbulk.errors import (
        AuthError,
        ExitCode,
        Level,
        Location,
        MappingError,
        Problem,
        QuotaSpent,
        ResultError,
        SourceError,
        Unavailable,
        UsageError,
        ZbbulkError,
        ZohoError,
    )
    from zbbulk.jobs.export_report import Cost, ExportReport
    from zbbulk.jobs.failure import Failure
    from zbbulk.jobs.migration_reports import Ending, MigrationReport, StepCheck, StepReport
    from zbbulk.jobs.plan import Plan, Total
    from zbbulk.jobs.plan_job import PlanReport
    from zbbulk.jobs.preview import Preview
    from zbbulk.jobs.progress import Progress
    from zbbulk.jobs.reports import CheckReport, ImportReport, MissingText
    from zbbulk.jobs.runs_job import RunSummary
    from zbbulk.jobs.target import Target
    from zbbulk.jobs.undo_plan import Way
    from zbbulk.jobs.undo_reports import UndoPreview, UndoReport
    from zbbulk.model import Action, Outcome, Status

_FROM = {
    "zbbulk.api.checking": "check_file",
    "zbbulk.api.deleting": "delete_file write_delete_mapping",
    "zbbulk.api.exporting": "export_records resume_export",
    "zbbulk.api.importing": "import_file",
    "zbbulk.api.looking": "describe_run known_runs outcomes runs_of",
    "zbbulk.api.migrating": "migrate_files",
    "zbbulk.api.planning": "apply_plan plan_file",
    "zbbulk.api.resuming": "resume_run retry_run",
    "zbbulk.api.targets": "open_organization open_sandbox",
    "zbbulk.api.undoing": "preview_undo undo_run undo_runs",
    "zbbulk.errors": (
        "AuthError ExitCode Level Location MappingError Problem QuotaSpent ResultError SourceError "
        "Unavailable UsageError ZbbulkError ZohoError"
    ),
    "zbbulk.jobs.export_report": "Cost ExportReport",
    "zbbulk.jobs.failure": "Failure",
    "zbbulk.jobs.migration_reports": "Ending MigrationReport StepCheck StepReport",
    "zbbulk.jobs.plan": "Plan Total",
    "zbbulk.jobs.plan_job": "PlanReport",
    "zbbulk.jobs.preview": "Preview",
    "zbbulk.jobs.progress": "Progress",
    "zbbulk.jobs.reports": "CheckReport ImportReport MissingText",
    "zbbulk.jobs.runs_job": "RunSummary",
    "zbbulk.jobs.target": "Target",
    "zbbulk.jobs.undo_plan": "Way",
    "zbbulk.jobs.undo_reports": "UndoPreview UndoReport",
    "zbbulk.model": "Action Outcome Status",
}
"""Module -> the public names that it has."""

_HOMES = {name: module for module, names in _FROM.items() for name in names.split()}

__all__ = [
    "Action",
    "AuthError",
    "CheckReport",
    "Cost",
    "Ending",
    "ExitCode",
    "ExportReport",
    "Failure",
    "ImportReport",
    "Level",
    "Location",
    "MappingError",
    "MigrationReport",
    "MissingText",
    "Outcome",
    "Plan",
    "PlanReport",
    "Preview",
    "Problem",
    "Progress",
    "QuotaSpent",
    "ResultError",
    "RunSummary",
    "SourceError",
    "Status",
    "StepCheck",
    "StepReport",
    "Target",
    "Total",
    "Unavailable",
    "UndoPreview",
    "UndoReport",
    "UsageError",
    "Way",
    "ZbbulkError",
    "ZohoError",
    "__version__",
    "apply_plan",
    "check_file",
    "delete_file",
    "describe_run",
    "export_records",
    "import_file",
    "known_runs",
    "migrate_files",
    "open_organization",
    "open_sandbox",
    "outcomes",
    "plan_file",
    "preview_undo",
    "resume_export",
    "resume_run",
    "retry_run",
    "runs_of",
    "undo_run",
    "undo_runs",
    "write_delete_mapping",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'zbbulk' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
