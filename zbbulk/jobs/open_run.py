"""Find the folder of a run again and open it, so that the run can be gone on with.

All is taken from the folder itself, which may have been carried from another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from zbbulk.errors import UsageError
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.mirror_sheet import reduced_prepared
from zbbulk.jobs.prepare import Prepared, prepared_of
from zbbulk.jobs.progress import Progress
from zbbulk.jobs.run import Run
from zbbulk.jobs.run_facts import REDUCED, sha256_of
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.jobs.target import Target, pace_of
from zbbulk.journal.fetched import NAME as EXPORT
from zbbulk.journal.fetched import Fetched
from zbbulk.journal.journal import Journal
from zbbulk.journal.migration_state import NAME as MIGRATION
from zbbulk.journal.migration_state import MigrationState
from zbbulk.mapping import LeftOut, fitted, load_mapping
from zbbulk.mapping.load_delete import deleting
from zbbulk.model import Action
from zbbulk.resources import resource, schema
from zbbulk.rows import open_sheet

LAST = "last"
"""Names the run that was begun last."""


def find_run(runs: Path, name: str) -> RunFolder:
    """Return the folder of a run: by its path, by its name below *runs*, or ``last``.

    Raises:
        UsageError: there is none (ZB514), or it is an export (ZB536).
    """
    found = find_run_or_export(runs, name)
    if found.is_export:
        message = f"{found.path.name} is an export: it has changed nothing in Zoho Books."
        raise UsageError(message, code="ZB536")
    return found


def find_run_or_export(runs: Path, name: str) -> RunFolder:
    """Return the folder of a run or an export, as ``find_run``.

    Raises:
        UsageError: there is none (ZB514).
    """
    known = sorted(path.parent for path in runs.glob("*/*.sqlite") if path.name in _MEMORIES)
    if name == LAST and known:
        return max(map(RunFolder, known), key=_started)
    for path in (Path(name), runs / name):
        if any((path / each).is_file() for each in _MEMORIES):
            return RunFolder(path)
    names = ", ".join(path.name for path in known[-3:])
    fix = f"The last ones are {names}." if names else f"There is none in {str(runs)!r}."
    raise UsageError(f"There is no run {name!r}.", fix=f"{fix} See `zbbulk runs`.", code="ZB514")


_MEMORIES = ("journal.sqlite", EXPORT)


def _started(folder: RunFolder) -> str:
    """Return when a run or an export was begun."""
    if folder.is_export:
        with Fetched.open(folder.export) as store:
            return store.facts().get("started", "")
    return Journal.facts_of(folder.journal).get("started", "")


def find_runs(runs: Path, name: str) -> list[RunFolder]:
    """Return the runs of a migration, the last one first; any other name is one run.

    A migration is named by its folder, by its path or by its name below *runs*.

    Raises:
        UsageError: there is no such run, or the migration has begun none (ZB514).
        ResultError: the migration's state can't be read.
    """
    for path in (Path(name), runs / name):
        if (path / MIGRATION).is_file():
            with MigrationState.open(path) as state:
                names = [step.run for step in state.steps().values() if step.run]
            if not names:
                message = f"The migration {path.name} has begun no run: nothing of it was sent."
                raise UsageError(message, "There is nothing to do about it.", code="ZB514")
            return [
                find_run(path.parent, each)
                for each in sorted(names, key=_begun(path.parent), reverse=True)
            ]
    return [find_run(runs, name)]


def _begun(runs: Path) -> Callable[[str], str]:
    return lambda name: Journal.facts_of(runs / name / "journal.sqlite").get("started", "")


def mapping_of(folder: RunFolder) -> Path:
    """Return the mapping of a run: the user's own file if it is as it was, else the copy."""
    facts = Journal.facts_of(folder.journal)
    own = Path(facts.get("mapping", ""))
    is_same = own.is_file() and sha256_of(own) == facts.get("mapping_sha256")
    return own if is_same else folder.mapping


@contextmanager
def opened_run(
    folder: RunFolder, *, target: Target, runs: Path, progress: Progress
) -> Iterator[Run]:
    """Open the run of *folder*; other processes are kept out meanwhile.

    Raises:
        UsageError: another process is at work in it (ZB513), it went to another organization
            (ZB516), or its copy of the input was changed (ZB515).
        ResultError: its journal can't be read, or is a newer zbbulk's.
    """
    with (
        folder.locked(),
        Journal.open(folder.journal) as journal,
        EventLog(folder.log) as log,
    ):
        facts = journal.facts()
        _refuse_other_target(facts, target)
        yield Run(
            prepared=reopened(folder, facts),
            target=target,
            folder=folder,
            runs=runs,
            journal=journal,
            log=log,
            pace=pace_of(target),
            progress=progress,
        )


def reopened(folder: RunFolder, facts: Mapping[str, str]) -> Prepared:
    """Return sheet and mapping of a run, read from the copies in its folder.

    Raises:
        UsageError: a copy is missing or was changed (ZB515).
    """
    source = folder.path / facts.get("input", "input.csv")
    _refuse_changed(source, facts["file_sha256"])
    _refuse_changed(folder.mapping, facts["mapping_sha256"])
    mapping = load_mapping(folder.mapping, edition=facts["edition"] or None)
    if facts.get("action") == Action.DELETE and mapping.action is not Action.DELETE:
        mapping = deleting(mapping, resource(mapping.resource))
    mapping = replace(mapping, file=facts.get("mapping_as_typed", mapping.file))
    sheet = open_sheet(source, options=mapping.source.read_options, name=facts["file_as_typed"])
    copies = {
        name: path
        for number, name in enumerate(mapping.others)
        for path in folder.path.glob(f"other-{number}.*")
    }
    left_out: tuple[LeftOut, ...] = ()
    if mapping.is_mirror or facts.get("is_shipped") == "yes":
        mapping, left_out = fitted(mapping, sheet.header, schema=schema(mapping.resource))
    prepared = prepared_of(mapping, sheet, copies=copies, left_out=left_out)
    if not facts.get(REDUCED):
        return prepared
    _refuse_changed(folder.reduced, facts[REDUCED])
    return reduced_prepared(folder.reduced, prepared)


def _refuse_changed(path: Path, sha256: str) -> None:
    if not path.is_file():
        raise UsageError(f"The run has lost its copy {str(path)!r}.", code="ZB515")
    if sha256_of(path) != sha256:
        raise UsageError(f"The copy {str(path)!r} was changed since the run began.", code="ZB515")


def _refuse_other_target(facts: Mapping[str, str], target: Target) -> None:
    """Raise UsageError when *target* is another organization; a sandbox's address may change."""
    was, now = facts["organization_id"], target.organization_id
    if was != now:
        raise UsageError(
            f"The run went to organization {was}; this is organization {now}.", code="ZB516"
        )
    if target.is_real and facts["api_root"] != target.api_root:
        raise UsageError(
            f"The run went to {facts['api_root']}; this is {target.api_root}.", code="ZB516"
        )
