"""Write the pages that are made from the code; ``--check`` only says whether they are true.

``docs/errors.md`` from the code tables, ``docs/cli.md`` from ``--help``, and the
table of resources in ``README.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zbbulk.cli.main import cli
from zbbulk.codes import CODES
from zbbulk.resources import Resource, by_area

ROOT = Path(__file__).resolve().parents[1]
FAMILIES = {
    "ZB0": "How zbbulk was called",
    "ZB1": "Reading the file",
    "ZB2": "The mapping, and cells turned into values",
    "ZB3": "Checking a record",
    "ZB4": "Sending",
    "ZB5": "Recording",
    "ZB9": "Our own fault",
}
BEGIN, END = "<!-- resources: begin -->", "<!-- resources: end -->"


def errors_page() -> str:
    """Return ``docs/errors.md``."""
    lines = ["# Codes", "", "Made from `zbbulk/codes.py`. Zoho's own codes: `zbbulk explain 1002`."]
    for family, title in FAMILIES.items():
        lines += ["", f"## {title}"]
        for code, told in CODES.items():
            if code.startswith(family):
                lines += ["", f"### {code}", "", f"**{told.title}.** {told.why} *{told.fix}*"]
    return "\n".join(lines) + "\n"


def cli_page() -> str:
    """Return ``docs/cli.md``."""
    lines = ["# Commands", "", "Made from `--help`."]
    for name, command in _commands(cli, "zbbulk"):
        names = {"help_option_names": cli.context_settings["help_option_names"]}
        context = click.Context(
            command, info_name=name, terminal_width=100, max_content_width=100, **names
        )
        lines += ["", f"## {name}", "", "```", command.get_help(context).rstrip(), "```"]
    return "\n".join(lines) + "\n"


def _commands(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    found = [(name, command)]
    if isinstance(command, click.Group):
        for child, inner in command.commands.items():
            found += _commands(inner, f"{name} {child}")
    return found


def readme_page() -> str:
    """Return ``README.md`` with its table of resources made anew."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{_resource_table()}\n{END}{tail}"


def _resource_table() -> str:
    head = [
        "| area | resource | what it is | match keys | taken back by |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows = []
    for area, found in by_area().items():
        names = [area, *[""] * (len(found) - 1)]
        rows += [f"| {name} | {_facts(each)} |" for name, each in zip(names, found, strict=True)]
    return "\n".join([*head, *rows])


def _facts(each: Resource) -> str:
    keys = ", ".join(f"`{' + '.join(key)}`" for key in each.match_keys)
    return f"`{each.name}` | {each.title} | {keys or '-'} | {', else '.join(each.undo) or '-'}"


def main() -> int:
    """Write the pages, or say which are not true any more."""
    pages = {
        "docs/errors.md": errors_page(),
        "docs/cli.md": cli_page(),
        "README.md": readme_page(),
    }
    stale = [
        name
        for name, text in pages.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        print("\n".join(f"{name} is stale: run python tools/build_docs.py" for name in stale))
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(pages[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
