"""Write a copy of a mapping that ships, for a user to change.

The copy is the same text but for the line that points editors to the schema, which leads
from the shipped place only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zbbulk.assets import read_asset
from zbbulk.editions import known_edition
from zbbulk.errors import Location, UsageError
from zbbulk.jobs.resource_facts import facts_of_resource
from zbbulk.model import JsonObject
from zbbulk.resources import resource

_SUFFIXES = (".yml", ".yaml")
_FOR_EDITORS = "# yaml-language-server:"


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingCopy:
    """What was written.

    Attributes:
        file: The copy.
        resource: What its rows are.
        mapping: The shipped mapping it was made of.
    """

    file: str
    resource: str
    mapping: str

    def to_json(self) -> JsonObject:
        """Return it under the names that ``--format json`` prints."""
        return {"file": self.file, "resource": self.resource, "mapping": self.mapping}


def copy_mapping(
    name: str, target: Path, *, edition: str | None = None, force: bool = False
) -> MappingCopy:
    """Write a copy of the shipped mapping of the resource *name* to *target*.

    Args:
        name: A resource with a shipped mapping.
        target: Ends in .yml or .yaml.
        edition: Country edition of the organization; its own mapping is taken where one ships.
        force: Overwrite *target*.

    Raises:
        UsageError: no such resource or edition, no mapping ships (ZB002), *target* is
            there already (ZB008), is no .yml or can't be written (ZB009).
    """
    code = None if edition is None else known_edition(edition)
    shipped = facts_of_resource(resource(name), edition=code).mapping
    if shipped is None:
        raise UsageError(f"No mapping ships for {name}.", code="ZB002")
    if target.suffix.lower() not in _SUFFIXES:
        fix = f"Let the name end in .yml, e.g. {target.stem or name}.yml."
        at = Location(file=str(target))
        raise UsageError("A mapping is a text file (.yml).", fix=fix, at=at, code="ZB009")
    lines = read_asset("mappings", f"{shipped}.yml").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(_FOR_EDITORS))
    _write(target, text, force=force)
    return MappingCopy(file=str(target), resource=name, mapping=shipped)


def _write(target: Path, text: str, *, force: bool) -> None:
    at = Location(file=str(target))
    try:
        with target.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{target} is there already.", at=at, code="ZB008") from None
    except OSError as error:
        message = f"The copy can't be written: {error.strerror or error}."
        raise UsageError(message, at=at, code="ZB009") from error
