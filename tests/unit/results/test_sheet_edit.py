import pytest

from zbbulk.model import Outcome, Status
from zbbulk.results.outcomes import READY
from zbbulk.results.sheet_edit import ColumnTaken, SheetPlan, edited_sheet, plan_sheet, widest
from zbbulk.results.sheet_xml import OddSheet, SheetXml

PLAN = SheetPlan(header_row=1, names=("s", "i", "c", "m", "f"), first=3)
HEADER = b'<row r="1"><c r="A1"><v>0</v></c><c r="B1"><v>1</v></c></row>'


def sheet(rows, *, prefix="", dimension=""):
    head = f'<{prefix}worksheet xmlns="x">{dimension}<{prefix}sheetData>'.encode()
    return SheetXml([head + rows + f"</{prefix}sheetData></{prefix}worksheet>".encode()])


def text(place, value, prefix=""):
    inside = f'<{prefix}is><{prefix}t xml:space="preserve">{value}</{prefix}t></{prefix}is>'
    return f'<{prefix}c r="{place}" t="inlineStr">{inside}</{prefix}c>'


NAMES = "".join(text(f"{column}1", name) for column, name in zip("CDEFG", "sicmf", strict=True))


def edited(row, *, outcome=READY, plan=PLAN, head=""):
    """Return what becomes of the rows behind the header, as text."""
    xml = sheet(HEADER + row, dimension=head)
    lookup = dict.fromkeys(range(2, 9), outcome).get
    return b"".join(edited_sheet(xml, plan, lookup)).decode()


def below_header(content):
    return content.split("</row>", 1)[1].removesuffix("</sheetData></worksheet>")


def test_the_header_row_gets_our_names():
    content = edited(b"")
    assert f'<c r="B1"><v>1</v></c>{NAMES}</row>' in content


@pytest.mark.parametrize(
    ("row", "after"),
    [
        pytest.param(
            b'<row r="2" spans="1:2" ht="9"><c r="A2"><v>1</v></c></row>',
            f'<row r="2" ht="9"><c r="A2"><v>1</v></c>{text("C2", "ready")}</row>',
            id="spans-are-dropped",
        ),
        pytest.param(
            b'<row r="2" ht="9"/>',
            f'<row r="2" ht="9">{text("C2", "ready")}</row>',
            id="row-without-cells",
        ),
        pytest.param(
            b"<row><c><v>1</v></c><c><v>2</v></c></row>",
            f"<row><c><v>1</v></c><c><v>2</v></c>{text('C2', 'ready')}</row>",
            id="no-places-at-all",
        ),
        pytest.param(
            b'<row r="2"><c r="A2"/><c s="1"/></row>',
            f'<row r="2"><c r="A2"/><c s="1"/>{text("C2", "ready")}</row>',
            id="last-cell-without-a-place",
        ),
        pytest.param(
            b'<row r="2"><c r="A2"/><c r="C2" s="4"/><c r="G2" s="4"></c></row>',
            f'<row r="2"><c r="A2"/>{text("C2", "ready")}</row>',
            id="empty-cells-with-a-style-make-room",
        ),
        pytest.param(
            b'<row r="2"><c r="A2"/><c r="H2"><v>8</v></c></row>',
            f'<row r="2"><c r="A2"/>{text("C2", "ready")}<c r="H2"><v>8</v></c></row>',
            id="a-value-behind-ours-stays-there",
        ),
        pytest.param(
            b'<row r="4"><c r="A4"/></row>',
            f'<row r="2">{text("C2", "ready")}</row><row r="3">{text("C3", "ready")}</row>'
            f'<row r="4"><c r="A4"/>{text("C4", "ready")}</row>',
            id="blank-rows-that-the-file-leaves-out",
        ),
        pytest.param(
            b'<row r="9" spans="1:1"><c r="A9"/></row>',
            "".join(f'<row r="{row}">{text(f"C{row}", "ready")}</row>' for row in range(2, 9))
            + '<row r="9" spans="1:1"><c r="A9"/></row>',
            id="a-row-without-an-outcome-stays-as-it-is",
        ),
    ],
)
def test_our_cells_stand_behind_the_users_own(row, after):
    assert below_header(edited(row)) == after


def test_empty_texts_get_no_cell_and_all_others_their_column():
    outcome = Outcome(status=Status.FAILED, code="1001", fix="a & b")
    row = below_header(edited(b'<row r="2"/>', outcome=outcome))
    assert row == (
        '<row r="2">'
        + text("C2", "failed")
        + text("E2", "1001")
        + text("G2", "a &amp; b")
        + "</row>"
    )


def test_texts_are_escaped_and_made_harmless():
    outcome = Outcome(status=Status.FAILED, message="=<1>\r\n\x00")
    assert text("F2", "'=&lt;1&gt;&#13;\n\u2400") in edited(b'<row r="2"/>', outcome=outcome)


@pytest.mark.parametrize("place", ["C2", "G2"])
def test_a_value_where_ours_should_go_is_never_overwritten(place):
    row = f'<row r="2"><c r="A2"/><c r="{place}"><v>1</v></c></row>'.encode()
    with pytest.raises(ColumnTaken):
        edited(row)


def test_a_value_of_a_row_without_an_outcome_does_not_come_to_stand_under_our_names():
    with pytest.raises(ColumnTaken):
        edited(b'<row r="9"><c r="C9"><v>1</v></c></row>')


def test_a_row_of_an_unknown_shape_is_refused():
    with pytest.raises(OddSheet):
        edited(b'<row r="2"><c r="A2"/><extLst></extLst></row>')


def test_columns_behind_the_last_one_of_excel_are_refused():
    plan = SheetPlan(header_row=1, names=PLAN.names, first=16_380)
    assert "XFD1" in edited(b"", plan=plan)
    with pytest.raises(OddSheet):
        edited(b"", plan=SheetPlan(header_row=1, names=PLAN.names, first=16_381))


@pytest.mark.parametrize(
    ("before", "after"),
    [("A1:B9", "A1:G9"), ("A1", "A1:G1"), ("B2:Z9", "B2:Z9")],
)
def test_the_used_range_takes_in_our_columns(before, after):
    assert f'<dimension ref="{after}"/>' in edited(b"", head=f'<dimension ref="{before}"/>')


def test_a_prefix_stands_before_our_tags_too():
    rows = b'<x:row r="1"/><x:row r="2"><x:c r="A2"/></x:row>'
    content = b"".join(edited_sheet(sheet(rows, prefix="x:"), PLAN, lambda _: READY)).decode()
    ours = text("C2", "ready", "x:")
    assert f'<x:row r="2"><x:c r="A2"/>{ours}</x:row></x:sheetData>' in content


def test_our_columns_go_right_behind_the_header():
    rows = b'<row r="2"><c r="B2"/></row><row r="3"><c r="B3"><v>1</v></c><c r="D3" s="1"/></row>'
    plan = plan_sheet(sheet(rows), header=("Name", "zb_id"), header_row=3)
    assert (plan.first, plan.header_row, plan.names[0]) == (3, 3, "zb_status_2")


def test_a_header_that_begins_further_right_is_seen():
    plan = plan_sheet(
        sheet(b'<row r="1"><c r="F1"><v>1</v></c></row>'), header=("x",), header_row=1
    )
    assert plan.first == 7


def test_a_header_row_that_is_not_there_is_refused():
    with pytest.raises(OddSheet):
        plan_sheet(sheet(HEADER), header=("x",), header_row=2)


def test_the_widest_row_is_found():
    rows = HEADER + b'<row r="2"><c r="A2"/><c r="AB2"/></row><row r="3"/>'
    assert widest(sheet(rows)) == 28
