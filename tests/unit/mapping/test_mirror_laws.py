"""What a mirror shows of any record comes back as it was: through memory, CSV and a workbook."""

import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zbbulk.guard import guarded, marked, may_hold_guards, without_guard
from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.mapping.mirror import mirror_of
from zbbulk.mapping.mirror_changes import MirrorComparer
from zbbulk.mapping.mirror_fields import values_of
from zbbulk.mapping.mirror_mapping import mirror_mapping
from zbbulk.mapping.mirror_reading import MirrorReader, unmarked
from zbbulk.mapping.rules import Kind
from zbbulk.mapping.shapes import shape_of
from zbbulk.model import ReadOptions
from zbbulk.resources import resource, schema
from zbbulk.results import write_csv, write_workbook
from zbbulk.rows import open_sheet, padded

NAMES = ["items", "contacts", "invoices", "journals", "customerpayments", "bankrules", "projects"]
IDS = st.integers(10**18, 10**19 - 1).map(str)
ODD = """=1+1|'=1+1|''x|+49 30 1|-5|@home|007|1e5|TRUE|a\nb|a\r\nb|4600000000000200001|31/12/2024
12,50|N/A|€ ü 漢|'||no|1.50|<clear>|'<clear>|#N/A|'#REF!| |#ok"""
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0\ufffe\uffff"), max_size=30),
    st.sampled_from(re.split(r"\|", ODD.replace("\n1", "|1"))),
)
AMOUNTS = st.decimals(-(10**9), 10**9, places=4, allow_nan=False)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
BY_KIND = {
    Kind.TEXT: st.one_of(TEXTS, IDS, AMOUNTS),
    Kind.NUMBER: st.one_of(AMOUNTS, st.integers(-(10**9), 10**9), st.just("")),
    Kind.NUMBER_OR_PERCENT: st.one_of(AMOUNTS, st.sampled_from(["5%", "12.5%"])),
    Kind.INTEGER: st.integers(-(10**9), 10**9),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.one_of(DAYS, st.just("")),
}


def values(shape):
    """Return a strategy for what a field takes."""
    if shape.type == "object":
        return objects(shape)
    if shape.type == "array":
        return st.lists(values(shape.entry), max_size=2)
    return BY_KIND[shape.kind]


def objects(shape):
    optional = {name: values(shape.field(name)) for name in shape.names if "custom" not in name}
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def records(draw, name):
    facts, shape = resource(name), shape_of(schema(name), schema(name))
    record = draw(objects(shape)) | {facts.id_field: draw(IDS)}
    labels = draw(st.lists(st.sampled_from(["Old code", "Listed: on", "cf_region"]), unique=True))
    if "custom_fields" in shape.names:
        record["custom_fields"] = [{"label": label, "value": draw(TEXTS)} for label in labels]
    for number, line in enumerate(record.get("line_items", ())):
        line["line_item_id"] = f"46000000000009000{number:02}"
    record["last_modified_time"] = "2026-06-09T13:15:34-0400"
    return record


def through_csv(folder, columns, rows):
    path = Path(folder) / "mirror.csv"
    write_csv(path, columns, rows)
    return opened(path)


def through_workbook(folder, columns, rows):
    path = Path(folder) / "mirror.xlsx"
    write_workbook(path, columns, rows, title="Mirror")
    return opened(path)


def opened(path):
    sheet = open_sheet(path, options=ReadOptions())
    width = len(sheet.header)
    return sheet.header, [padded(row.cells, width) for row in sheet.rows()], sheet.form


def came_back(through, mirror, record):
    """Return header, cells, and whether they are typed, as they come back from a file."""
    with TemporaryDirectory() as folder:
        header, rows, form = through(folder, mirror.columns, mirror.rows(record))
    return header, rows, form.encoding is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("through", [through_csv, through_workbook])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_record_comes_back_as_it_was(name, through, data):
    facts, record = resource(name), data.draw(records(name))
    mirror = mirror_of(facts, schema(name), [record])
    header, rows, typed = came_back(through, mirror, record)
    mapping = parse_mapping(mirror_mapping(mirror, facts), file="m.yml")
    reader = MirrorReader(mapping, header, typed=typed, dates={})
    assert reader.id_of(rows[0]) == record[facts.id_field]
    assert reader.hash(rows) == reader.mark_of(rows) == mirror.hash(record)
    compared = MirrorComparer(reader, facts, width=len(header)).compared(rows, record)
    assert (compared.changes, compared.gone, compared.strangers, compared.emptied) == (
        [],
        [],
        [],
        [],
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("through", [through_csv, through_workbook])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_import_makes_the_same_record_of_the_rows(name, through, data):
    """But for what is empty, outer spaces and how lines end: a sheet shows none of them."""
    facts, record = resource(name), data.draw(records(name))
    assume("<clear>" not in str(record).casefold())  # which is told, and not sent
    mirror = mirror_of(facts, schema(name), [record])
    header, rows, typed = came_back(through, mirror, record)
    mapping = parse_mapping(mirror_mapping(mirror, facts), file="m.yml")
    reader = MirrorReader(mapping, header, typed=typed, dates={})
    cells = [_as_sent(reader, row) for row in rows]
    program = compile_mapping(mapping, header, file="m.csv", typed=False)
    if program.grouped is None:
        made, faults = program.convert(cells[0])
    else:
        whole = program.grouped.made(cells, range(2, 2 + len(cells)), convert=program.convert)
        made, faults = whole.record, whole.faults
    assert not faults
    head = [each for each in mirror.fields if not each.in_line]
    assert values_of(made, head) == values_of(record, head)


def _as_sent(reader, row):
    """Return the texts of a row as the sheet holds them that is sent."""
    texts = [""] * len(row)
    for each in (*reader.head, *reader.line):
        texts[each.position] = each.read(row).text
    for position in reader.own:
        texts[position] = row[position]
    return texts


@given(st.text())
def test_the_guard_comes_off_as_it_went_on(text):
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert unmarked(without_guard(guarded(text)), typed=False) == text
    assert unmarked(marked(text), typed=True) == text
    assert may_hold_guards(guarded(text)) or without_guard(guarded(text)) == guarded(text)
