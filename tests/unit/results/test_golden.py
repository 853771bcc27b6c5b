import csv
from pathlib import Path

import pytest

from zbbulk.model import Block, Outcome, Row, Status
from zbbulk.results import READY, CsvLayout, write_csv_result

CASES = Path(__file__).parents[2] / "golden" / "results"

OUTCOMES = {
    3: READY,
    4: Outcome(
        status=Status.CREATED, zb_id="460000000000097002", message="The item has been added."
    ),
    5: Outcome(
        status=Status.REJECTED,
        code="ZB204",
        message="'Rate' is not a number like 1250.00: '12;50'",
        fix="Write digits and one decimal point, e.g. 12.50.",
    ),
    6: Outcome(status=Status.SKIPPED),
    7: Outcome(
        status=Status.FAILED, code="1001", message="=Item “Pen” already exists.", fix="Rename it."
    ),
    8: Outcome(status=Status.REJECTED, code="ZB107", message="8 cells", fix="Quote the cell."),
}


def rows_of(text):
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=";")
    done = 0
    for number, cells in enumerate(reader, start=1):
        yield Row(number, cells, "".join(lines[done : reader.line_num]))
        done = reader.line_num


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_the_sheet_comes_back_as_in_the_golden_file(case, tmp_path, update_golden):
    above, header, *rows = rows_of((case / "rows.csv").read_bytes().decode("utf-8"))
    layout = CsvLayout(
        header=tuple(header.cells),
        preamble=above.raw + header.raw,
        delimiter=";",
        line_end="\r\n",
    )
    target = tmp_path / "result.csv"
    block = Block(rows[0].number, [row.cells for row in rows], [row.raw for row in rows])
    write_csv_result([block], OUTCOMES.get, target=target, layout=layout)
    if update_golden:
        (case / "result.csv").write_bytes(target.read_bytes())
    assert target.read_bytes() == (case / "result.csv").read_bytes()
