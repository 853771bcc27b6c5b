"""A mapping turned round: what goes back into its columns, and what is told of the rest."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zbbulk.assets import asset_names, asset_path
from zbbulk.mapping import compile_mapping, load_mapping, parse_mapping
from zbbulk.mapping.fitted import fitted
from zbbulk.mapping.reverse import Reversed
from zbbulk.mapping.reverse_cells import NoNames
from zbbulk.model import ReadOptions
from zbbulk.resources import resource, schema
from zbbulk.results import write_csv, write_workbook
from zbbulk.rows import open_sheet, padded


class Names:
    """Texts by id."""

    def __init__(self, **texts):
        self._texts = texts

    def text_of(self, rule, zb_id):
        return self._texts.get(f"{rule.resources[0]}_{zb_id}", "")


def turned(text, names=None, name="items"):
    lenient = schema(name) | {"required": []}
    mapping = parse_mapping(f"zbbulk: 1\nresource: {name}\n{text}", file="m.yml", schema=lenient)
    return layout_of(mapping, names)


def layout_of(mapping, names=None):
    facts = resource(mapping.resource)
    return Reversed(
        mapping, schema=schema(facts.name), id_field=facts.id_field, names=names or NoNames()
    )


def row_of(layout, record):
    (row,) = layout.rows(record)
    return dict(zip([column.name for column in layout.columns], row, strict=True))


@pytest.mark.parametrize(
    ("rule", "record", "cells"),
    [
        ("name: Item", {"name": "Pen"}, {"Item": "Pen"}),
        ("name: Item", {"name": ""}, {"Item": ""}),
        ("rate: Price", {"rate": Decimal("1.50")}, {"Price": Decimal("1.50")}),
        ("is_taxable: Taxed", {"is_taxable": False}, {"Taxed": False}),
        ("unit: {column: U, values: {Nos: pcs}}", {"unit": "pcs"}, {"U": "Nos"}),
        ("unit: {column: U, values: {A: pcs, B: pcs}}", {"unit": "pcs"}, {"U": "A"}),
        ("unit: {column: U, values: {N: p}, other_values: keep}", {"unit": "kg"}, {"U": "kg"}),
        ('description: {template: "was {Old}."}', {"description": "was K1."}, {"Old": "K1"}),
        ("name: {first_of: [A, B]}", {"name": "Pen"}, {"A": "Pen", "B": ""}),
        (
            "account_id: {find_by: account_name, column: Ledger}",
            {"account_id": "7", "account_name": "Sales"},
            {"Ledger": "Sales"},
        ),
        (
            "account_id: {find_by: account_code, column: Ledger}",
            {"account_id": "7", "account_name": "Sales"},
            {"Ledger": "4000"},
        ),
        (
            "custom_fields: {Old code: Old}",
            {"custom_fields": [{"label": "Old code", "value": "007"}]},
            {"Old": "007"},
        ),
    ],
)
def test_what_one_column_says_goes_back_into_it(rule, record, cells):
    layout = turned(f"fields:\n  {rule}\n", Names(chartofaccounts_7="4000"))
    assert row_of(layout, record) == cells
    assert layout.otherwise == {}


@pytest.mark.parametrize(
    ("style", "cell"),
    [
        ("dd/mm/yyyy", "03/01/2026"),
        ("d.m.yy", "3.1.26"),
        ("mmm d, yyyy", "Jan 3, 2026"),
        ("yyyymmdd", "20260103"),
        (None, date(2026, 1, 3)),
    ],
)
def test_a_day_is_written_as_the_mapping_reads_it(style, cell):
    source = f"source: {{dates: '{style}'}}\n" if style else ""
    layout = turned(f"{source}fields: {{date: Day}}\n", name="invoices")
    assert row_of(layout, {"date": "2026-01-03"}) == {"Day": cell}
    assert layout.otherwise == {}


def test_an_amount_is_written_as_the_mapping_reads_it():
    layout = turned('source: {numbers: "1.234,56"}\nfields: {rate: Preis}\n')
    assert row_of(layout, {"rate": Decimal("1250.50")}) == {"Preis": "1250,50"}
    assert layout.otherwise == {}


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ("rate: {formula: '[A] * 2'}", "computed"),
        ("name: {template: '{A} {B}'}", "several columns"),
        ("name: {column: A, part: {split: '-', take: 1}}", "piece"),
        ("rate: {choose: [{if: \"[A] = 'x'\", value: 1}, {value: 2}]}", "conditions"),
        ("name: {first_of: [A, B]}", "'B' stay blank"),
    ],
)
def test_what_can_not_go_back_is_told_with_its_line(rules, why):
    layout = turned(f"fields:\n  {rules}\n")
    (lost,) = layout.lost
    assert (lost.line, why in lost.why) == (4, True)


def test_a_column_that_feeds_two_fields_goes_to_the_first_and_the_other_is_looked_at():
    layout = turned("fields:\n  contact_name: P\n  company_name: P\n", name="contacts")
    assert [(each.field, each.why) for each in layout.lost] == [
        ("company_name", "'P' says contact_name already")
    ]
    assert row_of(layout, {"contact_name": "A", "company_name": "B"}) == {"P": "A"}


@pytest.mark.parametrize(
    ("rule", "record", "field"),
    [
        ("unit: {column: U, values: {Nos: pcs}}", {"unit": "kg"}, "unit"),
        ("sku: {column: S, text: upper}", {"sku": "ab"}, "sku"),
        ("unit: {column: U, default: pcs}", {"unit": ""}, "unit"),
        ("product_type: {value: goods}", {"product_type": "service"}, "product_type"),
        ('description: {template: "was {Old}."}', {"description": "new"}, "description"),
    ],
)
def test_what_would_be_read_back_otherwise_is_told_with_the_first_record(rule, record, field):
    layout = turned(f"fields:\n  name: N\n  {rule}\n")
    for zb_id in ("1", "2"):
        list(layout.rows({**record, "name": "x", "item_id": zb_id}))
    told = layout.otherwise[field]
    assert (told.records, told.zb_id, told.there) == (2, "1", record[field])


INVOICE = """\
group_rows_by: [No]
fields:
  invoice_number: No
  customer_id: {find_by: contact_name, column: Who}
  shipping_charge: {column: Freight, rows: sum}
  line_items:
    each_row: {name: Item, quantity: Qty, rate: Price}
"""


def test_a_document_goes_back_into_a_row_for_each_line():
    layout = turned(INVOICE, name="invoices")
    lines = [{"name": "Pen", "quantity": 1, "rate": 2}, {"name": "Ink", "quantity": 3, "rate": 4}]
    record = {
        "invoice_number": "A",
        "customer_id": "7",
        "customer_name": "Acme",
        "shipping_charge": 5,
        "line_items": lines,
    }
    assert [list(map(str, row)) for row in layout.rows(record)] == [
        ["A", "Acme", "5", "Pen", "1", "2"],
        ["A", "Acme", "", "Ink", "3", "4"],
    ]
    assert (layout.otherwise, layout.lost) == ({}, ())


SIDES = {
    "two": ("{debit: Dr, credit: Cr}", {"Dr": "", "Cr": "7"}),
    "word": (
        "{amount: A, type: T, debit_word: Soll, credit_word: Haben}",
        {"A": "7", "T": "haben"},
    ),
    "sign": ("{amount: A, negative: credit}", {"A": "-7"}),
}


@pytest.mark.parametrize("shape", SIDES)
def test_debit_and_credit_go_back_in_all_three_shapes(shape):
    rule, cells = SIDES[shape]
    layout = turned(
        "group_rows_by: [No]\nfields:\n  reference_number: No\n  line_items:\n    each_row:\n"
        f"      account_id: Ledger\n      debit_credit: {rule}\n",
        name="journals",
    )
    line = {"account_id": "1", "debit_or_credit": "credit", "amount": 7}
    record = {"reference_number": "J1", "line_items": [line]}
    shown = row_of(layout, record)
    assert {name: str(shown[name]) for name in cells} == cells
    assert layout.otherwise == {}


SHIPPED = [name for name in asset_names("mappings", ".yml") if "/" not in name]


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("write", ["csv", "xlsx"])
def test_what_a_sample_says_comes_back_or_is_told(name, write, tmp_path):
    """Rows -> records -> rows -> records: what differs is in ``lost`` or ``otherwise``."""
    mapping = load_mapping(asset_path("mappings", f"{name}.yml"))
    sheet = open_sheet(asset_path("samples", f"{name}.csv"), options=mapping.source.read_options)
    records = records_of(mapping, sheet)
    layout = layout_of(mapping)
    rows = [row for record in records for row in layout.rows(record)]
    path = tmp_path / f"back.{write}"
    if write == "csv":
        write_csv(path, layout.columns, rows)
    else:
        write_workbook(path, layout.columns, rows, title="Back")
    again = open_sheet(path, options=ReadOptions())
    told = {each.field for each in layout.lost} | set(layout.otherwise)
    made = records_of(mapping, again)
    assert layout.fields == () or len(made) == len(records)
    for old, new in zip(records, made, strict=bool(layout.fields)):
        for field in {*old, *new} - {each.split(".")[0] for each in told}:
            assert plain(old.get(field)) == plain(new.get(field)), field


def plain(value):
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value).normalize()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def records_of(mapping, sheet):
    fit, _ = fitted(mapping, sheet.header, schema=schema(mapping.resource))
    dates = {}
    program = compile_mapping(
        replace(fit, source=replace(fit.source, dates=fit.source.dates or "yyyy-mm-dd")),
        sheet.header,
        file="m",
        typed=sheet.form.encoding is None,
        dates=dates,
    )
    rows = [padded(row.cells, len(sheet.header)) for row in sheet.rows()]
    if program.grouped is None:
        return [program.convert(cells)[0] for cells in rows if any(cells)]
    found = {}
    for cells in rows:
        found.setdefault(program.grouped.key_of(cells), []).append(cells)
    return [
        program.grouped.made(each, range(len(each)), convert=program.convert).record
        for key, each in found.items()
        if key is not None
    ]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)


@settings(max_examples=100, deadline=None)
@given(
    name=TEXTS.map(str.strip).filter(bool),
    rate=st.decimals(-(10**9), 10**9, places=4, allow_nan=False),
    day=st.dates(date(1970, 1, 1), date(2069, 12, 31)),
    numbers=st.sampled_from(["1234.56", "1,234.56", "1.234,56", "1'234.56", "1,23,456.78"]),
    dates=st.sampled_from(["dd/mm/yyyy", "mm-dd-yy", "dd-mmm-yyyy", "yyyymmdd"]),
)
def test_what_is_reversible_is_read_back_as_it_was(name, rate, day, numbers, dates):
    source = f"source: {{numbers: \"{numbers}\", dates: '{dates}'}}\n"
    layout = turned(
        f"{source}fields:\n  customer_id: C\n  date: D\n  notes: N\n  shipping_charge: F\n",
        name="invoices",
    )
    record = {"customer_id": "1", "date": day.isoformat(), "notes": name, "shipping_charge": rate}
    list(layout.rows(record))
    assert layout.otherwise == {}
