"""``legacy_key:`` of a mapping, and ``find_by: legacy_key`` of another one."""

import pytest

from zbbulk.errors import MappingError
from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.model import LookupRule

CONTACTS = "zbbulk: 1\nresource: contacts\nfields:\n  contact_name: Name\nlegacy_key: {}\n"
INVOICES = """\
zbbulk: 1
resource: invoices
fields:
  line_items:
    - name: N
  customer_id: {}
"""


def program(rule, header=("Name", "No"), top=""):
    mapping = parse_mapping(top + CONTACTS.format(rule), file="m.yml")
    return compile_mapping(mapping, header, file="x.csv", typed=False)


def faults_of(text):
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, file="m.yml")
    return [(each.code, each.at.row) for each in caught.value.problems]


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        pytest.param("No", "7", id="column"),
        pytest.param("{template: 'customer {No}'}", "customer 7", id="template"),
        pytest.param("{formula: \"'c' & [No]\"}", "c7", id="formula"),
        pytest.param("{column: No, values: {'7': seven}}", "seven", id="value-list"),
    ],
)
def test_a_key_is_read_like_a_field_and_is_not_in_the_record(rule, key):
    compiled = program(rule)
    assert compiled.legacy_key(["Acme", " 7 "]) == key
    assert compiled.convert(["Acme", "7"]) == ({"contact_name": "Acme"}, None)


def test_a_blank_key_is_none():
    assert program("{template: 'customer {No}'}").legacy_key(["Acme", " "]) == ""


def test_a_key_that_cannot_be_read_is_told_with_its_column():
    compiled = program("{column: No, values: {'7': seven}}")
    assert compiled.legacy_key(["Acme", "8"]) == ""
    assert [(each.code, each.column) for each in compiled.legacy_faults(["Acme", "8"])] == [
        ("ZB208", "No")
    ]


def test_a_column_that_is_not_there_is_told_with_its_line():
    with pytest.raises(MappingError) as caught:
        program("Nr")
    assert [(each.code, each.at.row) for each in caught.value.problems] == [("ZB209", 5)]


@pytest.mark.parametrize(
    "rule",
    [
        "{value: x}",
        "{column: No, find_by: contact_name}",
        "{column: No, rows: first}",
    ],
)
def test_what_a_key_cannot_be_is_refused(rule):
    assert faults_of(CONTACTS.format(rule)) == [("ZB211", 5)]


def test_a_resource_without_ids_has_no_keys():
    text = "zbbulk: 1\nresource: bankstatements\nlegacy_key: No\nfields:\n  account_id: A\n"
    assert ("ZB211", 3) in faults_of(text + "  transactions:\n    - {date: D, amount: M}\n")


def test_a_lookup_by_key_knows_its_resource_and_nothing_else():
    mapping = parse_mapping(INVOICES.format("{find_by: legacy_key, column: C}"), file="m.yml")
    assert mapping.fields.fields["customer_id"].lookup.rule == LookupRule(
        ("contacts",), "legacy_key"
    )


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("where: {contact_type: vendor}", "ZB211"),
        ("if_many: first_active", "ZB211"),
        ("if_missing: create", "ZB229"),
        ("blank: keep", "ZB211"),
        ("find_in: items", "ZB227"),
    ],
)
def test_what_a_lookup_by_key_cannot_do_is_refused(more, code):
    rule = f"{{find_by: legacy_key, column: C, {more}}}"
    assert faults_of(INVOICES.format(rule)) == [(code, 6)]
