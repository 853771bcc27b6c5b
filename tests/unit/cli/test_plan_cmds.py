"""``zbbulk plan`` and ``apply`` as a user types them."""

import json
import shutil

from zbbulk.assets import asset_path


def test_a_plan_is_shown_saved_and_applied(run, tmp_path):
    shutil.copy(asset_path("samples", "items.csv"), tmp_path / "items.csv")
    ran = run("plan", "items.csv", "-m", "items", "--sandbox", "-o", "plan.json")
    assert ran.code == 0
    assert "records  14 create, in the sandbox" in ran.out
    assert "calls    14 (14 create), less than a minute; 1 made to plan" in ran.out
    assert "quota    4999 of 5000 calls are left today" in ran.out
    assert ran.out.endswith("next     zbbulk apply plan.json\n")
    applied = run("apply", "plan.json")
    assert applied.code == 0
    assert "outcome  14 rows: 14 created" in applied.out
    (tmp_path / "items.csv").write_text("Item Name\nOther\n")
    changed = run("apply", "plan.json")
    assert changed.code == 2
    assert "ZB518 Nothing was sent: " in changed.err
    assert "items.csv was changed since the plan was made." in changed.err


def test_a_plan_of_several_days_shows_a_calendar(run, tmp_path):
    (tmp_path / "many.csv").write_text("Item,Price\n" + "".join(f"T {n},1\n" for n in range(300)))
    (tmp_path / "m.yml").write_text(
        "zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n"
    )
    words = ("plan", "many.csv", "-m", "m.yml", "--sandbox", "--plan", "free", "--reserve", "880")
    ran = run(*words)
    assert "quota    999 of 1000 calls are left today, 880 of a day kept for other apps" in ran.out
    assert "days     3, the last is 20" in ran.out
    assert "     119 calls\n" in ran.out
    told = json.loads(run(*words, "--format", "json").out)
    assert [day["calls"] for day in told["days"]] == [118, 120, 62]
    assert told["plan"]["calls"] == {"create": 300}


def test_a_trial_tells_how_to_go_on(run, tmp_path):
    sample = asset_path("samples", "items.csv")
    ran = run("import", sample, "-m", "items", "--sandbox", "--trial", "3")
    assert "outcome  14 rows: 11 ready, 3 created" in ran.out
    (line,) = [line for line in ran.out.splitlines() if line.startswith("next     zbbulk resume ")]
    again = run("resume", line.split()[3])
    assert again.code == 0
    assert "outcome  14 rows: 14 created" in again.out
