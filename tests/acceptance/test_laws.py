"""Laws that hold for every sheet, over the steps as the jobs wire them."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from zbbulk.jobs.check_job import check_file
from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.model import ReadOptions
from zbbulk.rows import open_sheet
from zbbulk.zoho.wire import json_bytes

MAPPING = "zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price, description: Note}\n"
PROGRAM = compile_mapping(
    parse_mapping(MAPPING, file="m.yml"), ["Item", "Price", "Note"], file="f.csv", typed=False
)
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12
    )
)
def test_a_number_that_is_read_is_sent_digit_for_digit(amount):
    written = format(amount, "f")
    record, faults = PROGRAM.convert(["Pen", written, ""])
    assert faults is None
    assert record["rate"] == amount
    (sent,) = re.findall(rb'"rate": ?([^,}]+)', json_bytes(record))
    assert sent.decode() == written
    assert Decimal(sent.decode()) == amount


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12))
def test_every_row_comes_back_once_in_order_and_reads_as_before(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("Item", "Price", "Note"), *rows])
    with TemporaryDirectory() as name:
        sheet, mapping = Path(name) / "shop.csv", Path(name) / "m.yml"
        sheet.write_text(text.getvalue(), encoding="utf-8", newline="")
        mapping.write_text(MAPPING, encoding="utf-8")
        report = check_file(sheet, mapping, runs=Path(name) / "runs")
        result = open_sheet(report.result, options=ReadOptions())
        given_rows = [tuple(row.cells) for row in open_sheet(sheet, options=ReadOptions()).rows()]
        told = [tuple(row.cells) for row in result.rows()]
    assert result.header[3:] == ("zb_status", "zb_id", "zb_code", "zb_message", "zb_fix")
    assert [row[:3] for row in told] == given_rows
    assert report.rows == len(given_rows)
    assert {row[3] for row in told} <= {"ready", "rejected", "skipped"}


@given(st.text(max_size=30))
def test_no_cell_makes_the_row_function_fail(cell):
    for place in range(3):
        cells = ["Pen", "1", ""]
        cells[place] = cell
        record, faults = PROGRAM.convert(cells)
        is_lost = (
            cell.strip() and not faults and ["name", "rate", "description"][place] not in record
        )
        assert not is_lost
