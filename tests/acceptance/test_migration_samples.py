"""Every migration that ships ends as the ``expect.yml`` beside it says."""

from collections import Counter

import pytest
import yaml

from zbbulk.assets import asset_root
from zbbulk.errors import MappingError
from zbbulk.jobs.migrate_job import migrate
from zbbulk.jobs.migration_steps import open_migration
from zbbulk.jobs.target import sandbox_target
from zbbulk.sandbox import Sandbox

FOLDERS = [asset_root() / "samples" / name for name in ("migration", "migration-wrong")]
CASES = [
    (folder, case)
    for folder in FOLDERS
    for case in yaml.safe_load((folder / "expect.yml").read_text(encoding="utf-8"))
]
SENT = [each for each in CASES if "steps" in each[1]]
REFUSED = [each for each in CASES if "refused" in each[1]]


def name_of(each):
    return each.name if hasattr(each, "name") else each["migration"]


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=600, has_examples=True) as running:
        yield running


@pytest.mark.parametrize(("folder", "case"), SENT, ids=name_of)
def test_a_migration_ends_as_expected(folder, case, sandbox, tmp_path):
    before = {each["invoice_number"] for each in sandbox.records("invoices")}
    migration = open_migration(folder / case["migration"])
    report = migrate(migration, target=sandbox_target(sandbox), runs=tmp_path)
    ended = [
        {"id": step.step.id} | {status.value: n for status, n in step.report.counts.items()}
        for step in report.steps
    ]
    assert ended == case["steps"]
    found = Counter(
        (each.step.id, problem.code, problem.at.row, problem.at.column)
        for each in report.checks
        for problem in each.check.problems
    )
    expected = Counter(
        (each["step"], each["code"], each["row"], each["column"]) for each in case["problems"]
    )
    assert found == expected
    assert report.calls == case["calls"]
    assert report.exit_code == case["exit_code"]
    totals = {
        each["invoice_number"]: str(each["total"])
        for each in sandbox.records("invoices")
        if each["invoice_number"] not in before
    }
    assert totals == case["totals"]


@pytest.mark.parametrize(("folder", "case"), REFUSED, ids=name_of)
def test_a_migration_that_can_not_be_is_refused_at_its_place(folder, case):
    with pytest.raises(MappingError) as caught:
        open_migration(folder / case["migration"])
    found = [(each.code, each.at.row) for each in caught.value.as_problems()]
    assert found == [(each["code"], each["row"]) for each in case["refused"]]
    assert caught.value.at.file.endswith(case["migration"])


def test_every_migration_that_ships_has_its_expectation():
    shipped = {
        (folder, path.name)
        for folder in FOLDERS
        for path in folder.glob("*.yml")
        if "\nmigration:" in path.read_text(encoding="utf-8")
    }
    assert shipped == {(folder, case["migration"]) for folder, case in CASES}
