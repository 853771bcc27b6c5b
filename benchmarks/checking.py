"""Case of the benchmark: ``zbbulk check``, as its job does it, the result file written."""

from __future__ import annotations

from pathlib import Path

from measure import Counts, measure

from zbbulk.jobs.check_job import check_file
from zbbulk.model import Status

MAPPING = Path(__file__).with_name("items.yml")


def check(path: Path, folder: Path, cores: int) -> Counts:
    """Check *path* with the benchmark's mapping on *cores* processes."""
    report = check_file(path, MAPPING, runs=folder, workers=cores)
    counts = report.counts
    return Counts(report.rows, counts[Status.READY], counts[Status.REJECTED])


if __name__ == "__main__":
    measure(check)
