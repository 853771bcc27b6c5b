import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zbbulk.errors import SourceError
from zbbulk.model import ReadOptions
from zbbulk.rows import SplitFailed, csv_spans, open_sheet

FRESH_FILE_EACH_TIME = settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PIECES = st.lists(
    st.sampled_from(['"', '""', ",", "\n", "\r\n", "\r", "a", "é", '5" pipe', '"x\ny"', '"a""b",']),
    max_size=30,
)


def by_spans(sheet, parts):
    """Return the rows as a caller does that falls back to one pass."""
    found = []
    try:
        for span in csv_spans(sheet, parts):
            above = sheet.form.header_row + len(found)
            rows = flat(sheet.blocks_of(span))
            found += [(number + above, cells, raw) for number, cells, raw in rows]
    except SplitFailed:
        return flat(sheet.blocks())
    return found


def flat(blocks):
    return [tuple(block.row(index)) for block in blocks for index in range(len(block.cells))]


def outcome(read):
    try:
        return read()
    except SourceError as error:
        return error.code, error.at, error.message


@given(pieces=PIECES, parts=st.integers(1, 4), encoding=st.sampled_from(["utf-8", "utf-8-sig"]))
@FRESH_FILE_EACH_TIME
def test_spans_give_the_rows_of_one_pass_or_fail(tmp_path, pieces, parts, encoding):
    path = tmp_path / "split.csv"
    path.write_bytes(("Name,Note\n" + "".join(pieces)).encode(encoding))
    sheet = open_sheet(path, options=ReadOptions(delimiter=","))
    whole = outcome(lambda: [tuple(row) for row in sheet.rows()])
    assert outcome(lambda: flat(sheet.blocks())) == whole
    assert outcome(lambda: by_spans(sheet, parts)) == whole


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "iso8859-15"])
def test_spans_begin_at_lines_and_cover_the_body(opened, line_end, encoding):
    text = line_end.join(["Größe,Rate", *(f"Schraube é {n},{n}" for n in range(50)), ""])
    sheet = opened(text.encode(encoding), encoding=encoding)
    spans = csv_spans(sheet, 3)
    assert len(spans) == 3
    assert spans[0].start == sheet.body
    assert spans[-1].end == sheet.source.size
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
    numbers = [[number for number, _, _ in flat(sheet.blocks_of(span))] for span in spans]
    assert [each[0] for each in numbers] == [1, 1, 1]
    assert by_spans(sheet, 3) == [tuple(row) for row in sheet.rows()]


def test_a_cut_inside_a_quoted_cell_fails_in_the_part_before_it(opened):
    sheet = opened('a,b\n1,"' + "x\n" * 50 + '"\n')
    spans = csv_spans(sheet, 2)
    with pytest.raises(SplitFailed, match="unexpected end"):
        list(sheet.blocks_of(spans[0]))


def test_a_line_that_is_longer_than_a_part_makes_fewer_parts(opened):
    sheet = opened("a,b\n1," + "x" * 200_000 + "\n")
    assert len(csv_spans(sheet, 4)) == 1


def test_utf16_is_one_span_that_is_read_from_its_beginning_only(opened):
    sheet = opened("Titel\na,b\n1,ж\n3,4\n".encode("utf-16"), header_row=2)
    (span,) = csv_spans(sheet, 2)
    with pytest.raises(SplitFailed, match="utf-16"):
        sheet.blocks_of(span)
    assert [row.cells for row in sheet.rows()] == [["1", "ж"], ["3", "4"]]


def test_a_header_alone_is_one_span_without_rows(opened):
    sheet = opened("a,b")
    (span,) = csv_spans(sheet, 2)
    assert list(sheet.blocks_of(span)) == []


def test_a_file_that_changed_is_refused_in_a_span_too(opened):
    sheet = opened("a,b\n1,2\n")
    (span,) = csv_spans(sheet, 1)
    sheet.source.path.write_text("other")
    with pytest.raises(SourceError) as caught:
        list(sheet.blocks_of(span))
    assert caught.value.code == "ZB118"
