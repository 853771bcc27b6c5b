"""The limits of an organization are kept by all processes together, and over days."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from zbbulk.errors import ExitCode
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.resume_job import resume_run
from zbbulk.jobs.target import Target, sandbox_target
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox
from zbbulk.zoho.clock import RealClock

ITEMS = "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"
SPEED = 600

WORKER = """
import json, sys
from pathlib import Path
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.target import Target
from zbbulk.zoho.auth import GivenToken
from zbbulk.zoho.clock import RealClock

facts = json.loads(sys.argv[1])
target = Target(
    name="the sandbox", is_real=False, api_root=facts["api_root"], speed=facts["speed"],
    organization_id=facts["organization_id"], token=GivenToken(facts["token"]),
    clock=RealClock(speed=facts["speed"]), limits_in=Path(facts["state"]),
)
report = import_file(
    Path(facts["sheet"]), Path(facts["mapping"]), target=target, runs=Path(facts["runs"])
)
print(json.dumps({status.value: number for status, number in report.counts.items()}))
"""


def sheet(folder, count, *, word="Thing"):
    path = folder / f"{word}.csv"
    lines = (f"{word} {number},{word}-{number},{number}.50" for number in range(count))
    path.write_text("\n".join(["Item,Code,Price", *lines, ""]))
    return path


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "items.yml"
    path.write_text(ITEMS)
    return path


def started(sandbox, tmp_path, mapping, path):
    facts = {
        "api_root": sandbox.api_root,
        "organization_id": sandbox.organization_id,
        "token": sandbox.access_token(life_s=10**6),
        "speed": SPEED,
        "state": str(tmp_path / "shared"),
        "sheet": str(path),
        "mapping": str(mapping),
        "runs": str(tmp_path / path.stem),
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, json.dumps(facts)], stdout=subprocess.PIPE, text=True
    )


def quick(sandbox):
    """Return the sandbox as a target whose days pass in a tenth of a second."""
    return replace(sandbox_target(sandbox), clock=RealClock(speed=10**6))


def test_two_processes_together_meet_no_429(tmp_path, mapping):
    with Sandbox(None, speed=SPEED, latency_ms=(50, 500)) as sandbox:
        sheets = [sheet(tmp_path, 250, word=word) for word in ("Pen", "Ink")]
        processes = [started(sandbox, tmp_path, mapping, path) for path in sheets]
        told = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
        assert told == [{"created": 250}] * 2
        calls = [each for each in sandbox.requests() if each.path.startswith("/books/")]
        assert 429 not in [each.status for each in calls]
        assert max(each.in_flight for each in calls) <= 10
        assert len(sandbox.records("items")) == 500


def test_a_killed_process_holds_nobody_up(tmp_path, mapping):
    with Sandbox(None, speed=SPEED, latency_ms=(3000, 3000)) as sandbox:
        first = started(sandbox, tmp_path, mapping, sheet(tmp_path, 250, word="Pen"))
        while len(sandbox.requests()) < 30:
            assert first.poll() is None
        first.kill()
        first.communicate()
        begun = sandbox.clock.now()
        second = started(sandbox, tmp_path, mapping, sheet(tmp_path, 20, word="Ink"))
        assert json.loads(second.communicate(timeout=60)[0]) == {"created": 20}
        assert sandbox.clock.now() - begun < 20 * SPEED
        assert 429 not in [each.status for each in sandbox.requests()]


def test_a_days_quota_stops_the_run_and_says_when_it_goes_on(tmp_path, mapping):
    with Sandbox(None, speed=600, per_day=200, per_minute=0) as sandbox:
        target = quick(sandbox)
        report = import_file(sheet(tmp_path, 500), mapping, target=target, runs=tmp_path / "runs")
        assert report.exit_code is ExitCode.STOPPED
        assert report.stopped.code == "ZB407"
        assert 0 < report.stopped.reset_s <= 24 * 3600
        assert report.counts[Status.CREATED] + report.counts[Status.READY] == 500
        assert 190 <= report.counts[Status.CREATED] <= 200
        again = resume_run(report.journal.parent, target=target, runs=tmp_path / "runs")
        assert again.stopped.code == "ZB407"


def test_a_run_that_waits_ends_on_the_third_day_with_nothing_twice(tmp_path, mapping):
    waited = []
    with Sandbox(None, speed=600, per_day=200, per_minute=0) as sandbox:
        begun = sandbox.clock.now()

        def waits(seconds):
            waited.append(seconds)
            sandbox.skip(seconds)

        report = import_file(
            sheet(tmp_path, 500),
            mapping,
            target=quick(sandbox),
            runs=tmp_path / "runs",
            waits=waits,
        )
        assert report.counts == {Status.CREATED: 500}
        assert report.exit_code is ExitCode.FINE
        assert len(waited) == 2
        assert sandbox.clock.now() - begun > 24 * 3600
        names = [record["name"] for record in sandbox.records("items")]
        assert len(names) == len(set(names)) == 500


def test_a_reserve_is_left_to_other_apps(tmp_path, mapping):
    with Sandbox(None, speed=6000, per_day=200, per_minute=0) as sandbox:
        target = replace(sandbox_target(sandbox), reserve=150, at_once=1)
        assert isinstance(target, Target)
        report = import_file(
            sheet(tmp_path, 100), mapping, target=target, runs=Path(tmp_path / "r")
        )
        assert report.counts == {Status.CREATED: 50, Status.READY: 50}
        assert report.stopped.code == "ZB407"
        assert "150 are kept for other apps" in report.stopped.message
