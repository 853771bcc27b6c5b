"""The generated row function: what lands in the Record, what in the faults."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.mapping.generate_field import Memo
from zbbulk.mapping.reader import FieldReader
from zbbulk.mapping.rules import NOTHING, CustomFieldsRule, FieldRule, ListRule
from zbbulk.model import Fault

COLUMNS = [f"C{number}" for number in range(12)]


@pytest.mark.parametrize(
    ("field", "cells", "value"),
    [
        ("sku: B", ("x", " \u00a0007 "), "007"),
        ("sku: {column: B}", ("x", "a  b"), "a  b"),
        ("sku: {column: B, text: upper}", ("x", "ab-1"), "AB-1"),
        ("sku: {column: B, text: lower}", ("x", "AB-1"), "ab-1"),
        ("sku: {column: B, text: title}", ("x", "o'neil & SONS"), "O'neil & Sons"),
        ("sku: {column: B, text: digits}", ("x", "+91 (98) 7-x"), "91987"),
        ("sku: {value: fixed}", ("x",), "fixed"),
        ('sku: {value: ""}', ("x",), ""),
        ('sku: {template: "{A} / {B}"}', ("x", " y "), "x / y"),
        ('sku: {template: "{A} / {B}"}', ("x", ""), "x /"),
        ('sku: {template: "{{{B}}}"}', ("x", "y"), "{y}"),
        ('sku: {template: "{A}{B}", text: upper}', ("x", "y"), "XY"),
        ("sku: {first_of: [B, C]}", ("x", " ", "z"), "z"),
        ("sku: {first_of: [B, C]}", ("x", "y", "z"), "y"),
        ("sku: {column: B, default: none}", ("x", ""), "none"),
        ("sku: {column: B, blank: keep}", ("x", " "), ""),
        ("unit: {column: B, values: {Nos: pcs}}", ("x", " nOS "), "pcs"),
        ("unit: {column: B, values: {Nos: pcs}, other_values: keep}", ("x", "Box"), "Box"),
        (
            "unit: {column: B, values: {Nos: pcs}, other_values: blank, default: kg}",
            ("x", "Box"),
            "kg",
        ),
        ("unit: {column: B, text: digits, values: {12: dozen}}", ("x", "x12"), "dozen"),
        ('sku: {column: B, part: {split: "-", take: 2}}', ("x", "a - b - c"), "b"),
        ('sku: {column: B, part: {split: "-", take: -1}}', ("x", "a-b-c"), "c"),
        ('sku: {column: B, part: {split: " ", take: 2}}', ("x", "a   b"), "b"),
        ('sku: {column: B, part: {split: "-", take: 2}, default: z}', ("x", "a"), "z"),
        ("rate: B", ("x", "19.90"), Decimal("19.90")),
        ("rate: B", ("x", "0"), Decimal(0)),
        ("rate: B", ("x", "0.00"), Decimal("0.00")),
        ("rate: B", ("x", "(5)"), Decimal(-5)),
        ("rate: B", ("x", "18%"), Decimal(18)),
        ("rate: {column: B, default: 0}", ("x", ""), Decimal(0)),
        ("rate: {first_of: [B, C]}", ("x", "", "7"), Decimal(7)),
        ("rate: {column: B, values: {free: 0}, other_values: keep}", ("x", "5"), Decimal(5)),
        ("discount: B", ("x", "5%"), "5%"),
        ("discount: B", ("x", "5"), Decimal(5)),
        ("terms: {column: B, text: digits}", ("x", "30 days"), 30),
        ("terms: B", ("x", "30.0"), 30),
        ("is_taxable: B", ("x", "YES"), True),
        ("is_taxable: {column: B, values: {ja: yes, nein: no}}", ("x", "Nein"), False),
        ("date: B", ("x", "2024-03-31"), "2024-03-31"),
    ],
)
def test_a_rule_gives_this_value(convert, field, cells, value):
    record, faults = convert(field, *cells)
    assert faults is None
    found = record[field.split(":")[0]]
    assert str(found) == str(value)
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "field",
    [
        "sku: B",
        "rate: B",
        "terms: B",
        "is_taxable: B",
        "date: B",
        "sku: {first_of: [B, C]}",
        'sku: {template: "{B} / {C}"}',
        "unit: {column: B, values: {Nos: pcs}}",
        "address:\n  city: B\n  zip: C",
        "tags: [B, C]",
        "custom_fields:\n  L: B",
        "lines:\n  - rate: B",
        "lines:\n  - rate: {column: B, default: 1}\n    name: {value: fixed}",
    ],
)
@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "NA", " na "])
def test_a_blank_cell_is_left_out(convert, field, blank):
    assert convert(field, "x", blank, source="{empty_words: [NA]}") == ({"name": "x"}, None)


def test_a_word_that_only_begins_like_an_empty_word_is_kept(convert):
    assert convert("sku: B", "x", "NAB", source="{empty_words: [NA]}")[0]["sku"] == "NAB"


def test_other_values_blank_leaves_the_field_out(convert):
    rule = "unit: {column: B, values: {Nos: pcs}, other_values: blank}"
    assert convert(rule, "x", "Box") == ({"name": "x"}, None)


def test_digits_of_a_text_without_digits_are_blank(convert):
    assert convert("sku: {column: B, text: digits}", "x", "none") == ({"name": "x"}, None)


def test_clear_sends_an_empty_text_for_an_update(convert):
    record, _ = convert(
        "item_id: B\nsku: {column: C, blank: clear}", "x", "1", top="action: update\n"
    )
    assert record == {"name": "x", "item_id": "1", "sku": ""}


@pytest.mark.parametrize(
    ("field", "cell", "code", "says"),
    [
        ("rate: B", "1,5", "ZB204", "'1,5' is not a number"),
        ("rate: B", "1e3", "ZB204", "'1e3'"),
        ("rate: B", "1.2.3", "ZB204", "'1.2.3'"),
        ("rate: B", "٣", "ZB204", "'٣'"),
        ("date: B", "31/12/2024", "ZB205", "'31/12/2024'"),
        ("is_taxable: B", "maybe", "ZB206", "'maybe'"),
        ("terms: B", "thirty", "ZB207", "'thirty'"),
        ("unit: {column: B, values: {Nos: pcs, Kilo: kg}}", "Box", "ZB208", "Nos, Kilo"),
        ('sku: {column: B, part: {split: "-", take: 2}}', "a", "ZB215", "piece 2"),
        ('sku: {column: B, part: {split: "-", take: -2}}', "a", "ZB215", "from the end"),
        ("rate: {first_of: [C, B]}", "x", "ZB204", "'x'"),
    ],
)
def test_a_cell_that_can_not_be_read_is_a_fault_with_its_place(convert, field, cell, code, says):
    record, faults = convert(field, "x", cell)
    assert record == {"name": "x"}
    (fault,) = faults
    assert (fault.code, fault.path, fault.column) == (code, (field.split(":")[0],), "B")
    assert says in fault.message


def test_all_faults_of_a_row_are_told(convert):
    _, faults = convert("rate: B\ndate: C\nterms: D", "x", "a", "b", "c")
    assert [fault.code for fault in faults] == ["ZB204", "ZB205", "ZB207"]


def test_a_fault_in_a_template_is_told_for_its_first_column(convert):
    _, faults = convert('terms: {template: "{B}{C}"}', "x", "a", "b")
    assert faults[0].column == "B"


NESTED = """\
lines:
  - name: {value: first}
    rate: B
    address: {city: C}
  - rate: D
    tags: [E]
  - name: {value: always}
    rate: {value: 1}
custom_fields:
  Brand: C
  cf_rack: E"""


def test_nested_fields_lists_and_custom_fields_are_built(convert):
    record, faults = convert(NESTED, "x", "1", "Bosch", "2", "E5")
    assert faults is None
    assert record == {
        "name": "x",
        "lines": [
            {"name": "first", "rate": 1, "address": {"city": "Bosch"}},
            {"rate": 2, "tags": ["E5"]},
            {"name": "always", "rate": 1},
        ],
        "custom_fields": [
            {"label": "Brand", "value": "Bosch"},
            {"api_name": "cf_rack", "value": "E5"},
        ],
    }


def test_an_entry_whose_cells_are_all_blank_is_left_out(convert):
    record, _ = convert(NESTED, "x", "", "", "2", "")
    assert record["lines"] == [{"rate": 2}, {"name": "always", "rate": 1}]
    assert "custom_fields" not in record


def test_an_entry_counts_a_cell_deep_inside_it(convert):
    record, _ = convert(NESTED, "x", "", "Bosch", "", "E5")
    assert record["lines"][0] == {"name": "first", "address": {"city": "Bosch"}}
    assert record["lines"][1] == {"tags": ["E5"]}


def test_a_fault_in_a_shifted_entry_has_the_path_it_would_have_in_the_record(convert):
    _, faults = convert(NESTED, "x", "", "", "bad", "")
    assert faults[0][2:4] == (("lines", 0, "rate"), "D")
    _, faults = convert("custom_fields: {L: B, M: {column: C, values: {a: b}}}", "x", "", "q")
    assert faults[0].path == ("custom_fields", 0, "value")


def test_an_entry_or_object_that_could_not_be_read_keeps_its_place(convert):
    fields = "lines:\n  - rate: B\n  - rate: C\naddress: {city: {column: D, values: {a: b}}}"
    record, faults = convert(fields, "x", "bad", "2", "q")
    assert record == {"name": "x", "lines": [{}, {"rate": 2}], "address": {}}
    assert [fault.path for fault in faults] == [("lines", 0, "rate"), ("address", "city")]


def test_an_entry_of_which_nothing_is_left_is_left_out(convert):
    fields = "lines:\n  - rate: {column: B, values: {free: 0}, other_values: blank}\n  - rate: C"
    assert convert(fields, "x", "gift", "2")[0]["lines"] == [{"rate": 2}]


def test_names_with_quotes_and_code_in_them_are_only_names():
    evil = "'); import os #"
    text = (
        f'zbbulk: 1\nresource: items\nfields:\n  name: "{evil}"\n'
        f'  "{evil}": {{value: "{evil}"}}\n  custom_fields: {{"{evil}": "{evil}"}}\n'
    )
    mapping = parse_mapping(text, file="m.yml")
    program = compile_mapping(mapping, [evil], file="a.csv", typed=False)
    record, _ = program.convert(["x"])
    assert record == {
        "name": "x",
        evil: evil,
        "custom_fields": [{"label": evil, "value": "x"}],
    }


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("sku: B", 7.0, "7"),
        ("sku: B", "007", "007"),
        ("sku: B", date(2024, 3, 31), "2024-03-31"),
        ("sku: B", True, "TRUE"),
        ("sku: {column: B, text: lower}", True, "true"),
        ("sku: {column: B, values: {1: one}}", 1.0, "one"),
        ('sku: {template: "{A}-{B}"}', 7.0, "x-7"),
        ("rate: B", 19.99, Decimal("19.99")),
        ("rate: B", 0.0, Decimal(0)),
        ("rate: B", 1e16, Decimal(10**16)),
        ("rate: B", "1.234,50", Decimal("1234.50")),
        ("rate: {column: B, values: {a: 1}, other_values: keep}", 1234.5, Decimal("1234.5")),
        ("rate: {first_of: [C, B]}", 1234.5, Decimal("1234.5")),
        ("discount: B", 5.5, Decimal("5.5")),
        ("terms: B", 30.0, 30),
        ("is_taxable: B", True, True),
        ("is_taxable: B", 0.0, False),
        ("date: B", date(2024, 3, 31), "2024-03-31"),
        ("date: B", datetime(2024, 3, 31), "2024-03-31"),  # noqa: DTZ001 - workbooks know no zones
        ("date: B", "31.03.2024", "2024-03-31"),
        (
            'date: {column: B, part: {split: " ", take: 1}}',
            datetime(2024, 3, 31, 14, 5),  # noqa: DTZ001 - as above
            "2024-03-31",
        ),
    ],
)
def test_a_workbook_cell_gives_this_value(convert, field, cell, value):
    source = '{numbers: "1.234,56", dates: dd.mm.yyyy}'
    record, faults = convert(field, "x", cell, typed=True, source=source)
    assert faults is None
    found = record[field.split(":")[0]]
    assert str(found) == str(value)
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("sku: B", 4600000000123456789.0, "ZB114"),
        ("custom_fields: {L: B}", 4600000000123456789.0, "ZB114"),
        ("sku: B", "#N/A", "ZB115"),
        ("sku: {column: B, text: upper}", " #REF! ", "ZB115"),
        ("rate: B", "#DIV/0!", "ZB115"),
        ("unit: {column: B, values: {a: b}, other_values: keep}", "#NAME?", "ZB115"),
        ("sku: {first_of: [B, C]}", "#NULL!", "ZB115"),
        ('sku: {template: "{A} {B}"}', "#VALUE!", "ZB115"),
        ("rate: B", True, "ZB204"),
        ("rate: B", date(2024, 3, 31), "ZB204"),
        ("rate: B", float("nan"), "ZB204"),
        ("terms: B", 30.5, "ZB207"),
        ("terms: B", time(9, 30), "ZB207"),
        ("is_taxable: B", 2.0, "ZB206"),
        ("date: B", 45383.0, "ZB205"),
        ("date: B", datetime(2024, 3, 31, 14, 5), "ZB205"),  # noqa: DTZ001 - as above
        ("date: B", date(204, 3, 31), "ZB205"),
    ],
)
def test_a_workbook_cell_that_can_not_be_read_is_a_fault(convert, field, cell, code):
    record, faults = convert(field, "x", cell, typed=True)
    assert record == {"name": "x"}
    assert [fault.code for fault in faults] == [code]


def test_an_excel_error_that_is_declared_empty_is_blank(convert):
    source = '{empty_words: ["#N/A"]}'
    assert convert("sku: B", "x", "#N/A", typed=True, source=source) == ({"name": "x"}, None)


def test_an_excel_error_in_csv_is_text_like_any_other(convert):
    assert convert("sku: B", "x", "#N/A")[0]["sku"] == "#N/A"


def test_a_memo_stays_small_however_many_texts_it_sees():
    memo = Memo(str.upper)
    for number in range(10_000):
        assert memo[f"a{number}"] == f"A{number}"
    assert memo["b" * 1000] == "B" * 1000
    assert len(memo) == 4096


ORACLE_TEXT = """\
zbbulk: 1
resource: items
source: {empty_words: [NA, "-"], dates: dd/mm/yyyy, numbers: %s}
fields:
  name: C0
  sku: {column: C1, text: upper}
  rate: C2
  purchase_rate: {column: C3, default: 0}
  reorder_level: {column: C4, values: {none: 0, few: 5}, other_values: keep}
  is_taxable: C5
  description: {template: "{C6} / {C7}"}
  unit: {column: C8, values: {Nos: pcs}, other_values: blank}
  tax_percentage: {first_of: [C9, C10]}
  hsn_or_sac: {first_of: [C9, C10, C11], text: upper, default: none}
  sat_item_key_code: {first_of: [C7, C8], blank: keep}
  unitkey_code: {template: "<{C1}", values: {"<yes": y}, other_values: keep}
  initial_stock: {template: "{C3}{C4}"}
  purchase_description: {column: C11, part: {split: "-", take: 2}, text: title}
  locations:
    - location_id: C0
      initial_stock: C1
    - location_id: {column: C2, default: x}
      initial_stock: {value: 1}
    - location_id: {first_of: [C3, C4]}
      initial_stock: {template: "{C5}{C6}"}
  custom_fields:
    One: C3
    cf_two: {column: C4, default: d}
"""
PLAIN_CELLS = st.sampled_from(
    [
        *("", " ", "NA", "-", "0", "12.50", "1.234,5", "1,234.50", "-5", "5-", "(5)", "1e3", "18%"),
        *("yes", "no", "X", "few", "Nos", "a-b", "a - ", "\u00a0x", "#N/A", "2024-03-31", "٣"),
        "1" * 70,
    ]
)
TEXT_CELLS = st.one_of(PLAIN_CELLS, st.text(max_size=12), st.from_regex(r"[-0-9.,()]{1,8}"))
TYPED_CELLS = st.one_of(
    TEXT_CELLS,
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(max_value=timedelta(days=9)),
)


class Oracle:
    """Carries the rules out one by one by their readers, without any short cut."""

    def __init__(self, mapping, typed):
        self.mapping, self.typed, self.faults = mapping, typed, []

    def reader(self, rule):
        positions = tuple(COLUMNS.index(column.name) for column in rule.columns)
        source, styles = self.mapping.source, (None,) * len(positions)
        return FieldReader(
            rule=rule, positions=positions, source=source, styles=styles, typed=self.typed
        )

    def has_content(self, rule, cells):
        if isinstance(rule, FieldRule):
            return self.reader(rule).has_content(cells)
        return any(self.has_content(inner, cells) for inner in rule.fields.values())

    def value(self, rule, cells, path):
        if isinstance(rule, FieldRule):
            reader = self.reader(rule)
            try:
                return reader.value(cells)
            except ValueError as error:
                column = reader.column(cells)
                self.faults.append(Fault(error.code, error.message, path, column, error.fix))
                return NOTHING
        if isinstance(rule, ListRule | CustomFieldsRule):
            return self.entries(rule, cells, path) or NOTHING
        before = len(self.faults)
        found = {
            key: value
            for key, inner in rule.fields.items()
            if (value := self.value(inner, cells, (*path, key))) is not NOTHING
        }
        return found if found or len(self.faults) > before else NOTHING

    def entries(self, rule, cells, path):
        found = []
        for entry in rule.entries:
            if isinstance(rule, CustomFieldsRule):
                where = (*path, len(found), "value")
                if (value := self.value(entry.rule, cells, where)) is not NOTHING:
                    found.append({entry.key: entry.name, "value": value})
            elif self.has_content(entry, cells):
                value = self.value(entry, cells, (*path, len(found)))
                if value is not NOTHING:
                    found.append(value)
        return found

    def convert(self, cells):
        record = self.value(self.mapping.fields, cells, ())
        return {} if record is NOTHING else record, self.faults or None


def exact(value):
    """Return *value* so that 1, 1.0, True and Decimal("1.00") all differ."""
    if isinstance(value, dict):
        return {key: exact(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [exact(inner) for inner in value]
    return type(value).__name__, str(value)


@pytest.mark.parametrize("typed", [False, True], ids=["csv", "workbook"])
@pytest.mark.parametrize("numbers", ["'1234.56'", '"1,234.56"', '"1.234,56"'])
def test_the_short_cuts_give_what_the_careful_way_gives(typed, numbers):
    mapping = parse_mapping(ORACLE_TEXT % numbers, file="m.yml")
    program = compile_mapping(mapping, COLUMNS, file="a.csv", typed=typed)
    cell = TYPED_CELLS if typed else TEXT_CELLS

    @given(st.lists(cell, min_size=len(COLUMNS), max_size=len(COLUMNS)))
    def agree(cells):
        record, faults = program.convert(cells)
        wanted, wanted_faults = Oracle(mapping, typed).convert(cells)
        assert exact(record) == exact(wanted)
        assert faults == wanted_faults

    agree()


@given(st.text(max_size=40))
def test_every_cell_lands_in_the_record_or_in_a_fault_or_is_blank(cell):
    fields = ("sku", "rate", "is_taxable", "reorder_level", "description")
    text = "zbbulk: 1\nresource: items\nfields:\n  name: A\n"
    text += "".join(f"  {field}: B\n" for field in fields)
    program = compile_mapping(
        parse_mapping(text, file="m.yml"), ["A", "B"], file="a.csv", typed=False
    )
    record, faults = program.convert(["x", cell])
    landed = set(record) | {fault.path[0] for fault in faults or ()}
    assert landed == {"name", *(fields if cell.strip() else ())}


@given(st.text(min_size=1).filter(str.strip))
def test_text_survives_but_for_outer_spaces(cell):
    text = "zbbulk: 1\nresource: items\nfields:\n  name: A\n"
    program = compile_mapping(parse_mapping(text, file="m.yml"), ["A"], file="a.csv", typed=False)
    assert program.convert([cell]) == ({"name": cell.strip()}, None)
