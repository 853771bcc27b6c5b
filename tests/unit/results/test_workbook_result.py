import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zbbulk.errors import ResultError, SourceError
from zbbulk.model import Outcome, SheetForm, Status
from zbbulk.results.columns import OWN_COLUMNS, own_cells
from zbbulk.results.outcomes import READY
from zbbulk.results.workbook_result import write_workbook_result

SHEET = "Items & more"
MEMBER = "xl/worksheets/sheet2.xml"
FAILED = Outcome(
    status=Status.FAILED, code="1001", message="=<Zoho's> words\nof two lines & \x07", fix="Mend it"
)
CREATED = Outcome(status=Status.CREATED, zb_id="460000000001234567")
BLANK = Outcome(status=Status.SKIPPED, message="The row is blank")
OUTCOMES = {2: CREATED, 3: FAILED, 4: BLANK, 5: READY}


def exchange(path, member, change):
    """Write the workbook anew with one member changed."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content[member] = change(content[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)


def own_columns_of(grid, header_row=1):
    header = grid[header_row - 1]
    first = header.index("zb_status")
    return [tuple(row[first : first + 5]) for row in grid[header_row:]]


def as_shown(outcome):
    status, zb_id, code, message, fix = own_cells(outcome)
    return status, zb_id, code, message.replace("\x07", "\u2407"), fix


def test_the_users_own_workbook_comes_back_with_five_columns_more(
    rich_workbook, tmp_path, opened, read_back
):
    sheet = opened(rich_workbook, SHEET)
    result = write_workbook_result(sheet, tmp_path / "result", outcomes=OUTCOMES.get)
    assert result == tmp_path / "result.xlsx"
    before, after = read_back(rich_workbook, SHEET), read_back(result, SHEET)
    assert [row[:4] for row in after] == [row[:4] for row in before]
    assert after[0][4:9] == list(OWN_COLUMNS)
    assert own_columns_of(after)[:4] == [as_shown(OUTCOMES[row]) for row in (2, 3, 4, 5)]


def test_styles_formulas_and_the_table_stay(rich_workbook, tmp_path, opened):
    sheet = opened(rich_workbook, SHEET)
    result = write_workbook_result(sheet, tmp_path / "result", outcomes=OUTCOMES.get)
    page = openpyxl.load_workbook(result)[SHEET]
    assert [page["C2"].value, page["C3"].value] == ["=B2*2", "=B3*2"]
    assert page["A2"].font.bold
    assert page["D2"].number_format == "dd/mm/yyyy"
    assert page["D9"].fill.fgColor.rgb == "00FFFF00"
    assert page["B2"].comment.text == "dear"
    assert page["A5"].data_type == "s"
    assert page.tables["Items"].ref == "A1:D3"
    assert page.dimensions == "A1:I9"
    assert page["F2"].value == "460000000001234567"
    assert page["H3"].data_type == "s"


def test_every_other_part_of_the_file_stays_byte_for_byte(rich_workbook, tmp_path, opened):
    result = write_workbook_result(
        opened(rich_workbook, SHEET), tmp_path / "result", outcomes=OUTCOMES.get
    )
    with zipfile.ZipFile(rich_workbook) as before, zipfile.ZipFile(result) as after:
        assert after.testzip() is None
        assert after.namelist() == before.namelist()
        same = [name for name in before.namelist() if before.read(name) == after.read(name)]
        assert set(before.namelist()) - set(same) == {MEMBER}
        sizes = [(entry.filename, entry.compress_size) for entry in before.infolist()]
        assert {entry for entry in sizes if entry[0] != MEMBER} == {
            (entry.filename, entry.compress_size)
            for entry in after.infolist()
            if entry.filename != MEMBER
        }


def test_a_workbook_with_macros_keeps_them_and_its_suffix(rich_workbook, tmp_path, opened):
    with zipfile.ZipFile(rich_workbook, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00macros")
    path = rich_workbook.rename(tmp_path / "rich.xlsm")
    result = write_workbook_result(opened(path, SHEET), tmp_path / "result", outcomes=OUTCOMES.get)
    assert result == tmp_path / "result.xlsm"
    with zipfile.ZipFile(result) as archive:
        assert archive.read("xl/vbaProject.bin") == b"\x00macros"


def test_sizes_behind_the_content_are_put_before_it(rich_workbook, tmp_path, opened, read_back):
    class OneWay:
        """A target that can't go back, so that zipfile writes sizes behind the content."""

        def __init__(self, path):
            self.file = path.open("wb")

        def write(self, content):
            return self.file.write(content)

        def flush(self):
            self.file.flush()

    path = tmp_path / "streamed.xlsx"
    target = OneWay(path)
    with zipfile.ZipFile(rich_workbook) as source, zipfile.ZipFile(target, "w") as streamed:
        for name in source.namelist():
            streamed.writestr(name, source.read(name), zipfile.ZIP_DEFLATED)
    target.file.close()
    result = write_workbook_result(opened(path, SHEET), tmp_path / "result", outcomes=OUTCOMES.get)
    with zipfile.ZipFile(result) as archive:
        assert archive.testzip() is None
    assert own_columns_of(read_back(result, SHEET))[0] == as_shown(CREATED)


def test_a_result_fed_in_again_keeps_its_old_outcomes(rich_workbook, tmp_path, opened, read_back):
    first = write_workbook_result(
        opened(rich_workbook, SHEET), tmp_path / "first", outcomes=OUTCOMES.get
    )
    second = write_workbook_result(
        opened(first, SHEET), tmp_path / "second", outcomes={2: READY}.get
    )
    header, row = read_back(second, SHEET)[:2]
    assert header[4:14] == [*OWN_COLUMNS, *(f"{name}_2" for name in OWN_COLUMNS)]
    assert row[4:14] == [*own_cells(CREATED), *own_cells(READY)]


@pytest.mark.parametrize(("place", "first"), [("G3", 8), ("E2", 6), ("K3", 5)])
def test_values_right_of_the_header_are_never_overwritten(
    rich_workbook, tmp_path, opened, read_back, place, first
):
    book = openpyxl.load_workbook(rich_workbook)
    book[SHEET][place] = "mine"
    book.save(rich_workbook)
    sheet = opened(rich_workbook, SHEET)
    result = write_workbook_result(sheet, tmp_path / "result", outcomes=OUTCOMES.get)
    assert openpyxl.load_workbook(result)[SHEET][place].value == "mine"
    grid = read_back(result, SHEET)
    assert grid[0].index("zb_status") == first - 1
    assert own_columns_of(grid)[1] == as_shown(FAILED)


def test_rows_above_the_header_stay(tmp_path, opened, read_back):
    book = openpyxl.Workbook()
    for row in (["Price list"], [], ["Name", "Rate"], ["Pen", 3]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    sheet = opened(tmp_path / "list.xlsx", "Sheet", header_row=3)
    result = write_workbook_result(sheet, tmp_path / "result", outcomes={4: READY}.get)
    grid = read_back(result, "Sheet")
    assert [row[:3] for row in grid] == [
        ["Price list", "", ""],
        ["", "", ""],
        ["Name", "Rate", "zb_status"],
        ["Pen", 3, "ready"],
    ]


def with_comment(content):
    return content.replace(b"<sheetData>", b"<!-- odd --><sheetData>")


@pytest.mark.parametrize(
    ("member", "change"),
    [
        pytest.param(MEMBER, with_comment, id="odd-xml"),
        pytest.param("_rels/.rels", lambda text: text.replace(b"/officeDoc", b"/Doc"), id="rels"),
        pytest.param("xl/workbook.xml", lambda _: b"<broken", id="broken-workbook-xml"),
        pytest.param(
            "xl/_rels/workbook.xml.rels",
            lambda text: text.replace(b"sheet2.xml", b"Sheet2.XML"),
            id="sheet-under-another-name",
        ),
    ],
)
def test_what_can_not_be_edited_for_sure_becomes_a_new_workbook(
    rich_workbook, tmp_path, opened, read_back, member, change
):
    sheet = opened(rich_workbook, SHEET)
    exchange(rich_workbook, member, change)
    result = write_workbook_result(sheet, tmp_path / "result", outcomes=OUTCOMES.get)
    assert openpyxl.load_workbook(result).sheetnames == [SHEET]
    after = read_back(result, SHEET)
    assert [row[:4] for row in after] == [[*sheet.header], *sheet.values]
    assert own_columns_of(after)[:4] == [as_shown(OUTCOMES[row]) for row in (2, 3, 4, 5)]
    assert {path.name for path in tmp_path.iterdir()} == {"result.xlsx", "rich.xlsx"}


def test_a_file_that_is_gone_meanwhile_is_named(rich_workbook, tmp_path, opened):
    sheet = opened(rich_workbook, SHEET)
    rich_workbook.unlink()
    with pytest.raises(SourceError) as caught:
        write_workbook_result(sheet, tmp_path / "result", outcomes=OUTCOMES.get)
    assert (caught.value.code, caught.value.at.file) == ("ZB118", str(rich_workbook))


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_folder_that_is_not_there_stops_the_run(rich_workbook, tmp_path, opened, kind):
    sheet = opened(rich_workbook, SHEET)
    object.__setattr__(sheet, "form", SheetForm(kind=kind, header_row=1, sheet=SHEET))
    stem = tmp_path / "nowhere" / "result"
    with pytest.raises(ResultError) as caught:
        write_workbook_result(sheet, stem, outcomes=OUTCOMES.get)
    assert (caught.value.code, caught.value.at.file) == ("ZB501", f"{stem}.xlsx")


cells = st.none() | st.text(
    st.characters(codec="ascii", categories=("L", "N", "P", "S")), max_size=4
)
messages = st.text(st.characters(codec="utf-8"), max_size=8)
outcomes = st.none() | st.builds(Outcome, status=st.sampled_from(Status), message=messages)


@settings(deadline=None, max_examples=50)
@given(grid=st.lists(st.tuples(st.lists(cells, max_size=5), outcomes), max_size=8))
def test_every_row_keeps_its_place_and_its_cells_and_tells_its_outcome(grid, opened, read_back):
    with TemporaryDirectory() as folder:
        book = openpyxl.Workbook()
        for row in (["a", "b", "c"], *(row for row, _ in grid)):
            book.active.append(row)
            for cell in book.active[book.active.max_row]:
                cell.data_type = "s" if cell.value else cell.data_type
        path = Path(folder) / "in.xlsx"
        book.save(path)
        found = {number: outcome for number, (_, outcome) in enumerate(grid, start=2)}
        write_workbook_result(opened(path, "Sheet"), Path(folder) / "out", outcomes=found.get)
        before = openpyxl.load_workbook(path).active
        page = openpyxl.load_workbook(Path(folder) / "out.xlsx").active
        first = [cell.value for cell in page[1]].index("zb_status") + 1
        kept = {(cell.row, cell.column): cell.value for row in before for cell in row if cell.value}
        ours = range(first, first + 5)
        for (row, column), value in kept.items():
            assert column not in ours
            assert page.cell(row, column).value == value
        for number, outcome in found.items():
            if number <= page.max_row:
                status = page.cell(number, first).value
                assert status == (outcome.status.value if outcome and status else None)


def test_dates_numbers_and_texts_of_another_workbook_keep_their_type(tmp_path, opened):
    values = [
        ["=1+1", 12.5, True, date(2024, 3, 1), datetime(2024, 3, 1, 12, 30)],  # noqa: DTZ001
        ["#N/A", 3.0, False, time(8, 15), timedelta(hours=30)],
        ["007", date(1890, 1, 1)],
        ["too", "", "", "", "", "long"],
    ]

    class Sheet:
        file = "old.ods"
        form = SheetForm(kind="ods", header_row=3, sheet="a/b:" + "x" * 40)
        header = ("T", "N", "B", "D", "M")
        warnings = ()

        def rows(self):
            return ((number, cells, "") for number, cells in enumerate(values, start=4))

    found = {4: READY, 5: FAILED, 7: CREATED}
    result = write_workbook_result(
        Sheet(), tmp_path / "result", outcomes=found.get, above=[["Price list"]]
    )
    page = openpyxl.load_workbook(result).active
    assert page.title == "a_b_" + "x" * 27
    assert page["A1"].value == "Price list"
    assert [cell.value for cell in page[3]] == [*Sheet.header, *OWN_COLUMNS, None]
    assert [(cell.value, cell.data_type) for cell in page[4]][:5] == [
        ("=1+1", "s"),
        (12.5, "n"),
        (True, "b"),
        (datetime(2024, 3, 1), "d"),  # noqa: DTZ001 - Excel has no time zones
        (datetime(2024, 3, 1, 12, 30), "d"),  # noqa: DTZ001
    ]
    assert [cell.value for cell in page[5]][:5] == [
        "#N/A",
        3,
        False,
        time(8, 15),
        timedelta(hours=30),
    ]
    assert page["A5"].data_type == "s"
    assert [page["A6"].value, page["B6"].value, page["F6"].value] == ["007", "1890-01-01", None]
    assert [page["F7"].value, page["K7"].value] == ["created", "long"]
