"""Check invoices of five rows each: rows a second and peak memory, sorted and mixed.

    python benchmarks/documents.py [--rows 1000000]

Prints one figure a line, ``name value unit``. Each case runs in a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from cases import HERE, WORK, say
from measure import peak_mib, pin

from zbbulk.jobs.check_job import check_file

LINES = 5
HEADER = ("Invoice No", "Customer", "Date", "Item", "Qty", "Price", "Note")
MIXED_BY = 5


def sales_file(rows: int, *, is_mixed: bool) -> Path:
    """Return a file of *rows* rows, made if missing: five an invoice, neighbours or not."""
    kind = "mixed" if is_mixed else "sorted"
    path = WORK / f"sales-{rows}-{kind}.csv"
    if not path.exists():
        say(f"making {path.name} (once)")
        order = list(range(rows))
        if is_mixed:
            random.Random(MIXED_BY).shuffle(order)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(map(_row, order))
    return path


def _row(number: int) -> tuple[str, ...]:
    price = f"{number % 9999}.{number % 100:02d}"
    item = f"Item number {number % 997}"
    invoice = f"INV-{number // LINES:07d}"
    return invoice, "4600000000000200001", "2024-03-31", item, str(number % 9 + 1), price, ""


def check_one(path: Path) -> None:
    """Check *path* in this process and print what it took as one JSON line."""
    pin(1)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        began = perf_counter()
        report = check_file(path, HERE / "documents.yml", runs=Path(folder), workers=1)
        took_s = perf_counter() - began
    told = {"rows": report.rows, "ready": report.ready, "documents": report.calls_needed}
    print(json.dumps({**told, "took_s": took_s, "peak_mib": peak_mib()}))


def main() -> int:
    """Print the figures; return 1 when a check does not find every row and document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--one", type=Path, help="check this file only, in this process")
    asked = parser.parse_args()
    if asked.one:
        check_one(asked.one)
        return 0
    WORK.mkdir(exist_ok=True)
    for is_mixed in (False, True):
        path = sales_file(asked.rows, is_mixed=is_mixed)
        command = [sys.executable, __file__, "--one", str(path)]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        told = json.loads(ended.stdout)
        if (told["ready"], told["documents"]) != (asked.rows, -(-asked.rows // LINES)):
            say(f"{path.name}: {told['ready']} rows ready in {told['documents']} documents")
            return 1
        name = "check_documents_mixed" if is_mixed else "check_documents_sorted"
        print(f"{name}_rows_per_s {told['rows'] / told['took_s']:.0f} rows/s", flush=True)
        print(f"{name}_peak {told['peak_mib']:.2f} MiB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
