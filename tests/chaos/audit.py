"""Audit what an import left in a sandbox: nothing twice, nothing lost, every result row true.

Reads the sandbox's file and the result files by itself; shares no code with zbbulk.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

KEYS = {
    "contacts": ("contact_name", "Name", "contact_id"),
    "items": ("name", "Item", "item_id"),
    "invoices": ("invoice_number", "No", "invoice_id"),
}


class Audit(NamedTuple):
    """What was found wrong; all of it must be 0.

    Attributes:
        records: How many records of the sheets the sandbox has.
        duplicates: Records that are there more than once.
        lost: Keys of the sheets of which there is no record.
        untrue: Rows of results that do not agree with the sandbox.
    """

    records: int
    duplicates: int
    lost: int
    untrue: int

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is wrong."""
        return (self.duplicates, self.lost, self.untrue) == (0, 0, 0)


def audit(folder: Path) -> Audit:
    """Audit the sandbox in ``folder/books.sqlite`` and the results in ``folder/runs``."""
    totals = [_of_resource(folder, name) for name in KEYS]
    return Audit(*(sum(column) for column in zip(*totals, strict=True)))


def _of_resource(folder: Path, name: str) -> tuple[int, int, int, int]:
    field, column, id_field = KEYS[name]
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        wanted = {row[column] for row in csv.DictReader(file)}
    stored = [record for record in _records(folder, name) if record[field] in wanted]
    counts = Counter(record[field] for record in stored)
    by_key = {record[field]: record for record in stored}
    duplicates = sum(number - 1 for number in counts.values())
    untrue = sum(
        not _is_true(row, by_key.get(row[column]), id_field) for row in _result(folder, name)
    )
    return len(stored), duplicates, len(wanted - set(by_key)), untrue


def _records(folder: Path, name: str) -> list[dict]:
    link = sqlite3.connect(folder / "books.sqlite")
    found = link.execute("SELECT body FROM records WHERE resource = ?", (name,)).fetchall()
    link.close()
    return [json.loads(body, parse_float=Decimal) for (body,) in found]


def _result(folder: Path, name: str) -> list[dict]:
    found = sorted(folder.glob(f"runs/*-{name}*/result.csv"))  # two of a second end in -2
    if len(found) != 1:
        there = sorted(str(path.relative_to(folder)) for path in folder.glob("runs/*/*"))
        raise LookupError(f"{len(found)} results of {name}: {there}")
    with found[0].open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _is_true(row: dict, record: dict | None, id_field: str) -> bool:
    """Tell whether a result row says of its record what the sandbox has."""
    if record is None or (row["zb_status"], row["zb_id"]) != ("created", str(record[id_field])):
        return False
    if "No" not in row:
        return True
    lines = {line["name"]: Decimal(str(line["rate"])) for line in record["line_items"]}
    return record["status"] == "sent" and lines.get(row["Thing"]) == Decimal(row["Price"])


if __name__ == "__main__":
    told = audit(Path(sys.argv[1]))
    print(told)
    sys.exit(not told.is_clean)
