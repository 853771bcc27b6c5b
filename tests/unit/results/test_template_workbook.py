"""The workbook that is written to be filled in, read back by openpyxl."""

import openpyxl
import pytest

from zbbulk.errors import ResultError
from zbbulk.results import Need, Template, TemplateColumn, write_template

COUNTRIES = tuple(f"Country {number}" for number in range(40))


def column(name, **facts):
    return TemplateColumn(name=name, fields=(name.lower(),), about=(f"{name}: text",), **facts)


@pytest.fixture
def written(tmp_path):
    """Write a template of these columns and return the workbook as read back."""

    def write(*columns, sheet="Items", header_row=1):
        path = tmp_path / "t.xlsx"
        template = Template(
            sheet=sheet, header_row=header_row, columns=columns, intro=("A title", "What to do")
        )
        write_template(template, path)
        return openpyxl.load_workbook(path)

    return write


def lists(page):
    return {
        str(each.sqref): (each.type, each.formula1, each.showErrorMessage)
        for each in page.data_validations.dataValidation
    }


def test_the_headers_stand_in_their_row_and_stay_in_sight(written):
    page = written(column("Code"), column("=Name"), sheet="Prices", header_row=3)["Prices"]
    assert [cell.value for cell in page[3]] == ["Code", "=Name"]
    assert {cell.data_type for cell in page[3]} == {"s"}
    assert [cell.value for row in page["A1:B2"] for cell in row] == [None] * 4
    assert page.max_row == 3
    assert page.freeze_panes == "A4"


def test_each_header_has_its_note(written):
    page = written(TemplateColumn(name="A", fields=("a",), about=("One", "Two")))["Items"]
    assert page["A1"].comment.text == "One\nTwo"


def test_the_cells_below_take_the_format_and_the_width(written):
    page = written(column("A", number_format="@", width=22), column("B"))["Items"]
    assert page.column_dimensions["A"].number_format == "@"
    assert page.column_dimensions["A"].width == 22
    assert page.column_dimensions["B"].number_format == "General"


def test_required_headers_look_different(written):
    page = written(*(column(need.name, need=need) for need in Need))["Items"]
    looks = {(cell.fill.start_color.rgb, cell.font.color.rgb) for cell in page[1]}
    assert len(looks) == len(Need)
    assert [cell.font.bold for cell in page[1]] == [True, True, False]


def test_a_short_list_is_in_the_drop_down_itself(written):
    book = written(column("A"), column("B", choices=("x", "y")))
    assert lists(book["Items"]) == {"B2:B1048576": ("list", '"x,y"', True)}
    assert book.sheetnames == ["Items", "Read me"]


def test_other_words_are_let_through_where_the_mapping_takes_them(written):
    page = written(column("A", choices=("x",), only_choices=False), header_row=2)
    assert lists(page["Items"]) == {"A3:A1048576": ("list", '"x"', False)}


@pytest.mark.parametrize(
    "choices",
    [COUNTRIES, ("a, b", "c"), ('say "a"',)],
    ids=["more-than-255-characters", "with-a-comma", "with-a-quote"],
)
def test_a_list_that_excel_can_not_keep_in_the_drop_down_is_on_a_hidden_sheet(written, choices):
    book = written(column("A", choices=choices))
    last = len(choices) + 1
    assert lists(book["Items"]) == {"A2:A1048576": ("list", f"'Lists'!$A$2:$A${last}", True)}
    assert book["Lists"].sheet_state == "hidden"
    kept = [cell.value for (cell,) in book["Lists"][f"A2:A{last}"]]
    assert tuple(kept) == choices


def test_each_long_list_has_a_column_of_its_own(written):
    book = written(column("A", choices=COUNTRIES), column("B", choices=("a, b",)))
    assert [formula for _, formula, _ in lists(book["Items"]).values()] == [
        "'Lists'!$A$2:$A$41",
        "'Lists'!$B$2:$B$2",
    ]
    assert book["Lists"]["B2"].value == "a, b"


def test_a_list_of_just_255_characters_needs_no_sheet(written):
    book = written(column("A", choices=("x" * 127, "y" * 127)))
    assert "Lists" not in book.sheetnames
    assert "Lists" in written(column("A", choices=("x" * 127, "y" * 128))).sheetnames


def test_the_page_that_explains_has_a_line_a_column(written):
    book = written(
        column("Code", need=Need.ALWAYS, choices=("a", "b")),
        TemplateColumn(name="N", fields=("n", "m")),
    )
    lines = list(book["Read me"].iter_rows(values_only=True))
    assert [line[0] for line in lines] == ["A title", "What to do", None, "Column", "Code", "N"]
    assert lines[4] == ("Code", "code", "required", "Code: text", "a, b")
    assert lines[5][:3] == ("N", "n\nm", None)


def test_a_sheet_that_is_called_like_ours_is_no_trouble(written):
    book = written(column("A", choices=("a, b",)), sheet="Lists")
    assert book.sheetnames == ["Lists", "Read me", "Lists1"]
    assert lists(book["Lists"]) == {"A2:A1048576": ("list", "'Lists1'!$A$2:$A$2", True)}


def test_a_folder_that_is_not_there_is_told(tmp_path):
    template = Template(sheet="A", header_row=1, columns=(), intro=())
    with pytest.raises(ResultError):
        write_template(template, tmp_path / "none" / "t.xlsx")
