"""No secret is in anything that a run writes, prints, raises or starts."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from accounts import client_file, places, sheet

from zbbulk.jobs.account_status import statuses
from zbbulk.jobs.profiles import Profiles
from zbbulk.sandbox import Sandbox
from zbbulk.zoho.client import ZohoClient

FAULTS = ["401:at=1:path=/items", "html-after:at=2:path=/items", "cut-after:at=3:path=/items"]


@pytest.fixture
def sandbox():
    with Sandbox(None, has_examples=True) as running:
        yield running


@pytest.fixture
def secrets(run, sandbox, tmp_path):
    """Sign in, and return all that nobody may see: it grows with every new token."""
    file = client_file(sandbox, tmp_path)
    code = json.loads(file.read_text())["code"]
    ran = run("auth", "login", "--client-file", file, *places(sandbox))
    assert ran.code == 0
    assert code not in ran.out + ran.err
    file.unlink()
    return lambda: {code, *secrets_in(Path(os.environ["ZBBULK_CONFIG"]))}


def secrets_in(config):
    kept = json.loads((config / "secrets.json").read_text()).values()
    tokens = [json.loads(path.read_text())["token"] for path in config.glob("token-*.json")]
    return {*tokens, *(secret for each in kept for secret in each.values())}


def written(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("words", [["-v"], ["--format", "json"], ["-q"]])
def test_in_nothing_that_is_written_or_printed(run, sandbox, secrets, tmp_path, monkeypatch, words):
    monkeypatch.setattr("zbbulk.jobs.settling.SECOND_LOOK_S", 0.01)
    sheet(tmp_path)
    (tmp_path / "shop.csv").write_text("Item,Price\n" + "".join(f"Pen {n},1\n" for n in range(9)))
    before = secrets()
    for fault in FAULTS:
        sandbox.add_fault(fault)
    told = run("import", "shop.csv", "-m", "m.yml", "--yes", *words)
    assert "Pen" in (tmp_path / "shop.csv").read_text()
    more = [run("auth", "status"), run("auth", "status", "--format", "json"), run("orgs")]
    printed = "".join(each.out + each.err for each in (told, *more)).encode()
    (folder,) = (tmp_path / "zbbulk-runs").glob("*-items")
    files = {path.name for path in folder.iterdir()}
    assert files >= {"journal.sqlite", "log.jsonl", "result.csv", "plan.json"}
    everything = printed + written(tmp_path) + written(Path(os.environ["ZBBULK_STATE"]))
    known = before | secrets()
    assert len(known) == 5, "code, secret, refresh token, and two access tokens"
    assert [secret for secret in known if secret.encode() in everything] == []


def test_in_nothing_that_an_export_an_import_of_it_or_a_delete_writes(
    run, sandbox, secrets, tmp_path
):
    before = secrets()
    sandbox.add_fault("401:at=1:path=/items")
    ran = [run("export", "items", "-o", "items.csv", "-v")]
    assert ran[0].code == 0
    changed = (tmp_path / "items.csv").read_text("utf-8-sig").replace("Desk lamp", "Lamp")
    (tmp_path / "items.csv").write_text(changed, "utf-8-sig")
    ran.append(run("import", "items.csv", "-m", "items.mirror.yml", "--yes", "-v"))
    ran.append(run("delete", "items.csv", "-r", "items", "--by", "id=_id", "--yes"))
    assert "1 updated" in ran[1].out
    assert "3 deleted" in ran[2].out
    ran.append(run("runs"))
    printed = "".join(each.out + each.err for each in ran).encode()
    everything = printed + written(tmp_path) + written(Path(os.environ["ZBBULK_STATE"]))
    assert [each.code for each in ran] == [0, 0, 0, 0]
    assert [each for each in before | secrets() if each.encode() in everything] == []


def test_in_no_traceback_of_a_fault_of_ours(run, secrets, monkeypatch, tmp_path):
    sheet(tmp_path)

    def broken(self, call, *, token, **_):
        assert token.startswith("1000.")
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(ZohoClient, "try_once", broken)
    ran = run("import", "shop.csv", "-m", "m.yml", "--yes")
    assert ran.code == 70
    assert "Traceback" in ran.err
    assert [secret for secret in secrets() if secret in ran.out + ran.err] == []


def test_in_no_repr(secrets, sandbox):
    profiles = Profiles(Path(os.environ["ZBBULK_CONFIG"]))
    profile = profiles.get("default")
    shown = repr((profile, profiles.secrets("default"), statuses(os.environ, asks=True)))
    assert "Secrets()" in shown
    assert [secret for secret in secrets() if secret in shown] == []


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc here")
def test_in_no_arguments_of_a_process(sandbox, secrets, tmp_path):
    """Looked at while an import is under way, as any user of the machine could."""
    sheet(tmp_path)
    sandbox.add_fault("slow:2000:at=1:path=/items")
    command = [sys.executable, "-m", "zbbulk", "import", "shop.csv", "-m", "m.yml", "--yes"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    seen = b""
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen += path.read_bytes()
            except OSError:  # it has ended
                continue
        seen = seen[-1_000_000:]
    assert process.wait(timeout=30) == 0
    assert re.search(rb"zbbulk\0import", seen)
    assert [secret for secret in secrets() if secret.encode() in seen] == []


def test_no_option_takes_a_secret(run):
    told = run("auth", "login", "--help").out
    assert not re.search(r"--(client-)?(secret|code|token|refresh-token)\b", told)
