"""Every sample ends as ``samples/expect.yml`` says, and every record reads back as it was sent."""

import json
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
import requests
import yaml

from zbbulk.assets import asset_names, asset_path, read_asset
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.lookups import offline_lookups
from zbbulk.jobs.prepare import find_mapping, prepare, with_finder
from zbbulk.jobs.target import sandbox_edition, sandbox_target
from zbbulk.model import ReadOptions
from zbbulk.resources import resources, schema
from zbbulk.rows import open_sheet, padded
from zbbulk.sandbox import Sandbox

CASES = yaml.safe_load(read_asset("samples", "expect.yml"))
OF_STATEMENTS = [case for case in CASES if case["mapping"] == "bankstatements"]
WITH_RECORDS = [case for case in CASES if case not in OF_STATEMENTS]
COUNTS = ("created", "rejected", "failed", "skipped")


@pytest.fixture
def sandbox(case):
    edition = sandbox_edition(find_mapping(case["mapping"]), edition=None)
    with Sandbox(None, speed=600, has_examples=True, edition=edition) as running:
        yield running


@pytest.fixture
def imported(sandbox, tmp_path):
    def run(case):
        path, mapping = asset_path("samples", case["file"]), find_mapping(case["mapping"])
        return import_file(path, mapping, target=sandbox_target(sandbox), runs=tmp_path)

    return run


@pytest.fixture
def read(sandbox):
    """Return a record as the sandbox gives it, every number as the digits on the wire."""
    headers = {"Authorization": f"Zoho-oauthtoken {sandbox.access_token()}"}

    def get(path, **query):
        query["organization_id"] = sandbox.organization_id
        reply = requests.get(sandbox.api_root + path, query, headers=headers, timeout=10)
        assert reply.status_code == 200, f"{path}: {reply.text}"
        return json.loads(reply.text, parse_float=Decimal, parse_int=Decimal)

    return get


def sent_records(case, runs):
    """Yield row number and Record of each row of a sample, as the mapping makes it.

    The ids that are looked up come from the lists that the import in *runs* has read.
    """
    prepared = prepare(asset_path("samples", case["file"]), find_mapping(case["mapping"]))
    prepared = with_finder(prepared, offline_lookups(prepared.mapping, runs=runs))
    for row in prepared.sheet.rows():
        record, _ = prepared.program.convert(padded(row.cells, len(prepared.sheet.header)))
        yield row.number, record


def created_ids(report):
    """Return row number -> Zoho's id of the rows that the result file calls created."""
    sheet = open_sheet(report.check.result, options=ReadOptions())
    status, zb_id = sheet.header.index("zb_status"), sheet.header.index("zb_id")
    rows = ((row.number, padded(row.cells, len(sheet.header))) for row in sheet.rows())
    return {number: cells[zb_id] for number, cells in rows if cells[status] == "created"}


def joined(resource, records):
    """Return the Record that the rows of one call make together."""
    whole = dict(records[0])
    if resource.batch:
        whole[resource.batch.list] = [
            entry for each in records for entry in each[resource.batch.list]
        ]
    return whole


def in_body(resource, record):
    """Return *record* without the fields that Zoho takes in the path or the query."""
    fields = schema(resource.name)["properties"]
    return {name: held for name, held in record.items() if "x-in" not in fields.get(name, {})}


def is_the_same(sent, given):
    """Tell whether *given* is what was sent; numbers are compared digit for digit.

    Zoho takes the taxes of a group as ids between commas, and tells them in full.
    """
    if isinstance(sent, str) and isinstance(given, list):
        return sent.split(",") == [each["tax_id"] for each in given]
    if isinstance(sent, Decimal | int) and not isinstance(sent, bool):
        return isinstance(given, Decimal) and str(sent) == str(given)
    return sent == given and type(sent) is type(given)


def differences(sent, given, place=""):
    """Yield where *given* lacks something of *sent*."""
    if isinstance(sent, dict) and isinstance(given, dict):
        for name, held in sent.items():
            yield from differences(held, given.get(name, "nothing"), f"{place}/{name}")
    elif isinstance(sent, list) and isinstance(given, list) and len(sent) == len(given):
        for number, (mine, theirs) in enumerate(zip(sent, given, strict=True)):
            yield from differences(mine, theirs, f"{place}/{number}")
    elif not is_the_same(sent, given):
        yield f"{place}: sent {sent!r}, got {given!r}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_sample_ends_as_expected(case, imported):
    report = imported(case)
    told = {status.value: number for status, number in report.counts.items() if number}
    assert told == {name: case[name] for name in COUNTS if case[name]}, report.failures
    found = Counter((each.code, each.at.row, each.at.column) for each in report.check.problems)
    expected = Counter((each["code"], each["row"], each.get("column")) for each in case["problems"])
    assert found == expected


def given_record(read, resource, record, zb_id):
    """Return the record *zb_id*, from its own path or, where Zoho has none, from the list."""
    if "read" in resource.can:
        path = resource.record_path().format_map(record | {"id": zb_id})
        return read(path)[resource.single_key]
    listed = read(resource.list_path.format_map(record))[resource.list_key]
    return next(each for each in listed if each[resource.id_field] == zb_id)


@pytest.mark.parametrize("case", WITH_RECORDS, ids=lambda case: case["file"])
def test_every_record_reads_back_as_it_was_sent(case, imported, read, tmp_path):
    report = imported(case)
    resource = resources()[report.check.resource]
    ids = created_ids(report)
    calls = defaultdict(list)
    for number, record in sent_records(case, tmp_path):
        if number in ids:
            calls[ids[number]].append(record)
    assert sum(map(len, calls.values())) == case["created"]
    for zb_id, records in calls.items():
        record = joined(resource, records)
        given = given_record(read, resource, record, zb_id)
        assert list(differences(in_body(resource, record), given)) == []


@pytest.mark.parametrize("case", OF_STATEMENTS, ids=lambda case: case["file"])
def test_every_line_of_a_statement_reads_back_as_a_transaction_of_its_account(
    case, imported, read, tmp_path
):
    imported(case)
    given = read("/banktransactions", status="uncategorized")["banktransactions"]
    by_bank_id = {each["imported_transaction_id"]: each for each in given}
    assert len(given) == case["created"]
    for _, record in sent_records(case, tmp_path):
        (line,) = record["transactions"]
        sent = {"account_id": record["account_id"]} | line
        assert list(differences(sent, by_bank_id[sent.pop("transaction_id")])) == []


def test_every_sample_has_its_expectation():
    elsewhere = ("wrong/", "migration/", "migration-wrong/")
    names = [name for name in asset_names("samples", ".csv") if not name.startswith(elsewhere)]
    assert {case["file"] for case in CASES} - {"items.xlsx"} == {f"{name}.csv" for name in names}
