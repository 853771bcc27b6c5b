"""The page on migrations is true: its files are written and its command is run."""

import re
from pathlib import Path

from zbbulk.mapping.words import MIGRATION_WORDS, STEP_WORDS

PAGE = (Path(__file__).parents[2] / "docs" / "migration.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE))
(COMMAND,) = re.findall(r"^    zbbulk (.+)$", PAGE, re.MULTILINE)
(SHOWN,) = re.findall(r"\n\n```\n(.*?)```", PAGE, re.DOTALL)


def written(folder):
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")


def test_the_example_ends_as_the_page_shows(run, tmp_path):
    written(tmp_path)
    ran = run(*COMMAND.split())
    assert ran.code == 1
    lines = iter(ran.out.splitlines())
    assert [line for line in SHOWN.splitlines() if line not in lines] == []


def test_what_is_corrected_comes_in_and_nothing_comes_in_twice(run, tmp_path):
    written(tmp_path)
    run(*COMMAND.split())
    path = tmp_path / "customers.csv"
    path.write_text(path.read_text().replace("a month", "30"))
    ran = run(*COMMAND.split())
    assert ran.code == 0
    assert "step     customers: 3 rows: 1 created, 2 skipped" in ran.out
    assert "step     orders: 3 rows: 1 created, 2 skipped" in ran.out


def test_the_page_names_every_word():
    for word in (*MIGRATION_WORDS, *STEP_WORDS):
        assert f"| `{word}` |" in PAGE, word
