"""``zbbulk resume``, ``retry``, ``runs`` and ``undo`` as a user types them."""

import json
import shutil

import pytest

from zbbulk.assets import asset_path

MAPPING = "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "m.yml").write_text(MAPPING)
    (tmp_path / "shop.csv").write_text("Item,Code,Price\nPen,1,2\nInk,2,x\nNib,3,4\n")


def test_a_spent_quota_says_when_it_goes_on_and_how(run):
    sample = asset_path("samples", "items.csv")
    ran = run("import", sample, "-m", "items", "--sandbox", "--per-day", "8")
    assert ran.code == 4
    assert "ZB407 The day's calls are used up." in ran.err
    assert "of Zoho's time, at 20" in ran.err
    assert "outcome  14 rows: 6 ready, 8 created" in ran.out
    (step,) = [line for line in ran.out.splitlines() if line.startswith("next     zbbulk resume ")]
    again = run(*step.split()[2:], "--per-day", "100")
    assert again.code == 0
    assert "outcome  14 rows: 14 created" in again.out


def test_waiting_is_told_and_ends_the_run_in_one_go(run):
    sample = asset_path("samples", "items.csv")
    words = ("import", sample, "-m", "items", "--sandbox", "--per-day", "8", "--speed", "20000")
    ran = run(*words, "--wait")
    assert ran.code == 0
    assert "outcome  14 rows: 14 created" in ran.out
    assert "waiting  until 20" in ran.err
    assert "the day's calls are used up; what was sent is safe" in ran.err


def test_a_mended_result_file_is_retried_by_the_mapping_of_the_run(run, shop, tmp_path):
    first = run("import", "shop.csv", "-m", "m.yml", "--sandbox")
    assert "outcome  3 rows: 2 created, 1 rejected" in first.out
    (result,) = tmp_path.glob("zbbulk-runs/*/result.csv")
    mended = tmp_path / "mended.csv"
    mended.write_text(result.read_text(encoding="utf-8-sig").replace("2,x,", "2,3,"), "utf-8")
    (tmp_path / "m.yml").unlink()
    again = run("retry", "last", "mended.csv")
    assert again.code == 0
    assert "outcome  3 rows: 1 created, 2 skipped" in again.out


def test_what_zoho_refused_is_retried(run, shop):
    fault = "answer:1002:at=1:method=POST:path=/items"
    first = run("import", "shop.csv", "-m", "m.yml", "--sandbox", "--fault", fault)
    assert "outcome  3 rows: 1 created, 1 rejected, 1 failed" in first.out
    again = run("retry", "last")
    assert "outcome  3 rows: 2 created, 1 rejected" in again.out


def test_a_moved_folder_is_resumed_by_its_path(run, shop, tmp_path):
    run("import", "shop.csv", "-m", "m.yml", "--sandbox", "--trial", "1")
    (folder,) = tmp_path.glob("zbbulk-runs/*-items")
    shutil.move(folder, tmp_path / "carried")
    ran = run("resume", "carried")
    assert "outcome  3 rows: 2 created, 1 rejected" in ran.out


def test_a_run_by_a_shipped_mapping_with_columns_left_out_is_resumed(run, tmp_path):
    (tmp_path / "few.csv").write_text("Item Name,Selling Price\nPen,1\nInk,2\nNib,3\n")
    first = run("import", "few.csv", "-m", "items", "--sandbox", "--trial", "1")
    assert "2 ready, 1 created" in first.out, first
    again = run("resume", "last")
    assert "outcome  3 rows: 3 created" in again.out, again


def test_runs_are_listed_shown_and_told_as_json(run, shop):
    assert "There are no runs in 'zbbulk-runs'." in run("runs").out
    run("import", "shop.csv", "-m", "m.yml", "--sandbox")
    assert "2 created, 1 rejected   shop.csv" in run("runs").out
    shown = run("runs", "show", "last").out
    assert "mapping  m.yml: creates items" in shown
    assert "to       the sandbox" in shown
    (told,) = json.loads(run("runs", "--format", "json").out)["runs"]
    assert told["counts"] == {"created": 2, "rejected": 1}
    assert json.loads(run("runs", "show", "last", "--format", "json").out) == told


def test_undo_previews_asks_nothing_of_a_sandbox_and_tells(run, shop):
    run("import", "shop.csv", "-m", "m.yml", "--sandbox")
    preview = run("undo", "last", "--preview")
    assert (preview.code, preview.out.count("\n")) == (0, 1)
    assert ": 2 take back; 2 calls" in preview.out
    ran = run("undo", "last")
    assert ran.code == 0
    assert "undone   2 delete" in ran.out
    assert "rows     1 rejected, 2 undone" in ran.out
    assert "nothing to undo" in run("undo", "last").out
    told = json.loads(run("undo", "last", "--format", "json").out)
    assert told["counts"] == {"rejected": 1, "undone": 2}


def test_a_migration_is_undone_run_by_run_the_last_first(run, tmp_path):
    folder = asset_path("samples", "items.csv").parent / "migration"
    moved = run("migrate", folder / "migration.yml", "--sandbox")
    assert "calls    26 calls" in moved.out
    (migration,) = tmp_path.glob("zbbulk-runs/*-migration")
    preview = run("undo", migration.name, "--preview")
    assert [line.split(":")[1] for line in preview.out.splitlines()] == [
        " 5 take back; 5 calls",
        " 6 take back; 6 calls",
        " 3 take back; 3 calls",
        " 6 take back; 6 calls",
    ]
    assert "-invoices:" in preview.out.splitlines()[0]
    undone = run("undo", migration.name, "--sandbox")
    assert undone.code == 0
    assert undone.out.count("undone   ") == 4
    assert "outcome" not in undone.out
    again = run("migrate", folder / "migration.yml", "--sandbox")
    assert "20 create" in again.out


def test_a_plan_that_is_undone_stays_a_plan(run, shop):
    run("plan", "shop.csv", "-m", "m.yml", "--sandbox")
    assert "nothing to undo" in run("undo", "last").out
    assert "next     zbbulk apply" in run("runs", "show", "last").out


def test_a_run_that_is_not_there_is_told(run):
    for command in ("resume", "retry", "undo"):
        ran = run(command, "yesterday")
        assert ran.code == 2
        assert "ZB514 There is no run 'yesterday'." in ran.err
