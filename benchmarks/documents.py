"""Check invoices of five rows each: sorted, mixed, all refused, and with lines in another file.

    python benchmarks/documents.py [--rows 1000000]

Prints rows a second and peak memory, one figure a line, ``name value unit``. Each case
runs in a process of its own.
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


def sales_file(rows: int, *, is_mixed: bool, is_bad: bool = False) -> Path:
    """Return a file of *rows* rows, made if missing: five an invoice, neighbours or not.

    In a bad one a line of each invoice has no number for a price.
    """
    kind = "bad" if is_bad else "mixed" if is_mixed else "sorted"
    path = WORK / f"sales-{rows}-{kind}.csv"
    if not path.exists():
        say(f"making {path.name} (once)")
        order = list(range(rows))
        if is_mixed:
            random.Random(MIXED_BY).shuffle(order)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(map(_bad_row if is_bad else _row, order))
    return path


def orders_file(rows: int) -> Path:
    """Return a file with one row an invoice; beside it stands that of its *rows* lines, mixed."""
    folder, order = WORK / f"orders-{rows}", list(range(rows))
    path = folder / "orders.csv"
    if not path.exists():
        say(f"making {folder.name} (once)")
        folder.mkdir(exist_ok=True)
        random.Random(MIXED_BY).shuffle(order)
        with (folder / "details.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow((HEADER[0], *HEADER[3:]))
            csv.writer(file).writerows(map(_detail, order))
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(HEADER[:3])
            csv.writer(file).writerows(_row(number)[:3] for number in range(0, rows, LINES))
    return path


def _detail(number: int) -> tuple[str, ...]:
    invoice, _, _, *line = _row(number)
    return (invoice, *line)


def _row(number: int) -> tuple[str, ...]:
    price = f"{number % 9999}.{number % 100:02d}"
    item = f"Item number {number % 997}"
    invoice = f"INV-{number // LINES:07d}"
    return invoice, "4600000000000200001", "2024-03-31", item, str(number % 9 + 1), price, ""


def _bad_row(number: int) -> tuple[str, ...]:
    row = _row(number)
    return row if number % LINES else (*row[:5], "cheap", row[6])


def check_one(path: Path, mapping: Path) -> None:
    """Check *path* in this process and print what it took as one JSON line."""
    pin(1)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        began = perf_counter()
        report = check_file(path, mapping, runs=Path(folder), workers=1)
        took_s = perf_counter() - began
    told = {"ready": report.ready, "documents": report.calls_needed, "took_s": took_s}
    print(json.dumps({**told, "warnings": len(report.warnings), "peak_mib": peak_mib()}))


def checked(name: str, path: Path, mapping: str, *, ready: int, lines: int, calls: int) -> bool:
    """Check *path* in a process of its own and print the figures; False if it lacks a row."""
    command = [sys.executable, __file__, "--one", str(path), str(HERE / mapping)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(ended.stdout)
    found = (told["ready"], told["documents"], told["warnings"])
    if found != (ready, calls, 0):
        say(f"{name}: rows ready, documents and warnings are {found}")
        return False
    print(f"check_documents_{name}_rows_per_s {lines / told['took_s']:.0f} rows/s", flush=True)
    print(f"check_documents_{name}_peak {told['peak_mib']:.2f} MiB", flush=True)
    return True


def main() -> int:
    """Print the figures; return 1 when a check does not find every row and document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--one", type=Path, nargs=2, help="check this file by this mapping only")
    asked = parser.parse_args()
    if asked.one:
        check_one(*asked.one)
        return 0
    WORK.mkdir(exist_ok=True)
    rows, invoices = asked.rows, -(-asked.rows // LINES)
    fine = (
        checked(
            "sorted",
            sales_file(rows, is_mixed=False),
            "documents.yml",
            ready=rows,
            calls=invoices,
            lines=rows,
        )
        and checked(
            "mixed",
            sales_file(rows, is_mixed=True),
            "documents.yml",
            ready=rows,
            calls=invoices,
            lines=rows,
        )
        and checked(
            "bad",
            sales_file(rows, is_mixed=True, is_bad=True),
            "documents.yml",
            ready=0,
            calls=0,
            lines=rows,
        )
        and checked(
            "apart", orders_file(rows), "orders.yml", ready=invoices, calls=invoices, lines=rows
        )
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
