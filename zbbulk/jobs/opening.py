"""Open the embedded books, or once more what an earlier run, export or plan went to.

The books of a sandbox lie in a file that the run has noted, so that it finds them again by
itself; a real organization is the one that the run went to, of the account that is meant.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from zbbulk.errors import UsageError
from zbbulk.jobs.accounts import Asked, account
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.jobs.saved_plan import SavedPlan
from zbbulk.jobs.target import Target, sandbox_edition, sandbox_target
from zbbulk.journal.fetched import Fetched
from zbbulk.journal.journal import Journal
from zbbulk.sandbox import Sandbox

SPEED = 60.0
"""How much faster than ours the clock of the embedded books runs, unless told otherwise."""

PLAN = "professional"
"""The Zoho plan of the embedded books, unless told otherwise."""


class Went(NamedTuple):
    """Where a run, an export or a plan went, as it tells itself.

    Attributes:
        is_sandbox: To embedded books.
        organization_id: Of the organization.
        store: The file with the embedded books; None where there is none.
        edition: That was asked for, None for none.
        mapping: By which, None where there is none.
    """

    is_sandbox: bool
    organization_id: str
    store: Path | None
    edition: str | None
    mapping: Path | None


def where_it_went(folder: RunFolder) -> Went:
    """Return where the run or the export in *folder* went.

    Raises:
        ResultError: its journal or its store can't be read.
    """
    if folder.is_export:
        with Fetched.open(folder.export) as store:
            facts = store.facts()
    else:
        with Journal.open(folder.journal) as journal:
            facts = journal.facts()
    return Went(
        is_sandbox=facts.get("is_real") == "no",
        organization_id=facts.get("organization_id", ""),
        store=Path(facts["store"]) if facts.get("store") else None,
        edition=facts.get("edition") or None,
        mapping=None if folder.is_export else folder.mapping,
    )


def where_it_goes(plan: SavedPlan) -> Went:
    """Return where a saved plan is to be sent."""
    return Went(
        is_sandbox=not plan.is_real,
        organization_id=plan.organization_id,
        store=Path(plan.store) if plan.store else None,
        edition=plan.edition or None,
        mapping=plan.mapping,
    )


@contextmanager
def opened_sandbox(  # noqa: PLR0913 - one argument a choice of the user
    store: Path | None,
    *,
    mapping: Path | None = None,
    edition: str | None = None,
    plan: str = PLAN,
    per_day: int | None = None,
    faults: Iterable[str] = (),
    has_examples: bool = True,
    speed: float = SPEED,
) -> Iterator[Target]:
    """Run the embedded books within the block.

    Args:
        store: The file that keeps them; None forgets them at the end.
        mapping: Tells the country, where *edition* does not; None leaves that open.
        edition: Country edition, None for the mapping's, else the United States'.
        plan: Zoho plan: its calls a day and at once.
        per_day: Calls a day where not as the plan says; 0 for no limit.
        faults: Faults on demand, as ``--fault``.
        has_examples: New books begin with the records that the samples refer to.
        speed: Of their clock; 60 makes a minute of Zoho's limits last one second.

    Raises:
        UsageError: there is no such edition, plan or fault, or the file can't be opened.
        MappingError: the mapping is wrong.
    """
    books = Sandbox(
        store,
        plan=plan,
        per_day=per_day,
        edition=sandbox_edition(mapping, edition=edition),
        faults=faults,
        speed=speed,
        has_examples=has_examples,
    )
    with books as running:
        yield sandbox_target(running, edition=edition)


@contextmanager
def opened_again(went: Went) -> Iterator[Target]:
    """Open what *went* tells.

    Raises:
        UsageError: embedded books that were kept nowhere (ZB010), or as ``account``.
        AuthError, Unavailable: as ``account``.
    """
    if not went.is_sandbox:
        asked = Asked(organization_id=went.organization_id, edition=went.edition)
        yield account(asked, os.environ)
        return
    if went.store is None or not went.store.is_file():
        where = f"were in {went.store}, which is gone" if went.store else "were kept in no file"
        raise UsageError(f"The embedded books {where}: they can't be opened again.", code="ZB010")
    with opened_sandbox(went.store, mapping=went.mapping, edition=went.edition) as target:
        yield target
