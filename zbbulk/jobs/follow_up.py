"""What follows a create: the status calls that ``after_create:`` names, in their order.

The record is in Zoho Books whatever becomes of them, so its row stays ``created``. The
journal knows each call before it leaves and what became of it. A call that is made again
does no harm: Zoho answers that the status is reached already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zbbulk.codes import CODES
from zbbulk.errors import ZbbulkError
from zbbulk.jobs.parcels import Parcel
from zbbulk.journal.journal import Journal
from zbbulk.model import Outcome, Status
from zbbulk.resources import Resource
from zbbulk.results import BETWEEN
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.one_record import NotDone, change_status

DONE = "done"
"""State of a status call in the journal when the record has that status."""


class FollowUp:
    """Makes the status calls of one import; threads may share it."""

    def __init__(
        self, client: ZohoClient, *, resource: Resource, names: Sequence[str], journal: Journal
    ) -> None:
        """Call nothing yet; *names* are keys of the resource's ``actions``."""
        self._client = client
        self._resource = resource
        self._names = names
        self._journal = journal

    def is_due(self, outcome: Outcome) -> bool:
        """Tell whether calls follow *outcome*."""
        return bool(self._names) and outcome.status is Status.CREATED

    def after(self, parcel: Parcel, outcome: Outcome) -> tuple[Outcome, ZbbulkError | None]:
        """Make the calls for the record of *parcel*; the first that fails ends them.

        Returns:
            The outcome, with what went wrong, and what stops the whole run, if anything does.
        """
        made = self._journal.status_calls(parcel.rows[0])
        for name in self._names:
            if made.get(name) == DONE:
                continue
            try:
                failed = self._call(parcel, name, outcome.zb_id)
            except ZbbulkError as error:
                return _unfinished(outcome, name, not_made(error.message)), error
            if failed is not None:
                return _unfinished(outcome, name, failed), None
        return outcome, None

    def _call(self, parcel: Parcel, name: str, zb_id: str) -> NotDone | None:
        if not zb_id:
            return not_made("Zoho told no id for the record.")
        self._journal.acting(parcel.rows, name)
        failed = change_status(self._client, self._resource, name, parcel.record, zb_id=zb_id)
        state = failed.code if failed else DONE
        self._journal.acting(parcel.rows, name, state, zoho_time=self._client.zoho_time)
        return failed


def not_made(why: str) -> NotDone:
    """Return what is told of a status call that never left."""
    return NotDone("ZB417", why, CODES["ZB417"].fix)


def _unfinished(outcome: Outcome, name: str, failed: NotDone) -> Outcome:
    """Return *outcome* with what went wrong in the status call *name*, and how to repeat it."""
    again = f"The record is created; repeat only {name}: open it in Zoho Books by its id."
    return replace(
        outcome,
        code=failed.code,
        message=BETWEEN.join(filter(None, (outcome.message, f"{name}: {failed.message}"))),
        fix=f"{failed.fix} {again}".strip(),
    )
