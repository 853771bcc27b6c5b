import pytest

from zbbulk.errors import SourceError
from zbbulk.rows.header import checked_header, column_letter


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_a_column_is_named_as_in_a_spreadsheet(index, letter):
    assert column_letter(index) == letter


def test_names_are_trimmed_and_numbers_become_text():
    assert checked_header([" Name ", 2024.0, "\u00a0Rate"], file="f", row=1) == (
        "Name", "2024", "Rate",
    )  # fmt: skip


def test_all_faults_of_a_header_are_told_at_once():
    with pytest.raises(SourceError) as caught:
        checked_header(["Name", "", "Rate ", "Name", " ", "Rate"], file="f.csv", row=3)
    assert [
        (problem.code, problem.at.row, problem.at.column, problem.message)
        for problem in caught.value.problems
    ] == [
        ("ZB105", 3, "B", "Column B has no name."),
        ("ZB106", 3, "Name", "Columns A and D are both named 'Name'."),
        ("ZB105", 3, "E", "Column E has no name."),
        ("ZB106", 3, "Rate", "Columns C and F are both named 'Rate'."),
    ]
    assert caught.value.code == "ZB105"
    assert str(caught.value.at) == "f.csv:3"


def test_columns_are_counted_from_where_the_sheet_begins():
    with pytest.raises(SourceError) as caught:
        checked_header(["Name", ""], file="f.xlsx", row=4, first_column=2)
    assert caught.value.message == "Column D has no name."
    assert "D4" in caught.value.fix


def test_names_that_differ_in_capitals_are_two_names():
    assert checked_header(["Name", "name"], file="f", row=1) == ("Name", "name")
