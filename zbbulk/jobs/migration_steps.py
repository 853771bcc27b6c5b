"""Open a migration: its steps with their mappings and files, in the order they are sent.

A step comes after those that create what its mapping looks up, and after those that it
names itself. All that is wrong is told at once; no sheet is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from zbbulk.assets import asset_names, asset_path
from zbbulk.errors import MappingError, UsageError
from zbbulk.jobs.lookups import lookup_rules
from zbbulk.mapping import Mapping as Rules
from zbbulk.mapping import load_mapping
from zbbulk.mapping.load_migration import load_migration
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.migration import Migration, MigrationStep, Reference

SHOWN_IN = {"taxgroups": "taxes"}
"""Whose list shows the records of a resource beside its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, ready to be prepared.

    Attributes:
        id: Its name.
        rules: The loaded mapping.
        mapping: Where the mapping is.
        file: Where the sheet is.
        parents: The steps before it, and why: ``looks up contacts`` or ``says `after:```.
        line, at: Where it stands in the migration file.
    """

    id: str
    rules: Rules
    mapping: Path
    file: Path
    parents: Mapping[str, str] = field(default_factory=dict)
    line: int = 1
    at: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedMigration:
    """A migration whose steps are in order.

    Attributes:
        path: The migration file.
        says: What it says.
        edition: Of the organization, None where only the mappings can tell.
        steps: In the order they are sent.
    """

    path: Path
    says: Migration
    edition: str | None
    steps: tuple[Step, ...]


def open_migration(path: Path, *, edition: str | None = None) -> OpenedMigration:
    """Return the migration in *path* with its mappings; *edition* wins over what it says.

    Raises:
        UsageError: it can't be read, or there is no such edition.
        MappingError: it or a mapping of it is wrong; ``problems`` holds every fault.
    """
    says = load_migration(path)
    edition = edition or says.edition
    faults = MappingFaults(says.file, what="migration")
    steps = [_step(each, path.parent, faults, edition=edition) for each in says.steps]
    known = [step for step in steps if step is not None]
    if len(known) == len(steps):
        known = _ordered(
            [
                _with_parents(step, each, known)
                for step, each in zip(known, says.steps, strict=True)
            ],
            faults,
        )
    faults.raise_if_any()
    return OpenedMigration(path=path, says=says, edition=edition, steps=tuple(known))


def _step(
    said: MigrationStep, folder: Path, faults: MappingFaults, *, edition: str | None
) -> Step | None:
    mapping = _mapping_path(said.mapping, folder)
    if mapping is None:
        message = f"There is no mapping {said.mapping.text!r} in {str(folder)!r}."
        faults.add("ZB236", said.mapping, message)
        return None
    try:
        rules = load_mapping(mapping, edition=edition)
    except MappingError as error:
        faults.errors += error.as_problems()
        return None
    if rules.is_mirror:
        faults.add("ZB250", said.mapping, f"{said.mapping.text!r} reads a mirror.")
        return None
    file = _sheet_path(said, rules, folder, faults)
    if file is None:
        return None
    return Step(id=said.id, rules=rules, mapping=mapping, file=file, line=said.line, at=said.at)


def _mapping_path(said: Reference, folder: Path) -> Path | None:
    own = folder / said.text
    if own.is_file():
        return own
    is_shipped = said.text in asset_names("mappings", ".yml")
    return asset_path("mappings", f"{said.text}.yml") if is_shipped else None


def _sheet_path(
    said: MigrationStep, rules: Rules, folder: Path, faults: MappingFaults
) -> Path | None:
    """Return where the sheet of a step is: the file it names, else the one of its mapping."""
    name = said.file.text if said.file else rules.source.file
    if name is None:
        message = f"Nothing says which file the step `{said.id}` reads."
        fix = f"Add `file:` to the step, or to `source:` of {rules.file}."
        faults.add("ZB237", said, message, fix)
        return None
    folders = [folder] if said.file else list(dict.fromkeys((folder, Path(rules.file).parent)))
    paths = [each / name for each in folders]
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        looked = " and ".join(repr(str(path)) for path in paths)
        message = f"There is no file {name!r} of the step `{said.id}`; looked for {looked}."
        faults.add("ZB237", said.file or said, message)
    return found


def _with_parents(step: Step, said: MigrationStep, steps: Iterable[Step]) -> Step:
    """Return *step* with the steps that must have ended before it."""
    needed = {name for rule in lookup_rules(step.rules) for name in rule.resources}
    own = step.rules.resource
    parents = {
        other.id: f"looks up {other.rules.resource}"
        for other in steps
        if other.rules.resource != own
        and needed & {other.rules.resource, SHOWN_IN.get(other.rules.resource, "")}
    }
    for named in said.after:
        parents.setdefault(named.text, "says `after:`")
    return replace(step, parents=parents)


def _ordered(steps: Sequence[Step], faults: MappingFaults) -> list[Step]:
    """Return *steps* with parents first, otherwise in the order of the file."""
    left, found = list(steps), list[Step]()
    while left:
        done = {step.id for step in found}
        ready = next((step for step in left if done.issuperset(step.parents)), None)
        if ready is None:
            _refuse_circle(left, faults)
            return list(steps)
        left.remove(ready)
        found.append(ready)
    return found


def _refuse_circle(left: Sequence[Step], faults: MappingFaults) -> None:
    """Note the steps that wait for one another; all of *left* wait for one of them at least."""
    by_id = {step.id: step for step in left}
    way = [left[0]]
    while (parent := next(by_id[name] for name in way[-1].parents if name in by_id)) not in way:
        way.append(parent)
    circle = way[way.index(parent) :]
    first = min(circle, key=lambda step: step.line)
    turn = circle.index(first)
    circle = circle[turn:] + circle[:turn]
    after = [*circle[1:], first]
    told = "; ".join(
        f"`{step.id}` (line {step.line}) {step.parents[parent.id]} and so waits for `{parent.id}`"
        for step, parent in zip(circle, after, strict=True)
    )
    faults.add("ZB235", first, f"The steps wait for one another in a circle: {told}.")


def refuse_other_organization(migration: OpenedMigration, organization_id: str) -> None:
    """Raise UsageError when the migration is meant for another organization (ZB015)."""
    meant = migration.says.organization
    if meant and meant != organization_id:
        message = f"{migration.path} is for organization {meant}; this is {organization_id}."
        raise UsageError(message, code="ZB015")
