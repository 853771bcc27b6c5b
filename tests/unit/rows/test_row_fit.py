import pytest

from zbbulk.model import Row
from zbbulk.rows import padded, row_faults

HEADER = ("Name", "Rate")


@pytest.mark.parametrize(
    ("cells", "fitted"),
    [
        ([], ["", ""]),
        (["a"], ["a", ""]),
        (["a", "b"], ["a", "b"]),
        (["a", "b", "c"], ["a", "b"]),
    ],
)
def test_a_row_is_brought_to_the_width_of_the_header(cells, fitted):
    assert list(padded(cells, 2)) == fitted


@pytest.mark.parametrize("cells", [[], ["a"], ["a", "b"], ["a", "b", "", " "]])
def test_a_short_row_and_blank_cells_behind_the_end_are_no_fault(cells):
    assert row_faults(Row(2, cells, "raw\n"), HEADER) == []


def test_a_longer_row_names_the_first_cell_that_is_too_many():
    (fault,) = row_faults(Row(2, ["a", "1", "500", "x"], "raw\n"), HEADER)
    assert fault.code == "ZB107"
    assert fault.message == (
        "'500' stands behind the last column, 'Rate' (column C): the row has 4 cells, the header 2."
    )


def test_in_a_workbook_a_surplus_cell_is_told_without_talk_of_quotes():
    (fault,) = row_faults(Row(2, ["a", 1.0, 0.0]), HEADER)
    assert fault.code == "ZB107"
    assert "column without a header" in fault.message
    assert "quote" not in fault.fix
