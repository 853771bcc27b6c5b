import csv
import io
import pickle

import pytest

from zbbulk.model import Outcome, Status
from zbbulk.results.csv_layout import CsvLayout
from zbbulk.results.outcomes import READY

REFUSED = Outcome(
    status=Status.REJECTED, code="ZB204", message='no "number", sorry', fix="mend\nit"
)


def layout(header=("a", "b", "c"), **more):
    return CsvLayout(**{"header": header, "delimiter": ",", "line_end": "\n"} | more)


@pytest.mark.parametrize(
    ("raw", "n_cells", "row"),
    [
        pytest.param("1,2,3\r\n", 3, "1,2,3,ready,,,,", id="as-long-as-the-header"),
        pytest.param("1,2,3", 3, "1,2,3,ready,,,,", id="no-line-end-at-the-end-of-the-file"),
        pytest.param("1\n", 1, "1,,,ready,,,,", id="short"),
        pytest.param("\n", 0, ",,,ready,,,,", id="blank"),
        pytest.param("1,2,3,4,5\n", 5, "1,2,3,ready,,,,,4,5", id="long"),
        pytest.param('"1,1",2,"3""",4\n', 4, '"1,1",2,"3""",ready,,,,,4', id="long-with-quotes"),
        pytest.param('5" x,2," 3",,\n', 5, '5" x,2," 3",ready,,,,,,', id="long-with-a-lone-quote"),
        pytest.param(
            '"1"x"y,2,3,4\n', 4, '"1"x"y,2,3,ready,,,,,4', id="long-letters-behind-quotes"
        ),
        pytest.param(' 1 ,"2\n2","3\n"\n', 3, ' 1 ,"2\n2","3\n",ready,,,,', id="lines-in-quotes"),
    ],
)
def test_a_row_keeps_its_own_text_and_ours_stands_under_its_names(raw, n_cells, row):
    assert layout().row(raw, n_cells, READY) == row


def test_our_texts_are_put_in_quotes_where_they_need_it():
    suffix = layout(delimiter=";").suffix(REFUSED)
    assert suffix == ';rejected;;ZB204;"no ""number"", sorry";"mend\nit"'


def test_the_head_is_the_users_own_text_with_our_names_behind_it():
    own = layout(preamble='\ufeffItems of\r\n2024\r\n"a" , b,c\r\n', line_end="\r\n")
    ours = "zb_status,zb_id,zb_code,zb_message,zb_fix"
    assert own.head() == f'Items of\r\n2024\r\n"a" , b,c,{ours}\r\n'


def test_the_head_is_written_anew_when_there_is_no_text_of_it():
    own = layout(header=("a;b", 'c"d'), delimiter=";")
    assert own.head() == '"a;b";"c""d";zb_status;zb_id;zb_code;zb_message;zb_fix\n'


def test_empty_columns_behind_the_header_count_as_the_users_own():
    own = layout(header=("a", "b"), preamble="a,b,,\n")
    assert own.width == 4
    assert own.head().startswith("a,b,,,zb_status,")
    assert own.row("1,2\n", 2, READY) == "1,2,,,ready,,,,"


def test_a_header_text_shorter_than_the_header_is_padded():
    own = layout(header=("a", "b", "c"), preamble="a\n")
    assert own.head().startswith("a,,,zb_status,")


def test_a_patched_row_tells_both_and_keeps_all_else():
    own = layout()
    row = own.row('"1,\n1",2,3,4,=5\n', 5, REFUSED)
    again = own.patched(row, Outcome(status=Status.REJECTED, code="ZB306", message="=twice"))
    cells = next(csv.reader(io.StringIO(again, newline="")))
    assert cells[:3] == ["1,\n1", "2", "3"]
    assert cells[3:8] == [
        "rejected",
        "",
        "ZB204 ZB306",
        'no "number", sorry | =twice',
        "mend\nit",
    ]
    assert cells[8:] == ["4", "=5"]


def test_a_layout_can_be_handed_to_another_process():
    own = layout(preamble="a,b,c,\n")
    assert pickle.loads(pickle.dumps(own)) == own
