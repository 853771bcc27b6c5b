"""What every shipped schema, mapping and sample keeps to, whoever adds one."""

import csv
import io
import json
import re
from decimal import Decimal

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from zbbulk.assets import asset_names, asset_path, read_asset
from zbbulk.checks import checker_for
from zbbulk.editions import EDITIONS
from zbbulk.model import Action
from zbbulk.resources import resources, schema

RESOURCES = list(resources())
MAPPINGS = asset_names("mappings", ".yml")
OURS = {"x-editions", "x-required-on-update", "x-required-in", "x-resource", "x-in", "x-doubt"}


def nodes(rule, place="#"):
    """Yield every subschema with its place."""
    yield place, rule
    for name, below in rule.get("properties", {}).items():
        yield from nodes(below, f"{place}/{name}")
    for word in ("items", "if", "then", "else"):
        if word in rule:
            yield from nodes(rule[word], f"{place}/{word}")
    for word in ("allOf", "anyOf", "oneOf"):
        for number, below in enumerate(rule.get(word, [])):
            yield from nodes(below, f"{place}/{word}/{number}")


PATTERNS = sorted(
    {rule["pattern"] for name in RESOURCES for _, rule in nodes(schema(name)) if "pattern" in rule}
)


def fields(name):
    """Yield every field of a resource, however deep, with its place and its rule."""
    for place, rule in nodes(schema(name)):
        for field, below in rule.get("properties", {}).items():
            yield field, f"{name}{place}/{field}", below


@pytest.mark.parametrize("name", RESOURCES)
def test_every_resource_has_a_schema_a_mapping_and_a_sample(name):
    assert asset_path("schemas", f"{name}.schema.json").is_file()
    assert asset_path("mappings", f"{name}.yml").is_file()
    assert asset_path("samples", f"{name}.csv").is_file()


@pytest.mark.parametrize("name", RESOURCES)
def test_a_schema_fits_its_metaschema_in_both_engines(name):
    rules = schema(name)
    Draft202012Validator.check_schema(rules)
    assert jsonschema_rs.meta.is_valid(rules)


@pytest.mark.parametrize("name", RESOURCES)
def test_a_schema_names_what_each_action_needs(name):
    rules = schema(name)
    assert rules["$id"] == f"urn:zbbulk:schema:{name}"
    assert rules["title"] == resources()[name].title
    facts = resources()[name]
    on_update = [facts.id_field, *facts.path_fields] if "update" in facts.can else []
    assert rules["x-required-on-update"] == on_update
    assert {*rules["required"], *rules["x-required-on-update"]} <= set(rules["properties"])
    keys = resources()[name].match_keys
    assert {field for key in keys for field in key} <= set(rules["properties"])


@pytest.mark.parametrize("name", RESOURCES)
def test_fields_that_only_zoho_writes_are_not_in_a_schema(name):
    forbidden = {
        "total",
        "sub_total",
        "balance",
        "created_time",
        "last_modified_time",
        "item_total",
    }
    assert not forbidden & {place.rsplit("/", 1)[-1] for place, _ in nodes(schema(name))}


@pytest.mark.parametrize("name", RESOURCES)
def test_a_schema_uses_only_known_words(name):
    known = set(Draft202012Validator.VALIDATORS) | OURS
    known |= {"$schema", "$id", "$comment", "title", "description", "then", "else"}
    for place, rule in nodes(schema(name)):
        assert set(rule) <= known, place
        assert set(rule.get("x-editions", [])) <= set(EDITIONS), place


AMOUNTS = ("rate", "_charge", "quantity", "_amount", "credit_limit", "adjustment")


@pytest.mark.parametrize("name", RESOURCES)
def test_amounts_are_numbers_and_no_limit_is_a_float(name):
    for field, place, rule in fields(name):
        assert not any(isinstance(value, float) for value in rule.values()), place
        if field.endswith(AMOUNTS) and not field.startswith("is_"):
            assert rule["type"] == "number", place


IDS_OF_OTHERS = {"bankstatements#/transactions/items/transaction_id"}


@pytest.mark.parametrize("name", RESOURCES)
def test_ids_are_text_of_digits(name):
    for field, place, rule in fields(name):
        if field.endswith("_id") and place not in IDS_OF_OTHERS:
            assert (rule["type"], rule["pattern"]) == ("string", "^[0-9]{1,20}$"), place


@pytest.mark.parametrize("name", RESOURCES)
def test_dates_have_a_format_and_a_shape(name):
    for field, place, rule in fields(name):
        if field == "date" or field.endswith("_date"):
            assert rule["format"] == "date", place
            assert "pattern" in rule, place


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_keeps_to_what_every_engine_reads_alike(pattern):
    assert re.fullmatch(r"\^[^$]*\$", pattern), "anchored on both sides"
    inside = pattern[1:-1]
    assert re.fullmatch(r"(\[[0-9A-Za-z.,:-]+\]|[-()%?+*]|\{[0-9]+(,[0-9]*)?\})*", inside)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_the_same_in_both_engines(pattern):
    engine = jsonschema_rs.Draft202012Validator(
        {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
    )
    python = re.compile(pattern.removesuffix("$") + r"\Z")

    @given(st.one_of(st.text("0123456789-.%\n٣", max_size=24), st.text(max_size=5)))
    def agree(text):
        assert engine.is_valid(text) == bool(python.search(text))

    agree()


def mapped_fields(rules, mapped, place=""):
    """Yield each field that *mapped* names and its schema node, None where there is none."""
    for name, source in mapped.items():
        node = rules.get("properties", {}).get(name)
        if any(re.search(pattern, name) for pattern in rules.get("patternProperties", {})):
            continue
        yield f"{place}{name}", node
        if name == "custom_fields" or node is None:
            continue
        if node.get("type") == "object":
            yield from mapped_fields(node, source, f"{place}{name}.")
        if node.get("type") == "array":
            for entry in source:
                yield from mapped_fields(node["items"], entry, f"{place}{name}[].")


def columns_of(mapped):
    """Yield the columns that a ``fields:`` block, or one rule in it, takes values from."""
    if isinstance(mapped, str):
        yield mapped
    elif "template" in mapped:
        yield from re.findall(r"\{([^}]+)\}", mapped["template"])
    elif {"column", "first_of"} & set(mapped):
        yield from mapped.get("first_of", [mapped.get("column")])
    elif set(mapped) != {"value"}:
        for below in mapped.values():
            for each in below if isinstance(below, list) else [below]:
                yield from columns_of(each)


@pytest.mark.parametrize("name", MAPPINGS)
def test_every_field_of_a_shipped_mapping_is_in_the_schema(name):
    mapping = yaml.safe_load(read_asset("mappings", f"{name}.yml"))
    rules = schema(mapping["resource"])
    unknown = [place for place, node in mapped_fields(rules, mapping["fields"]) if node is None]
    assert unknown == []
    assert set(rules["required"]) <= set(mapping["fields"])


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_shipped_mapping_is_called_after_its_resource_and_its_edition(name):
    mapping = yaml.safe_load(read_asset("mappings", f"{name}.yml"))
    resource, edition = mapping["resource"], mapping.get("edition")
    names = {f"editions/{resource}-{edition}"} if edition else {resource, f"by_name/{resource}"}
    assert name in names


@pytest.mark.parametrize("name", [name for name in MAPPINGS if name.startswith("by_name/")])
def test_a_mapping_by_name_takes_no_id_from_the_sheet(name):
    mapping = yaml.safe_load(read_asset("mappings", f"{name}.yml"))
    assert not [column for column in columns_of(mapping["fields"]) if column.endswith(" ID")]


@pytest.mark.parametrize("name", [name for name in MAPPINGS if name.startswith("editions/")])
def test_a_mapping_for_an_edition_has_what_that_edition_requires_and_more_of_its_own(name):
    mapping = yaml.safe_load(read_asset("mappings", f"{name}.yml"))
    rules, edition = schema(mapping["resource"]), mapping["edition"]
    assert set(rules.get("x-required-in", {}).get(edition, [])) <= set(mapping["fields"])
    mapped = mapped_fields(rules, mapping["fields"])
    assert any(edition in node.get("x-editions", []) for _, node in mapped)


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_shipped_mapping_tells_editors_its_schema_and_people_what_it_expects(name):
    first, second, *_ = read_asset("mappings", f"{name}.yml").splitlines()
    up = "../" * (name.count("/") + 1)
    assert first == f"# yaml-language-server: $schema={up}schemas/mapping.schema.json"
    assert second.startswith("# Expects one row ")


def header_and_rows(name):
    raw = asset_path("samples", f"{name}.csv").read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    delimiter = max(",;\t", key=text.splitlines()[0].count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize("name", MAPPINGS)
def test_every_column_of_a_shipped_mapping_is_in_its_sample_and_the_other_way_round(name):
    mapping = yaml.safe_load(read_asset("mappings", f"{name}.yml"))
    header, *rows = header_and_rows(name)
    assert set(columns_of(mapping["fields"])) == set(header)
    assert len(rows) >= 12
    assert {len(row) for row in rows} == {len(header)}


def test_every_shipped_schema_is_a_resource_or_a_language_of_ours():
    shipped = set(asset_names("schemas", ".schema.json"))
    assert shipped - {"mapping", "migration"} == set(RESOURCES)


@pytest.mark.parametrize("name", RESOURCES)
def test_a_schema_is_plain_json_without_duplicate_names(name):
    def no_twice(pairs):
        names = [key for key, _ in pairs]
        assert len(names) == len(set(names)), names
        return dict(pairs)

    json.loads(read_asset("schemas", f"{name}.schema.json"), object_pairs_hook=no_twice)


def test_the_smallest_record_of_each_resource_is_accepted():
    number = "4600000000000200001"
    line = {"name": "Chair", "rate": Decimal("1.10")}
    smallest = {
        "items": {"name": "Chair", "rate": Decimal("1.10")},
        "contacts": {"contact_name": "Alder"},
        "invoices": {"customer_id": number, "line_items": [line]},
        "estimates": {"customer_id": number, "line_items": [line]},
        "bankaccounts": {"account_name": "Main", "account_type": "bank"},
    }
    for name, record in smallest.items():
        assert checker_for(name, Action.CREATE).faults(record) == []
        assert set(schema(name)["required"]) <= set(record)
