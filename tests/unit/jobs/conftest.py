"""Small schemas of the resources that take many rows in one call."""

import csv
import json
from types import SimpleNamespace

import pytest

from zbbulk import resources
from zbbulk.jobs.check_job import check_file

_TEXT = {"type": "string"}
_AMOUNT = {"type": "number", "exclusiveMinimum": 0}
_DATE = {"type": "string", "format": "date"}


def _entries(**fields):
    entry = {"type": "object", "properties": {"account_id": _TEXT, "amount": _AMOUNT} | fields}
    return {"type": "array", "items": entry}


SCHEMAS = {
    "journals": {
        "type": "object",
        "required": ["journal_date"],
        "x-required-on-update": ["journal_id"],
        "properties": {
            "journal_id": _TEXT,
            "journal_date": _DATE,
            "entry_number": _TEXT,
            "reference_number": _TEXT | {"maxLength": 10},
            "exchange_rate": {"type": "number"},
            "notes": _TEXT,
            "line_items": _entries(debit_or_credit={"enum": ["debit", "credit"]}),
        },
    },
    "bankstatements": {
        "type": "object",
        "required": ["account_id"],
        "properties": {"account_id": _TEXT, "transactions": _entries(date=_DATE)},
    },
    "openingbalances": {
        "type": "object",
        "required": ["date"],
        "properties": {"date": _DATE, "accounts": _entries()},
    },
}

MAPPINGS = {
    "journals": """\
fields:
  journal_date: Date
  reference_number: Ref
  line_items:
    - {account_id: Account, debit_or_credit: Side, amount: Amount}
    - {account_id: {value: 900}, debit_or_credit: {value: credit}, amount: Amount}
""",
    "bankstatements": """\
fields:
  account_id: Bank
  transactions:
    - {date: Date, amount: Amount}
""",
    "openingbalances": """\
fields:
  date: Date
  accounts:
    - {account_id: Account, amount: Amount}
""",
}


@pytest.fixture
def small_schemas(monkeypatch):
    texts = {f"{name}.schema.json": json.dumps(rules) for name, rules in SCHEMAS.items()}
    read = resources.read_asset
    monkeypatch.setattr(
        resources, "read_asset", lambda folder, name: texts.get(name) or read(folder, name)
    )
    resources.schema.cache_clear()
    yield
    resources.schema.cache_clear()


@pytest.fixture
def write(tmp_path, small_schemas):
    """Write a sheet and a mapping of a resource; return both paths."""

    def written(resource, *rows, mapping="", top=""):
        sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
        sheet.write_text("\n".join([*rows, ""]), encoding="utf-8")
        head = f"zbbulk: 1\nresource: {resource}\nsource: {{dates: yyyy-mm-dd}}\n{top}"
        rules.write_text(head + (mapping or MAPPINGS[resource]), encoding="utf-8")
        return sheet, rules

    return written


@pytest.fixture
def checked(write, tmp_path):
    """Check a sheet: the report, and status, codes and messages by row number."""

    def check(resource, *rows, workers=1, **more):
        sheet, rules = write(resource, *rows, **more)
        report = check_file(sheet, rules, runs=tmp_path / "runs", workers=workers)
        with report.result.open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.reader(file))
        told = {number: row[-5:] for number, row in enumerate(cells, 1) if number > 1}
        return SimpleNamespace(
            report=report,
            statuses={number: row[0] for number, row in told.items()},
            codes={number: row[2] for number, row in told.items() if row[2]},
            messages={number: row[3] for number, row in told.items() if row[3]},
        )

    return check
