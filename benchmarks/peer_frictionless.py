"""Case of the benchmark: frictionless validates the same CSV file by a table schema.

It is the nearest peer that checks rows without writing code. The schema says the same
of each column as the mapping and the JSON Schema do, as far as a table schema can; no
record is built and no result file is written, so it does less than ``zbbulk check``.
Runs in an environment of its own, which has neither zbbulk nor its libraries.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from frictionless import (  # type: ignore[import-not-found] # in an environment of its own
    Checklist,
    Resource,
    Schema,
)
from measure import Counts, measure

_ID = r"[0-9]{1,25}"
_TEXTS: dict[str, int] = {
    "SKU": 100,
    "Item Name": 100,
    "Description": 2000,
    "Unit": 100,
    "Purchase Note": 2000,
    "HSN Code": 100,
    "Brand": 100,
    "Colour": 100,
    "Barcode": 100,
    "Old Code": 100,
    "Shelf": 100,
}
_REQUIRED = ("SKU", "Item Name", "Selling Price")
_WORDS = {"Item Type": ["Sale", "Both", "Stock"], "Goods or Service": ["Goods", "Service"]}


def field(name: str) -> dict[str, Any]:
    """Return the table schema's description of one column."""
    needed = {"required": name in _REQUIRED}
    if name in _TEXTS:
        return {
            "name": name,
            "type": "string",
            "constraints": {"maxLength": _TEXTS[name], **needed},
        }
    if name in _WORDS:
        return {"name": name, "type": "string", "constraints": {"enum": _WORDS[name], **needed}}
    if name.endswith(" ID"):
        return {"name": name, "type": "string", "constraints": {"pattern": _ID}}
    if name == "Taxable":
        yes_no = {"trueValues": ["Yes", "yes"], "falseValues": ["No", "no"]}
        return {"name": name, "type": "boolean", **yes_no}
    if name == "Last Changed":
        return {"name": name, "type": "date"}
    return {"name": name, "type": "number", "constraints": needed}


def validate(path: Path, folder: Path, cores: int) -> Counts:
    """Validate *path*; *folder* and *cores* are not used."""
    del folder, cores
    with path.open(encoding="utf-8") as file:
        header = file.readline().strip().split(",")
    described = {"fields": [field(name) for name in header], "primaryKey": ["SKU"]}
    schema = Schema.from_descriptor(described)
    source = Resource(
        path=path.name, basepath=str(path.parent), schema=schema, encoding="utf-8", format="csv"
    )
    report = source.validate(Checklist(), limit_errors=1_000_000)
    task = report.tasks[0]
    bad = {error.row_number for error in task.errors if hasattr(error, "row_number")}
    rows = int(task.stats["rows"])
    return Counts(rows, rows - len(bad), len(bad))


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    measure(validate)
