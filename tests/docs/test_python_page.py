"""The Python of docs/python.md runs as it stands, and names all that there is."""

import re
from pathlib import Path

import pytest

import zbbulk
from zbbulk.assets import asset_root

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(<!-- not run[^\n]*-->\n)?```python\n(.*?)```", PAGE, re.DOTALL)
FUNCTIONS = [name for name in zbbulk.__all__ if name[0].islower()]


def test_every_example_runs_in_order(tmp_path, monkeypatch, capsys):
    (tmp_path / "samples").symlink_to(asset_root() / "samples")
    monkeypatch.chdir(tmp_path)
    names = {}
    for skipped, code in BLOCKS:
        if not skipped:
            exec(compile(code, "docs/python.md", "exec"), names)
    assert capsys.readouterr().out.count("ZB") > 5
    assert (tmp_path / "items-now.mirror.yml").is_file()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_on_the_page(name):
    assert name == "__version__" or name in PAGE


def test_the_readme_shows_how_to_begin():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert code.strip() == BLOCKS[0][1].strip()
