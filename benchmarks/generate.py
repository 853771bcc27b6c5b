"""Make the items file that a shop would export: 28 columns, seeded, 1 % bad rows.

The same rows and seed give the same file, byte for byte for CSV. In every full hundred
of rows one is bad, where the seed says; the kinds of ``BAD_KINDS`` take turns.
Knows nothing of zbbulk: what a bad row leads to is the business of who reads it.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HEADER = (
    "SKU",
    "Item Name",
    "Description",
    "Unit",
    "Selling Price",
    "Cost",
    "Purchase Note",
    "Reorder Level",
    "Item Type",
    "Goods or Service",
    "Taxable",
    "Tax ID",
    "Tax %",
    "Exemption ID",
    "HSN Code",
    "Sales Account ID",
    "Purchase Account ID",
    "Stock Account ID",
    "Vendor ID",
    "Location ID",
    "Opening Stock",
    "Opening Rate",
    "Brand",
    "Colour",
    "Barcode",
    "Old Code",
    "Shelf",
    "Last Changed",
)

NUMBERS = ("Selling Price", "Cost", "Reorder Level", "Tax %", "Opening Stock", "Opening Rate")
"""The columns that hold numbers; in a workbook their cells are numbers too."""

BAD_KINDS = (
    "not_a_number",
    "name_too_long",
    "unknown_type",
    "blank_name",
    "duplicate_sku",
    "bad_id",
    "not_yes_or_no",
    "extra_cell",
    "two_faults",
)

NAME_LIMIT = 100  # characters; Zoho Books API, create an item, name

_THINGS = ("Steel hinge", "Wood screw", "Café table", "Copper pipe", "Desk lamp", "Door handle")
_SIZES = ("20 mm", "40 mm", "1/2 inch", "M8", "A4", "large")
_UNITS = ("Nos", "Nos", "Nos", "Kg", "Box", "m", "")
_BRANDS = ("Acme", "Godrej", "Bosch", "Müller & Söhne", "No name", "")
_COLOURS = ("red", "blue", "steel grey", "", "", "")
_TYPES = ("Sale", "Both", "Stock")
_ACCOUNTS = tuple(f"4600000000{number:08d}" for number in range(388001, 388009))
_TAXES = (("460000000000017001", "18"), ("460000000000017003", "12"), ("460000000000017005", "5"))
_SENTENCES = (
    "Fits all common frames and is delivered with its screws.",
    "Galvanised, for indoor and outdoor use.",
    "Order in full boxes only",
    "Made to measure, no return.",
    "Replaces the older model of the same size, see the catalogue of 2019.",
    'The 5" version of the one above, with a longer arm.',
)
_TWO_LINES = "First line of the old system's note,\nand its second line."

_SKU, _NAME, _PRICE, _TYPE, _TAXABLE, _ACCOUNT = (
    HEADER.index(name)
    for name in ("SKU", "Item Name", "Selling Price", "Item Type", "Taxable", "Sales Account ID")
)


def rows_of(rows: int, seed: int) -> Iterator[tuple[list[str], str]]:
    """Yield *rows* rows as text, each with its kind of ``BAD_KINDS`` or "" for a good row."""
    draw = random.Random(seed)
    bad_at = -1
    for number in range(rows):
        if number % 100 == 0 and number + 100 <= rows:
            bad_at = number + draw.randrange(1, 100)  # the first row stays good: it has the SKU
        cells = _good_row(number, draw)
        kind = ""
        if number == bad_at:
            kind = BAD_KINDS[number // 100 % len(BAD_KINDS)]
            _spoil(cells, kind=kind, number=number)
        yield cells, kind


def _good_row(number: int, draw: random.Random) -> list[str]:
    choice = draw.choice
    cents = draw.randrange(500, 900_000)
    thing, brand, kind = choice(_THINGS), choice(_BRANDS), choice(_TYPES)
    stocked = kind == "Stock"
    bought = kind != "Sale"
    cost = f"{cents * 0.006:.2f}"
    return [
        _sku(number),
        f"{thing} {choice(_SIZES)} no. {number}",
        _description(draw),
        choice(_UNITS),
        f"{cents / 100:.2f}",
        cost if bought else "",
        "Ask for the discount" if cents % 9 == 0 else "",
        str(cents % 40) if stocked else "",
        kind,
        "Goods" if cents % 5 else "Service",
        *_tax_cells(draw),
        f"8302{cents % 10000:04d}" if cents % 7 else "",
        choice(_ACCOUNTS),
        choice(_ACCOUNTS) if bought else "",
        choice(_ACCOUNTS) if stocked else "",
        f"460000000000{cents % 900 + 100:06d}" if bought and cents % 3 else "",
        "460000000000041001" if stocked else "",
        str(cents % 500) if stocked else "",
        cost if stocked else "",
        brand,
        choice(_COLOURS),
        f"890{number:010d}",
        f"{number * 7 % 1_000_000:06d}",
        f"{'ABCDEF'[cents % 6]}{cents % 90 + 10}" if stocked else "",
        f"2024-{cents % 12 + 1:02d}-{cents % 28 + 1:02d}",
    ]


def _sku(number: int) -> str:
    return f"SH-{number + 1:07d}"


def _description(draw: random.Random) -> str:
    dice = draw.random()
    if dice < 0.005:
        return _TWO_LINES
    if dice < 0.2:
        return ""
    sentence = draw.choice(_SENTENCES)
    return f"{sentence} {draw.choice(_SENTENCES)}" if dice < 0.6 else sentence


def _tax_cells(draw: random.Random) -> tuple[str, str, str, str]:
    """Return Taxable, Tax ID, Tax % and Exemption ID."""
    if draw.random() < 0.1:
        return "No", "", "", "460000000000019001"
    tax_id, percent = draw.choice(_TAXES)
    return "Yes", tax_id, percent, ""


def _spoil(cells: list[str], *, kind: str, number: int) -> None:
    wrong = {
        "not_a_number": {_PRICE: "on request"},
        "name_too_long": {_NAME: f"{cells[_NAME]} ".ljust(NAME_LIMIT + 20, "x")},
        "unknown_type": {_TYPE: "Sundry"},
        "blank_name": {_NAME: ""},
        "duplicate_sku": {_SKU: _sku(number // 100 * 100)},
        "bad_id": {_ACCOUNT: "Sales - domestic"},
        "not_yes_or_no": {_TAXABLE: "partly"},
        "extra_cell": {},
        "two_faults": {_NAME: "", _PRICE: "12.50.1"},
    }
    for index, text in wrong[kind].items():
        cells[index] = text
    if kind == "extra_cell":
        cells.append("see the catalogue")


def items(path: Path, rows: int, seed: int = 7) -> dict[str, int]:
    """Write the file (``.csv`` or ``.xlsx``) and return how many rows are bad, by kind."""
    write = _write_workbook if path.suffix == ".xlsx" else _write_csv
    unfinished = path.with_name(f"unfinished-{path.name}")
    counted = write(unfinished, rows, seed)
    unfinished.replace(path)
    return dict(counted)


def _write_csv(path: Path, rows: int, seed: int) -> Counter[str]:
    counted: Counter[str] = Counter()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for cells, kind in rows_of(rows, seed):
            writer.writerow(cells)
            if kind:
                counted[kind] += 1
    return counted


def _write_workbook(path: Path, rows: int, seed: int) -> Counter[str]:
    from openpyxl import Workbook  # noqa: PLC0415 - heavy

    counted: Counter[str] = Counter()
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Items")
    sheet.append(HEADER)
    numeric = [HEADER.index(name) for name in NUMBERS]
    for cells, kind in rows_of(rows, seed):
        sheet.append(_as_typed(cells, numeric))
        if kind:
            counted[kind] += 1
    workbook.save(path)
    return counted


def _as_typed(cells: list[str], numeric: list[int]) -> list[str | float | None]:
    typed: list[str | float | None] = [text or None for text in cells]
    for index in numeric:
        if cells[index].replace(".", "", 1).isdigit():
            typed[index] = float(cells[index])
    return typed


def main() -> None:
    """Write one file and print the bad rows by kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, help="file to write, .csv or .xlsx")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    for kind, count in items(asked.path, asked.rows, asked.seed).items():
        print(kind, count)


if __name__ == "__main__":
    main()
