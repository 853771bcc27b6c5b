"""Measure zbbulk beside a plain loop, frictionless and reading alone: ``make bench``.

Prints one figure a line, ``name value unit``; what they mean is told in README.md. The
cases take turns, each in a process of its own, and the median of the rounds counts. It
ends with an error if zbbulk and the plain loop do not refuse the same number of rows.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median
from time import perf_counter

from cases import (
    CASES,
    HERE,
    WORK,
    Case,
    CaseFailedError,
    Run,
    items_file,
    peer_is_there,
    run_case,
    say,
)

RATIOS = (
    ("check_csv_vs_plain_csv", "plain_csv", "check_csv_1core"),
    ("check_csv_time_vs_reading", "check_csv_1core", "reading_alone"),
    ("check_csv_2cores_vs_1core", "check_csv_1core", "check_csv_2cores"),
    ("check_xlsx_vs_plain_xlsx", "plain_xlsx", "check_xlsx"),
    ("check_csv_vs_frictionless", "frictionless", "check_csv_1core"),
)
"""Name, and the two cases whose times are divided: the first by the second."""

STARTS = 10

Runs = Mapping[str, Sequence[Run]]


def figure(name: str, value: float | None, unit: str) -> None:
    """Print one figure; None means that it can't be had here."""
    if value is None:
        print(f"{name} not_available", flush=True)
        return
    digits = 0 if value >= 1000 else 3 if unit == "s" else 2
    print(f"{name} {value:.{digits}f} {unit}", flush=True)


def possible_cases() -> list[Case]:
    """Return the cases that can run on this machine."""
    can_use = _processors()
    peer = peer_is_there()
    return [case for case in CASES if case.cores <= can_use and (peer or not case.peer)]


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def take_rounds(cases: Sequence[Case], rows: int, rounds: int, slow_rounds: int) -> Runs:
    """Run every case in turn, *rounds* times, those that are slow only *slow_rounds* times.

    A case that fails is told and left out from then on.
    """
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    for number in range(rounds):
        for case in cases:
            if case.name in runs and number < (slow_rounds if case.slow else rounds):
                say(f"round {number + 1} of {rounds}: {case.name}")
                try:
                    runs[case.name].append(_right_run(case, rows))
                except CaseFailedError as error:
                    say(str(error))
                    del runs[case.name]
    return runs


def _right_run(case: Case, rows: int) -> Run:
    done = run_case(case, rows)
    told = done.ready >= 0 and not case.peer
    bad = rows // 100
    if done.rows != rows or (told and (done.ready, done.rejected) != (rows - bad, bad)):
        raise CaseFailedError(
            f"{case.name} found {done.rows} rows, {done.ready} ready and {done.rejected} rejected;"
            f" the file has {rows} rows, {rows - bad} good and {bad} bad."
        )
    return done


def print_speeds(runs: Runs, rows: int) -> None:
    """Print rows a second, peak memory and the ratios."""
    took = {name: median(one.took_s for one in done) for name, done in runs.items()}
    for case in CASES:
        taken = took.get(case.name)
        figure(f"{case.name}_rows_per_s", rows / taken if taken else None, "rows/s")
    for case in CASES:
        done = runs.get(case.name, ())
        figure(f"{case.name}_peak", max((one.peak_mib for one in done), default=None), "MiB")
        if case.cores > 1:
            worker = max((one.worker_peak_mib for one in done), default=None)
            figure(f"{case.name}_worker_peak", worker, "MiB")
    for name, above, below in RATIOS:
        both = above in took and below in took
        figure(name, took[above] / took[below] if both else None, "times")


def print_memory(few: int, many: int) -> None:
    """Print how much more memory a check of *many* rows takes than one of *few*."""
    check = next(case for case in CASES if case.name == "check_csv_1core")
    peaks = {}
    for rows in (few, many):
        say(f"memory of {rows} rows")
        done = _right_run(check, rows)
        peaks[rows] = done.peak_mib
        figure(f"check_csv_{rows}_rows_peak", done.peak_mib, "MiB")
    figure(f"check_csv_{many}_rows_per_s", many / done.took_s, "rows/s")
    figure("check_csv_peak_growth", peaks[many] - peaks[few], "MiB")


def print_starts(rows: int) -> None:
    """Print how long whole commands take, the start of Python and all imports included."""
    version = [sys.executable, "-m", "zbbulk", "--version"]
    bare = [sys.executable, "-c", "pass"]
    taken: dict[str, list[float]] = {"version_start": [], "python_start": []}
    for _ in range(STARTS):
        taken["version_start"].append(_timed(version))
        taken["python_start"].append(_timed(bare))
    for name, seconds in taken.items():
        figure(f"{name}_best", min(seconds), "s")
        figure(f"{name}_median", median(seconds), "s")
    source, mapping = str(items_file(rows, ".csv")), str(HERE / "items.yml")
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        command = [sys.executable, "-m", "zbbulk", "check", source, "-m", mapping]
        figure("check_csv_whole_command", _timed([*command, "--runs", folder]), "s")


def print_sending(*, real_clock: bool) -> None:
    """Let sending.py print its figures."""
    command = [sys.executable, str(HERE / "sending.py"), *(["--real-clock"] if real_clock else [])]
    if subprocess.run(command, check=False).returncode:
        raise CaseFailedError("sending failed")


def print_documents(rows: int) -> None:
    """Let documents.py print its figures."""
    command = [sys.executable, str(HERE / "documents.py"), "--rows", str(rows)]
    if subprocess.run(command, check=False).returncode:
        raise CaseFailedError("documents failed")


def _timed(command: Sequence[str]) -> float:
    began = perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent)
    took_s = perf_counter() - began
    if ended.returncode > 1:  # 1 tells of bad rows, and there are some
        raise CaseFailedError(f"{' '.join(command)} failed:\n{ended.stderr[-2000:]}")
    return took_s


def main() -> int:
    """Run what is asked for; return 1 if a case failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="10,000 rows, one round: a smoke test")
    parser.add_argument("--rounds", type=int, default=5, help="of the fast cases (default 5)")
    parser.add_argument("--slow-rounds", type=int, default=2, help="of the slow ones (default 2)")
    parser.add_argument("--real-clock", action="store_true", help="send 500 rows in real time too")
    asked = parser.parse_args()
    rows, many = (10_000, 50_000) if asked.quick else (100_000, 1_000_000)
    rounds, slow_rounds = (1, 1) if asked.quick else (asked.rounds, asked.slow_rounds)
    WORK.mkdir(exist_ok=True)
    cases = possible_cases()
    runs = take_rounds(cases, rows, rounds, slow_rounds)
    print_speeds(runs, rows)
    failed = [case.name for case in cases if case.name not in runs]
    parts: tuple[Callable[[], None], ...] = (
        partial(print_memory, few=10_000, many=many),
        partial(print_starts, rows),
        partial(print_documents, many),
        partial(print_sending, real_clock=asked.real_clock),
    )
    for part in parts:
        try:
            part()
        except CaseFailedError as error:
            say(str(error))
            failed.append("what is told above")
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
