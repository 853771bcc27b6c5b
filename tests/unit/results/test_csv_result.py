import csv
import errno
import io
import os
import pickle
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zbbulk.errors import ResultError
from zbbulk.model import Block, Outcome, Row, Status
from zbbulk.results.columns import harmless, own_cells
from zbbulk.results.csv_layout import CsvLayout
from zbbulk.results.csv_part import CsvPart
from zbbulk.results.csv_result import join_parts, write_csv_result
from zbbulk.results.outcomes import READY, joined

BLOCK_ROWS = 32
TWICE = Outcome(status=Status.REJECTED, code="ZB306", message="The key stands twice", fix="Mend it")
LINE_ENDS = ("\n", "\r\n")

cell_texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from(list('",;\t|\r\n =é')),
    max_size=6,
)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
words = st.sampled_from(["", "ZB204", "1002", "-5"])
outcomes = st.just(READY) | st.builds(
    Outcome, status=st.sampled_from(Status), zb_id=texts, code=words, message=texts, fix=texts
)
plain_rows = st.lists(cell_texts, max_size=5)
grids = st.lists(st.tuples(plain_rows, outcomes, st.booleans()), max_size=12)


def layout_of(width, delimiter, line_end):
    header = tuple(f"c{number}" for number in range(width))
    return CsvLayout(header=header, delimiter=delimiter, line_end=line_end)


def record(cells, delimiter, line_end, *, quoted):
    """Write one row as some program would; the csv module forgets to quote a lone CR."""
    if not cells:
        return line_end
    text = io.StringIO(newline="")
    style = csv.QUOTE_ALL if quoted or "\r" in "".join(cells) else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=style).writerow(cells)
    return text.getvalue()


def block_of(rows):
    """Return *rows*, numbered one after the other, as the reader hands them on."""
    return Block(rows[0].number, [row.cells for row in rows], [row.raw for row in rows])


ONE = block_of([Row(2, ["1"], "1\n")])


def names_in(folder):
    return [path.name for path in Path(folder).iterdir()]


def read(path, delimiter):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=delimiter))


def expected(cells, outcome, width):
    padding = [""] * (width - len(cells))
    return [*cells[:width], *padding, *own_cells(outcome), *cells[width:]]


@settings(deadline=None)
@given(
    grid=grids,
    width=st.integers(1, 4),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(LINE_ENDS),
)
def test_every_row_stands_in_the_result_once_in_order_with_its_own_cells(
    grid, width, delimiter, line_end
):
    layout = layout_of(width, delimiter, line_end)
    rows = [
        Row(number, cells, record(cells, delimiter, line_end, quoted=quoted))
        for number, (cells, _, quoted) in enumerate(grid, start=2)
    ]
    found = {number: outcome for number, (_, outcome, _) in enumerate(grid, start=2)}
    with TemporaryDirectory() as folder:
        target = Path(folder) / "result.csv"
        blocks = [block_of(rows)] if rows else []
        write_csv_result(blocks, found.get, target=target, layout=layout)
        header, *got = read(target, delimiter)
        assert names_in(folder) == ["result.csv"]
    assert header == [*layout.header, "zb_status", "zb_id", "zb_code", "zb_message", "zb_fix"]
    assert got == [expected(cells, outcome, width) for cells, outcome, _ in grid]


@settings(deadline=None)
@given(
    grid=st.lists(st.tuples(plain_rows, outcomes, st.booleans()), min_size=1, max_size=12),
    repeat=st.integers(1, 40),
    cut=st.integers(0, 500),
    patched=st.sets(st.integers(0, 500), max_size=8),
    size=st.integers(1, 40),
)
def test_only_the_patched_rows_differ_and_only_in_our_cells(grid, repeat, cut, patched, size):
    grid = grid * repeat
    layout = layout_of(3, ";", "\r\n")
    with TemporaryDirectory() as folder:
        files = []
        for number, rows in enumerate((grid[:cut], grid[cut:])):
            with CsvPart(Path(folder) / f"part{number}", layout) as part:
                for start in range(0, len(rows), size):
                    some = rows[start : start + size]
                    raws = [record(cells, ";", "\r\n", quoted=quoted) for cells, _, quoted in some]
                    cells = [cells for cells, _, _ in some]
                    given = [outcome for _, outcome, _ in some]
                    told = {at: outcome for at, outcome in enumerate(given) if outcome != READY}
                    part.add(block_of(list(map(Row, count(1), cells, raws))), told)
            files.append(pickle.loads(pickle.dumps(part.close())))
        target = Path(folder) / "result.csv"
        join_parts(files, target, layout=layout)
        before = read(target, ";")[1:]
        join_parts(
            files, target, layout=layout, additions=((row, TWICE) for row in sorted(patched))
        )
        after = read(target, ";")[1:]
    assert len(before) == len(after) == len(grid)
    for index, (_, outcome, _) in enumerate(grid):
        if index not in patched:
            assert after[index] == before[index]
            continue
        assert after[index][:3] == before[index][:3]
        assert after[index][8:] == before[index][8:]
        told = dict(zip(("zb_id", "code", "message", "fix"), own_cells(outcome)[1:], strict=True))
        both = joined(Outcome(status=outcome.status, **told), TWICE)
        assert after[index][3:8] == list(own_cells(both))


@given(cell_texts)
def test_a_text_of_ours_is_read_back_as_it_was_written(text):
    layout = layout_of(1, ",", "\n")
    row = layout.row("x\n", 1, Outcome(status=Status.FAILED, message=text))
    assert next(csv.reader(io.StringIO(row, newline="")))[4] == harmless(text)


def test_the_users_own_text_is_copied_byte_for_byte(tmp_path):
    layout = CsvLayout(
        header=("a", "b"), delimiter=",", line_end="\r\n", preamble='Liste\n"a",b\r\n'
    )
    rows = [Row(3, ["=1", " é"], '"=1", é\r\n'), Row(4, ["", "2"], '"",2')]
    target = tmp_path / "result.csv"
    write_csv_result([block_of(rows)], {3: TWICE}.get, target=target, layout=layout)
    lines = target.read_bytes().split(b"\r\n")
    assert lines[0] == b'\xef\xbb\xbfListe\n"a",b,zb_status,zb_id,zb_code,zb_message,zb_fix'
    assert lines[1] == '"=1", é,rejected,,ZB306,The key stands twice,Mend it'.encode()
    assert lines[2:] == [b'"",2,ready,,,,', b""]


@pytest.mark.parametrize("mark", ["", "é"])
def test_rows_are_patched_at_the_edges_of_blocks(tmp_path, mark):
    layout = layout_of(1, ",", "\n")
    n_rows = BLOCK_ROWS * 3 + 1
    with CsvPart(tmp_path / "part", layout) as part:
        rows = [Row(number, ["x"], f"{number}{mark}\n") for number in range(n_rows)]
        for start in range(0, n_rows, BLOCK_ROWS):
            part.add(block_of(rows[start : start + BLOCK_ROWS]), {})
    edges = {0, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS * 2, n_rows - 1, n_rows}
    target = tmp_path / "result.csv"
    join_parts(
        [part.close()],
        target,
        layout=layout,
        additions=((row, TWICE) for row in sorted(set(edges))),
    )
    got = read(target, ",")[1:]
    assert [row[0] for row in got] == [f"{number}{mark}" for number in range(n_rows)]
    assert {index for index, row in enumerate(got) if row[1] == "rejected"} == edges - {n_rows}


def test_a_sheet_without_rows_gives_a_header_alone(tmp_path):
    target = tmp_path / "result.csv"
    write_csv_result([], {}.get, target=target, layout=layout_of(2, ",", "\n"))
    assert read(target, ",") == [
        ["c0", "c1", "zb_status", "zb_id", "zb_code", "zb_message", "zb_fix"]
    ]


@pytest.mark.parametrize("block", [1, 7, BLOCK_ROWS, 3 * BLOCK_ROWS + 1])
def test_rows_may_come_in_blocks_of_any_size(tmp_path, block):
    layout = layout_of(1, ",", "\n")
    rows = [Row(number, [str(number)], f"{number}\n") for number in range(400)]
    with CsvPart(tmp_path / "part", layout) as part:
        for start in range(0, 400, block):
            part.add(block_of(rows[start : start + block]), {0: TWICE})
    target = tmp_path / "result.csv"
    join_parts([part.close()], target, layout=layout)
    got = read(target, ",")[1:]
    assert [row[0] for row in got] == [str(number) for number in range(400)]
    refused = [number for number, row in enumerate(got) if row[1] == "rejected"]
    assert refused == list(range(0, 400, block))


def test_removed_parts_leave_nothing_behind(tmp_path):
    with CsvPart(tmp_path / "part", layout_of(1, ",", "\n")) as part:
        part.add(ONE, {})
    part.close().remove()
    assert names_in(tmp_path) == []


def test_an_error_while_reading_leaves_no_file_at_all(tmp_path):
    def rows():
        yield ONE
        raise ValueError("broken source")

    with pytest.raises(ValueError, match="broken source"):
        write_csv_result(
            rows(), {}.get, target=tmp_path / "result.csv", layout=layout_of(1, ",", "\n")
        )
    assert names_in(tmp_path) == []


def test_a_folder_that_is_not_there_stops_the_run(tmp_path):
    spool = tmp_path / "nowhere" / "part"
    with pytest.raises(ResultError) as caught:
        CsvPart(spool, layout_of(1, ",", "\n"))
    assert (caught.value.code, caught.value.at.file) == ("ZB501", str(spool))


class FullDisk(io.BytesIO):
    def write(self, _):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_while_rows_are_added_stops_the_run(tmp_path):
    part = CsvPart(tmp_path / "part", layout_of(1, ",", "\n"))
    part._file.close()
    part._file = FullDisk()
    with pytest.raises(ResultError) as caught:
        part.add(ONE, {})
    part.close()
    assert (caught.value.code, caught.value.at.file) == ("ZB501", str(tmp_path / "part"))
