"""Show Records as they would be sent, beside the rows they come from; nothing is sent.

Goes over the sheet once more, only when asked: a check holds no Record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from zbbulk.errors import Location, UsageError
from zbbulk.jobs.fed_back import earlier_outcomes, sent_before
from zbbulk.jobs.findings import Findings
from zbbulk.jobs.parcels import Parcel, parcels_of
from zbbulk.jobs.passed_over import passed_over
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.reports import Shown
from zbbulk.model import Row
from zbbulk.results import new_file
from zbbulk.zoho.call import call_for, upsert_call
from zbbulk.zoho.wire import json_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What is to be shown of the Records.

    Attributes:
        show: How many of the first ones are handed back.
        records: File that gets them all, one JSON object a line; None for no file.
        force: Overwrite it.
    """

    show: int = 0
    records: Path | None = None
    force: bool = False

    def refuse_to_overwrite(self, *read: Path) -> None:
        """Raise UsageError when the file is there and may not be overwritten.

        One of those that are *read*, and what is no file, such as a device, never may.
        """
        if self.records is None or not self.records.exists():
            return
        at, other = Location(file=str(self.records)), "Give another name."
        if any(path.exists() and self.records.samefile(path) for path in read):
            message = f"{self.records} is what is checked, and would be overwritten."
            raise UsageError(message, other, at, "ZB008")
        if not self.records.is_file():
            raise UsageError(f"{self.records} is there, and is no file.", other, at, "ZB008")
        if not self.force:
            raise UsageError(f"{self.records} is there already.", at=at, code="ZB008")


NO_PREVIEW = Preview()


def previewed(prepared: Prepared, wanted: Preview, found: Findings) -> tuple[Shown, ...]:
    """Write and return what is *wanted* of the rows that passed.

    Raises:
        ResultError: the file of the records can't be written.
    """
    if wanted.records is not None:
        with new_file(wanted.records) as file:
            for each in _shown(prepared, found):
                file.write(json_bytes(each.to_json()) + b"\n")
    return tuple(islice(_shown(prepared, found), wanted.show)) if wanted.show else ()


def _shown(prepared: Prepared, found: Findings) -> Iterator[Shown]:
    refused, earlier = found.refused, earlier_outcomes(prepared)

    def is_ready(row: Row) -> bool:
        if row.number in refused or sent_before(row.cells, earlier):
            return False
        return passed_over(prepared, row) is None

    return (_as_sent(prepared, parcel) for parcel in parcels_of(prepared, is_ready))


def _as_sent(prepared: Prepared, parcel: Parcel) -> Shown:
    facts, mapping, record = prepared.resource, prepared.mapping, parcel.record
    if mapping.policy.upsert_by:
        call = upsert_call(facts, record=record, by=mapping.policy.upsert_by)
    else:
        call = call_for(facts, action=mapping.action, record=record)
    query = f"?{urlencode(call.query)}" if call.query else ""
    return Shown(parcel.rows, f"{call.method} {call.path}{query}", call.body or {})
