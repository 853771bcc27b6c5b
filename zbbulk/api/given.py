"""What programs give: paths as text or Path, a mapping by its name, an answer to what is asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from zbbulk.jobs.interrupts import pass_on
from zbbulk.jobs.prepare import find_mapping
from zbbulk.jobs.reports import ImportReport

PathLike: TypeAlias = str | os.PathLike[str]
"""A file or folder; for a mapping also the name of one that ships."""


def yes(_: object) -> bool:
    """Agree to whatever is about to happen."""
    return True


def mapping_path(mapping: PathLike) -> Path:
    """Return the mapping file that a path or a name means. Raises UsageError for none."""
    return find_mapping(os.fspath(mapping))


def in_order(report: ImportReport) -> ImportReport:
    """Return *report*. Raises KeyboardInterrupt, outside our program, if that ended the run."""
    pass_on(report.stopped, f"zbbulk.resume_run({str(report.journal.parent)!r}, target=...)")
    return report
