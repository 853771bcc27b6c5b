"""Write into the crosswalk by which names, numbers and legacy keys records are known from now on.

Each as soon as its outcome is in the journal. What the journal knows and the crosswalk does
not, because the process was killed in between or an earlier run created it, is put in when
the run is begun or gone on with.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from threading import Lock

from zbbulk.jobs.parcels import Parcel, parcels_of
from zbbulk.jobs.run import Run
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.journal.records import RunRecords
from zbbulk.mapping import Mapping
from zbbulk.model import CUSTOM, LEGACY_KEY, Outcome, Row, Status
from zbbulk.resources import resource
from zbbulk.results import OutcomesInOrder

_THERE = (Status.CREATED, Status.UPDATED, Status.SKIPPED)
"""What a record is that is in Zoho Books, if its id is known."""

_AT_ONCE = 500


class CreatedIds:
    """Puts the records of one run into the crosswalk; threads may share it."""

    def __init__(self, run: Run) -> None:
        """Write nothing yet."""
        self._run = run
        self._fields = _known_by(run.prepared.mapping)
        self._lock = Lock()

    def note(self, parcel: Parcel, outcome: Outcome) -> None:
        """Write the keys of one record whose outcome is in the journal.

        Raises:
            ResultError: the crosswalk can't be written.
        """
        if _is_there(outcome):
            self._put([(self._keys(parcel), outcome.zb_id)])

    def catch_up(self) -> None:
        """Write the keys of all records that the journal knows to be in Zoho Books.

        Raises:
            ResultError: journal or crosswalk can't be written or read.
        """
        self._put([])  # the file is made before threads ask for it
        found = self._known()
        while some := list(islice(found, _AT_ONCE)):
            self._put(some)

    def _known(self) -> Iterator[tuple[dict[str, str], str]]:
        records = RunRecords(self._run.journal)
        if not records.has_ids():
            return
        outcome_of = OutcomesInOrder(self._run.journal.outcomes)

        def is_known(row: Row) -> bool:
            outcome = outcome_of(row.number)
            return outcome is not None and _is_there(outcome)

        for parcel in parcels_of(self._run.prepared, is_known, lead_of=records.lead_of):
            yield self._keys(parcel), records.id_of(parcel.rows[0])

    def _keys(self, parcel: Parcel) -> dict[str, str]:
        values = {name: parcel.record.get(name) for name in self._fields}
        keys = {name: str(value) for name, value in values.items() if value not in (None, "")}
        return keys | ({LEGACY_KEY: parcel.legacy} if parcel.legacy else {})

    def _put(self, records: list[tuple[dict[str, str], str]]) -> None:
        run = self._run
        path = crosswalk_path(run.runs, run.target.organization_id)
        with self._lock, Crosswalk.open(path) as crosswalk:
            crosswalk.put(records, resource=run.prepared.resource.name, run=run.folder.path.name)


def _is_there(outcome: Outcome) -> bool:
    return bool(outcome.zb_id) and outcome.status in _THERE


def _known_by(mapping: Mapping) -> tuple[str, ...]:
    """Return the fields of which Zoho Books allows each value once, or the mapping does."""
    facts = resource(mapping.resource)
    keys = [mapping.key, *facts.match_keys, (facts.number_field,)]
    alone = (key[0] for key in keys if len(key) == 1 and key[0])
    return tuple(dict.fromkeys(name for name in alone if not name.startswith(CUSTOM)))
