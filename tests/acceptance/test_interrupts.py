"""Real signals to a real process in the middle of an import: the command, and a script."""

import csv
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from zbbulk.sandbox import Sandbox

ROWS = 300


@pytest.fixture
def hears_hangups():
    """What a test starts hears of a closed terminal, although the tests run under ``nohup``."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def started(tmp_path, shop, send, hears_hangups):
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
    [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGHUP,)],
)
def test_a_stop_gives_the_sheet_back_after_the_answers_in_flight(started, tmp_path, signals):
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


def has_ended(process, *, within_s):
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def test_a_second_ctrl_c_ends_at_once_and_is_still_safe(tmp_path, shop, send):
    store, zbbulk = tmp_path / "books.sqlite", [sys.executable, "-m", "zbbulk"]
    words = ["--yes", "--runs", tmp_path / "runs", "--api-root"]

    def account(sandbox):
        return os.environ | {
            "ZBBULK_ACCESS_TOKEN": sandbox.access_token(),
            "ZBBULK_ORGANIZATION_ID": sandbox.organization_id,
        }

    with Sandbox(store, speed=1, latency_ms=(9000, 9000), per_minute=0) as sandbox:
        command = [*zbbulk, "import", shop(60), "-m", tmp_path / "items.yml"]
        process = subprocess.Popen(
            [*command, *words, sandbox.api_root],
            env=account(sandbox),
            stderr=subprocess.PIPE,
            text=True,
        )
        while len(sandbox.requests()) < 10:
            assert process.poll() is None
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        while not has_ended(process, within_s=0.2):
            process.send_signal(signal.SIGINT)
        took_s, err = time.monotonic() - begun, process.communicate()[1]
        port = urlsplit(sandbox.api_root).port
    assert process.returncode == 4
    assert took_s < 5
    assert "Traceback" not in err
    assert "Ended at once; requests on their way are in doubt. Next: zbbulk resume " in err
    with Sandbox(store, speed=1, per_minute=0, port=port) as sandbox:
        again = subprocess.run(
            [*zbbulk, "resume", "last", *words, sandbox.api_root],
            env=account(sandbox),
            capture_output=True,
            text=True,
            check=False,
        )
        names = [record["name"] for record in sandbox.records("items")]
    assert again.returncode == 0, again
    assert len(names) == len(set(names)) == 60


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


SCRIPT = textwrap.dedent(
    """
    import sys
    import zbbulk

    def looking(steps, *, label, total=None, weigh=None):
        for number, step in enumerate(steps):
            if label == "sending" and number == 10:
                print("now", flush=True)
            yield step

    with zbbulk.open_sandbox(speed=1) as books:
        sheet, mapping, runs = sys.argv[1:]
        zbbulk.import_file(sheet, mapping, target=books, runs=runs, progress=looking)
    print("went on")
    """
)


def test_ctrl_c_ends_a_script_only_after_the_sheet_is_back(tmp_path, shop, send):
    words = [shop(ROWS), tmp_path / "items.yml", tmp_path / "runs"]
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "now\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert out == ""
    assert err.splitlines()[-2] == "KeyboardInterrupt"
    assert err.splitlines()[-1].startswith("What was sent is written down, and zbbulk.resume_run(")
    assert process.returncode == -signal.SIGINT
    assert set(statuses_of(tmp_path).values()) == {"created", "ready"}
