"""Bring a file and a mapping together: opened, understood, compiled, ready to check.

All that can be wrong before the first row is found here. Reads no row but for
the date survey; sends nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from zbbulk.assets import asset_names, asset_path, is_shipped
from zbbulk.checks import Checker, checker_for, unsettled, without_rules_for
from zbbulk.errors import Level, Location, MappingError, Problem, SourceError, UsageError
from zbbulk.jobs.batches import Batching, batching_of
from zbbulk.jobs.other_sheets import Index, KeptSheet, open_others
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.mapping import (
    LeftOut,
    Mapping,
    Program,
    compile_mapping,
    date_survey,
    field_names,
    fitted,
    load_mapping,
    looked_up,
)
from zbbulk.mapping.load_delete import deleting
from zbbulk.model import Action, Finder, Sheet
from zbbulk.private import make_file
from zbbulk.resources import Resource, resource, schema
from zbbulk.rows import open_sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A sheet with all that is needed to make Records of its rows and check them.

    Attributes:
        sheet: The user's opened file.
        mapping: The loaded mapping.
        program: The mapping compiled for the sheet's header.
        checker: The gate that every Record passes.
        dates: Date style of each column that did not declare one, as found.
        others: The other sheets that its lists take rows from.
        elsewhere: Ids of records that were created in another organization only.
        left_out: The columns of a mapping that ships which the sheet does not have.
        given: The user's own sheet, where *sheet* is what was made of a mirror; else None.
    """

    sheet: Sheet
    mapping: Mapping
    program: Program
    checker: Checker
    dates: Table[str, str]
    others: Table[Index, KeptSheet] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    left_out: tuple[LeftOut, ...] = ()
    given: Prepared | None = None

    @property
    def own_sheet(self) -> Sheet:
        """Return the user's sheet, which is given back."""
        return self.given.sheet if self.given else self.sheet

    @property
    def resource(self) -> Resource:
        """Return the facts of the mapping's resource."""
        return resource(self.mapping.resource)

    @property
    def batching(self) -> Batching | None:
        """Return how Records of rows are put together by what they share; None where they are not.

        Rows that the mapping groups into documents are put together already.
        """
        if self.program.grouped is not None:
            return None
        return batching_of(self.resource, self.mapping.action)

    @property
    def _sheet_warnings(self) -> Iterator[Problem]:
        """Yield what the sheet warns of; that it has one column is right where one is read."""
        is_found = not self.left_out
        return (each for each in self.sheet.warnings if each.code != "ZB116" or not is_found)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return what the user should know and what refuses nothing."""
        others = (problem for each in self.others.values() for problem in each.warnings)
        return (*self._sheet_warnings, *others, *self.mapping.warnings, *_replaced(self.mapping))


def _replaced(mapping: Mapping) -> tuple[Problem, ...]:
    """Return a warning where a create takes the place of what is there: there is one record."""
    facts = resource(mapping.resource)
    if not facts.is_single or mapping.action is not Action.CREATE:
        return ()
    message = (
        f"{facts.title} are one record: what is sent takes the place of what was entered before."
    )
    at = Location(file=mapping.file)
    return (Problem(code="ZB335", message=message, at=at, level=Level.WARNING),)


def prepare(path: Path, mapping_path: Path, *, edition: str | None = None) -> Prepared:
    """Return *path* and the mapping, ready for the first row.

    Args:
        path: The user's file.
        mapping_path: The mapping file.
        edition: Country edition of the organization; None takes the mapping's, if it names one.

    Raises:
        UsageError: there is no such edition.
        SourceError: the file can't be read.
        MappingError: the mapping is wrong, does not fit the header, or leaves open
            how dates are read.
    """
    return _opened(path, load_mapping(mapping_path, edition=edition), mapping_path)


def prepare_delete(path: Path, mapping_path: Path, *, edition: str | None = None) -> Prepared:
    """Return *path* and the mapping as one that deletes the records of its rows.

    Raises:
        MappingError: it does not say which records are meant (ZB213), or as ``prepare``.
        UsageError, SourceError: as ``prepare``.
    """
    mapping = load_mapping(mapping_path, edition=edition)
    if mapping.action is not Action.DELETE:
        mapping = deleting(mapping, resource(mapping.resource))
    if not mapping.fields.fields:
        at = Location(file=mapping.file)
        message = f"{mapping.file} does not say which records are deleted."
        fix = "Give it a `key:`, map the id, or use --resource and --by."
        raise MappingError(message, fix=fix, code="ZB213", at=at)
    return _opened(path, mapping, mapping_path)


def _opened(path: Path, mapping: Mapping, mapping_path: Path) -> Prepared:
    sheet = open_sheet(path, options=mapping.source.read_options)
    left_out: tuple[LeftOut, ...] = ()
    if mapping.is_mirror or is_shipped(mapping_path, "mappings"):
        mapping, left_out = fitted(mapping, sheet.header, schema=schema(mapping.resource))
    return prepared_of(mapping, sheet, left_out=left_out)


def refuse_mirror(mapping: Mapping) -> None:
    """Raise UsageError (ZB250) for a mapping whose sheets are compared with Zoho Books."""
    if mapping.is_mirror:
        at = Location(file=mapping.file)
        raise UsageError("The sheet is a mirror.", code="ZB250", at=at)


def prepared_of(
    mapping: Mapping,
    sheet: Sheet,
    *,
    copies: Table[str, Path] | None = None,
    left_out: tuple[LeftOut, ...] = (),
) -> Prepared:
    """Return a loaded mapping and an opened sheet, ready for the first row.

    Args:
        mapping: The mapping.
        sheet: The sheet.
        copies: Other sheets that are read from another file than the mapping says.
        left_out: The columns of a mapping that ships which the sheet does not have.

    Raises:
        SourceError, MappingError: as ``prepare``.
    """
    dates = _surveyed(mapping, sheet)
    typed = sheet.form.encoding is None
    try:
        others = open_others(mapping, sheet, copies=copies)
        program = compile_mapping(
            mapping, sheet.header, file=sheet.file, typed=typed, dates=dates, others=others
        )
    except MappingError as error:
        error.problems = (*sheet.warnings, *error.problems)
        raise
    rules = unsettled(schema(mapping.resource), field_names(mapping.fields))
    if ids := looked_up(mapping.fields):
        rules = without_rules_for(rules, ids)
    checker = checker_for(mapping.resource, mapping.action, schema=rules, edition=mapping.edition)
    return Prepared(
        sheet=sheet,
        mapping=mapping,
        program=program,
        checker=checker,
        dates=dates,
        others=others,
        left_out=left_out,
    )


def with_finder(prepared: Prepared, finder: Finder | None) -> Prepared:
    """Return *prepared* with the ids of its lookups from *finder*."""
    if finder is None:
        return prepared
    sheet, mapping = prepared.sheet, prepared.mapping
    typed = sheet.form.encoding is None
    program = compile_mapping(
        mapping,
        sheet.header,
        file=sheet.file,
        typed=typed,
        dates=prepared.dates,
        finder=finder,
        others=prepared.others,
    )
    return replace(prepared, program=program)


def with_copy(prepared: Prepared, copy: Path) -> Prepared:
    """Return *prepared* with its sheet read from *copy*, which is made of the user's file.

    Messages go on naming the file as the user typed it.

    Raises:
        SourceError: the file changed since it was opened (ZB118).
        UsageError: there is no room for the copy.
    """
    sheet, options = prepared.sheet, prepared.mapping.source.read_options
    _copied(sheet.path, copy, name=sheet.file)
    copied = open_sheet(copy, options=options, name=sheet.file)
    if (copied.header, copied.form) != (sheet.header, sheet.form):
        at = Location(file=sheet.file)
        raise SourceError(f"{sheet.file} changed while it was read.", at=at, code="ZB118")
    return replace(prepared, sheet=copied)


def copy_rest(prepared: Prepared, folder: RunFolder) -> None:
    """Copy the mapping, and the other sheets it reads, into the folder of a run.

    With them, and the copy of the sheet, the run can be gone on with on any machine.

    Raises:
        UsageError: there is no room for a copy.
    """
    mapping = prepared.mapping
    _copied(Path(mapping.file), folder.mapping, name=mapping.file)
    for (name, _), other in prepared.others.items():
        if other.path != prepared.sheet.path:
            copy = folder.other(list(mapping.others).index(name), other.path.suffix)
            _copied(other.path, copy, name=other.name)


def _copied(path: Path, copy: Path, *, name: str) -> None:
    try:
        make_file(copy)
        shutil.copyfile(path, copy)
    except OSError as error:
        raise UsageError(
            f"No copy of {name} can be made in {str(copy.parent)!r}: {error.strerror}.",
            code="ZB503",
        ) from error


def _surveyed(mapping: Mapping, sheet: Sheet) -> Table[str, str]:
    survey = date_survey(mapping, sheet.header)
    if survey is None:
        return {}
    for row in sheet.rows():
        survey.see(row.cells)
    return survey.styles()


def find_mapping(name_or_path: str) -> Path:
    """Return the mapping file: a path wins, then ``./mappings/``, then those that ship.

    Raises:
        UsageError: there is none; the nearest shipped name is suggested.
    """
    given = Path(name_or_path)
    shipped = asset_names("mappings", ".yml")
    candidates = [given, Path("mappings") / f"{name_or_path}.yml"]
    if name_or_path in shipped:
        candidates.append(asset_path("mappings", f"{name_or_path}.yml"))
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    near = get_close_matches(name_or_path, shipped, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise UsageError(
        f"There is no mapping {name_or_path!r}.",
        fix=f"{hint}Give the path of your mapping file, or one of: {', '.join(shipped)}.",
        code="ZB002",
    )
