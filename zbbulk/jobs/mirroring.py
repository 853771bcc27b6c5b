"""Reduce a mirror to what was changed in it, before anything else is done with its rows.

Rows whose hash says that they are as they were cost no call. The records of the others are
read and compared; what is left is an ordinary update. A record that was changed in Zoho Books
since the sheet was written is not touched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from zbbulk.checks.lines import line_name
from zbbulk.errors import Level, Location, Problem
from zbbulk.jobs.documents import documents
from zbbulk.jobs.findings import Findings
from zbbulk.jobs.mirror_records import records_now
from zbbulk.jobs.mirror_report import ChangedCell, MirrorReport
from zbbulk.jobs.mirror_sheet import (
    KeptRecords,
    ReducedRows,
    reduced_prepared,
    write_changes,
    write_reduced,
)
from zbbulk.jobs.passed_over import BLANK, passed_over
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.row_problems import rejected
from zbbulk.jobs.run import Run
from zbbulk.jobs.run_facts import REDUCED, sha256_of
from zbbulk.jobs.target import open_client
from zbbulk.jobs.update_reading import before_text
from zbbulk.journal.records import RunRecords
from zbbulk.mapping.mirror_changes import Compared, MirrorComparer
from zbbulk.mapping.mirror_fields import MODIFIED, MODIFIED_FIELD
from zbbulk.mapping.mirror_reading import MirrorReader
from zbbulk.mapping.words import LinesMissing
from zbbulk.model import JsonObject, Outcome, Record, Row, Status
from zbbulk.rows import padded

UNCHANGED = Outcome(status=Status.SKIPPED, message="Nothing was changed in the row.")
SAME_NOW = Outcome(status=Status.SKIPPED, message="Zoho Books has these values already.")
_SPOILT = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
_NAMED = 3


@dataclass(slots=True)
class Reduced:
    """What is known of the rows of a mirror before they are checked.

    Attributes:
        report: What is changed.
        outcomes: Of the rows that are not sent.
        problems: Why rows are refused.
        warnings: What was left alone and should be known.
    """

    report: MirrorReport
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def reduced(run: Run) -> tuple[Run, Reduced | None]:
    """Return *run* with its mirror reduced to what was changed; other runs as they are.

    Raises:
        ZohoError: the records can't be read.
        SourceError: a row can't be read.
        ResultError: the journal or the reduced sheet can't be written.
    """
    given = run.prepared.given or run.prepared
    if not given.mapping.is_mirror:
        return run, None
    found = Reduced(MirrorReport(file=run.folder.changes))
    with KeptRecords() as records, ReducedRows() as rows:
        mirror = _Mirror(given, found)
        _keep_records(run, mirror, records, calls_of=found.report)
        cells = mirror.compare(records, rows, RunRecords(run.journal))
        write_changes(run.folder.changes, run.progress(cells, label="comparing"))
        write_reduced(run.folder.reduced, given, rows, last=mirror.last_row)
    run.journal.note_fact(REDUCED, sha256_of(run.folder.reduced))
    return replace(run, prepared=reduced_prepared(run.folder.reduced, given)), found


def with_reduced(found: Findings, reduced: Reduced, run: Run) -> None:
    """Bring what was found out before the check together with what the check *found*."""
    run.journal.note_many(reduced.outcomes.items())
    refused = [row for row, each in reduced.outcomes.items() if each.status is Status.REJECTED]
    found.skipped -= len(refused)  # the check saw blank rows in their place
    found.refused.update(sorted(refused))
    for problem in (*reduced.problems, *reduced.warnings):
        found.note(problem)


def _keep_records(
    run: Run, mirror: _Mirror, records: KeptRecords, *, calls_of: MirrorReport
) -> None:
    wanted = mirror.wanted()
    if not wanted:
        return
    before = run.log.left
    with open_client(run.target, log=run.log, pace=run.pace) as client:
        found = records_now(
            client,
            run.prepared.resource,
            wanted,
            fields=mirror.fields,
            n_listed=mirror.n_records,
        )
        for each in run.progress(found, label="reading what was changed", total=len(wanted)):
            records.keep(each.zb_id, each.record, each.why)
    calls_of.calls = run.log.left - before


class _Mirror:
    """The records of one mirror: which were changed, and how.

    Attributes:
        fields: The fields of a record that are compared.
        n_records: How many records the sheet shows; known after ``wanted``.
        last_row: Number of the sheet's last row; known after ``wanted``.
    """

    def __init__(self, given: Prepared, found: Reduced) -> None:
        header = given.sheet.header
        typed = given.sheet.form.encoding is None
        self._reader = MirrorReader(given.mapping, header, typed=typed, dates=given.dates)
        self._compare = MirrorComparer(self._reader, given.resource, width=len(header))
        self._given, self._found = given, found
        self._twice: set[str] = set()
        self.n_records = 0
        self.last_row = given.sheet.form.header_row
        self.fields = {each.field.top for each in (*self._reader.head, *self._reader.line)}

    def wanted(self) -> dict[str, Record]:
        """Return the ids of the records whose rows were changed, with what is in their paths."""
        seen: Counter[str] = Counter()
        changed: dict[str, Record] = {}
        for rows in self._records():
            zb_id = self._reader.id_of(rows[0].cells)
            seen[zb_id] += 1
            if zb_id and not _SPOILT.fullmatch(zb_id) and not self._is_as_it_was(rows):
                changed[zb_id] = self._path_fields(rows[0])
        self.n_records = len(seen)
        self._twice = {zb_id for zb_id, times in seen.items() if zb_id and times > 1}
        return {zb_id: stub for zb_id, stub in changed.items() if zb_id not in self._twice}

    def compare(
        self, records: KeptRecords, reduced: ReducedRows, journal: RunRecords
    ) -> Iterator[ChangedCell]:
        """Yield every changed cell; note what becomes of the rows that are not sent.

        Args:
            records: Those of ``wanted``, as Zoho has them now.
            reduced: Gets what is left of the rows that are sent.
            journal: Gets the old values.
        """
        for rows in self._records():
            zb_id = self._reader.id_of(rows[0].cells)
            refusal = self._unreadable(zb_id)
            if refusal is not None:
                self._refuse(rows, refusal)
            elif self._is_as_it_was(rows):
                self._skip(rows, UNCHANGED)
            else:
                there, why = records.find(zb_id)
                if there is None:
                    self._refuse(rows, ("ZB351", f"Zoho Books says: {why}"))
                else:
                    yield from self._compared(rows, there, reduced, journal)

    def _records(self) -> Iterator[list[Row]]:
        """Yield the rows of each record, each with as many cells as the header."""
        if self._given.program.grouped is not None:
            yield from documents(self._given, self._is_blank)
            lost = (row for row in self._wide_rows() if not self._reader.id_of(row.cells))
            yield from ([row] for row in lost if not self._is_blank(row))
        else:
            yield from ([row] for row in self._wide_rows() if not self._is_blank(row))

    def _wide_rows(self) -> Iterator[Row]:
        width = len(self._given.sheet.header)
        for row in self._given.sheet.rows():
            self.last_row = max(self.last_row, row.number)
            yield row._replace(cells=padded(row.cells, width))

    def _is_blank(self, row: Row) -> bool:
        return passed_over(self._given, row) is BLANK

    def _is_as_it_was(self, rows: Sequence[Row]) -> bool:
        cells = [row.cells for row in rows]
        mark = self._reader.mark_of(cells)
        return bool(mark) and mark == self._reader.hash(cells)

    def _path_fields(self, row: Row) -> Record:
        """Return what of a row stands in the paths of the calls about its record."""
        record, _ = self._given.program.convert(row.cells)
        return {name: value for name, value in record.items() if isinstance(value, str)}

    def _unreadable(self, zb_id: str) -> tuple[str, str] | None:
        """Return code and words of why the record of a row can't be told, None when it can."""
        if not zb_id:
            return "ZB350", "no id tells which record the row is about"
        if _SPOILT.fullmatch(zb_id):
            return "ZB114", f"{zb_id!r} was an id: a spreadsheet has made a number of it"
        if zb_id in self._twice:
            return "ZB307", f"{zb_id!r} stands in several rows"
        return None

    def _compared(
        self, rows: Sequence[Row], there: JsonObject, reduced: ReducedRows, journal: RunRecords
    ) -> Iterator[ChangedCell]:
        compared = self._compare.compared([row.cells for row in rows], there)
        self._warn(rows, compared)
        if not compared.changes and not compared.gone:
            self._skip(rows, SAME_NOW)
            return
        refusal = self._refusal(rows, there, compared)
        if refusal is not None:
            self._refuse(rows, refusal)
            return
        reduced.add((row.number, cells) for row, cells in zip(rows, compared.cells, strict=True))
        record = dict.fromkeys(compared.tops)
        journal.keep_before(rows[0].number, before_text(record, there))
        zb_id = self._reader.id_of(rows[0].cells)
        cells = [
            ChangedCell(rows[each.at].number, zb_id, each.column, each.old, each.new)
            for each in compared.changes
        ]
        self._found.report.add(cells)
        yield from cells

    def _refusal(
        self, rows: Sequence[Row], there: JsonObject, compared: Compared
    ) -> tuple[str, str] | None:
        """Return code and words of why a changed record is not sent, None when it is."""
        was = self._reader.modified_of([row.cells for row in rows])
        now = str(there.get(MODIFIED_FIELD) or "")
        resource = self._given.resource
        if "update" not in resource.can:
            return "ZB219", f"Zoho Books does not offer to update {resource.name}"
        if was and now and was != now:
            return "ZB352", f"changed in Zoho Books at {now}, and the sheet shows it as of {was}"
        if compared.strangers:
            numbers = ", ".join(str(rows[at].number) for at in compared.strangers[:_NAMED])
            return "ZB353", f"the record has no line with the id in row {numbers}"
        if compared.gone and self._given.mapping.policy.lines_missing is LinesMissing.ERROR:
            named = ", ".join(map(line_name, compared.gone[:_NAMED]))
            return "ZB325", f"{len(compared.gone)} of its lines have no row: {named}"
        if compared.partial:
            return "ZB354", f"the sheet does not show {', '.join(compared.partial[:_NAMED])}"
        return None

    def _skip(self, rows: Iterable[Row], outcome: Outcome) -> None:
        self._found.report.unchanged += 1
        self._found.outcomes.update((row.number, outcome) for row in rows)

    def _refuse(self, rows: Sequence[Row], refusal: tuple[str, str]) -> None:
        code, message = refusal
        at = self._at(rows[0].number, MODIFIED if code == "ZB352" else "_id")
        problem = Problem(code=code, message=message, at=at)
        zb_id = self._reader.id_of(rows[0].cells)
        outcome = replace(rejected([problem]), zb_id=zb_id)
        self._found.problems.append(problem)
        self._found.outcomes.update((row.number, outcome) for row in rows)

    def _warn(self, rows: Sequence[Row], compared: Compared) -> None:
        """Note the cells that say something else and of which nothing is sent."""
        emptied = "blank here, and {!r} in Zoho Books: that stays"
        decided = "Zoho Books alone decides it: {!r} stays"
        told = [("ZB355", each, emptied) for each in compared.emptied]
        told += [("ZB356", each, decided) for each in compared.untouchable]
        for code, each, words in told:
            at = self._at(rows[each.at].number, each.column)
            warning = Problem(code=code, message=words.format(each.old), at=at, level=Level.WARNING)
            self._found.warnings.append(warning)

    def _at(self, row: int, column: str) -> Location:
        return Location(file=self._given.sheet.file, row=row, column=column)
