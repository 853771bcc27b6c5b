"""Write an empty workbook to fill in, with the columns of a resource's shipped mapping.

What each column shows is ``template_columns.py``'s business, how a workbook is written
``results/template_workbook.py``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zbbulk.assets import asset_path
from zbbulk.editions import edition_name, known_edition
from zbbulk.errors import Location, ResultError, UsageError
from zbbulk.jobs.resource_facts import facts_of_resource
from zbbulk.jobs.template_columns import template_columns
from zbbulk.mapping import Mapping, load_mapping
from zbbulk.model import JsonObject
from zbbulk.resources import resource, schema
from zbbulk.results import Template, TemplateColumn, sheet_title, write_template


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateReport:
    """What was written.

    Attributes:
        file: The workbook.
        resource: What its rows are.
        mapping: What ``-m`` takes to read the filled sheet.
        edition: The edition whose required columns are marked, None for none.
        sheet: The sheet to fill in.
        columns: Its columns.
    """

    file: str
    resource: str
    mapping: str
    edition: str | None
    sheet: str
    columns: Sequence[TemplateColumn]

    def to_json(self) -> JsonObject:
        """Return the report under the names that ``--format json`` prints."""
        return {
            "template": self.file,
            "resource": self.resource,
            "mapping": self.mapping,
            "edition": self.edition,
            "sheet": self.sheet,
            "columns": [column.to_json() for column in self.columns],
        }


def make_template(
    name: str, target: Path, *, edition: str | None = None, force: bool = False
) -> TemplateReport:
    """Write an empty workbook for the resource *name* to *target*.

    Args:
        name: A resource with a shipped mapping.
        target: Ends in .xlsx.
        edition: Country edition of the organization; its own mapping is taken where one ships.
        force: Overwrite *target*.

    Raises:
        UsageError: no such resource or edition, no mapping ships (ZB002), *target* is
            there already (ZB008), is no .xlsx or can't be written (ZB009).
        MappingError: the mapping does not fit the edition, so no sheet would.
    """
    code = None if edition is None else known_edition(edition)
    shipped = _shipped_name(name, edition=code)
    mapping = load_mapping(asset_path("mappings", f"{shipped}.yml"), edition=code)
    _refuse(target, force=force)
    template = _template(mapping, shipped=shipped, target=target)
    try:
        write_template(template, target)
    except ResultError as error:
        cause = getattr(error.__cause__, "strerror", None) or error.message
        at = Location(file=str(target))
        message = f"The template can't be written: {cause}."
        raise UsageError(message, at=at, code="ZB009") from error
    return TemplateReport(
        file=str(target),
        resource=mapping.resource,
        mapping=shipped,
        edition=mapping.edition,
        sheet=template.sheet,
        columns=template.columns,
    )


def _shipped_name(name: str, *, edition: str | None) -> str:
    found = facts_of_resource(resource(name), edition=edition).mapping
    if found is None:
        message = f"No mapping ships for {name}, so its columns are not known."
        raise UsageError(message, code="ZB002")
    return found


def _refuse(target: Path, *, force: bool) -> None:
    """Raise UsageError where *target* can't be a new workbook."""
    at = Location(file=str(target))
    if target.suffix.lower() != ".xlsx":
        fix = f"Let the name end in .xlsx, e.g. {target.stem or 'items'}.xlsx."
        raise UsageError("A template is an Excel workbook (.xlsx).", fix=fix, at=at, code="ZB009")
    if target.exists() and not force:
        raise UsageError(f"{target} is there already.", at=at, code="ZB008")


def _template(mapping: Mapping, *, shipped: str, target: Path) -> Template:
    options, edition, title = (
        mapping.source.read_options,
        mapping.edition,
        resource(mapping.resource).title,
    )
    sheet = sheet_title(options.sheet or title.partition(" (")[0])
    marked = f" in the edition {edition_name(edition)}" if edition else ""
    words = f" --edition {edition}" if edition else ""
    intro = (
        f"{title}: a sheet to fill in for Zoho Books{marked}",
        f"Fill in the sheet '{sheet}', one row each. Point at a header to read what goes in.",
        "Dark headers must be filled in, light blue ones at times, grey ones as you like.",
        f"Then: zbbulk check {target.name} -m {shipped}{words}",
    )
    return Template(
        sheet=sheet,
        header_row=options.header_row,
        columns=template_columns(mapping, schema(mapping.resource)),
        intro=intro,
    )
