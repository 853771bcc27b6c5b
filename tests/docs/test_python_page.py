"""The Python of docs/python.md runs as it stands, and names all that there is."""

import inspect
import re
from pathlib import Path

import pytest

import zbbulk
from zbbulk.assets import asset_root

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(<!-- not run[^\n]*-->\n)?```python\n(.*?)```", PAGE, re.DOTALL)
FUNCTIONS = [name for name in zbbulk.__all__ if inspect.isfunction(getattr(zbbulk, name))]
TYPES = [name for name in zbbulk.__all__ if inspect.isclass(getattr(zbbulk, name))]
NOT_COMMANDS = {"open_organization", "open_sandbox", "outcomes", "runs_of", "undo_run"}
"""Options name the first two, a command shows no rows, and ``undo_runs`` calls ``undo_run``."""


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
def test_every_function_is_in_the_table_or_explained(name):
    assert re.search(rf"`(?:zbbulk\.)?{name}[`(]", PAGE)


@pytest.mark.parametrize("name", TYPES)
def test_every_type_is_on_the_page(name):
    assert f"`{name}`" in PAGE or f"`{name}(" in PAGE


def test_there_are_only_functions_and_types():
    assert {*FUNCTIONS, *TYPES, "__version__"} == set(zbbulk.__all__)


def test_the_page_names_nothing_that_is_not_there():
    for name in re.findall(r"zbbulk\.(\w+)", PAGE):
        assert hasattr(zbbulk, name), name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_is_explained(name):
    function = getattr(zbbulk, name)
    for argument in inspect.signature(function).parameters:
        told = re.search(rf"^        {argument}: |\*{argument}\*", function.__doc__, re.MULTILINE)
        assert told, argument


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - NOT_COMMANDS))
def test_a_command_calls_the_function(name):
    commands = asset_root() / "zbbulk" / "cli"
    assert any(
        re.search(rf"from zbbulk\.api\.\w+ import .*\b{name}\b", path.read_text("utf-8"))
        for path in commands.glob("*.py")
    )


def test_the_readme_shows_how_to_begin():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert code.strip() == BLOCKS[0][1].strip()
