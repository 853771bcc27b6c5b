"""Kill a migration at random moments, go on with it until it ends, and audit what came of it.

300 records in three sheets (60 contacts, 60 items, 180 invoices of two lines that look both up and
are marked as sent), into a sandbox that loses answers, cuts connections, answers too late,
forgets tokens and complains of limits. Each round has a seed of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from audit import Audit, audit

from zbbulk.sandbox import Sandbox

WORKER = Path(__file__).with_name("worker.py")
SPEED = 600.0
ANSWER_S = 0.5
FAULTS = (
    "500-before:rate=0.02",
    "500-after:rate=0.02",
    "cut-before:rate=0.02",
    "cut-after:rate=0.02",
    "html-before:rate=0.01",
    "html-after:rate=0.02",
    f"slow:{int(SPEED * ANSWER_S * 1000) + 10_000}:rate=0.01",
    "401:rate=0.01",
    "answer:44:rate=0.01",
    "answer:1070:rate=0.02",
)
MOST_TRIES = 60
MOST_S = 120
SHEETS = {
    "contacts": "zbbulk: 1\nresource: contacts\nfields: {contact_name: Name}\n",
    "items": "zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n",
    "invoices": """\
zbbulk: 1
resource: invoices
group_rows_by: [No]
key: {fields: [invoice_number]}
fields:
  invoice_number: No
  customer_id: {column: Customer, find_by: contact_name}
  line_items:
    each_row:
      item_id: {column: Thing, find_by: name}
      rate: Price
      quantity: {value: "1"}
after_create: [mark_sent]
""",
}


class Round(NamedTuple):
    """How one round went.

    Attributes:
        seed: Of its faults and its kills.
        kills: How often the import was killed.
        tries: How often it was begun or gone on with.
        faults: How many requests a fault struck, by the status of the answer 0 or 400 and above.
        found: What the audit found.
    """

    seed: int
    kills: int
    tries: int
    faults: int
    found: Audit


def write_sheets(folder: Path, *, scale: int) -> None:
    """Write the three sheets and their mappings; *scale* 60 gives 60, 60 and 180 records."""
    names = [f"Customer {number}" for number in range(scale)]
    items = [f"Thing {number}" for number in range(scale)]
    invoices = range(3 * scale)
    lines = [
        f"I-{number},{names[number % scale]},{items[(number + part) % scale]},{number + part}.50"
        for part in range(2)
        for number in invoices
    ]
    sheets = {
        "contacts": ["Name", *names],
        "items": ["Item,Price", *(f"{item},{place + 1}.25" for place, item in enumerate(items))],
        "invoices": ["No,Customer,Thing,Price", *lines],
    }
    for name, rows in sheets.items():
        (folder / f"{name}.csv").write_text("\n".join([*rows, ""]))
        (folder / f"{name}.yml").write_text(SHEETS[name])
    steps = "".join(
        f"  - {{id: {name}, mapping: {name}.yml, file: {name}.csv}}\n" for name in sheets
    )
    (folder / "migration.yml").write_text(f"zbbulk: 1\nmigration: Chaos\nsteps:\n{steps}")


def play(folder: Path, *, seed: int, scale: int = 60, most_kills: int = 6) -> Round:
    """Play one round in the empty *folder* and return how it went."""
    write_sheets(folder, scale=scale)
    chance = random.Random(seed)
    kills = tries = 0
    store = folder / "books.sqlite"
    with Sandbox(
        store, speed=SPEED, seed=seed, latency_ms=(20, 400), faults=FAULTS, per_day=0
    ) as sandbox:
        while tries < MOST_TRIES:
            tries += 1
            lives = chance.randrange(3 * scale) if kills < most_kills else None
            code = run_worker(folder, sandbox, lives=lives, delay_s=chance.uniform(0, 0.02))
            kills += code is None
            if code == 0:
                break
        struck = sum((each.status or 0) >= 400 or not each.status for each in sandbox.requests())
    return Round(seed, kills, tries, struck, audit(folder))


def run_worker(folder: Path, sandbox: Sandbox, *, lives: int | None, delay_s: float) -> int | None:
    """Return the exit code of the import, None when it was killed.

    It is killed *delay_s* seconds after its *lives*-th request.
    """
    facts = {
        "speed": str(SPEED),
        "answer_s": str(ANSWER_S),
        "api_root": sandbox.api_root,
        "accounts_url": sandbox.accounts_url,
        "organization_id": sandbox.organization_id,
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "refresh_token": sandbox.refresh_token,
    }
    process = subprocess.Popen(
        [sys.executable, str(WORKER), str(folder)],
        env={**os.environ, "ZBBULK_CHAOS": json.dumps(facts)},
        stderr=subprocess.PIPE,
    )
    begun = len(sandbox.requests())
    while lives is not None and not has_ended(process, within_s=0.005):
        if len(sandbox.requests()) - begun >= lives:
            has_ended(process, within_s=delay_s)
            process.kill()
            process.communicate()
            return None
    _, told = process.communicate(timeout=MOST_S)
    if process.returncode not in (0, 1):
        raise RuntimeError(told.decode())
    return process.returncode


def has_ended(process: subprocess.Popen, *, within_s: float) -> bool:
    """Tell whether *process* ended by itself within so many seconds."""
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def main() -> None:
    """Play many rounds, print the figures, and end with 1 if any audit found something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=1)
    chosen = parser.parse_args()
    began, rounds = time.monotonic(), []
    for seed in range(chosen.first_seed, chosen.first_seed + chosen.rounds):
        with tempfile.TemporaryDirectory() as name:
            rounds.append(play(Path(name), seed=seed))
        if not rounds[-1].found.is_clean:
            print(rounds[-1], flush=True)
        if seed % 10 == 0:
            print(summary(rounds, time.monotonic() - began), flush=True)
    print(summary(rounds, time.monotonic() - began))
    sys.exit(not all(each.found.is_clean for each in rounds))


def summary(rounds: list[Round], took_s: float) -> str:
    """Return the figures of *rounds* in one line."""
    found = [each.found for each in rounds]
    return (
        f"chaos: {len(rounds)} rounds, {sum(each.kills for each in rounds)} kills, "
        f"{sum(each.tries for each in rounds)} tries, "
        f"{sum(each.faults for each in rounds)} faults, "
        f"{sum(each.records for each in found)} records: "
        f"{sum(each.duplicates for each in found)} duplicates, "
        f"{sum(each.lost for each in found)} lost, "
        f"{sum(each.untrue for each in found)} untrue rows, {took_s:.0f} s"
    )


if __name__ == "__main__":
    main()
