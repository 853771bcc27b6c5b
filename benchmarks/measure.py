"""Run one case of the benchmark in this process and print its figures as one JSON line.

What is timed is the same for every case: from before the file is opened until the
result file is closed. Not timed are the start of Python and the imports: each case
first does all its work once on a small file, which also fills every cache.
Peak memory is that of this process since its start, nothing taken off.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple


class Counts(NamedTuple):
    """What a case made of the rows below the header; -1 where it does not tell."""

    rows: int
    ready: int = -1
    rejected: int = -1


Work = Callable[[Path, Path, int], Counts]
"""Takes the file, an empty folder to write to, and the number of processes."""


def measure(work: Work) -> None:
    """Do *work* as the command line asks, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path, help="an empty folder to write to")
    parser.add_argument("--warm-up", type=Path, required=True, help="a small file of the kind")
    parser.add_argument("--cores", type=int, default=1)
    asked = parser.parse_args()
    pin(asked.cores)
    work(asked.warm_up, _made(asked.folder / "warm-up"), asked.cores)
    began = perf_counter()
    counts = work(asked.file, _made(asked.folder / "timed"), asked.cores)
    took_s = perf_counter() - began
    figures = {
        **counts._asdict(),
        "took_s": took_s,
        "peak_mib": peak_mib(),
        "worker_peak_mib": _worker_peak_mib(),
    }
    print(json.dumps(figures))


def pin(cores: int) -> None:
    """Keep this process and its children on the last *cores* processors, where possible."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[-cores:])


def peak_mib() -> float:
    """Return the most memory this process ever held, in MiB.

    Linux's ``VmHWM`` is preferred: ``ru_maxrss`` also counts what the parent held
    before this program was started in it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+([0-9]+) kB", status.read_text(encoding="ascii"))
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _worker_peak_mib() -> float:
    """Return the most memory that one child held, 0 if there was none."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    raise SystemExit("measure.py is the frame of the cases; start benchmarks/run.py")
