"""The process that chaos kills: migrates three sheets, going on where it stood.

Contacts, items, and invoices that look both up. Ends with 0 when every row is created, with 1
when the migration must be started again. The sandbox runs in another process.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from zbbulk.errors import ExitCode
from zbbulk.jobs.migrate_job import migrate
from zbbulk.jobs.migration_steps import open_migration
from zbbulk.jobs.target import Target
from zbbulk.zoho.auth import OAuthClient, RefreshedToken
from zbbulk.zoho.clock import RealClock


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


def main() -> None:
    """Migrate; 1 when the migration must be started again."""
    folder = Path(sys.argv[1])
    target = target_of(json.loads(os.environ["ZBBULK_CHAOS"]))
    migration = open_migration(folder / "migration.yml")
    report = migrate(migration, target=target, runs=folder / "runs")
    sys.exit(0 if report.exit_code is ExitCode.FINE else 1)


if __name__ == "__main__":
    main()
