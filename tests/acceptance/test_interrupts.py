"""Real signals to a real process in the middle of an import."""

import csv
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from zbbulk.sandbox import Sandbox

ROWS = 300


@pytest.fixture
def started(tmp_path, shop, send):
    """Start an import of 300 rows in a process of its own; yield it with the sandbox."""
    sheet = shop(ROWS)
    with Sandbox(None, speed=1, latency_ms=(100, 100)) as sandbox:
        command = [sys.executable, "-m", "zbbulk", "import", sheet, "-m", tmp_path / "items.yml"]
        process = subprocess.Popen(
            [*command, "--api-root", sandbox.api_root, "--yes", "--runs", tmp_path / "runs"],
            env=os.environ
            | {
                "ZBBULK_ACCESS_TOKEN": sandbox.access_token(),
                "ZBBULK_ORGANIZATION_ID": sandbox.organization_id,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        yield process, sandbox
        process.kill()
        process.communicate()


def wait_for_records(process, sandbox, number):
    while len(sandbox.records("items")) < number:
        assert process.poll() is None, "the import ended too soon"


def statuses_of(tmp_path):
    (result,) = Path(tmp_path).glob("runs/*/result.csv")
    with result.open(encoding="utf-8-sig", newline="") as file:
        return {row["Code"]: row["zb_status"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    "signals",
    [(signal.SIGINT,), (signal.SIGINT,) * 3, (signal.SIGTERM,), (signal.SIGHUP, signal.SIGTERM)],
)
def test_a_stop_gives_the_sheet_back_however_often_it_is_told(started, tmp_path, signals):
    process, sandbox = started
    wait_for_records(process, sandbox, 20)
    for each in signals:
        process.send_signal(each)
    out, err = process.communicate(timeout=30)
    statuses = statuses_of(tmp_path)
    created = {code for code, status in statuses.items() if status == "created"}
    assert process.returncode == 4
    assert "ZB414 You stopped the run." in err
    assert "Traceback" not in err
    assert "outcome  300 rows:" in out
    assert len(statuses) == ROWS
    assert set(statuses.values()) == {"created", "ready"}
    assert created == {record["sku"] for record in sandbox.records("items")}


def test_a_killed_run_leaves_in_its_journal_every_row_that_may_have_been_stored(started, tmp_path):
    process, sandbox = started
    wait_for_records(process, sandbox, 40)
    process.kill()
    process.communicate()
    (journal,) = tmp_path.glob("runs/*/journal.sqlite")
    link = sqlite3.connect(journal)
    known = dict(link.execute("SELECT match_key, status FROM rows").fetchall())
    link.close()
    stored = {record["name"] for record in sandbox.records("items")}
    assert stored <= {name for name, status in known.items() if status != "pending"}
    assert {name for name, status in known.items() if status == "created"} <= stored
    assert set(known.values()) <= {"created", "sending", "pending"}
