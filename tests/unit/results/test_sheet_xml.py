import pytest

from zbbulk.results.sheet_xml import OddSheet, SheetXml, column_letters, column_number

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="x"><sheetData>'
TAIL = b"</sheetData><!-- harmless --></worksheet>"


def sheet(rows, head=HEAD, tail=TAIL, size=7):
    content = head + rows + tail
    return SheetXml([content[at : at + size] for at in range(0, len(content), size)])


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_what_is_read_is_the_file_again_byte_for_byte(size):
    rows = (
        b'\n <row r="1" spans="1:2"><c r="A1"><v>1</v></c></row><row r="4" />  <row r="7"></row>\n'
    )
    xml = sheet(rows, size=size)
    read = list(xml.rows())
    parts = [row.opening + row.cells + row.closing for row in read]
    assert xml.head + b"".join(parts) + b"".join(xml.tail()) == HEAD + rows + TAIL
    assert [row.number for row in read] == [1, 4, 7]


def test_a_row_without_a_number_follows_the_one_before():
    assert [row.number for row in sheet(b'<row/><row r="5"/><row ht="9"></row>').rows()] == [
        1,
        5,
        6,
    ]


def test_a_namespace_prefix_stands_before_every_tag():
    head = b'<x:worksheet xmlns:x="y"><x:sheetData>'
    xml = sheet(b'<x:row r="2"><x:c r="B2"/></x:row>', head, b"</x:sheetData></x:worksheet>")
    (row,) = xml.rows()
    assert (row.number, [cell.column for cell in xml.cells(row)]) == (2, [2])


def test_cells_are_told_apart_by_their_place_and_their_value():
    cells = b'<c><v>1</v></c> <c r="C1" s="2"/><c t="str"><f>A1</f></c><c r="AA1"> </c>'
    xml = sheet(b'<row r="1">' + cells + b"</row>")
    found = xml.cells(next(xml.rows()))
    assert [(cell.column, cell.filled) for cell in found] == [
        (1, True),
        (3, False),
        (4, True),
        (27, False),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(b'<row r="1"><c r="A1"><v><![CDATA[</row>]]></v></c></row>', id="cdata"),
        pytest.param(b'<row r="1"><!-- </row> --></row>', id="comment-in-a-row"),
        pytest.param(b'<row r="1"><?pi </row> ?></row>', id="instruction-in-a-row"),
        pytest.param(b'<!-- --><row r="1"/>', id="comment-between-rows"),
        pytest.param(b"<row r='1'/>", id="single-quotes"),
        pytest.param(b'<row r="2"/><row r="1"/>', id="falling-row-numbers"),
        pytest.param(b'<row r="2"/><row r="2"/>', id="a-row-twice"),
        pytest.param(b'<row r="1"><c r="A1">', id="a-row-that-does-not-end"),
        pytest.param(b"<block/>", id="another-tag"),
    ],
)
def test_a_shape_that_is_not_known_for_sure_is_refused(rows):
    with pytest.raises(OddSheet):
        list(sheet(rows).rows())


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD.decode().encode("utf-16"), id="utf-16"),
        pytest.param(HEAD.replace(b"UTF-8", b"windows-1252"), id="another-encoding"),
        pytest.param(HEAD.replace(b"<sheet", b"<!-- <sheetData> --><sheet"), id="comment"),
        pytest.param(b'<!DOCTYPE x><worksheet xmlns="x"><sheetData>', id="document-type"),
        pytest.param(b'<worksheet xmlns="x"><sheetData/>', id="no-rows"),
        pytest.param(b'<chartsheet xmlns="x">', id="no-worksheet"),
    ],
)
def test_a_head_that_is_not_known_for_sure_is_refused(head):
    with pytest.raises(OddSheet):
        sheet(b"", head)


def test_something_else_between_cells_is_refused():
    xml = sheet(b'<row r="1"><c r="A1"/><extLst/></row>')
    with pytest.raises(OddSheet, match="row 1"):
        xml.cells(next(xml.rows()))


@pytest.mark.parametrize(
    ("number", "letters"), [(1, b"A"), (26, b"Z"), (27, b"AA"), (702, b"ZZ"), (16384, b"XFD")]
)
def test_columns_are_counted_as_a_spreadsheet_does(number, letters):
    assert column_letters(number) == letters
    assert column_number(letters) == number
