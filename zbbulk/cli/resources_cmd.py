"""``zbbulk resources``: what can be sent, the fields of each, and a sheet to fill in."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from zbbulk.cli.options import ReportingCommand, output_option
from zbbulk.cli.reporters import say, show_json
from zbbulk.errors import UsageError


@click.command("resources", cls=ReportingCommand)
@click.argument("name", required=False)
@click.option("--edition", metavar="CODE", help="Only the fields of this country edition.")
@click.option(
    "--template",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write an empty workbook (.xlsx) to fill in, with the columns of the shipped mapping.",
)
@click.option(
    "--mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a copy of the shipped mapping (.yml) to change.",
)
@click.option("--force", is_flag=True, help="With --template or --mapping: overwrite FILE.")
@output_option
def resources_cmd(
    *,
    name: str | None,
    edition: str | None,
    template: Path | None,
    mapping: Path | None,
    force: bool,
    output: str,
) -> None:
    """List the resources of Zoho Books that zbbulk can send, or tell all about one."""
    about_one = {"--edition": edition, "--template": template, "--mapping": mapping}
    given = [option for option, value in about_one.items() if value]
    if name is None and given:
        raise UsageError(
            f"{given[0]} is about one resource.", fix="Name it: `zbbulk resources NAME`."
        )
    if template and mapping:
        raise UsageError("--template and --mapping write one file each.", fix="Keep one of them.")
    if name is None:
        _show_all(output=output)
    elif template:
        _write_template(name, template, edition=edition, force=force, output=output)
    elif mapping:
        _copy_mapping(name, mapping, edition=edition, force=force, output=output)
    else:
        _show_one(name, edition=edition, output=output)


def _show_all(*, output: str) -> None:
    from zbbulk.cli.resource_text import list_text  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.resource_facts import all_resource_facts  # noqa: PLC0415 - the same

    found = all_resource_facts()
    if output == "json":
        say(json.dumps([each.to_json() for each in found], indent=2))
    else:
        say("\n".join(list_text(found)))


def _show_one(name: str, *, edition: str | None, output: str) -> None:
    from zbbulk.cli.resource_text import fields_text  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.resource_facts import fields_of_resource  # noqa: PLC0415 - the same

    told = fields_of_resource(name, edition=edition)
    if output == "json":
        show_json(told.to_json())
    else:
        say("\n".join(fields_text(told)))


def _write_template(
    name: str, target: Path, *, edition: str | None, force: bool, output: str
) -> None:
    from zbbulk.cli.resource_text import template_text  # noqa: PLC0415 - start-up stays small
    from zbbulk.jobs.template_job import make_template  # noqa: PLC0415 - the same

    report = make_template(name, target, edition=edition, force=force)
    if output == "json":
        show_json(report.to_json())
    else:
        say("\n".join(template_text(report)))


def _copy_mapping(
    name: str, target: Path, *, edition: str | None, force: bool, output: str
) -> None:
    from zbbulk.jobs.mapping_copy import copy_mapping  # noqa: PLC0415 - start-up stays small

    copy = copy_mapping(name, target, edition=edition, force=force)
    if output == "json":
        show_json(copy.to_json())
    else:
        say(f"mapping  {copy.file}: a copy of {copy.mapping}")
        say(f"next     change it, then: {shlex.join(['zbbulk', 'check', 'FILE', '-m', copy.file])}")
