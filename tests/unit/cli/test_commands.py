import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zbbulk import __version__
from zbbulk.assets import asset_path
from zbbulk.cli import sandbox_options
from zbbulk.cli.main import cli
from zbbulk.codes import CODES
from zbbulk.editions import EDITIONS
from zbbulk.sandbox import limits, organization
from zbbulk.zoho.rules import all_rules


def commands(group, words=()):
    yield words
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*words, name))


@pytest.mark.parametrize("words", list(commands(cli)), ids=" ".join)
def test_every_command_has_help(run, words):
    ran = run(*words, "--help")
    assert ran.code == 0
    assert ran.out.startswith("Usage: zbbulk")
    assert run(*words, "-h").out == ran.out


def test_the_version_is_told(run):
    assert run("--version").out == f"zbbulk, version {__version__}\n"


def test_start_up_imports_nothing_heavy():
    heavy = ("openpyxl", "requests", "jsonschema", "jsonschema_rs", "yaml", "tqdm", "simplejson")
    code = (
        "import sys\n"
        "try:\n    from zbbulk.cli.main import main; main(['--version'])\n"
        f"except SystemExit: print([name for name in {heavy!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("code", CODES)
def test_each_of_our_codes_is_explained(run, code):
    ran = run("explain", code.lower())
    assert ran.code == 0
    assert CODES[code].title in ran.out
    assert CODES[code].fix in ran.out


@pytest.mark.parametrize("code", sorted({rule.code for rule in all_rules().rules if rule.code}))
def test_each_of_zohos_known_codes_is_explained(run, code):
    ran = run("explain", code)
    assert ran.code == 0
    assert f"{code} (Zoho Books)" in ran.out


def test_an_unknown_code_is_told(run):
    ran = run("explain", "36")
    assert ran.code == 2
    assert ran.err.startswith("ZB005 Nothing is known about the code '36'.")


def test_a_code_is_explained_as_json(run):
    (told,) = json.loads(run("explain", "ZB204", "--format", "json").out)
    assert told["code"] == "ZB204"
    assert told["fix"] == CODES["ZB204"].fix


def test_a_wrong_option_ends_with_2_and_no_traceback(run):
    ran = run("check", "--wrong")
    assert ran.code == 2
    assert ran.err.startswith("ZB001 No such option")
    assert "zbbulk check --help" in ran.err
    assert "Traceback" not in ran.err


def test_a_wrong_option_is_told_as_json_too(run):
    ran = run("check", "--format", "json", "--wrong")
    told = json.loads(ran.out)
    assert ran.code == told["exit_code"] == 2
    assert told["problems"][0]["code"] == "ZB001"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_an_output_that_can_not_be_written_changes_nothing_else(tmp_path):
    sample = asset_path("samples", "items.csv")
    command = [sys.executable, "-m", "zbbulk", "check", sample, "-m", "items"]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 0
    assert ran.stderr == "The report can't be written to the output: No space left on device.\n"


def test_a_fault_of_ours_asks_for_a_report(run, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr("zbbulk.jobs.resource_facts.all_resource_facts", broken)
    ran = run("resources")
    assert ran.code == 70
    assert ran.err.startswith("ZB901 A fault of zbbulk")


@pytest.mark.parametrize("words", [["resources", "contacts"], ["explain", "ZB204"]])
def test_a_reader_who_has_seen_enough_is_no_error(tmp_path, words):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "zbbulk", *words]
    with os.fdopen(writer, "w") as closed:
        ran = subprocess.run(
            command, cwd=tmp_path, stdout=closed, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_choices_of_the_sandbox_are_known_to_it():
    assert set(sandbox_options.PLANS) == set(limits.PLANS)
    assert set(EDITIONS) <= set(organization.EDITIONS)
