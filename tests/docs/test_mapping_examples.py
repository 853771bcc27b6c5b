"""Every mapping in the documentation is run over a sheet that has the columns it names."""

import csv
import re
from pathlib import Path

import openpyxl
import pytest

from zbbulk.errors import ExitCode
from zbbulk.jobs.check_job import check_file
from zbbulk.mapping import field_rules, load_mapping, parse_mapping, rows_from_rules
from zbbulk.mapping.compile import sheet_rules

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "mapping.md"
TEXT = "".join((DOCS / name).read_text("utf-8") for name in ("mapping.md", "notify.md"))
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
EXAMPLES = [text for text in BLOCKS if text.startswith("zbbulk: 1") and "resource:" in text]


def columns_of(mapping):
    """Return the columns that a mapping reads from the main sheet."""
    rules = [*sheet_rules(mapping.fields), *mapping.conditions]
    named = [*mapping.group_by, *(column for rule in rules for column in rule.columns)]
    names = [column.name for column in named]
    names += [check.column for check in mapping.checks if check.column]
    if mapping.legacy_key is not None:
        names += [column.name for column in mapping.legacy_key.columns]
    return list(dict.fromkeys(names)) or ["Any"]


def columns_of_others(mapping):
    """Return by name of another sheet the columns that are read from it."""
    found = {}
    for rule in rows_from_rules(mapping.fields):
        below = (each for entry in rule.entries for each in field_rules(entry))
        rules = [rule.theirs, *below]
        names = [column.name for each in rules for column in each.columns]
        found.setdefault(rule.sheet, []).extend(names)
    return {name: list(dict.fromkeys(names)) for name, names in found.items()}


def write_csv(path, header, *, above=0, delimiter=",", encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([["Title"]] * above)
        writer.writerow(header)


def write_workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, header in sheets.items():
        book.create_sheet(name or "Main").append(header)
    book.save(path)


def write_sheets(folder, mapping):
    """Write the files that *mapping* reads, headers alone; return the main one."""
    own, others = mapping.source.read_options, columns_of_others(mapping)
    beside = {name: mapping.others[name] for name in others}
    if own.sheet or any(source.read_options.sheet for source in beside.values()):
        path = folder / (mapping.source.file or "main.xlsx")
        sheets = {own.sheet: columns_of(mapping)}
        for name, source in beside.items():
            if source.file in (None, mapping.source.file):
                sheets[source.read_options.sheet] = others[name]
        write_workbook(path, sheets)
    else:
        path = folder / "main.csv"
        write_csv(
            path,
            columns_of(mapping),
            above=own.header_row - 1,
            delimiter=own.delimiter or ",",
            encoding=own.encoding or "utf-8",
        )
    for name, source in beside.items():
        if source.file and source.file != mapping.source.file:
            write_csv(folder / source.file, others[name])
    return path


def test_there_are_examples():
    assert len(EXAMPLES) > 20


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: " ".join(text.split()[2:8]))
def test_it_runs(tmp_path, text):
    path = tmp_path / "example.yml"
    path.write_text(text, encoding="utf-8")
    assert parse_mapping(text, file="example.yml").resource
    mapping = load_mapping(path)
    report = check_file(write_sheets(tmp_path, mapping), path, runs=tmp_path / "runs")
    totals = [check.column for check in mapping.checks if check.expect]  # no rows add up to it
    assert [(each.code, each.at.column) for each in report.problems] == [
        ("ZB322", column) for column in totals
    ]
    assert report.exit_code is (ExitCode.SOME_ROWS if totals else ExitCode.FINE)
    assert report.rows == 0
