"""Delete the records that the rows of a sheet mean, told by their ids or by a key.

The same steps as an import: all rows are checked, the plan is shown, each record is deleted once,
the sheet comes back. What is deleted can't be taken back, so nothing that is unsure is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from zbbulk.errors import UsageError
from zbbulk.jobs.import_job import Agreed, begun_run, imported
from zbbulk.jobs.prepare import prepare_delete
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import ImportReport
from zbbulk.jobs.target import Target
from zbbulk.jobs.waiting import Waits
from zbbulk.mapping.words import VERSION
from zbbulk.model import CUSTOM
from zbbulk.private import make_file, make_folder
from zbbulk.resources import Resource, resource

_ID = "id"
"""What stands for the id of any resource where a field is named."""


def delete_file(  # noqa: PLR0913 - one argument a choice of the user
    path: Path,
    mapping: Path,
    *,
    target: Target,
    runs: Path,
    agreed: Agreed = lambda _: True,
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Delete the records that the rows of *path* mean, and write the result file.

    Args:
        path: The user's file.
        mapping: A mapping file of any action: of its fields only the id, or the key, is read.
        target: Where the records are.
        runs: Folder of all runs; made if missing.
        agreed: Shown the plan before anything is deleted; False ends the job.
        waits: Told before the run waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        SourceError, MappingError, UsageError, ZohoError, ResultError: as ``import_file``.
    """
    started = target.clock.now()
    begun = begun_run(
        path, mapping, target=target, runs=runs, progress=progress, made=prepare_delete
    )
    with begun as run:
        report = imported(replace(run, waits=waits), agreed=agreed)
    return replace(report, took_s=target.clock.now() - started)


def write_delete_mapping(runs: Path, name: str, by: Sequence[str]) -> Path:
    """Write a mapping that deletes records of the resource *name* told as *by* says.

    Args:
        runs: Folder that gets it; it may be used again.
        name: The resource.
        by: Texts such as ``sku=Code``; ``id`` stands for Zoho's id, and a field alone for a
            column of its name.

    Raises:
        UsageError: there is no such resource, or one of *by* is no field and column.
    """
    facts = resource(name)
    columns = dict(_field_and_column(each, facts) for each in by)
    if not columns:
        raise UsageError(
            "Nothing says which records are meant.",
            fix='Add e.g. --by "id=Item ID" or --by sku=Code.',
        )
    words = "-".join(field.removeprefix(CUSTOM) for field in columns)
    path = runs / f"delete-{facts.name}-by-{_plain(words)}.yml"
    try:
        make_folder(runs)
        make_file(path)
        path.write_text(_text(facts, columns), encoding="utf-8")
    except OSError as error:
        message = f"{path} can't be written: {error.strerror}."
        raise UsageError(message, code="ZB503") from error
    return path


def _field_and_column(text: str, facts: Resource) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    field = field.strip()
    if not field or (sign and not column.strip()):
        raise UsageError(f"{text!r} names no field and column.", fix="Write --by sku=Code.")
    name = facts.id_field if field == _ID else field
    return name, column.strip() or field


def _plain(words: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in words)


def _text(facts: Resource, columns: Mapping[str, str]) -> str:
    key = [name for name in columns if name != facts.id_field and name not in facts.path_fields]
    lines = [
        f"# Deletes {facts.name}.",
        f"zbbulk: {VERSION}",
        f"resource: {facts.name}",
        "action: delete",
    ]
    if key and facts.id_field not in columns:
        lines.append(f"key: {{fields: {json.dumps(key, ensure_ascii=False)}}}")
    lines.append("fields:")
    plain = {name: column for name, column in columns.items() if not name.startswith(CUSTOM)}
    custom = {name.removeprefix(CUSTOM): c for name, c in columns.items() if name not in plain}
    lines += [f"  {name}: {json.dumps(c, ensure_ascii=False)}" for name, c in plain.items()]
    lines += ["  custom_fields:"] * bool(custom)
    quoted = {json.dumps(n, ensure_ascii=False): c for n, c in custom.items()}
    lines += [f"    {name}: {json.dumps(c, ensure_ascii=False)}" for name, c in quoted.items()]
    return "\n".join(lines) + "\n"
