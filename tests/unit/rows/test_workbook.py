import shutil
import struct
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from zbbulk.errors import Level, SourceError
from zbbulk.model import ReadOptions
from zbbulk.rows import open_sheet

FIXTURES = Path(__file__).parents[2] / "fixtures"

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOMENT = datetime.fromisoformat("2024-03-31T13:45")
END, FREE = 0xFFFFFFFE, 0xFFFFFFFF


def read(path, **options):
    return open_sheet(path, options=ReadOptions(**options))


def refusal(path, **options):
    with pytest.raises(SourceError) as caught:
        list(read(path, **options).rows())
    return caught.value


def cells(sheet):
    return [list(row.cells) for row in sheet.rows()]


def items(book):
    book.active.append(["Name", " Rate "])
    book.active.append(["Bolt", 1.5])


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm"])
def test_every_kind_of_value_keeps_its_kind(workbook, suffix):
    def fill(book):
        sheet = book.active
        sheet.append(["Text", "Number", "Day", "Moment", "Time", "Length", "Yes", "Nothing"])
        length = timedelta(hours=30)
        sheet.append(["  007 ", 12, date(2024, 3, 31), MOMENT, time(6, 30), length, True, None])

    sheet = read(workbook(fill, name=f"items.{suffix}"))
    assert sheet.form.kind == suffix
    (row,) = sheet.rows()
    assert (row.number, row.raw) == (2, "")
    assert list(row.cells) == [
        "  007 ", 12.0, date(2024, 3, 31), MOMENT, time(6, 30),
        timedelta(hours=30), True, "",
    ]  # fmt: skip
    assert row.cells[6] is True


@pytest.mark.parametrize("name", ["items.xls", "items.ods"])
def test_old_excel_and_open_document_are_read(name):
    sheet = read(FIXTURES / name)
    yes, no = (True, False) if name.endswith("xls") else (1.0, 0.0)
    assert sheet.header == ("Name", "Code", "Rate", "Since", "Active", "Tax", "Wrong")
    assert sheet.form.sheets == ("Items", "Second")
    assert cells(sheet) == [
        ["Bolt", "00123", 12.5, date(2024, 3, 31), yes, "18%", "#DIV/0!"],
        ["Nut", "x7", 7, MOMENT, no, "5.5%", "#N/A"],
        [""] * 7,
        ['Größe "M"', "00042", -1.25, time(6, 30), yes, "0%", 2],
    ]
    assert [row.number for row in sheet.rows()] == [2, 3, 4, 5]


def test_binary_excel_is_read(binary_workbook):
    sheet = read(binary_workbook())
    assert sheet.header == ("Name", "Code", "Tax", "Wrong", "Worse")
    assert cells(sheet) == [["Bolt", "00007", "18%", "#N/A", "#DIV/0!"]]


def test_numbers_are_what_the_user_sees_where_the_format_counts(workbook):
    def fill(book):
        sheet = book.active
        sheet.append(["Code", "Tax", "Rate"])
        sheet.append([123, 0.18, 1234.5])
        sheet.append(["00x", "18%", 7])
        for row in (2, 3):
            for column, code in zip("ABC", ("00000", "0.00%", "#,##0.00"), strict=True):
                sheet[f"{column}{row}"].number_format = code

    assert cells(read(workbook(fill))) == [["00123", "18%", 1234.5], ["00x", "18%", 7.0]]


def test_an_excel_error_arrives_as_its_text(workbook):
    def fill(book):
        items(book)
        for cell, text in (("B2", "#N/A"), ("A3", "#DIV/0!")):
            book.active[cell] = text
            book.active[cell].data_type = "e"

    assert cells(read(workbook(fill))) == [["Bolt", "#N/A"], ["#DIV/0!", ""]]


def test_rows_have_the_numbers_of_the_spreadsheet_wherever_it_begins(workbook):
    def fill(book):
        sheet = book.active
        sheet["C4"], sheet["D4"], sheet["C6"], sheet["D6"] = "Name", "Code", "Bolt", 7
        sheet["D6"].number_format = "000"
        sheet["D9"].number_format = "000"  # formatted, and nothing in it

    sheet = read(workbook(fill), header_row=4)
    assert sheet.header == ("Name", "Code")
    assert [(row.number, list(row.cells)) for row in sheet.rows()] == [
        (5, ["", ""]),
        (6, ["Bolt", "007"]),
    ]
    assert [row.number for row in sheet.above] == [1, 2, 3, 4]


def test_blank_rows_at_the_end_are_dropped_and_zeros_are_not_blank(workbook):
    def fill(book):
        book.active.append(["Name", "Rate"])
        book.active.append([None, 0])
        book.active["B9"] = ""

    assert [row.number for row in read(workbook(fill)).rows()] == [2]


def test_cells_behind_the_last_column_come_only_where_there_are_some(workbook):
    def fill(book):
        items(book)
        book.active["D3"] = 0

    assert cells(read(workbook(fill))) == [["Bolt", 1.5], ["", "", "", 0.0]]


def test_the_first_visible_sheet_is_read_unless_another_is_named(workbook):
    def fill(book):
        book.active.sheet_state = "hidden"
        book.create_chartsheet("Chart")
        second = book.create_sheet("Second")
        second.append(["a", "b"])
        items(book)

    path = workbook(fill)
    assert read(path).form.sheet == "Second"
    assert read(path).form.sheets == ("Items", "Second")
    assert read(path, sheet="Items").header == ("Name", "Rate")


def test_one_column_is_a_warning(workbook):
    (warning,) = read(workbook(lambda book: book.active.append(["Name"]))).warnings
    assert (warning.code, warning.level, warning.at.row) == ("ZB116", Level.WARNING, 1)


def test_an_unknown_sheet_is_refused_and_those_there_are_listed(workbook):
    def fill(book):
        items(book)
        book.create_sheet("Prices")

    error = refusal(workbook(fill), sheet="prices 2")
    assert error.code == "ZB108"
    assert "no sheet 'prices 2'; it has 'Items', 'Prices'" in error.message
    assert error.fix.startswith("Did you mean 'Prices'?")


def test_an_empty_sheet_is_refused_and_those_with_cells_are_listed(workbook):
    def fill(book):
        items(book)
        book.create_sheet("Empty", 0)

    error = refusal(workbook(fill))
    assert error.code == "ZB102"
    assert "'Empty'" in error.message
    assert "'Items'" in error.fix


def test_a_blank_header_row_is_refused_and_the_first_filled_row_named(workbook):
    error = refusal(workbook(lambda book: book.active.__setitem__("B3", "Name")))
    assert (error.code, error.at.row) == ("ZB103", 1)
    assert "header_row: 3" in error.fix


def test_a_header_row_behind_the_end_is_refused(workbook):
    error = refusal(workbook(items), header_row=7)
    assert (error.code, error.at.row) == ("ZB103", 7)
    assert "only 2 rows" in error.message


def test_faults_of_the_header_have_their_letters(workbook):
    error = refusal(workbook(lambda book: book.active.append(["Name", None, "Name"])))
    assert [(each.code, each.at.row, each.at.column) for each in error.problems] == [
        ("ZB105", 1, "B"),
        ("ZB106", 1, "Name"),
    ]


def test_a_formula_that_was_never_calculated_is_refused_with_its_place(workbook):
    def fill(book):
        items(book)
        book.active["B3"] = "=B2*2"

    error = refusal(workbook(fill))
    assert (error.code, error.at.row, error.at.column) == ("ZB120", 3, "Rate")
    assert "B3" in error.message


def test_a_formula_that_gives_an_empty_text_is_blank(workbook):
    path = workbook(items)
    formula = '<c r="B3" t="str"><f>IF(1,"","")</f><v></v></c>'
    with_row(path, f'<row r="3"><c r="A3"><v>1</v></c>{formula}</row>')
    assert cells(read(path))[-1] == [1.0, ""]


def with_row(path, row, *, into="xl/worksheets/sheet1.xml", change=None):
    """Put *row* at the end of the sheet's XML, as another program would have written it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    xml = parts[into].decode().replace("</sheetData>", f"{row}</sheetData>")
    parts[into] = (change(xml) if change else xml).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_cells_that_do_not_tell_their_place_are_counted(workbook):
    path = workbook(items)
    with_row(path, '<row><c t="str"><v>x</v></c><c t="e"><v>#REF!</v></c></row>')
    assert cells(read(path))[-1] == ["x", "#REF!"]


def test_prefixed_xml_is_read_too(workbook):
    def prefixed(xml):
        namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        xml = xml.replace(f'xmlns="{namespace}"', f'xmlns:x="{namespace}"')
        return xml.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")

    path = workbook(items)
    with_row(path, '<row r="3"><c r="B3" t="e"><v>#N/A</v></c></row>', change=prefixed)
    assert cells(read(path))[-1] == ["", "#N/A"]


@pytest.mark.parametrize("name", ["locked.xls", "locked.ods"])
def test_a_workbook_with_a_password_is_refused(name):
    error = refusal(FIXTURES / name)
    assert (error.code, error.at.file) == ("ZB109", str(FIXTURES / name))


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "xlsb"])
def test_a_new_workbook_with_a_password_is_refused(opened, suffix):
    name = "EncryptedPackage".encode("utf-16-le")
    header = (
        OLE_MARK + bytes(22) + struct.pack("<HH10xIIIIIIII", 9, 6, 1, 1, 0, 4096, END, 0, END, 0)
    )
    sectors = struct.pack("<109I", 0, *[FREE] * 108)  # the table of sectors is sector 0
    table = struct.pack("<128I", 0xFFFFFFFD, END, *[FREE] * 126)
    entry = name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2) + bytes(50) + bytes(12)
    with pytest.raises(SourceError) as caught:
        opened(header + sectors + table + entry.ljust(512, b"\0"), name=f"items.{suffix}")
    assert caught.value.code == "ZB109"


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "xls", "xlsb", "ods"])
def test_an_empty_file_is_refused(opened, suffix):
    with pytest.raises(SourceError) as caught:
        opened(b"", name=f"items.{suffix}")
    assert caught.value.code == "ZB102"


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "xls", "xlsb", "ods"])
@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (b"a,b\n1,2\n", "plain text"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "an XML file"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
def test_something_else_named_as_a_workbook_is_refused_and_named(opened, suffix, content, seems):
    with pytest.raises(SourceError) as caught:
        opened(content, name=f"items.{suffix}")
    assert caught.value.code == "ZB110"
    assert f"not a .{suffix} workbook: it seems to be {seems}" in caught.value.message


def test_unknown_bytes_are_refused_without_a_guess(opened):
    with pytest.raises(SourceError) as caught:
        opened(bytes(range(1, 9)), name="items.xls")
    assert caught.value.code == "ZB110"


@pytest.mark.parametrize(("name", "as_name"), [("items.xls", "x.xlsx"), ("items.ods", "x.xlsx")])
def test_a_workbook_with_the_suffix_of_another_kind_is_refused(tmp_path, name, as_name):
    path = tmp_path / as_name
    shutil.copy(FIXTURES / name, path)
    error = refusal(path)
    assert error.code == "ZB110"
    assert f"ends in {Path(name).suffix}" in error.fix


def test_a_zip_archive_named_xlsx_is_refused(tmp_path):
    path = tmp_path / "items.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    error = refusal(path)
    assert error.code == "ZB110"
    assert "zip archive" in error.message


@pytest.mark.parametrize("name", ["items.xls", "items.ods"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_workbook_that_is_cut_off_is_refused(tmp_path, name, share):
    content = (FIXTURES / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(content[: int(len(content) * share)])
    error = refusal(path)
    assert (error.code, error.at.file) == ("ZB110", str(path))


@pytest.mark.parametrize("changes", [{1588: 81, 1349: 82}, {0x30: 0xEE, 0x31: 0xEE}])
def test_an_old_workbook_that_leads_nowhere_inside_is_refused(tmp_path, changes):
    content = bytearray((FIXTURES / "items.xls").read_bytes())
    for place, byte in changes.items():
        content[place] = byte
    path = tmp_path / "items.xls"
    path.write_bytes(content)
    assert refusal(path).code == "ZB110"


def test_another_office_document_named_xls_is_refused(tmp_path):
    content = (FIXTURES / "items.xls").read_bytes()
    path = tmp_path / "items.xls"
    path.write_bytes(
        content.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    )
    error = refusal(path)
    assert error.code == "ZB110"
    assert "another Office document" in error.message


def test_a_cut_off_xlsx_is_refused(workbook):
    path = workbook(items)
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path).code == "ZB110"


def test_broken_xml_inside_is_refused(workbook):
    path = workbook(items)
    with_row(path, "<row><c", into="xl/worksheets/sheet1.xml")
    assert refusal(path).code == "ZB110"


def test_a_workbook_that_changed_is_refused(workbook):
    path = workbook(items)
    sheet = read(path)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(SourceError) as caught:
        list(sheet.rows())
    assert caught.value.code == "ZB118"


def test_reading_csv_loads_no_reader_of_workbooks():
    code = (
        "import sys, zbbulk.rows\n"
        "heavy = {'python_calamine', 'openpyxl'} & set(sys.modules)\n"
        "sys.exit(bool(heavy))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
