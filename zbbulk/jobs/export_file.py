"""Write the file of an export from its store: laid out as a mirror, or as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from zbbulk.jobs.export_filters import Filters
from zbbulk.jobs.export_request import ExportRequest
from zbbulk.jobs.progress import Progress
from zbbulk.journal.fetched import Fetched
from zbbulk.layout import Layout, OutCell
from zbbulk.mapping.mirror import Mirror, mirror_of
from zbbulk.mapping.mirror_mapping import mirror_mapping
from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema
from zbbulk.results import new_text_file, write_csv, write_lines, write_workbook


class Written(NamedTuple):
    """What was written.

    Attributes:
        rows, columns: How many.
        left_out: What no column can show, and why.
    """

    rows: int
    columns: int
    left_out: dict[str, str]


def write_export(
    request: ExportRequest,
    resource: Resource,
    store: Fetched,
    *,
    filters: Filters,
    is_whole: bool,
    progress: Progress,
) -> Written:
    """Write what *request* asks for.

    Args:
        request: The file and its columns.
        resource: What the records are.
        store: Holds them.
        filters: Fields that stand in the path of the list are the same for all records.
        is_whole: The records were read by themselves.
        progress: Shows how far it is.

    Raises:
        ResultError: it can't be written.
    """
    hidden = () if is_whole else resource.list_hides

    def records() -> Iterator[JsonObject]:
        for record in store.records():
            yield {name: held for name, held in record.items() if name not in hidden}

    told = progress(records(), label="writing", total=store.count())
    if request.suffix == ".jsonl":
        return Written(write_lines(request.output, _chosen(told, request.columns)), 0, {})
    mirror = mirror_of(resource, schema(resource.name), records(), only=request.columns)
    rows = _write_sheet(request, resource, mirror, _rows(mirror, told))
    _write_mapping(request, resource, mirror, filters)
    return Written(rows, len(mirror.columns), mirror.left_out)


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
