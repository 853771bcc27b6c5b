"""The schema for editors and the documentation know the same words as the loader."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from zbbulk.assets import read_asset
from zbbulk.editions import EDITIONS
from zbbulk.errors import Level
from zbbulk.mapping import parse_mapping
from zbbulk.mapping.words import (
    BRANCH_WORDS,
    CHECK_WORDS,
    DEBIT_CREDIT,
    DELIMITERS,
    ERROR_LOG_WORDS,
    KEY_WORDS,
    LIST_WORDS,
    LOGGED_WORDS,
    MAIN,
    ORIGIN_WORDS,
    PART_WORDS,
    RULE_WORDS,
    SIDE_WORDS,
    SOURCE_WORDS,
    TOP_WORDS,
    Blank,
    CheckName,
    Lines,
    LinesMissing,
    OnMatch,
    OtherValues,
    Rows,
    TextChange,
    did_you_mean,
)
from zbbulk.model import Action
from zbbulk.resources import resources

DOCUMENT = (Path(__file__).parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
SCHEMA = json.loads(read_asset("schemas", "mapping.schema.json"))
RULE = SCHEMA["$defs"]["rule"]
BRANCH = SCHEMA["$defs"]["branch"]
LOG = SCHEMA["properties"]["error_log"]["oneOf"][1]
KEY = SCHEMA["properties"]["key"]["properties"]
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        pytest.param(SCHEMA, TOP_WORDS, id="top"),
        pytest.param(SCHEMA["$defs"]["source"], SOURCE_WORDS, id="source"),
        pytest.param(SCHEMA["properties"]["key"], KEY_WORDS, id="key"),
        pytest.param(SCHEMA["$defs"]["check"], CHECK_WORDS, id="check"),
        pytest.param(RULE, RULE_WORDS, id="rule"),
        pytest.param(SCHEMA["$defs"]["list"], LIST_WORDS, id="list"),
        pytest.param(RULE["properties"]["part"], PART_WORDS, id="part"),
        pytest.param(SCHEMA["$defs"]["debit_credit"], SIDE_WORDS, id="debit_credit"),
        pytest.param(BRANCH, ("if", "error", *BRANCH_WORDS), id="branch"),
        pytest.param(LOG, ERROR_LOG_WORDS, id="error_log"),
    ],
)
def test_the_schema_knows_every_word_and_no_other(node, words):
    assert set(node["properties"]) == set(words)
    assert node["additionalProperties"] is False


@pytest.mark.parametrize(
    ("node", "choices"),
    [
        pytest.param(RULE["properties"]["other_values"], OtherValues, id="other_values"),
        pytest.param(RULE["properties"]["text"], TextChange, id="text"),
        pytest.param(RULE["properties"]["blank"], Blank, id="blank"),
        pytest.param(RULE["properties"]["rows"], Rows, id="rows"),
        pytest.param(SCHEMA["properties"]["action"], Action, id="action"),
        pytest.param(KEY["lines"], Lines, id="lines"),
        pytest.param(KEY["lines_missing"], LinesMissing, id="lines_missing"),
        pytest.param(SCHEMA["$defs"]["check"]["properties"]["level"], Level, id="level"),
    ],
)
def test_the_schema_knows_every_choice_with_its_default(node, choices):
    assert node["enum"] == list(choices)
    assert node["default"] == next(iter(choices))


def test_the_schema_knows_every_word_for_what_an_error_log_says():
    words = LOG["properties"]["fields"]["additionalProperties"]["enum"]
    assert words == list(LOGGED_WORDS)


def test_the_schema_knows_every_resource_and_source_word():
    assert set(SCHEMA["properties"]["resource"]["enum"]) == set(resources())
    assert [choice["required"] for choice in RULE["oneOf"]] == [[word] for word in ORIGIN_WORDS]
    of_branches = [word for word in ORIGIN_WORDS if word in BRANCH_WORDS]
    assert BRANCH["oneOf"] == [{"required": [word]} for word in ("error", *of_branches)]


def test_the_schema_knows_every_rule_of_checks():
    assert SCHEMA["$defs"]["check"]["properties"]["rule"]["enum"] == list(CheckName)
    assert KEY["on_match"]["enum"] == list(OnMatch)


def test_the_schema_knows_every_edition():
    assert SCHEMA["properties"]["edition"]["enum"] == list(EDITIONS)


def test_every_property_of_the_schema_is_described():
    places = [SCHEMA, *SCHEMA["$defs"].values(), RULE["properties"]["part"]]
    for place in places:
        for name, node in place.get("properties", {}).items():
            assert node.get("description") or "$ref" in node, name


@pytest.mark.parametrize(
    "word",
    [
        *TOP_WORDS,
        *SOURCE_WORDS,
        *RULE_WORDS,
        *PART_WORDS,
        DEBIT_CREDIT,
        *SIDE_WORDS,
        *CHECK_WORDS,
        *CheckName,
        *KEY_WORDS,
        *OnMatch,
        *Lines,
        *LinesMissing,
        *OtherValues,
        *TextChange,
        *Blank,
        *Rows,
        *LIST_WORDS,
        MAIN,
        *Action,
        *DELIMITERS,
        *EDITIONS,
        *resources(),
    ],
)
def test_the_documentation_names_every_word(word):
    assert f"`{word}" in DOCUMENT


def test_the_documentation_shows_examples():
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_of_the_documentation_loads_without_a_warning(example):
    assert parse_mapping(example, file="docs.yml").warnings == ()


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_of_the_documentation_fits_the_schema(example):
    assert list(VALIDATOR.iter_errors(yaml.safe_load(example))) == []


@pytest.mark.parametrize(
    "change",
    [{"resorce": "items"}, {"zbbulk": 2}, {"source": {"date": "x"}}, {"resource": "item"}],
    ids=str,
)
def test_the_schema_refuses_what_the_loader_refuses(change):
    mapping = {"zbbulk": 1, "resource": "items", "fields": {"name": "Name"}} | change
    assert list(VALIDATOR.iter_errors(mapping))


def test_a_near_word_is_suggested_and_a_far_one_is_not():
    assert did_you_mean("Colum", RULE_WORDS) == "Did you mean 'column'? "
    assert did_you_mean("zzzz", RULE_WORDS) == ""
