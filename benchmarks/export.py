"""Measure the calls that exports make, beside the calls that they need, in the sandbox.

    python benchmarks/export.py

5,000 items as the list shows them and with their details, and 1,000 invoices with their lines.
Needed are a call for each 200 records of the list, for each 100 items and for each invoice.
Then a mirror of the items is imported as it is, and with one cell changed.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from cases import WORK, CaseFailedError, say

if TYPE_CHECKING:
    from zbbulk.sandbox import Sandbox

ITEMS, INVOICES = 5000, 1000
SPEED = 6000.0
"""The sandbox's clock: a minute of Zoho's limits lasts a hundredth of a second."""


def main() -> int:
    """Run all cases; print ``name value unit`` lines."""
    from zbbulk.sandbox import Sandbox  # noqa: PLC0415 - heavy

    WORK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as name:
        folder = Path(name)
        with Sandbox(None, speed=SPEED, per_day=0) as sandbox:
            say("filling the books")
            fill(sandbox)
            listed = export(sandbox, "items", folder / "items.csv", details=False, needed=25)
            export(sandbox, "items", folder / "details.csv", details=True, needed=75)
            export(sandbox, "invoices", folder / "invoices.csv", details=None, needed=1005)
            come_back(sandbox, *listed)
    return 0


def fill(sandbox: Sandbox) -> None:
    """Put items, a contact and invoices into the books."""
    numbers = range(1, ITEMS + 1)
    sandbox.enter("items", ({"name": f"Item {n}", "sku": f"{n:05}", "rate": n} for n in numbers))
    (contact,) = sandbox.enter("contacts", [{"contact_name": "Acme"}])
    lines = [{"name": "Pen", "quantity": 2, "rate": Decimal("1.50")}]
    sandbox.enter(
        "invoices",
        (
            {"customer_id": contact["contact_id"], "invoice_number": f"I-{n}", "line_items": lines}
            for n in range(INVOICES)
        ),
    )


def export(
    sandbox: Sandbox, resource: str, path: Path, *, details: bool | None, needed: int
) -> tuple[Path, Path]:
    """Export, print the calls used beside those needed, and return file and mapping.

    Raises:
        CaseFailedError: more calls were made than needed.
    """
    from zbbulk.jobs.export_job import export_records  # noqa: PLC0415 - heavy
    from zbbulk.jobs.export_request import ExportRequest  # noqa: PLC0415 - heavy
    from zbbulk.jobs.target import sandbox_target  # noqa: PLC0415 - heavy

    request = ExportRequest(resource=resource, output=path, details=details)
    begun = perf_counter()
    report = export_records(request, target=sandbox_target(sandbox), runs=path.parent / "runs")
    name = f"export_{path.stem}"
    print(f"{name}_calls_used {report.calls} calls")
    print(f"{name}_calls_needed {needed} calls")
    print(f"{name}_time {perf_counter() - begun:.2f} s", flush=True)
    if report.calls != needed:
        raise CaseFailedError(f"{name}: {report.calls} calls, {needed} needed")
    if report.file is None or report.mapping is None:
        raise CaseFailedError(f"{name}: nothing was written")
    return report.file, report.mapping


def come_back(sandbox: Sandbox, file: Path, mapping: Path) -> None:
    """Import the mirror of the items unchanged, and with one cell changed; print the calls."""
    send(sandbox, file, mapping, name="mirror_unchanged", writes=0)
    with file.open(encoding="utf-8-sig", newline="") as sheet:
        header, *rows = csv.reader(sheet)
    rows[0][header.index("Rate")] = "9.99"
    with file.open("w", encoding="utf-8-sig", newline="") as sheet:
        csv.writer(sheet).writerows([header, *rows])
    send(sandbox, file, mapping, name="mirror_one_cell", writes=1)


def send(sandbox: Sandbox, file: Path, mapping: Path, *, name: str, writes: int) -> None:
    """Import a mirror and print its calls.

    Raises:
        CaseFailedError: it wrote more than was changed.
    """
    from zbbulk.jobs.import_job import import_file  # noqa: PLC0415 - heavy
    from zbbulk.jobs.target import sandbox_target  # noqa: PLC0415 - heavy

    before, begun = len(sandbox.requests()), perf_counter()
    import_file(file, mapping, target=sandbox_target(sandbox), runs=file.parent / "back")
    made = [each for each in sandbox.requests()[before:] if "/oauth/" not in each.path]
    written = sum(each.method != "GET" for each in made)
    print(f"{name}_calls_that_write {written} calls")
    print(f"{name}_calls_that_read {len(made) - written} calls")
    print(f"{name}_time {perf_counter() - begun:.2f} s", flush=True)
    if written != writes:
        raise CaseFailedError(f"{name}: {written} calls that write, {writes} cells changed")


if __name__ == "__main__":
    sys.exit(main())
