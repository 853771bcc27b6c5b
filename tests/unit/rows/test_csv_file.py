import csv
import io
import os
import pickle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zbbulk.errors import Level, SourceError
from zbbulk.model import ReadOptions
from zbbulk.rows import csv_spans, open_sheet
from zbbulk.rows.csv_form import MAX_CELL

FRESH_FILE_EACH_TIME = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"]
LETTERS = st.text(
    st.characters(codec="windows-1252", exclude_categories=["Cc"]) | st.sampled_from('"\n\r,;|\t'),
    max_size=8,
)
GRIDS = st.lists(st.lists(LETTERS, min_size=3, max_size=3), max_size=6)


def written(grid, *, delimiter=",", line_end="\r\n"):
    text = io.StringIO()
    # With another line end older Pythons leave cells with a line break without their quotes.
    quoting = csv.QUOTE_MINIMAL if line_end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows(grid)
    return text.getvalue()


def cells(sheet):
    return [list(row.cells) for row in sheet.rows()]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_found_out(opened, encoding):
    sheet = opened("Name,Größe\r\nSchraube é,5 €\r\n".encode(encoding))
    assert sheet.form.encoding == encoding
    assert sheet.header == ("Name", "Größe")
    assert cells(sheet) == [["Schraube é", "5 €"]]


def test_utf16_with_the_high_byte_first_and_a_mark(opened):
    sheet = opened(b"\xfe\xff" + "Name,Größe\nx,y\n".encode("utf-16-be"))
    assert sheet.header == ("Name", "Größe")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_delimiter_and_line_end_are_found_out(opened, delimiter, line_end):
    grid = [["Name", "Rate", "Note"], ["Bolt", "1,5", "a;b"], ["Nut", "2,25", "x|y"]]
    sheet = opened(written(grid, delimiter=delimiter, line_end=line_end))
    assert (sheet.form.delimiter, sheet.form.line_end) == (delimiter, line_end)
    assert cells(sheet) == grid[1:]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        pytest.param("Name;Price\na;1,5\nb;2,5\n", ";", id="decimal-commas"),
        pytest.param("Name, full;Price\na;1,5\nb;2,5\n", ";", id="a-comma-in-the-header-too"),
        pytest.param('"a;b;c;d",x\n"1;2;3;4",y\n', ",", id="quoted-delimiters"),
        pytest.param("a,b,c\n1,2\n1,2\n1,2\n", ",", id="short-rows"),
        pytest.param("a,b\n", ",", id="header-only"),
        pytest.param('a|"b"\n5" pipe|"x\ny"\n', "|", id="bare-quote"),
    ],
)
def test_the_delimiter_is_the_one_that_makes_rows_as_wide_as_the_header(opened, text, delimiter):
    assert opened(text).form.delimiter == delimiter


def test_a_declared_form_wins(opened):
    sheet = opened("a;b,c\n1;2,3\n", delimiter=",", encoding="Latin-1")
    assert (sheet.form.delimiter, sheet.form.encoding) == (",", "latin-1")
    assert cells(sheet) == [["1;2", "3"]]


@pytest.mark.parametrize("encoding", ["UTF-16", "utf-16-be"])
def test_a_declared_utf16_is_read_without_a_mark(opened, encoding):
    sheet = opened("a,b\n1,ж\n".encode("utf-16-be"), encoding=encoding)
    assert cells(sheet) == [["1", "ж"]]


def test_a_declared_utf8_may_have_a_mark(opened):
    assert opened("\ufeffa,b\n", encoding="utf-8").header == ("a", "b")


def test_rows_are_numbered_as_records_and_carry_their_own_text(opened):
    text = 'Name,Note\r\nBolt,"two\r\nlines"\r\n\r\nNut,"x"'
    rows = list(opened(text).rows())
    assert [tuple(row) for row in rows] == [
        (2, ["Bolt", "two\r\nlines"], 'Bolt,"two\r\nlines"\r\n'),
        (3, [], "\r\n"),
        (4, ["Nut", "x"], 'Nut,"x"'),
    ]


def test_rows_above_the_header_are_skipped_and_kept(opened):
    sheet = opened("Price list\n\nName,Rate\nBolt,5\n", header_row=3)
    assert sheet.header == ("Name", "Rate")
    assert [row.number for row in sheet.rows()] == [4]
    assert "".join(row.raw for row in sheet.above) == "Price list\n\nName,Rate\n"


def test_rows_can_be_asked_for_again(opened):
    sheet = opened("a,b\n1,2\n3,4\n")
    assert list(sheet.rows()) == list(sheet.rows())


def test_an_opened_sheet_can_be_sent_to_another_process(opened):
    sheet = opened("a,b\n1,2\n")
    assert list(pickle.loads(pickle.dumps(sheet)).rows()) == list(sheet.rows())


def test_nul_characters_are_not_lost(opened):
    assert cells(opened(b"a,b\n1,x\0y\n")) == [["1", "x\0y"]]


def test_long_and_short_rows_come_as_they_are(opened):
    assert cells(opened("a,b\n1\n1,2,3\n")) == [["1"], ["1", "2", "3"]]


def test_one_column_is_a_warning(opened):
    (warning,) = opened("Name and Rate\nBolt\n").warnings
    assert (warning.code, warning.level, warning.at.row) == ("ZB116", Level.WARNING, 1)
    assert opened("a,b\n").warnings == ()


def test_an_empty_file_is_refused(refused):
    for content in (b"", b"\xef\xbb\xbf", b"\xff\xfe"):
        error = refused(content)
        assert error.code == "ZB102"
        assert error.at.file.endswith("items.csv")


def test_a_blank_header_row_is_refused_and_the_first_filled_row_named(refused):
    error = refused("\n ,\nName,Rate\n")
    assert (error.code, error.at.row) == ("ZB103", 1)
    assert "header_row: 3" in error.fix


def test_a_header_row_behind_the_end_is_refused(refused):
    error = refused("Name,Rate\nBolt,5\n", header_row=9)
    assert (error.code, error.at.row) == ("ZB103", 9)
    assert "only 2 rows" in error.message
    assert "header_row: 1" in error.fix


def test_a_file_of_blank_lines_has_no_header(refused):
    assert refused("\n\n\n").code == "ZB103"


def test_a_column_without_a_name_is_refused_with_its_letter(refused):
    error = refused("Name,,Rate\n1,2,3\n")
    assert (error.code, error.at.row, error.at.column) == ("ZB105", 1, "B")


def test_two_columns_of_the_same_name_are_refused(refused):
    error = refused("Name,Rate, Name\n1,2,3\n")
    assert (error.code, error.at.row, error.at.column) == ("ZB106", 1, "Name")
    assert "A and C" in error.message


def test_a_byte_that_no_encoding_has_is_refused_with_its_place(refused):
    error = refused(b'Name;Rate\r\nBolt;"two\r\nlines"\r\nNut\x81;\xe9\r\n')
    assert (error.code, error.at.row) == ("ZB104", 3)
    assert "0x81 at offset 33 " in error.message


def test_a_byte_that_a_declared_encoding_has_not_is_refused(refused):
    error = refused(b"Name,Rate\nCaf\xe9,1\n", encoding="utf-8")
    assert (error.code, error.at.row) == ("ZB104", 2)
    assert "0xE9 at offset 13 " in error.message
    assert "windows-1252" in error.fix


def test_a_damaged_utf8_file_is_not_taken_for_windows_1252(refused):
    content = "Name,Größe\nÄpfel,ö\nx,y\n".encode() + b"Caf\xe9,1\n"
    error = refused(content)
    assert (error.code, error.at.row, error.at.column) == ("ZB123", 4, "Name")
    assert f"offset {content.index(0xE9)} of the file, behind 'Caf', " in error.message


@pytest.mark.parametrize(
    ("content", "row", "column"),
    [
        pytest.param(
            "Name,Note\nÉté,ok\n".encode() + b"x,Caf\xe9\nNo\xebl,y\n", 3, "Note", id="most"
        ),
        pytest.param(b"Name,Note\n\xe9t\xe9,No\xebl\nCAF\xc9\xae,y\n", 2, "Name", id="by-chance"),
        pytest.param("Größe,".encode() + b"Pr\xe9s\nx,y\n", 1, None, id="header"),
        pytest.param("Name,é\n".encode() + b'"a\nb",x\nx,y,z\xe9\n', 3, None, id="surplus"),
    ],
)
def test_utf8_beside_bytes_that_are_none_is_refused_and_not_guessed(refused, content, row, column):
    error = refused(content)
    assert (error.code, error.at.row, error.at.column) == ("ZB123", row, column)
    assert "encoding: windows-1252" in error.fix
    assert "Mend that cell" in error.fix


def test_what_is_utf8_only_in_places_can_be_declared(opened):
    sheet = opened(b"Name,Note\n\xe9t\xe9,CAF\xc9\xae\n", encoding="windows-1252")
    assert cells(sheet) == [["été", "CAFÉ®"]]


def test_half_a_utf16_letter_at_the_end_is_refused(refused):
    error = refused("a,b\n1,2\n".encode("utf-16") + b"x")
    assert (error.code, error.at.row) == ("ZB104", 3)
    assert "0x78 at offset 18 " in error.message


@pytest.mark.parametrize("cut", [1 << 20, (1 << 20) + 1])
def test_a_bad_byte_in_a_long_file_has_its_true_offset(refused, cut):
    head = b"a,b\n"
    body = "é,1\n".encode() * (cut // 5 + 2)
    content = head + body + b"\xff,1\n"
    error = refused(content)
    assert f"0xFF at offset {len(head + body):,} of" in error.message
    assert error.at.row == len(body) // 5 + 2


def test_a_mark_that_contradicts_the_declared_encoding_is_refused(refused):
    error = refused("a,b\n".encode("utf-16"), encoding="windows-1252")
    assert error.code == "ZB104"
    assert "begins with the mark of utf-16" in error.message
    assert "encoding: utf-16`" in error.fix


def test_the_mark_of_utf8_wins_over_a_declared_encoding_and_is_told(opened):
    sheet = opened("\ufeffName,Note\nBüro,é\n", encoding="windows-1252")
    assert cells(sheet) == [["Büro", "é"]]
    assert [(each.code, each.level) for each in sheet.warnings] == [("ZB122", Level.WARNING)]
    assert "declares 'windows-1252'" in sheet.warnings[0].message
    assert opened("\ufeffa,b\n", encoding="utf-8").warnings == ()


def test_the_mark_of_utf8_does_not_win_where_not_all_bytes_bear_it_out(refused):
    assert refused(b"\xef\xbb\xbfa,b\n\xe9,1\n", encoding="windows-1252").code == "ZB104"


@pytest.mark.parametrize("encoding", ["utf-9", "base64", "a\0b"])
def test_an_unknown_encoding_is_refused(refused, encoding):
    error = refused("a,b\n", encoding=encoding)
    assert error.code == "ZB117"
    assert repr(encoding) in error.message


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n"])
def test_a_declared_delimiter_that_can_not_be_one_is_refused(refused, delimiter):
    assert refused("a,b\n", delimiter=delimiter).code == "ZB119"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('a,b\n1,2\n3,"four\n5,6\n7,8\n', id="to-the-end"),
        pytest.param('a,b\n1,2\n3,"four\n' + "5,6\n" * (MAX_CELL // 4 + 1), id="for-ever"),
    ],
)
def test_a_quote_that_is_not_closed_is_refused_with_the_row_it_began_in(refused, text):
    error = refused(text)
    assert (error.code, error.at.row) == ("ZB112", 3)
    assert "'3,\"four'" in error.message
    assert "never closed" in error.message


def test_text_behind_a_closing_quote_is_refused_with_its_row(refused):
    error = refused('a,b\n"1\n2",x\n"Bolt" M5,2\n')
    assert (error.code, error.at.row) == ("ZB112", 3)
    assert "'\"Bolt\" M5,2', something follows a closing quote." in error.message


def test_text_behind_a_quote_lines_later_shows_both_places(refused):
    error = refused('a,b\n1,"5 inch\n2,"x"\n')
    assert (error.code, error.at.row) == ("ZB112", 2)
    assert "'1,\"5 inch'" in error.message
    assert "near '2,\"x\"'" in error.message


def test_an_unclosed_quote_in_the_header_is_refused(refused):
    error = refused('"a,b\n1,2\n')
    assert (error.code, error.at.row) == ("ZB112", 1)


def test_a_workbook_named_csv_is_refused(refused):
    error = refused(b"PK\x03\x04rest", name="items.csv")
    assert error.code == "ZB110"
    assert ".xlsx" in error.fix


def test_a_file_that_changed_before_it_is_read_is_refused(opened):
    sheet = opened("a,b\n1,2\n")
    sheet.source.path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(SourceError) as caught:
        list(sheet.rows())
    assert caught.value.code == "ZB118"


@pytest.mark.parametrize("more", ["3,4\n", '3,"4\n'])
def test_a_file_that_changes_while_it_is_read_is_refused(opened, more):
    sheet = opened("a,b\n" + "1,2\n" * 9)
    rows = sheet.rows()
    next(rows)
    with sheet.source.path.open("a") as file:
        file.write(more)
    with pytest.raises(SourceError) as caught:
        list(rows)
    assert caught.value.code == "ZB118"
    assert caught.value.at.file == sheet.file


def test_a_file_rewritten_in_the_same_length_is_noticed(opened):
    sheet = opened("a,b\n1,2\n")
    os.utime(sheet.source.path, ns=(1, 1))
    with pytest.raises(SourceError) as caught:
        list(sheet.rows())
    assert caught.value.code == "ZB118"


@given(
    grid=GRIDS,
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
    encoding=st.sampled_from(ENCODINGS),
)
@FRESH_FILE_EACH_TIME
def test_what_is_written_is_read_again(tmp_path, grid, delimiter, line_end, encoding):
    header = ["Name", "Größe", "Note"]
    text = written([header, *grid], delimiter=delimiter, line_end=line_end)
    path = tmp_path / "grid.csv"
    path.write_bytes(text.encode(encoding))
    options = ReadOptions(delimiter=delimiter, encoding=encoding)
    sheet = open_sheet(path, options=options)
    assert sheet.header == tuple(header)
    assert cells(sheet) == grid
    assert "".join(row.raw for row in [*sheet.above, *sheet.rows()]) == text


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("line", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r\n', "sep=;;;\r\n"])
def test_a_first_line_that_names_the_delimiter_is_no_row(opened, encoding, line):
    text = f"{line}Name;Größe;Note\r\nBolt;1,5;a,b\r\nNut;2;c\r\n"
    sheet = opened(text.encode(encoding))
    assert (sheet.header, sheet.form.delimiter) == (("Name", "Größe", "Note"), ";")
    assert [tuple(row)[:2] for row in sheet.rows()] == [
        (2, ["Bolt", "1,5", "a,b"]),
        (3, ["Nut", "2", "c"]),
    ]
    assert sheet.form.delimiter_line == line.rstrip()
    assert {each.code for each in sheet.warnings} <= {"ZB121"}


def test_the_named_delimiter_wins_over_what_the_rows_look_like(opened):
    assert opened("sep=;\na,b,c\n1,2,3\n").header == ("a,b,c",)
    assert opened("sep=^\na^b\n1^2\n").header == ("a", "b")
    assert opened("sep=\t\na\tb\n1\t2\n").header == ("a", "b")


def test_a_declared_delimiter_wins_over_the_line_that_names_one(opened):
    sheet = opened("sep=;\na,b;c\n1,2;3\n", delimiter=",")
    assert (sheet.header, cells(sheet)) == (("a", "b;c"), [["1", "2;3"]])


def test_a_column_that_only_begins_like_such_a_line_is_a_column(opened):
    assert opened("sep=;x,b\n1,2\n").header == ("sep=;x", "b")


def test_rows_behind_such_a_line_can_be_read_in_parts(opened):
    text = "sep=;\r\nName;Größe\r\n" + "".join(f"Bolt {n};é\r\n" for n in range(99))
    sheet = opened(text)
    parts = [block for span in csv_spans(sheet, 2) for block in sheet.blocks_of(span)]
    assert [row for block in parts for row in block.cells] == cells(sheet)


def test_a_bad_byte_below_such_a_line_is_told_with_its_row_and_column(refused):
    error = refused(b"sep=;\nName;Note\nx;Caf\xe9\n", encoding="utf-8")
    assert (error.code, error.at.row, error.at.column) == ("ZB104", 2, "Note")
