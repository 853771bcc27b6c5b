"""The Northwind dump is migrated whole; what is in the books is held against SQL over the files.

The mappings lie beside this test, the dump does not: without it the test is skipped.
"""

import csv
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from zbbulk.jobs.migrate_job import migrate
from zbbulk.jobs.migration_reports import Ending
from zbbulk.jobs.migration_steps import open_migration
from zbbulk.jobs.target import sandbox_target
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox

HERE = Path(__file__).parent
DUMP = HERE.parents[2] / "shared/data/northwind"
TABLES = ("customers", "suppliers", "products", "orders", "order_details")

pytestmark = pytest.mark.skipif(not DUMP.is_dir(), reason="the Northwind dump is not here")

# A cent is what Zoho Books rounds each line to, half up; SQL counts in whole numbers:
# prices in 1/100, discounts in 1/100, so that a line is in 1/10000.
TOTALS = """
WITH lines AS (
    SELECT orderID,
           CAST(round(unitPrice * 100) AS INTEGER) * CAST(quantity AS INTEGER)
               * (100 - CAST(round(discount * 100) AS INTEGER)) AS parts
    FROM order_details
)
SELECT orders.orderID,
       sum((parts + 50) / 100) + CAST(round(freight * 100) AS INTEGER) AS cents,
       count(*) AS n_lines
FROM orders JOIN lines USING (orderID)
GROUP BY orders.orderID
"""


@pytest.fixture(scope="module")
def tables():
    """The files in a database, every cell as the text it is."""
    with closing(sqlite3.connect(":memory:")) as base:
        for name in TABLES:
            with (DUMP / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
            columns = ", ".join(f"{column} TEXT" for column in header)
            base.execute(f"CREATE TABLE {name} ({columns})")
            marks = ", ".join("?" * len(header))
            base.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        yield base


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """The migration's report, and the sandbox it went to."""
    folder = tmp_path_factory.mktemp("northwind")
    for path in [*(HERE / "northwind").iterdir(), *(DUMP / f"{name}.csv" for name in TABLES)]:
        shutil.copy(path, folder)
    with Sandbox(None, speed=600) as sandbox:
        migration = open_migration(folder / "migration.yml")
        target = sandbox_target(sandbox)
        yield migrate(migration, target=target, runs=folder / "runs"), sandbox


def ask(tables, query):
    return tables.execute(query).fetchall()


def test_every_row_of_every_table_is_in_the_books(migrated, tables):
    report, sandbox = migrated
    assert [step.step.id for step in report.steps] == [
        "customers",
        "suppliers",
        "products",
        "orders",
    ]
    assert all(step.ending is Ending.DONE for step in report.steps)
    for step in report.steps:
        ((rows,),) = ask(tables, f"SELECT count(*) FROM {step.step.id}")
        assert step.report.counts == {Status.CREATED: rows}
    kinds = Counter(each["contact_type"] for each in sandbox.records("contacts"))
    ((customers,),) = ask(tables, "SELECT count(*) FROM customers")
    ((suppliers,),) = ask(tables, "SELECT count(*) FROM suppliers")
    assert kinds == {"customer": customers, "vendor": suppliers}
    ((products,),) = ask(tables, "SELECT count(*) FROM products")
    assert len(sandbox.records("items")) == products
    ((details,),) = ask(tables, "SELECT count(*) FROM order_details")
    assert sum(len(each["line_items"]) for each in sandbox.records("invoices")) == details


def test_every_invoice_totals_what_sql_says_to_the_cent(migrated, tables):
    expected = {
        f"NW-{order}": (Decimal(cents) / 100, lines) for order, cents, lines in ask(tables, TOTALS)
    }
    _, sandbox = migrated
    found = {
        each["invoice_number"]: (each["total"], len(each["line_items"]))
        for each in sandbox.records("invoices")
    }
    assert found == expected
    ((orders,),) = ask(tables, "SELECT count(*) FROM orders")
    assert len(found) == orders


def test_every_invoice_has_its_customer_dates_freight_and_items(migrated, tables):
    _, sandbox = migrated
    query = """
        SELECT 'NW-' || orderID, companyName, substr(orderDate, 1, 10), substr(requiredDate, 1, 10),
               freight
        FROM orders JOIN customers USING (customerID)
    """
    expected = {number: tuple(rest) for number, *rest in ask(tables, query)}
    found = {
        each["invoice_number"]: (
            each["customer_name"],
            each["date"],
            each["due_date"],
            str(each["shipping_charge"]),
        )
        for each in sandbox.records("invoices")
    }
    assert found == expected
    query = """
        SELECT 'NW-' || orderID, productName, quantity, unitPrice
        FROM order_details JOIN products USING (productID) ORDER BY order_details.rowid
    """.replace("unitPrice", "order_details.unitPrice")
    lines = [
        (each["invoice_number"], line["name"], str(line["quantity"]), str(line["rate"]))
        for each in sandbox.records("invoices")
        for line in each["line_items"]
    ]
    assert Counter(lines) == Counter(ask(tables, query))


def test_null_is_blank_and_nowhere_in_the_books(migrated, tables):
    _, sandbox = migrated
    ((without,),) = ask(tables, "SELECT count(*) FROM customers WHERE region = 'NULL'")
    customers = [each for each in sandbox.records("contacts") if each["contact_type"] == "customer"]
    assert sum(not each["billing_address"]["state"] for each in customers) == without
    for name in ("contacts", "items", "invoices"):
        assert "NULL" not in str(sandbox.records(name))


def test_the_calls_are_creates_status_calls_and_one_page_and_nothing_a_row(migrated, tables):
    report, sandbox = migrated
    creates = sum(step.report.check.rows for step in report.steps)
    ((orders,),) = ask(tables, "SELECT count(*) FROM orders")
    assert report.calls == {"read": 1, "create": creates, "mark_sent": orders}
    sent = [each for each in sandbox.requests() if "/oauth/" not in each.path]
    assert len(sent) == 1 + creates + orders
    assert {each.status for each in sent} == {200, 201}
    assert {each["status"] for each in sandbox.records("invoices")} <= {"sent", "overdue"}
