"""Write the file of an export from its store: as a mirror, by a mapping, or as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from zbbulk.jobs.export_filters import Filters
from zbbulk.jobs.export_names import ListNames
from zbbulk.jobs.export_request import ExportRequest
from zbbulk.jobs.progress import Progress
from zbbulk.journal.fetched import Fetched
from zbbulk.layout import Layout, OutCell
from zbbulk.mapping import Mapping
from zbbulk.mapping.mirror import Mirror, mirror_of
from zbbulk.mapping.mirror_mapping import mirror_mapping
from zbbulk.mapping.reverse import Reversed
from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema
from zbbulk.results import new_text_file, write_csv, write_lines, write_workbook

_NAMED = 5


class Written(NamedTuple):
    """What was written.

    Attributes:
        rows, columns: How many.
        left_out: What no column can show, or would be read back otherwise, and why.
    """

    rows: int
    columns: int
    left_out: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """What it takes to write the file of an export.

    Attributes:
        request: The file and its columns.
        resource: What the records are.
        store: Holds them.
        filters: Fields that stand in the path of the list are the same for all records.
        is_whole: The records were read by themselves.
        progress: Shows how far it is.
    """

    request: ExportRequest
    resource: Resource
    store: Fetched
    filters: Filters
    is_whole: bool
    progress: Progress

    def _records(self) -> Iterator[JsonObject]:
        hidden = () if self.is_whole else self.resource.list_hides
        for record in self.store.records():
            yield {name: held for name, held in record.items() if name not in hidden}

    def _told(self) -> Iterable[JsonObject]:
        return self.progress(self._records(), label="writing", total=self.store.count())

    def write(self) -> Written:
        """Write a mirror and its mapping, or JSON lines.

        Raises:
            ResultError: it can't be written.
        """
        request, facts = self.request, self.resource
        if request.suffix == ".jsonl":
            lines = write_lines(request.output, _chosen(self._told(), request.columns))
            return Written(lines, 0, {})
        mirror = mirror_of(facts, schema(facts.name), self._records(), only=request.columns)
        rows = _write_sheet(request, facts, mirror, _rows(mirror, self._told()))
        _write_mapping(request, facts, mirror, self.filters)
        return Written(rows, len(mirror.columns), mirror.left_out)

    def write_by(self, mapping: Mapping, names: ListNames) -> Written:
        """Write a sheet that *mapping* reads; *names* are of the ids that it looks up.

        Raises:
            ResultError: it can't be written.
            ZohoError: a list of names can't be read.
        """
        facts = self.resource
        layout = Reversed(mapping, schema=schema(facts.name), id_field=facts.id_field, names=names)
        rows = _write_sheet(self.request, facts, layout, _rows(layout, self._told()))
        return Written(rows, len(layout.columns), not_back(layout) | _twice(names))


def not_back(layout: Reversed) -> dict[str, str]:
    """Return by field what does not go back into the sheet of a mapping, in words."""
    told = {f"{lost.field} (line {lost.line})": lost.why for lost in layout.lost}
    for name, each in layout.otherwise.items():
        records = "1 record is" if each.records == 1 else f"{each.records} records are"
        told[name] = (
            f"{records} read back otherwise, the first {each.zb_id}: {each.there!r} there, "
            f"{each.read!r} read"
        )
    return told


def _twice(names: ListNames) -> dict[str, str]:
    several = sorted(names.twice)
    if not several:
        return {}
    shown = ", ".join(map(repr, several[:_NAMED]))
    more = f" and {len(several) - _NAMED} more" if len(several) > _NAMED else ""
    return {"names": f"several records are called {shown}{more}: a lookup would refuse them"}


def _chosen(records: Iterable[JsonObject], columns: tuple[str, ...]) -> Iterator[JsonObject]:
    """Yield *records* with the fields that are asked for, whole where a part is."""
    tops = {name.split(".")[0] for name in columns}
    for record in records:
        yield {n: held for n, held in record.items() if n in tops} if tops else record


def _rows(layout: Layout, records: Iterable[JsonObject]) -> Iterator[Iterable[OutCell]]:
    for record in records:
        yield from layout.rows(record)


def _write_sheet(
    request: ExportRequest, resource: Resource, layout: Layout, rows: Iterator[Iterable[OutCell]]
) -> int:
    cells = (list(row) for row in rows)
    if request.suffix == ".csv":
        return write_csv(request.output, layout.columns, cells)
    title = resource.title.partition(" (")[0]
    return write_workbook(request.output, layout.columns, cells, title=title)


def _write_mapping(
    request: ExportRequest, resource: Resource, mirror: Mirror, filters: Filters
) -> None:
    if request.mapping is None:
        return
    tops = {each.top for each in mirror.fields}
    fixed = {name: value for name, value in filters.in_path.items() if name not in tops}
    with new_text_file(request.mapping, encoding="utf-8") as file:
        file.write(mirror_mapping(mirror, resource, fixed=fixed))
