"""What a migration file may say, and the place of every slip."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from zbbulk.assets import read_asset
from zbbulk.editions import EDITIONS
from zbbulk.errors import MappingError, UsageError
from zbbulk.mapping.load_migration import load_migration, parse_migration
from zbbulk.mapping.words import MIGRATION_WORDS, STEP_WORDS

SCHEMA = json.loads(read_asset("schemas", "migration.schema.json"))
GOOD = """\
zbbulk: 1
migration: From the old shop
steps:
  - {id: customers, mapping: customers.yml}
  - id: orders
    mapping: orders.yml
    file: data/orders.csv
    after: [customers]
"""


def faults_of(text):
    with pytest.raises(MappingError) as caught:
        parse_migration(text, file="migration.yml")
    return [(each.code, each.at.row) for each in caught.value.problems]


def test_a_migration_is_a_title_and_steps():
    migration = parse_migration(GOOD, file="migration.yml")
    assert migration.title == "From the old shop"
    assert [(step.id, step.mapping.text) for step in migration.steps] == [
        ("customers", "customers.yml"),
        ("orders", "orders.yml"),
    ]
    orders = migration.steps[1]
    assert orders.file.text == "data/orders.csv"
    assert [each.text for each in orders.after] == ["customers"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param("", [("ZB213", 1)], id="empty"),
        pytest.param("- a\n", [("ZB212", 1)], id="a-list"),
        pytest.param("resource: items\nfields: {name: A}\n", [("ZB238", 1)], id="a-mapping"),
        pytest.param("zbbulk: 1\n", [("ZB213", 1), ("ZB213", 1)], id="nothing-in-it"),
        pytest.param(GOOD.replace("zbbulk: 1", "zbbulk: 2"), [("ZB212", 1)], id="version"),
        pytest.param(GOOD.replace("migration:", "plan:"), [("ZB213", 1), ("ZB202", 2)], id="plan"),
        pytest.param(GOOD.replace("after:", "behind:"), [("ZB202", 8)], id="word-of-a-step"),
        pytest.param(GOOD.replace("id: orders", "id: Customers"), [("ZB233", 5)], id="same-id"),
        pytest.param(GOOD.replace("[customers]", "[custmers]"), [("ZB234", 8)], id="no-such-step"),
        pytest.param(GOOD.replace("[customers]", "{a: b}"), [("ZB212", 8)], id="after-is-a-map"),
        pytest.param(GOOD.replace("id: orders", "id: a/b"), [("ZB212", 5)], id="id-with-a-slash"),
        pytest.param(GOOD.replace("id: orders\n", "file: x\n"), None, id="no-id"),
        pytest.param(GOOD.replace("steps:", "edition: xx\nsteps:"), [("ZB007", 3)], id="edition"),
        pytest.param("zbbulk: 1\nmigration: x\nsteps: x\n", [("ZB212", 3)], id="steps-no-list"),
        pytest.param("zbbulk: 1\nmigration: x\nsteps: [a]\n", [("ZB212", 3)], id="step-no-map"),
        pytest.param(GOOD + "migration: again\n", [("ZB203", 9)], id="a-word-twice"),
        pytest.param(GOOD + "---\n", None, id="two-documents"),
        pytest.param("zbbulk: 1\nmigration: {\n", [("ZB201", 2)], id="no-yaml"),
    ],
)
def test_each_slip_is_told_with_its_line(text, faults):
    found = faults_of(text)
    assert found == faults if faults else found


def test_all_slips_are_told_at_once_and_a_near_word_is_suggested():
    with pytest.raises(MappingError) as caught:
        parse_migration(
            GOOD.replace("[customers]", "[custmers]").replace("file:", "fiel:"),
            file="migration.yml",
        )
    first, second = caught.value.problems
    assert "Did you mean 'file'?" in first.fix
    assert "Did you mean 'customers'?" in second.fix
    assert str(second.at) == "migration.yml:8:13"
    assert caught.value.message == "The migration migration.yml has 2 faults."


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError) as caught:
        load_migration(tmp_path / "no.yml")
    assert caught.value.code == "ZB016"


def test_a_file_that_is_not_utf8_is_told(tmp_path):
    path = tmp_path / "migration.yml"
    path.write_bytes("migration: Käufer".encode("cp1252"))
    with pytest.raises(UsageError) as caught:
        load_migration(path)
    assert "UTF-8" in caught.value.fix


def test_the_schema_for_editors_knows_the_same_words():
    step = SCHEMA["$defs"]["step"]
    assert set(SCHEMA["properties"]) == set(MIGRATION_WORDS)
    assert set(step["properties"]) == set(STEP_WORDS)
    assert SCHEMA["properties"]["edition"]["enum"] == list(EDITIONS)
    assert Draft202012Validator(SCHEMA).is_valid(yaml.safe_load(GOOD))
    assert not Draft202012Validator(SCHEMA).is_valid({"zbbulk": 1, "migration": "x", "steps": []})
