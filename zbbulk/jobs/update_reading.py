"""Read a record before it is updated: its old values are kept, its lines looked after.

The old values go into the journal before the request leaves, so that an undo can put them
back. Where a list showed them already, no call is made for it.
"""

from __future__ import annotations

from zbbulk.checks.lines import LINES
from zbbulk.jobs.parcels import Parcel
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.update_lines import LineKeeper, reads_first
from zbbulk.journal.records import RunRecords
from zbbulk.model import Action, JsonObject, Outcome, Record
from zbbulk.resources import Resource
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.one_record import read_record


def can_be_read(resource: Resource) -> bool:
    """Tell whether Zoho shows one record of *resource*."""
    return "read" in resource.can and bool(resource.single_key)


def calls_before(prepared: Prepared, action: Action, *, is_known: bool) -> int:
    """Return how many calls precede one update; *is_known*: its old values are kept already."""
    if action is not Action.UPDATE:
        return 0
    has_lines = LINES in prepared.mapping.fields.fields and reads_first(prepared.mapping.policy)
    return int(has_lines or (can_be_read(prepared.resource) and not is_known))


def before_text(record: Record, there: JsonObject) -> str:
    """Return as JSON what *there*, the record in Zoho Books, has in the fields of *record*."""
    import simplejson  # noqa: PLC0415 - heavy: only who sends pays

    old = {field: there[field] for field in record if field in there}
    text: str = simplejson.dumps(old, use_decimal=True, ensure_ascii=False)
    return text


class UpdateReader:
    """Reads records before they are updated; threads may share it."""

    def __init__(self, client: ZohoClient, *, prepared: Prepared, records: RunRecords) -> None:
        """Read nothing yet."""
        self._client = client
        self._resource = prepared.resource
        self._action = prepared.mapping.action
        self._records = records
        self._keeper = LineKeeper(self._resource, prepared.mapping.policy)

    def ready(self, parcel: Parcel) -> Record | Outcome:
        """Return the Record to send for *parcel*, or why it is not sent.

        Raises:
            ZohoError: the run must stop.
            ResultError: the journal can't be written.
        """
        record = parcel.record
        if (parcel.action or self._action) is not Action.UPDATE:
            return record
        is_kept = not can_be_read(self._resource) or self._records.has_before(parcel.rows[0])
        has_lines = self._keeper.is_needed(record)
        if is_kept and not has_lines:
            return record
        there = read_record(self._client, self._resource, record)
        if isinstance(there, Outcome):
            return there
        if not is_kept:
            self._records.keep_before(parcel.rows[0], before_text(record, there))
        return self._keeper.kept(record, there) if has_lines else record
