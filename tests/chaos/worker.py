"""The process that chaos kills: imports three sheets in turn, going on where it stood.

Contacts, items, and invoices that look both up; a run that was begun is resumed, never
begun anew. Ends with 0 when every row is created. The sandbox runs in another process.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from zbbulk.errors import ExitCode
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.resume_job import resume_run
from zbbulk.jobs.runs_job import known_runs
from zbbulk.jobs.target import Target
from zbbulk.model import Status
from zbbulk.zoho.auth import OAuthClient, RefreshedToken
from zbbulk.zoho.clock import RealClock

STEPS = ("contacts", "items", "invoices")


def target_of(facts: dict[str, str]) -> Target:
    """Return the sandbox that *facts* name; an answer is waited for half a second."""
    clock = RealClock(speed=float(facts["speed"]))
    client = OAuthClient(
        accounts_url=facts["accounts_url"],
        client_id=facts["client_id"],
        client_secret=facts["client_secret"],
        refresh_token=facts["refresh_token"],
    )
    return Target(
        name="the sandbox",
        is_real=False,
        api_root=facts["api_root"],
        organization_id=facts["organization_id"],
        token=RefreshedToken(client, clock=clock),
        clock=clock,
        answer_s=float(facts["answer_s"]),
    )


def step(folder: Path, name: str, target: Target) -> bool:
    """Bring one sheet to its end; tell whether all its rows are created."""
    runs = folder / "runs"
    begun = [run for run in known_runs(runs) if run.path.name.split("-", 4)[4] == name]
    if begun:
        report = resume_run(begun[0].path, target=target, runs=runs, again=(Status.FAILED,))
    else:
        sheet, mapping = folder / f"{name}.csv", folder / f"{name}.yml"
        report = import_file(sheet, mapping, target=target, runs=runs)
    return report.exit_code is ExitCode.FINE


def main() -> None:
    """Import all sheets; 1 when the run must be gone on with."""
    folder = Path(sys.argv[1])
    target = target_of(json.loads(os.environ["ZBBULK_CHAOS"]))
    sys.exit(0 if all(step(folder, name, target) for name in STEPS) else 1)


if __name__ == "__main__":
    main()
