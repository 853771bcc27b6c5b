"""Mirrors of a sandbox's records, for tests."""

import csv
from pathlib import Path

from openpyxl import Workbook

from zbbulk.guard import guarded
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.plan_job import plan_file
from zbbulk.jobs.target import sandbox_target
from zbbulk.mapping.mirror import mirror_of
from zbbulk.mapping.mirror_mapping import mirror_mapping
from zbbulk.resources import resource, schema


class MirrorFile:
    """A mirror of all records of a resource, as a sheet that can be edited and imported."""

    def __init__(self, sandbox, name, folder, keep=lambda _: True):
        self.sandbox, self.folder = sandbox, folder
        records = [each for each in sandbox.records(name) if keep(each)]
        self.layout = mirror_of(resource(name), schema(name), records)
        self.columns = [column.name for column in self.layout.columns]
        made = (row for record in records for row in self.layout.rows(record))
        self.rows = [[guarded(c) if isinstance(c, str) else c for c in row] for row in made]
        self.mapping = folder / f"{name}.mirror.yml"
        text = mirror_mapping(self.layout, resource(name))
        self.mapping.write_text(text, encoding="utf-8")

    def at(self, row, column):
        return self.rows[row][self.columns.index(column)]

    def put(self, row, column, value):
        self.rows[row][self.columns.index(column)] = value

    def csv(self, name="mirror.csv"):
        path = self.folder / name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(self.columns)
            writer.writerows([_text(cell) for cell in row] for row in self.rows)
        return path

    def xlsx(self, name="mirror.xlsx"):
        path = self.folder / name
        book = Workbook()
        book.active.append(self.columns)
        for row in self.rows:
            book.active.append([None if cell == "" else cell for cell in row])
        book.save(path)
        return path

    def send(self, path=None, **words):
        """Import the sheet; return the report, its result's rows, and the writing calls."""
        before = len(self.sandbox.requests())
        report = import_file(
            path or self.csv(),
            self.mapping,
            target=sandbox_target(self.sandbox),
            runs=self.folder / "runs",
            **words,
        )
        return Sent(report, writes(self.sandbox.requests()[before:]))

    def plan(self, path=None):
        return plan_file(
            path or self.csv(),
            self.mapping,
            target=sandbox_target(self.sandbox),
            runs=self.folder / "runs",
        )


class Sent:
    """What came of an import."""

    def __init__(self, report, calls):
        self.report, self.writes = report, calls

    @property
    def rows(self):
        path = Path(self.report.check.result)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def statuses(self):
        return [row["zb_status"] for row in self.rows]

    @property
    def codes(self):
        return [row["zb_code"] for row in self.rows]


def writes(requests):
    return [each for each in requests if each.method != "GET" and "/oauth/" not in each.path]


def _text(cell):
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)
