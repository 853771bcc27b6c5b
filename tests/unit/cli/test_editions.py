"""``edition:`` and ``--edition`` from the command line to the report."""

import json
from pathlib import Path

import pytest

from zbbulk.sandbox import Sandbox

MAPPING = """\
zbbulk: 1
resource: contacts
edition: in
fields:
  contact_name: Party
  gst_treatment: GST
  gst_no: GSTIN
  contact_persons:
    - first_name: Person
"""
SHEET = "Party,GST,GSTIN,Person\nBirch Ltd,business_gst,33AAAAA0000A1Z9,Asha\n"


@pytest.fixture
def parties(tmp_path):
    (tmp_path / "m.yml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "parties.csv").write_text(SHEET, encoding="utf-8")


@pytest.fixture
def started(monkeypatch):
    """The editions of the sandboxes that were started."""
    editions = []

    class Watched(Sandbox):
        def __enter__(self):
            editions.append(self.edition)
            return super().__enter__()

    monkeypatch.setattr("zbbulk.jobs.opening.Sandbox", Watched)
    return editions


@pytest.mark.parametrize("command", [["check"], ["import", "--sandbox"]])
def test_fields_of_other_editions_are_told_all_at_once_and_nothing_is_sent(
    run, parties, tmp_path, command
):
    ran = run(*command, "parties.csv", "-m", "m.yml", "--edition", "uk")
    assert ran.code == 2
    assert "ZB218 The edition United Kingdom (uk) has no `gst_treatment`" in ran.err
    assert "--> m.yml:6:3" in ran.err
    assert "--> m.yml:7:3" in ran.err
    assert ran.err.count("ZB218 ") == 2
    assert not (tmp_path / "zbbulk-runs").exists()


def test_the_report_shows_the_edition_and_the_next_step_keeps_it(run, parties):
    ran = run("check", "parties.csv", "-m", "m.yml")
    assert ran.code == 0, ran.err
    assert "edition  India (in)" in ran.out
    assert "zbbulk import parties.csv -m m.yml --edition in --sandbox" in ran.out


def test_json_shows_the_edition(run, parties, tmp_path):
    told = json.loads(run("check", "parties.csv", "-m", "m.yml", "--format", "json").out)
    assert told["edition"] == "in"
    (tmp_path / "m.yml").write_text(MAPPING.replace("edition: in\n", ""), encoding="utf-8")
    ran = run("check", "parties.csv", "-m", "m.yml", "--format", "json")
    assert json.loads(ran.out)["edition"] is None
    assert "edition" not in run("check", "parties.csv", "-m", "m.yml").out


@pytest.mark.parametrize("command", [["check"], ["import", "--sandbox"], ["import"]])
def test_an_unknown_edition_is_refused_with_the_nearest(run, parties, monkeypatch, command):
    monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", "t")
    monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", "1")
    ran = run(*command, "parties.csv", "-m", "m.yml", "--edition", "india")
    assert ran.code == 2
    assert ran.err.startswith("ZB007 Unknown edition 'india'.")
    assert "Did you mean 'in'?" in ran.err


@pytest.mark.parametrize(
    ("line", "words", "played"),
    [
        ("edition: in\n", [], "in"),
        ("edition: us\n", ["--edition", "in"], "in"),
        ("", [], "us"),
    ],
)
def test_the_sandbox_plays_the_edition(run, parties, started, line, words, played):
    text = MAPPING.replace("edition: in\n", line)
    Path("m.yml").write_text(text, encoding="utf-8")
    ran = run("import", "parties.csv", "-m", "m.yml", "--sandbox", *words, "--format", "json")
    assert ran.code == 0, ran.out
    assert started == [played]
    assert json.loads(ran.out)["edition"] == (played if line or words else None)


def test_the_edition_is_an_option_of_a_real_import_too(run, parties, monkeypatch):
    with Sandbox(None, speed=600, edition="in") as real:
        monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", real.access_token())
        monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", real.organization_id)
        words = ("--api-root", real.api_root, "--yes", "--edition")
        assert run("import", "parties.csv", "-m", "m.yml", *words, "mx").code == 2
        assert real.requests() == []
        assert run("import", "parties.csv", "-m", "m.yml", *words, "in").code == 0
        assert [each["gst_no"] for each in real.records("contacts")] == ["33AAAAA0000A1Z9"]


def test_a_row_without_what_the_edition_requires_is_rejected_with_its_column(run, parties):
    Path("parties.csv").write_text(f"{SHEET}Elm Ltd,,,Ravi\n", encoding="utf-8")
    told = json.loads(run("check", "parties.csv", "-m", "m.yml", "--format", "json").out)
    assert told["counts"] == {"ready": 1, "rejected": 1}
    (problem,) = told["problems"]
    assert (problem["code"], problem["row"], problem["column"]) == ("ZB301", 3, "GST")
    assert "in the edition India (in)" in problem["message"]
    plain = MAPPING.replace("edition: in\n", "")
    Path("m.yml").write_text(plain, encoding="utf-8")
    assert run("check", "parties.csv", "-m", "m.yml").code == 0


def test_what_the_edition_requires_and_nothing_is_mapped_to_is_the_mappings_fault(run, parties):
    text = MAPPING.replace("  gst_treatment: GST\n", "")
    Path("m.yml").write_text(text, encoding="utf-8")
    ran = run("check", "parties.csv", "-m", "m.yml")
    assert ran.code == 2
    assert "ZB217 contacts in the edition India (in) needs `gst_treatment`" in ran.err
    assert "--> m.yml:5:3" in ran.err
