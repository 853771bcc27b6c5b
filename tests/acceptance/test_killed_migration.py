"""A migration whose process is killed again and again brings every record in, once."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from zbbulk.sandbox import Sandbox

MIGRATION = """\
zbbulk: 1
migration: Trial
steps:
  - {id: orders, mapping: orders.yml}
  - {id: customers, mapping: customers.yml}
  - {id: products, mapping: products.yml}
"""
CUSTOMERS = """\
zbbulk: 1
resource: contacts
legacy_key: Id
source: {file: customers.csv}
fields: {contact_name: Name}
"""
PRODUCTS = """\
zbbulk: 1
resource: items
legacy_key: Id
source: {file: products.csv}
fields: {name: Name, rate: Price}
"""
ORDERS = """\
zbbulk: 1
resource: invoices
source:
  main: {file: orders.csv}
  details: {file: details.csv}
fields:
  customer_id: {find_by: legacy_key, column: Customer}
  invoice_number: No
  line_items:
    rows_from: details
    where: {No: No}
    each_row:
      item_id: {find_by: legacy_key, column: Product}
      quantity: Qty
after_create: [mark_sent]
"""
WORKER = """\
import json, os, sys
from pathlib import Path
from worker import target_of
from zbbulk.jobs.migrate_job import migrate
from zbbulk.jobs.migration_steps import open_migration

target = target_of(json.loads(os.environ["ZBBULK_CHAOS"]))
report = migrate(open_migration(Path("migration.yml")), target=target, runs=Path("runs"))
sys.exit(int(report.exit_code))
"""
CHAOS = Path(__file__).parents[1] / "chaos"
SPEED = 600
N_CUSTOMERS, N_PRODUCTS, N_ORDERS = 12, 6, 15


def write_files(folder):
    orders = range(N_ORDERS)
    sheets = {
        "customers": ["Id,Name", *(f"c{n},Customer {n}" for n in range(N_CUSTOMERS))],
        "products": ["Id,Name,Price", *(f"p{n},Thing {n},{n + 1}.50" for n in range(N_PRODUCTS))],
        "orders": ["No,Customer", *(f"I-{n},c{n % N_CUSTOMERS}" for n in orders)],
        "details": ["No,Product,Qty", *(f"I-{n},p{n % N_PRODUCTS},{n + 1}" for n in orders)],
    }
    for name, lines in sheets.items():
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]))
    texts = {"migration": MIGRATION, "customers": CUSTOMERS, "products": PRODUCTS, "orders": ORDERS}
    for name, text in texts.items():
        (folder / f"{name}.yml").write_text(text)


def start(folder, sandbox):
    names = ("api_root", "accounts_url", "organization_id", "client_id", "client_secret")
    facts = {name: getattr(sandbox, name) for name in (*names, "refresh_token")}
    facts |= {"speed": SPEED, "answer_s": 5}
    paths = [str(CHAOS), str(CHAOS.parents[1]), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=folder,
        env={
            **os.environ,
            "ZBBULK_CHAOS": json.dumps(facts),
            "PYTHONPATH": os.pathsep.join(paths),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def killed_after(process, sandbox, *, lives):
    """Kill *process* at its *lives*-th request; return whether it lived so long."""
    begun = len(sandbox.requests())
    while len(sandbox.requests()) - begun < lives:
        try:
            process.wait(0.005)
        except subprocess.TimeoutExpired:
            continue
        process.communicate()
        return False
    process.kill()
    process.communicate()
    return True


@pytest.mark.parametrize("lives", [(1, 8, 3, 20, 5), (13, 1, 1, 17), (19, 9, 2, 2, 2)], ids=str)
def test_whenever_it_is_killed_every_record_comes_in_once(tmp_path, lives):
    write_files(tmp_path)
    with Sandbox(None, speed=SPEED, latency_ms=(2000, 9000), seed=1) as sandbox:
        kills = sum(killed_after(start(tmp_path, sandbox), sandbox, lives=n) for n in lives)
        last = start(tmp_path, sandbox)
        told, _ = last.communicate(timeout=120)
        assert last.returncode == 0, told.decode()
        assert kills >= len(lives) - 1
        customers = Counter(each["contact_name"] for each in sandbox.records("contacts"))
        assert customers == {f"Customer {n}": 1 for n in range(N_CUSTOMERS)}
        items = Counter(each["name"] for each in sandbox.records("items"))
        assert items == {f"Thing {n}": 1 for n in range(N_PRODUCTS)}
        invoices = sorted(
            (each["invoice_number"], each["customer_name"], str(each["total"]), each["status"])
            for each in sandbox.records("invoices")
        )
    assert invoices == sorted(
        (
            f"I-{n}",
            f"Customer {n % N_CUSTOMERS}",
            f"{(n % N_PRODUCTS + 1.5) * (n + 1):.2f}",
            "sent",
        )
        for n in range(N_ORDERS)
    )
