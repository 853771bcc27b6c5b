"""What an export is asked for, kept in its store so that it can be gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from zbbulk.errors import Location, UsageError
from zbbulk.mapping.words import did_you_mean
from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema

SUFFIXES = (".csv", ".xlsx", ".jsonl")
"""What an export can be written as."""

_WITH_LINES = ("line_items", "invoices", "bills")
"""A resource with one of these lists makes documents: without the list they are half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is exported, and how.

    Attributes:
        resource: E.g. ``items``.
        output: The file; its end says what it is: ``.csv``, ``.xlsx`` or ``.jsonl``.
        columns: Fields that are wanted, dotted where one stands in another; () for all.
        where: Filters such as ``status=active``.
        since: Only records that were changed since then, None for all.
        details: Each record is read by itself; None where the columns need it.
        laid_out_by: Mapping whose columns the sheet gets, None for a mirror.
        force: A file that is there already is replaced.
    """

    resource: str
    output: Path
    columns: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    since: str | None = None
    details: bool | None = None
    laid_out_by: Path | None = None
    force: bool = False

    @property
    def suffix(self) -> str:
        """Return the end of the file's name, in small letters."""
        return self.output.suffix.lower()

    @property
    def mapping(self) -> Path | None:
        """Return where the mapping that reads a mirror back is written, None for no mirror."""
        if self.suffix == ".jsonl" or self.laid_out_by is not None:
            return None
        return self.output.with_name(f"{self.output.stem}.mirror.yml")

    def refuse_impossible(self) -> None:
        """Raise UsageError for a file that can't be, or is there already (ZB530)."""
        at = Location(file=str(self.output))
        if self.suffix not in SUFFIXES:
            message = f"{self.output.name!r} does not end in one of {', '.join(SUFFIXES)}."
            raise UsageError(message, code="ZB530", at=at)
        if not self.output.parent.is_dir():
            raise UsageError(f"There is no folder {self.output.parent}.", code="ZB530", at=at)
        if self.laid_out_by is not None and (self.columns or self.suffix == ".jsonl"):
            message = "A mapping lays out a sheet, with all of its columns."
            fix = "Leave --columns away, and let the name end in .xlsx or .csv."
            raise UsageError(message, fix=fix, code="ZB530", at=at)
        for path in filter(None, (self.output, self.mapping)):
            if path.exists() and not self.force:
                message = f"{path} is there already."
                fix = "Take another name, or add --force to replace it."
                raise UsageError(message, fix=fix, code="ZB530", at=at)

    def refuse_unknown_columns(self, resource: Resource, shown: Iterable[str]) -> None:
        """Raise UsageError (ZB535) for columns that neither the schema nor a row knows."""
        known = {*schema(resource.name).get("properties", {}), *shown}
        unknown = [name for name in self.columns if name.split(".")[0] not in known]
        if unknown:
            names = ", ".join(map(repr, unknown))
            raise UsageError(
                f"{resource.name} have no field {names}.",
                fix=f"{did_you_mean(unknown[0], known)}See `zbbulk resources {resource.name}`.",
                code="ZB535",
            )

    def needs_whole(
        self, resource: Resource, shown: Iterable[str], wanted: Sequence[str] = ()
    ) -> bool:
        """Tell whether records must be read by themselves.

        Args:
            resource: What they are.
            shown: The fields that rows of the list show.
            wanted: The fields that a mapping asks for, where one lays the sheet out.
        """
        if self.details is not None:
            return self.details
        told = set(shown) - set(resource.list_hides)
        if wanted or self.columns:
            return any(name.split(".")[0] not in told for name in wanted or self.columns)
        properties = schema(resource.name).get("properties", {})
        return any(name in properties and name not in told for name in _WITH_LINES)

    def to_text(self) -> str:
        """Return it as one text, the file with its whole path."""
        told: JsonObject = asdict(replace(self, output=self.output.absolute()))
        by = None if self.laid_out_by is None else str(self.laid_out_by)
        return json.dumps(told | {"output": str(told["output"]), "laid_out_by": by})

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return what ``to_text`` gave."""
        told = json.loads(text)
        lists = {name: tuple(told[name]) for name in ("columns", "where")}
        by = told["laid_out_by"]
        paths = {"output": Path(told["output"]), "laid_out_by": None if by is None else Path(by)}
        return cls(**{**told, **lists, **paths})
