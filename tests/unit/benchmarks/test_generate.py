import csv
import importlib.util
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("bench_generate", BENCHMARKS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows_in(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_same_seed_gives_the_same_bytes(generate, tmp_path):
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    generate.items(one, 500, 3)
    generate.items(two, 500, 3)
    assert one.read_bytes() == two.read_bytes()


def test_another_seed_gives_another_file(generate, tmp_path):
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    generate.items(one, 500, 3)
    generate.items(two, 500, 4)
    assert one.read_bytes() != two.read_bytes()


def test_the_file_has_28_columns_and_the_rows_asked_for(generate, tmp_path):
    path = tmp_path / "items.csv"
    generate.items(path, 300, 3)
    header, *rows = rows_in(path)
    assert len(header) == 28
    assert len(rows) == 300


def test_one_row_in_a_hundred_is_bad_and_the_kinds_take_turns(generate, tmp_path):
    kinds = len(generate.BAD_KINDS)
    counted = generate.items(tmp_path / "items.csv", 200 * kinds, 3)
    assert counted == dict.fromkeys(generate.BAD_KINDS, 2)


@pytest.mark.parametrize("rows", [1, 99, 101, 250])
def test_only_full_hundreds_have_a_bad_row(generate, rows):
    kinds = Counter(kind for _, kind in generate.rows_of(rows, 3))
    assert rows - kinds[""] == rows // 100


def test_some_cells_hold_commas_quotes_and_line_breaks(generate):
    cells = [cell for row, _ in generate.rows_of(2000, 3) for cell in row]
    for sign in (",", '"', "\n"):
        assert any(sign in cell for cell in cells)


def test_each_kind_of_bad_row_is_bad_in_the_way_it_is_called(generate):
    header = generate.HEADER
    bad = {
        kind: (dict(zip(header, cells, strict=False)), len(cells))
        for cells, kind in generate.rows_of(100 * len(generate.BAD_KINDS), 3)
        if kind
    }
    assert bad["not_a_number"][0]["Selling Price"] == "on request"
    assert len(bad["name_too_long"][0]["Item Name"]) > generate.NAME_LIMIT
    assert bad["unknown_type"][0]["Item Type"] == "Sundry"
    assert bad["blank_name"][0]["Item Name"] == ""
    assert not bad["bad_id"][0]["Sales Account ID"].isdigit()
    assert bad["not_yes_or_no"][0]["Taxable"] == "partly"
    assert bad["extra_cell"][1] == len(header) + 1
    assert bad["two_faults"][0]["Item Name"] == ""


def test_a_duplicate_repeats_the_sku_of_a_good_row_above_it(generate):
    above = {}
    for cells, kind in generate.rows_of(100 * len(generate.BAD_KINDS), 3):
        if kind == "duplicate_sku":
            assert above[cells[0]] == ""
        else:
            assert cells[0] not in above
            above[cells[0]] = kind


def test_a_workbook_holds_the_same_rows_with_numbers_as_numbers(generate, tmp_path):
    path = tmp_path / "items.xlsx"
    counted = generate.items(path, 100, 3)
    workbook = load_workbook(path, read_only=True)
    header, *rows = workbook.worksheets[0].iter_rows(values_only=True)
    workbook.close()
    texts = [cells for cells, _ in generate.rows_of(100, 3)]
    assert header == generate.HEADER
    assert [row[0] for row in rows] == [cells[0] for cells in texts]
    assert sum(isinstance(row[4], float | int) for row in rows) == 99
    assert counted == {"not_a_number": 1}
