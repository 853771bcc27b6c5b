"""Case of the benchmark: the plain loop that does the same work as ``zbbulk check``.

What one writes in an afternoon, and no worse than that: csv.DictReader (or openpyxl),
a loop over a table of fields that builds the same nested record, jsonschema with the
same schema, a dict of the keys seen, tqdm, and csv.writer (or openpyxl) for the result:
every row as it was, and the same five columns behind it. It refuses the same rows.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from jsonschema import Draft202012Validator
from measure import Counts, measure
from openpyxl import Workbook, load_workbook
from tqdm import tqdm

SCHEMA = Path(__file__).parent.parent / "schemas" / "items.schema.json"
OUTCOME = ("zb_status", "zb_id", "zb_code", "zb_message", "zb_fix")
EXTRA = "cells beyond the header"

Cells = dict[str, str]


class Rule(NamedTuple):
    """How one field is made: the first column that is not blank, turned into *kind*.

    Attributes:
        path: Where it goes; a number is the place in a list.
        columns: Where it comes from; of a template its columns.
        kind: ``text``, ``number`` or ``yes_no``.
        template: Joins the columns when given.
        words: The words of the shop and those of Zoho.
        strict: Whether a word that is not among *words* is a fault.
        case: ``upper``, ``lower`` or "".
        default: Taken for a blank cell.
        label: Of a custom field.
    """

    path: tuple[str | int, ...]
    columns: tuple[str, ...]
    kind: str = "text"
    template: str = ""
    words: dict[str, str] | None = None
    strict: bool = False
    case: str = ""
    default: str = ""
    label: str = ""


_UNITS = {"nos": "pcs", "kg": "kg", "box": "box"}
_TYPES = {"sale": "sales", "both": "sales_and_purchases", "stock": "inventory"}

RULES = (
    Rule(("name",), ("Item Name",)),
    Rule(("sku",), ("SKU",), case="upper"),
    Rule(("description",), ("Description",)),
    Rule(("unit",), ("Unit",), words=_UNITS),
    Rule(("rate",), ("Selling Price",), kind="number"),
    Rule(("purchase_rate",), ("Cost",), kind="number"),
    Rule(("purchase_description",), ("Purchase Note", "Description")),
    Rule(("reorder_level",), ("Reorder Level",), kind="number"),
    Rule(("item_type",), ("Item Type",), words=_TYPES, strict=True),
    Rule(("product_type",), ("Goods or Service",), case="lower", default="goods"),
    Rule(("is_taxable",), ("Taxable",), kind="yes_no"),
    Rule(("tax_id",), ("Tax ID",)),
    Rule(("tax_percentage",), ("Tax %",), kind="number"),
    Rule(("tax_exemption_id",), ("Exemption ID",)),
    Rule(("hsn_or_sac",), ("HSN Code",)),
    Rule(("account_id",), ("Sales Account ID",)),
    Rule(("purchase_account_id",), ("Purchase Account ID",)),
    Rule(("inventory_account_id",), ("Stock Account ID",)),
    Rule(("vendor_id",), ("Vendor ID",)),
    Rule(("locations", 0, "location_id"), ("Location ID",)),
    Rule(("locations", 0, "initial_stock"), ("Opening Stock",), kind="number"),
    Rule(("locations", 0, "initial_stock_rate"), ("Opening Rate",), kind="number"),
    Rule(("custom_fields",), ("Brand",), label="Brand"),
    Rule(("custom_fields",), ("Colour",), label="Colour"),
    Rule(("custom_fields",), ("Barcode",), label="Barcode"),
    Rule(("custom_fields",), ("Old Code",), label="Old Code"),
    Rule(("custom_fields",), ("Brand", "Shelf"), template="{Brand} / {Shelf}", label="Shelf"),
)

_YES = {"yes", "y", "true", "t", "1"}
_NO = {"no", "n", "false", "f", "0"}


class Writer(Protocol):
    """What csv and openpyxl have in common here."""

    def __call__(self, row: Iterable[Any], /) -> object:
        """Write one row."""
        ...


def to_record(cells: Cells) -> tuple[dict[str, Any], list[str]]:
    """Return the record of one row and what is wrong with its cells."""
    record: dict[str, Any] = {}
    faults = []
    for rule in RULES:
        text = _text_of(rule, cells)
        if text == "":
            continue
        try:
            value = _converted(rule, text)
        except ValueError as error:
            faults.append(f"{rule.columns[0]}: {error}")
        else:
            _put(record, rule, value)
    return record, faults


def _text_of(rule: Rule, cells: Cells) -> str:
    if rule.template:
        parts = {column: cells[column].strip() for column in rule.columns}
        return rule.template.format_map(parts).strip() if any(parts.values()) else ""
    for column in rule.columns:
        text = cells[column].strip()
        if text:
            return text
    return rule.default


def _converted(rule: Rule, text: str) -> str | bool | Decimal:
    if rule.kind == "number":
        return _number(text)
    if rule.kind == "yes_no":
        return _yes_or_no(text)
    if rule.words is not None:
        return _translated(rule, text)
    if rule.case:
        return text.upper() if rule.case == "upper" else text.lower()
    return text


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a number")
    return number


def _yes_or_no(text: str) -> bool:
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"{text!r} is neither yes nor no")


def _translated(rule: Rule, text: str) -> str:
    words = rule.words or {}
    word = words.get(text.lower())
    if word is not None:
        return word
    if rule.strict:
        raise ValueError(f"{text!r} is not one of {', '.join(words)}")
    return text


def _put(record: dict[str, Any], rule: Rule, value: object) -> None:
    if rule.label:
        record.setdefault("custom_fields", []).append({"label": rule.label, "value": value})
        return
    target: Any = record
    for key, following in zip(rule.path, rule.path[1:], strict=False):
        if isinstance(following, int):
            target = target.setdefault(key, [])
        elif isinstance(key, int):
            if len(target) == key:
                target.append({})
            target = target[key]
        else:
            target = target.setdefault(key, {})
    target[rule.path[-1]] = value


def check(path: Path, folder: Path, cores: int) -> Counts:
    """Check *path* and write the result file, on one core whatever *cores* says."""
    del cores
    opened = _workbooks if path.suffix == ".xlsx" else _csv_files
    with opened(path, folder / f"result{path.suffix}") as (rows, write):
        return _check(rows, write)


def _check(rows: Iterable[tuple[list[Any], Cells]], write: Writer) -> Counts:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    seen: dict[tuple[str, str], int] = {}
    ready = rejected = 0
    for number, (own, cells) in enumerate(tqdm(rows, mininterval=0.5, disable=False), start=2):
        record, faults = to_record(cells)
        faults += [error.message for error in validator.iter_errors(record)]
        if EXTRA in cells:
            faults.append("the row has more cells than the header")
        for key in (("sku", record.get("sku", "")), ("name", record.get("name", ""))):
            if key[1] and seen.setdefault(key, number) != number:
                faults.append(f"{key[1]!r} already stands in row {seen[key]}")
        if faults:
            rejected += 1
            write([*own, "rejected", "", "ZB300", "; ".join(faults), "Correct the cells."])
        else:
            ready += 1
            write([*own, "ready", "", "", "", ""])
    return Counts(ready + rejected, ready, rejected)


Opened = tuple[Iterable[tuple[list[Any], Cells]], Writer]


@contextmanager
def _csv_files(path: Path, result: Path) -> Iterator[Opened]:
    with (
        path.open(encoding="utf-8-sig", newline="") as source,
        result.open("w", encoding="utf-8", newline="") as target,
    ):
        reader = csv.DictReader(source, restkey=EXTRA, restval="")
        writer = csv.writer(target)
        writer.writerow([*(reader.fieldnames or ()), *OUTCOME])
        yield ((_own(cells), cells) for cells in reader), writer.writerow


def _own(cells: dict[str, Any]) -> list[Any]:
    values = list(cells.values())
    return [*values[:-1], *values[-1]] if EXTRA in cells else values


@contextmanager
def _workbooks(path: Path, result: Path) -> Iterator[Opened]:
    source = load_workbook(path, read_only=True, data_only=True)
    target = Workbook(write_only=True)
    sheet = target.create_sheet("Items")
    found = source.worksheets[0].iter_rows(values_only=True)
    header = [str(cell) for cell in next(found) if cell is not None]
    sheet.append([*header, *OUTCOME])
    yield ((list(values), _texts(header, values)) for values in found), sheet.append
    target.save(result)
    source.close()


def _texts(header: list[str], values: tuple[Any, ...]) -> Cells:
    texts = ["" if value is None else str(value) for value in values]
    cells = dict.fromkeys(header, "") | dict(zip(header, texts, strict=False))
    if any(texts[len(header) :]):
        cells[EXTRA] = "yes"
    return cells


if __name__ == "__main__":
    measure(check)
