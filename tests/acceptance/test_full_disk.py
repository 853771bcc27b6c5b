"""A disk that is full in the middle of an import: told, nothing lost, nothing sent twice."""

import ctypes
import os
import resource
import subprocess
import sys

import pytest

from zbbulk.sandbox import Sandbox

ROWS = 60
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # of Linux: prctl(2), capabilities(7)


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=1, per_minute=0) as running:
        yield running


def typed(sandbox, tmp_path, *words, most_bytes=None):
    """Run zbbulk in a process whose files can not grow beyond *most_bytes*.

    It has the rights that the files tell, root too.
    """

    def limited():
        if os.geteuid() == 0:
            ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.run(
        [sys.executable, "-m", "zbbulk", *map(str, words), "--yes", "--runs", tmp_path / "runs"],
        env=os.environ
        | {
            "ZBBULK_ACCESS_TOKEN": sandbox.access_token(),
            "ZBBULK_ORGANIZATION_ID": sandbox.organization_id,
        },
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        preexec_fn=limited,
    )


@pytest.mark.parametrize("most_bytes", [20_000, 60_000, 200_000, 400_000])
def test_the_run_stops_and_can_be_gone_on_with(sandbox, tmp_path, most_bytes):
    lines = (f"Thing {n},K-{n},{n}.50,{'note ' * 20}" for n in range(ROWS))
    (tmp_path / "shop.csv").write_text("\n".join(["Item,Code,Price,Note", *lines, ""]))
    (tmp_path / "m.yml").write_text(
        "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"
    )
    words = ("shop.csv", "-m", "m.yml", "--api-root", sandbox.api_root)
    full = typed(sandbox, tmp_path, "import", *words, most_bytes=most_bytes)
    assert full.returncode in (2, 4), full
    assert "Traceback" not in full.stderr
    assert "ZB50" in full.stderr
    assert not list(tmp_path.glob("runs/*/*.rows*"))
    sent = len(sandbox.records("items"))
    assert sent < ROWS
    assert (full.returncode == 4) == (sent > 0)
    if list(tmp_path.glob("runs/*/journal.sqlite")):
        again = typed(sandbox, tmp_path, "resume", "last", "--api-root", sandbox.api_root)
    else:
        again = typed(sandbox, tmp_path, "import", *words)
    assert again.returncode == 0, again
    made = [record["sku"] for record in sandbox.records("items")]
    assert len(made) == len(set(made)) == ROWS


def test_a_run_folder_that_may_not_be_written_to_is_told_and_nothing_is_sent(sandbox, tmp_path):
    (tmp_path / "shop.csv").write_text("Item,Code,Price\nPen,1,2\nInk,2,3\n")
    (tmp_path / "m.yml").write_text(
        "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"
    )
    words = ("--api-root", sandbox.api_root, "--trial", "1")
    first = typed(sandbox, tmp_path, "import", "shop.csv", "-m", "m.yml", *words)
    assert "1 ready, 1 created" in first.stdout, first
    for path in tmp_path.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    again = typed(sandbox, tmp_path, "resume", "last", "--api-root", sandbox.api_root)
    for path in tmp_path.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert again.returncode == 2, again
    assert again.stderr.startswith("ZB50"), again
    assert "Traceback" not in again.stderr
    assert len(sandbox.records("items")) == 1
    rest = typed(sandbox, tmp_path, "resume", "last", "--api-root", sandbox.api_root)
    assert "2 created" in rest.stdout, rest
