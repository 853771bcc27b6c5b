"""Every file in ``samples/wrong`` is refused with the codes and places it promises."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from zbbulk.assets import asset_names, asset_root
from zbbulk.codes import CODES
from zbbulk.errors import MappingError, SourceError
from zbbulk.jobs.check_job import check_file

WRONG = asset_root() / "samples" / "wrong"
CASES = yaml.safe_load((WRONG / "expect.yml").read_text(encoding="utf-8"))


def problems_of(file: Path, mapping: Path, *, runs: Path):
    """Return all that is told, whether collected row by row or raised at once."""
    try:
        return check_file(file, mapping, runs=runs).problems
    except (SourceError, MappingError) as error:
        return error.as_problems()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_wrong_file_is_told_with_code_and_place(case, tmp_path):
    problems = problems_of(WRONG / case["file"], WRONG / case["mapping"], runs=tmp_path)
    found = Counter((problem.code, problem.at.row, problem.at.column) for problem in problems)
    expected = Counter(
        (each["code"], each.get("row"), each.get("column")) for each in case["problems"]
    )
    assert found == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_wrong_file_is_told_with_a_fix(case, tmp_path):
    for problem in problems_of(WRONG / case["file"], WRONG / case["mapping"], runs=tmp_path):
        assert problem.code in CODES
        assert problem.message
        assert problem.fix


def test_every_wrong_file_has_its_expectation():
    files = {path.name for path in WRONG.iterdir()} - {"expect.yml"}
    told = {case["file"] for case in CASES} | {case["mapping"] for case in CASES}
    assert files == {name for name in told if "/" not in name}


def test_every_shipped_mapping_is_shown_with_a_wrong_file():
    told = {case["mapping"] for case in CASES}
    assert {f"../../mappings/{name}.yml" for name in asset_names("mappings", ".yml")} <= told


def test_every_way_in_which_a_cell_can_be_wrong_is_shown():
    told = {problem["code"] for case in CASES for problem in case["problems"]}
    cells = {"ZB204", "ZB205", "ZB206", "ZB207", "ZB208", "ZB210", "ZB215"}
    checks = {"ZB301", "ZB302", "ZB303", "ZB304", "ZB306", "ZB307"}
    assert cells | checks <= told
