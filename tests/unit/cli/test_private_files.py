"""What a run leaves behind can be read by its owner alone: it holds somebody's books."""

import os
import stat
from pathlib import Path

import pytest

from zbbulk.assets import asset_path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of POSIX systems")

SAMPLE = str(asset_path("samples", "items.csv"))
BY_NAME = str(asset_path("samples", "by_name/invoices.csv"))


@pytest.fixture(autouse=True)
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder):
    return {str(path): oct(mode(path)) for path in Path(folder).rglob("*") if mode(path) & 0o077}


def test_an_import_and_all_that_it_keeps_is_its_owners_alone(run):
    assert run("import", BY_NAME, "-m", "by_name/invoices", "--sandbox").code == 0
    kept = {path.name for path in Path("zbbulk-runs").rglob("*") if path.is_file()}
    assert {"result.csv", "journal.sqlite", "log.jsonl", "input.csv", "sandbox.sqlite"} <= kept
    assert mode(Path("zbbulk-runs")) == 0o700
    assert open_to_others("zbbulk-runs") == {}


def test_a_check_is_its_owners_alone_and_so_are_its_records(run):
    assert run("check", SAMPLE, "-m", "items", "--records", "records.jsonl").code == 0
    assert open_to_others("zbbulk-runs") == {}
    assert mode(Path("records.jsonl")) == 0o600


def test_a_folder_for_runs_that_is_there_keeps_its_rights(run):
    Path("shared").mkdir(mode=0o755)
    assert run("check", SAMPLE, "-m", "items", "--runs", "shared").code == 0
    assert mode(Path("shared")) == 0o755
    assert open_to_others("shared") == {}


def test_an_empty_template_is_as_any_other_file(run):
    assert run("resources", "items", "--template", "t.xlsx").code == 0
    assert mode(Path("t.xlsx")) == 0o644
