"""Whole imports into a real sandbox over a real socket."""

import csv
import json
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.target import sandbox_target
from zbbulk.sandbox import Sandbox

MAPPING = """\
zbbulk: 1
resource: items
fields:
  name: Item
  sku: Code
  rate: Price
"""


class Imported(NamedTuple):
    """What a test looks at after an import."""

    report: object
    rows: list
    sandbox: Sandbox
    token: str

    @property
    def statuses(self):
        return [row["zb_status"] for row in self.rows]

    @property
    def events(self):
        lines = (self.report.journal.parent / "log.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


def result_rows(path):
    """Return the rows of a CSV result; a test of a workbook reads it by itself."""
    if Path(path).suffix != ".csv":
        return []
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def rows_of_result():
    return result_rows


@pytest.fixture
def shop(tmp_path):
    """Write a sheet of *count* good rows and return its path."""

    def write(count):
        path = tmp_path / "shop.csv"
        lines = [f"Thing {number},{number:05d},{number}.50" for number in range(1, count + 1)]
        path.write_text("\n".join(["Item,Code,Price", *lines, ""]), encoding="utf-8")
        return path

    return write


@pytest.fixture
def send(tmp_path):
    """Import *path* into a sandbox with these settings and return what came of it."""
    items = tmp_path / "items.yml"
    items.write_text(MAPPING, encoding="utf-8")

    @contextmanager
    def sent(path, *, mapping=items, speed=600, progress=None, store=None, **settings):
        with Sandbox(store, speed=speed, seed=7, **settings) as sandbox:
            more = {"progress": progress} if progress else {}
            target = sandbox_target(sandbox)
            report = import_file(path, mapping, target=target, runs=tmp_path / "runs", **more)
            token = target.token.token()
            yield Imported(report, result_rows(report.check.result), sandbox, token)

    return sent
