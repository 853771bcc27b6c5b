"""What a template shows for a column, from a mapping and a small schema."""

import pytest

from zbbulk.jobs.template_columns import template_columns
from zbbulk.mapping import parse_mapping
from zbbulk.results import Need

ID = {"type": "string", "pattern": "^[0-9]{1,20}$"}
SCHEMA = {
    "type": "object",
    "required": ["name", "lines"],
    "x-required-on-update": ["item_id"],
    "x-required-in": {"in": ["gst"]},
    "dependentRequired": {"rate": ["unit"]},
    "properties": {
        "item_id": ID,
        "name": {"type": "string", "maxLength": 100},
        "notes": {"type": "string", "maxLength": 500},
        "unit": {"type": "string"},
        "rate": {"type": "number"},
        "kind": {"type": "string", "enum": ["goods", "service"]},
        "gst": {"type": "string", "x-editions": ["in"]},
        "discount": {"type": ["number", "string"]},
        "is_open": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
        "address": {
            "type": "object",
            "required": ["city"],
            "properties": {"city": {"type": "string"}},
        },
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["price"],
                "anyOf": [{"required": ["item"]}, {"required": ["text"]}],
                "properties": {
                    "price": {"type": "number"},
                    "item": {"type": "string"},
                    "text": {"type": "string"},
                },
            },
        },
    },
}


@pytest.fixture
def columns():
    def columns_of(fields, *, edition=None, top=""):
        indented = "".join(f"  {line}\n" for line in fields.splitlines())
        text = f"zbbulk: 1\nresource: items\n{top}fields:\n{indented}"
        mapping = parse_mapping(text, file="m.yml", schema=SCHEMA, edition=edition)
        return {each.name: each for each in template_columns(mapping, SCHEMA)}

    return columns_of


ALL = "name: A\nlines: [{price: P}]\n"


def test_the_columns_stand_in_the_order_of_the_mapping_each_once(columns):
    found = columns(f'{ALL}unit: {{template: "{{A}} {{U}}"}}\nnotes: P')
    assert list(found) == ["A", "P", "U"]
    assert found["A"].fields == ("name", "unit")


@pytest.mark.parametrize(
    ("rule", "edition", "need"),
    [
        pytest.param("name: X", None, Need.ALWAYS, id="required"),
        pytest.param("name: {column: X, default: Pen}", None, Need.NEVER, id="with-a-default"),
        pytest.param("name: {first_of: [X, Y]}", None, Need.AT_TIMES, id="this-or-another"),
        pytest.param("unit: X", None, Need.AT_TIMES, id="under-a-condition"),
        pytest.param("rate: X", None, Need.NEVER, id="not-required"),
        pytest.param("gst: X", None, Need.AT_TIMES, id="in-some-edition"),
        pytest.param("gst: X", "in", Need.ALWAYS, id="in-this-edition"),
        pytest.param("lines: [{price: X}]", None, Need.ALWAYS, id="in-a-required-list"),
        pytest.param("lines: [{price: Y}, {price: X}]", None, Need.AT_TIMES, id="second-entry"),
        pytest.param("lines: [{price: Y, item: X}]", None, Need.AT_TIMES, id="one-of-several"),
        pytest.param("address: {city: X}", None, Need.AT_TIMES, id="in-a-group-that-may-be-blank"),
        pytest.param("custom_fields: {Old: X}", None, Need.NEVER, id="custom-field"),
        pytest.param("rate: X\nunit: X", None, Need.AT_TIMES, id="the-greatest-need-of-several"),
    ],
)
def test_what_must_be_filled_in_is_marked(columns, rule, edition, need):
    rest = "".join(f"{line}\n" for line in ALL.splitlines() if line[:4] != rule[:4])
    assert columns(rest + rule, edition=edition)["X"].need is need


def test_an_update_needs_the_id(columns):
    found = columns("item_id: X\nname: Y", top="action: update\n")
    assert (found["X"].need, found["Y"].need) == (Need.ALWAYS, Need.NEVER)


@pytest.mark.parametrize(
    ("rule", "choices", "only"),
    [
        ("kind: X", ("goods", "service"), True),
        ("is_open: X", ("yes", "no"), True),
        ("unit: X", (), True),
        ("unit: {column: X, values: {Nos: pcs, KGS: kg}}", ("Nos", "KGS"), True),
        ("unit: {column: X, values: {Nos: pcs}, other_values: keep}", ("Nos",), False),
        ("unit: {column: X, values: {Nos: pcs}, other_values: blank}", ("Nos",), False),
        (
            "kind: {column: X, values: {G: goods}, other_values: keep}",
            ("G", "goods", "service"),
            True,
        ),
        ('kind: {column: X, part: {split: "-", take: 1}}', (), False),
        ('kind: {template: "{X}s"}', (), False),
    ],
)
def test_the_words_of_the_drop_down(columns, rule, choices, only):
    column = columns(ALL + rule)["X"]
    assert (column.choices, column.only_choices) == (choices, only)


@pytest.mark.parametrize(
    ("rule", "number_format"),
    [
        pytest.param("item_id: X", "@", id="id"),
        pytest.param("unit: X", "@", id="text"),
        pytest.param("notes: X", "General", id="long-text"),
        pytest.param("rate: X", "General", id="number"),
        pytest.param("discount: X", "@", id="percent-stays-as-typed"),
        pytest.param("date: X", "yyyy-mm-dd", id="date"),
        pytest.param('rate: {column: X, part: {split: "/", take: 1}}', "@", id="part-of-a-text"),
        pytest.param("custom_fields: {Old: X}", "@", id="custom-field"),
        pytest.param('unit: {formula: "[X] * 2"}', "General", id="formula"),
        pytest.param('unit: {template: "{X}s"}\nrate: X', "General", id="whole-cell-first"),
    ],
)
def test_the_format_of_the_cells(columns, rule, number_format):
    assert columns(ALL + rule)["X"].number_format == number_format


def test_dates_are_shown_in_the_style_of_the_mapping(columns):
    found = columns(f"{ALL}date: X", top="source: {dates: dd/mm/yyyy}\n")
    assert found["X"].number_format == "dd/mm/yyyy"


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("name: X", ("name: text, required to create, at most 100 characters",)),
        ("kind: X", ("kind: text", "One of: goods, service.")),
        (
            "unit: {column: X, values: {Nos: pcs, KGS: kg}, default: pcs}",
            (
                "unit: text, required when rate is given",
                "Left blank, this is sent: 'pcs'.",
                "Sent: Nos as pcs, KGS as kg.",
                "One of: Nos, KGS.",
            ),
        ),
        (
            "rate: {first_of: [X, Y]}",
            ("rate: number", "The first of these that is filled in: X, Y."),
        ),
        ('rate: {formula: "[X] * [Y]"}', ("rate: number", "Computed from: X, Y.")),
        (
            "date: {choose: [{if: '[X] > 0', column: Y}]}",
            ("date: date", "Computed from: X, Y."),
        ),
        (
            'notes: {template: "{X} {Y}"}',
            ("notes: text, at most 500 characters", "Put together from: X, Y."),
        ),
        (
            "lines: [{price: Y, item: X}]",
            ("lines.item: text", "One of these is needed: item, text."),
        ),
        ("date: X", ("date: date", "Enter it as a date.")),
        (
            "is_open: {column: X, default: no}",
            ("is_open: yes or no", "Left blank, this is sent: no.", "One of: yes, no."),
        ),
        ("custom_fields: {Old: X}", ("custom_fields.Old: a custom field of your organization",)),
    ],
)
def test_the_note_says_what_goes_in(columns, rule, lines):
    rest = "".join(f"{line}\n" for line in ALL.splitlines() if line[:4] != rule[:4])
    assert columns(rest + rule)["X"].about == lines


def test_a_column_is_wide_enough_for_its_name_its_words_and_an_id(columns):
    found = columns(f"{ALL}item_id: X\nnotes: N\nkind: K\nunit: A very long name of a column")
    assert [found[name].width for name in ("A", "X", "N", "K")] == [12, 22, 36, 12]
    assert found["A very long name of a column"].width == 32
