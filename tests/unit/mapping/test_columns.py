FIELDS = """\
  name: A
  sku: {first_of: [B, A]}
  unit: {value: pcs}
  address: {city: C}
  tags: [B, C]
  lines:
    - rate: D
    - rate: E
      item_custom_fields: {Old: B}
  custom_fields: {Old: {template: "{A} {B}"}}
  other: {deep: C}
"""


def test_every_use_of_a_column_is_told_with_its_field_in_the_mappings_order(uses):
    assert [(use.column, ".".join(use.path)) for use in uses(FIELDS)] == [
        ("A", "name"),
        ("B", "sku"),
        ("A", "sku"),
        ("C", "address.city"),
        ("B", "tags[1]"),
        ("C", "tags[2]"),
        ("D", "lines[1].rate"),
        ("E", "lines[2].rate"),
        ("B", "lines[2].item_custom_fields.Old"),
        ("A", "custom_fields.Old"),
        ("B", "custom_fields.Old"),
        ("C", "other.deep"),
    ]


def test_a_use_leads_to_the_schema_of_the_field_and_of_those_around_it(uses):
    found = {".".join(use.path): use for use in uses(FIELDS)}
    assert [name for _, name in found["lines[1].rate"].chain] == ["lines", "rate"]
    line, name = found["lines[1].rate"].chain[-1]
    assert line.field(name).node == {"type": "number"}
    assert [name for _, name in found["address.city"].chain] == ["address", "city"]
    assert found["other.deep"].chain == ()
    assert found["custom_fields.Old"].chain == ()


def test_only_the_first_entry_of_a_list_is_the_first(uses):
    found = {".".join(use.path): use.is_first for use in uses(FIELDS)}
    assert found["name"]
    assert found["lines[1].rate"]
    assert not found["lines[2].rate"]
    assert not found["tags[2]"]


def test_the_only_entry_of_a_list_has_no_number(uses):
    (_, rate) = uses("  name: A\n  lines: [{rate: B}]\n")
    assert rate.path == ("lines", "rate")
    assert rate.is_first
