"""Lay out what is known about resources for people: aligned, required fields first.

Knows how things look; what they mean is told by ``jobs/resource_facts.py``.
"""

from __future__ import annotations

import os
import shlex
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from zbbulk.editions import edition_name
from zbbulk.jobs.field_facts import FieldFacts
from zbbulk.jobs.resource_facts import FieldList, ResourceFacts
from zbbulk.jobs.template_job import TemplateReport
from zbbulk.resources import Batch, by_area
from zbbulk.results import Need

_LEAST_WIDTH, _MOST_WIDTH = 60, 120
_LONGEST_NAME = 36


def list_text(found: Iterable[ResourceFacts]) -> Iterator[str]:
    """Yield the lines that list all resources by area."""
    facts = {each.resource.name: each for each in found}
    widest = max(map(len, facts))
    for area, below in by_area().items():
        yield area
        for each in below:
            note = "" if facts[each.name].mapping else "   (no mapping ships)"
            yield f"  {each.name:<{widest}}  {each.title}{note}"
    yield ""
    yield "zbbulk resources NAME shows the fields of one. -m NAME is its mapping."


def fields_text(told: FieldList) -> Iterator[str]:
    """Yield the lines that tell all about one resource."""
    facts = told.of
    edition = f", edition {edition_name(told.edition)}" if told.edition else ""
    yield f"{facts.resource.title}{edition}"
    labels = dict(_head(told))
    widest = max(map(len, labels))
    for label, text in labels.items():
        yield from _hanging(f"  {label:<{widest}}  ", text)
    names = [_indented(field) for field in told.fields]
    column = min(max(map(len, names), default=0), _LONGEST_NAME) + 2
    for title, fields in _sections(told.fields):
        yield ""
        yield title
        for field in fields:
            start = f"{_indented(field)}  ".ljust(column)
            yield from _hanging(start, field.described())


def template_text(report: TemplateReport) -> Iterator[str]:
    """Yield the lines that tell what a template is, and what to do with it."""
    needed = sum(column.need is Need.ALWAYS for column in report.columns)
    columns = f"{len(report.columns)} columns, {needed} of them required"
    yield f"template {report.file}: {columns}, sheet {report.sheet!r}"
    words = ["zbbulk", "check", report.file, "-m", report.mapping]
    words += ["--edition", report.edition] if report.edition else []
    yield f"next     fill it in, then: {shlex.join(words)}"


def _head(told: FieldList) -> Iterator[tuple[str, str]]:
    facts, each = told.of, told.of.resource
    yield "area", each.area
    yield "can", ", ".join(each.can)
    if each.actions:
        yield "actions", ", ".join(each.actions)
    yield "undo", ", else ".join(each.undo) or "Zoho Books can't take it back"
    yield "rows", _rows_text(each.batch)
    if each.match_keys:
        keys = ", ".join(map(" + ".join, each.match_keys))
        yield "match keys", f"{keys} (no two records may have the same)"
    if told.one_of:
        yield "needs", f"one of {', '.join(told.one_of)}"
    yield "scope", facts.scope
    if facts.mapping:
        sample = f", tried with {_near(facts.sample)}" if facts.sample else ""
        yield "mapping", f"-m {facts.mapping}{sample}"
        words = f" --edition {told.edition}" if told.edition else ""
        yield "to fill in", f"zbbulk resources {each.name} --template {each.name}.xlsx{words}"
    if facts.edition_mappings and not told.edition:
        others = (f"-m {name} ({code})" for code, name in facts.edition_mappings.items())
        yield "editions", ", ".join(others)


def _near(path: str) -> str:
    """Return *path* as it is typed from here."""
    here = os.path.relpath(path)
    return path if here.startswith(os.pardir) else Path(here).as_posix()


def _rows_text(batch: Batch | None) -> str:
    if batch is None:
        return "one row makes one record"
    most = f", at most {batch.most}" if batch.most else ""
    if batch.key:
        words = f"rows with the same {' or '.join(batch.key)} make one record"
    else:
        words = f"rows go together into one call{most}"
    refused = "; one refused row refuses all of them" if batch.whole else ""
    return f"{words}, each an entry of {batch.list}{refused}"


def _sections(fields: Sequence[FieldFacts]) -> Iterator[tuple[str, list[FieldFacts]]]:
    """Yield titles with their fields: what is required first, groups with their own last."""
    required = [field for field in fields if len(field.path) == 1 and field.needed()]
    others = [
        field
        for field in fields
        if len(field.path) == 1 and not field.needed() and not field.holds_fields
    ]
    groups = {field.path[0] for field in fields if field.holds_fields}
    nested = [field for field in fields if field.path[0] in groups]
    titled = {"Required": required, "Other fields": others, "Groups and lists": nested}
    return ((title, below) for title, below in titled.items() if below)


def _indented(field: FieldFacts) -> str:
    return "  " * len(field.path) + field.path[-1].removesuffix("[]")


def _hanging(start: str, text: str) -> list[str]:
    """Return *text* behind *start*, its further lines below its first word."""
    columns = shutil.get_terminal_size((100, 24)).columns
    width = min(max(columns, _LEAST_WIDTH), _MOST_WIDTH)
    return textwrap.wrap(
        text,
        width,
        initial_indent=start,
        subsequent_indent=" " * min(len(start), width // 2),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start.rstrip()]
