"""Hold the rate that Zoho allows: 500 creates in real time, by one process and by two together.

    python benchmarks/rate.py

The sandbox counts arrivals as Zoho Books does (100 in any 60 s, 10 at once) and answers after
50 to 500 ms. Each case takes about five minutes. Prints how much of the allowed rate was
used once the first hundred was sent, and the answers with HTTP 429.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cases import WORK, CaseFailedError, say
from sending import LATENCY_MS, MAPPING, good_rows, pace_of, print_pace

ROWS = 500
WANTED = {1: 98.5, 2: 97.0}
"""Per cent of the allowed rate, by the number of processes."""


def send_by(processes: int, rows: int) -> float:
    """Import *rows* rows by so many processes at once; print the figures, return the rate.

    Raises:
        CaseFailedError: not every row was created, or an answer was a 429.
    """
    from zbbulk.sandbox import Sandbox  # noqa: PLC0415 - heavy

    WORK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as name:
        folder = Path(name)
        good_rows(folder / "all.csv", rows)
        sheets = parts_of(folder / "all.csv", processes)
        with Sandbox(None, speed=1, latency_ms=LATENCY_MS) as sandbox:
            environment = {
                **os.environ,
                "ZBBULK_ACCESS_TOKEN": sandbox.access_token(),
                "ZBBULK_ORGANIZATION_ID": sandbox.organization_id,
                "ZBBULK_STATE": str(folder / "state"),
            }
            running = [started(sheet, sandbox.api_root, environment) for sheet in sheets]
            told = [json.loads(process.communicate()[0]) for process in running]
            log = sandbox.requests()
    if failed := [each for each in told if "counts" not in each]:
        raise CaseFailedError(str(failed))
    created = sum(each["counts"].get("created", 0) for each in told)
    pace = pace_of(log)
    if created != rows or pace.refused:
        raise CaseFailedError(f"{created} of {rows} rows created, {pace.refused} answers were 429")
    print_pace(f"rate_{processes}_processes", pace)
    return pace.sustained


def parts_of(path: Path, parts: int) -> list[Path]:
    """Return *path* cut into so many files of as many rows, each with the header."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    found = []
    for part in range(parts):
        sheet = path.with_name(f"part-{part}.csv")
        with sheet.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows[part::parts]])
        found.append(sheet)
    return found


def started(sheet: Path, api_root: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start an import of *sheet* in a process of its own; it prints its report as JSON."""
    words = ["import", str(sheet), "-m", str(MAPPING), "--api-root", api_root, "--yes"]
    more = ["--format", "json", "--runs", str(sheet.parent / f"runs-{sheet.stem}")]
    command = [sys.executable, "-m", "zbbulk", *words, *more]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def main() -> int:
    """Print the figures; return 1 when one is not reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args()
    reached = True
    for processes, wanted in WANTED.items():
        say(f"{asked.rows} rows by {processes} in real time: about {asked.rows // 100} minutes")
        try:
            reached = send_by(processes, asked.rows) >= wanted and reached
        except CaseFailedError as error:
            say(str(error))
            reached = False
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
