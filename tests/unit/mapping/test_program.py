import pytest

FIELDS = """\
sku: {first_of: [B, C]}
unit: {value: pcs}
address:
  city: B
lines:
  - rate: B
    tags: [C, D]
  - rate: D
  - rate: E
custom_fields:
  One: B
  cf_two: C"""


@pytest.mark.parametrize(
    ("path", "columns", "line"),
    [
        (("name",), ("A",), 5),
        (("sku",), ("B", "C"), 6),
        (("unit",), (), 7),
        (("address", "city"), ("B",), 9),
        (("address",), ("B",), 9),
        (("address", "nowhere"), ("B",), 9),
        (("nowhere",), ("A", "B", "C", "D", "E"), 5),
        ((), ("A", "B", "C", "D", "E"), 5),
        (("lines", 0, "rate"), ("B", "D", "E"), 11),
        (("lines", 7), ("B", "C", "D", "E"), 11),
        (("custom_fields", 0, "value"), ("B", "C"), 16),
    ],
)
def test_the_origin_of_a_path_without_its_row(program, path, columns, line):
    origin = program(FIELDS).origin(path)
    assert (origin.columns, origin.line) == (columns, line)


@pytest.mark.parametrize(
    ("cells", "path", "columns", "line"),
    [
        (("x", "1", "2", "3", "4"), ("lines", 0, "rate"), ("B",), 11),
        (("x", "", "", "3", "4"), ("lines", 0, "tags", 0), ("D",), 12),
        (("x", "1", "", "3", "4"), ("lines", 0, "tags", 0), ("D",), 12),
        (("x", "", "", "", "4"), ("lines", 0, "rate"), ("E",), 14),
        (("x", "1", "", "", "4"), ("lines", 1, "rate"), ("E",), 14),
        (("x", "", "2", "", ""), ("custom_fields", 0, "value"), ("C",), 17),
        (("x", "1", "2", "", ""), ("custom_fields", 1), ("C",), 17),
        (("x", "1", "", "", ""), ("lines", 5), ("B", "C", "D", "E"), 11),
        (("x", "bad", "", "", "4"), ("lines", 0, "rate"), ("B",), 11),
    ],
)
def test_the_row_tells_which_entries_were_left_out(program, cells, path, columns, line):
    origin = program(FIELDS).origin(path, cells=cells)
    assert (origin.columns, origin.line) == (columns, line)
