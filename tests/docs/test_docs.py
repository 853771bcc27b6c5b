"""What the docs claim is true: pages made from code, commands that run, links that lead on."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from zbbulk.codes import CODES
from zbbulk.mapping import parse_mapping
from zbbulk.resources import resources

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])


def test_the_pages_that_are_made_from_the_code_are_true():
    command = [sys.executable, ROOT / "tools" / "build_docs.py", "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.stdout.strip() == ""
    assert ran.returncode == 0


def readme_commands():
    for line in re.findall(r"^    (zbbulk .+)$", README, flags=re.MULTILINE):
        words = shlex.split(line.split("#")[0])[1:]
        needs_account = {"--region", "--profile"} & set(words)
        if not needs_account and words[:2] != ["sandbox", "serve"]:
            yield words


def test_the_commands_of_the_readme_run_one_after_the_other(run, tmp_path):
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    for words in readme_commands():
        ran = run(*words)
        assert ran.code == 0, (words, ran)


def test_the_readme_shows_check_and_import():
    shown = [words[0] for words in readme_commands()]
    assert {"check", "import"} <= set(shown)


def test_the_make_targets_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^    make (\w+)$", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_the_mapping_of_the_readme_loads():
    (text,) = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    mapping = parse_mapping(text, file="readme.yml")
    assert mapping.resource == "items"
    assert mapping.warnings == ()


def test_the_mapping_of_the_readme_fits_the_sample_it_names(run, tmp_path):
    (text,) = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    (tmp_path / "items.yml").write_text(text, encoding="utf-8")
    (command,) = re.findall(r"`zbbulk (check samples/\S+ -m items.yml)`", README)
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    assert run(*shlex.split(command)).code == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page):
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_codes_in_the_docs_are_codes_of_ours(page):
    named = set(re.findall(r"\bZB\d{3}\b", page.read_text(encoding="utf-8")))
    assert named <= set(CODES)


def test_the_readme_knows_every_resource():
    assert all(f"| `{name}` |" in README for name in resources())


def test_ci_calls_the_readmes_test_command():
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_dependency_has_its_reason_in_one_line():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text = text[text.index("\ndependencies = [") : text.index("[project.scripts]")]
    listed = re.findall(r'^  "[a-z][\w-]+(?:>=[\d.]+)?",(.*)$', text, flags=re.MULTILINE)
    assert len(listed) >= 15
    assert all(reason.strip().startswith("# ") for reason in listed)


def test_mappings_point_editors_to_the_schema():
    for path in (ROOT / "mappings").glob("*.yml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=../schemas/mapping.schema.json"
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["resource"] == path.stem
