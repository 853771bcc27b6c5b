"""Many rows in one parcel share what becomes of it, in the journal too."""

from types import SimpleNamespace

import pytest

from zbbulk.errors import ResultError
from zbbulk.jobs.delivery import ALIKE, Delivery
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.parcels import Parcel, record_hash
from zbbulk.jobs.progress import no_progress
from zbbulk.journal.journal import Journal
from zbbulk.journal.records import Planned, RunRecords
from zbbulk.model import Action, Outcome, Status
from zbbulk.zoho.pace import Pace, Stopped

CREATED = Outcome(status=Status.CREATED, zb_id="46")
UNKNOWN = Outcome(status=Status.UNKNOWN, code="ZB405", message="Sent, but lost.")


class FakeSender:
    """Gives the same outcome to every record, and looks into the journal when it leaves."""

    def __init__(self, outcome, journal):
        self.outcome, self.journal = outcome, journal
        self.in_doubt, self.sent = [], []
        self.client = SimpleNamespace(zoho_time="2026-04-01T09:00:00+00:00")

    def send(self, record, *, leaving, action):
        assert action is None
        if isinstance(self.outcome, Exception):
            raise self.outcome
        leaving()
        self.sent.append(record)
        self.in_doubt.append(list(RunRecords(self.journal).with_status(Status.SENDING)))
        return self.outcome


@pytest.fixture
def journal(tmp_path):
    with Journal.create(tmp_path / "journal.sqlite", {}) as made:
        yield made


@pytest.fixture
def deliver(tmp_path, journal):
    def delivered(*parcels, outcome=CREATED, progress=no_progress):
        sender = FakeSender(outcome, journal)
        with EventLog(tmp_path / "log.jsonl") as log:
            delivery = Delivery(
                sender, pace=Pace(clock=None), journal=journal, log=log, told=lambda each: each
            )
            total = sum(len(parcel.rows) for parcel in parcels)
            delivery.run(parcels, workers=1, total=total, progress=progress)
        return delivery, sender

    return delivered


def test_all_rows_of_a_call_are_in_doubt_while_it_is_on_its_way(deliver, journal):
    parcel = Parcel((2, 5, 9), "J-1", {"reference_number": "J-1"})
    _, sender = deliver(parcel)
    assert sender.sent == [parcel.record]
    ((doubt,),) = sender.in_doubt
    records = RunRecords(journal)
    assert records.rows_of(doubt.lead) == (2, 5, 9)
    assert (doubt.match_key, doubt.record_hash) == ("J-1", record_hash(parcel.record))
    assert list(records.with_status(Status.SENDING)) == []
    assert records.find(2).zoho_time == "2026-04-01T09:00:00+00:00"


@pytest.mark.parametrize("outcome", [CREATED, UNKNOWN])
def test_all_rows_of_a_call_have_its_outcome(deliver, journal, outcome):
    deliver(Parcel((2, 5), "", {}), Parcel((3,), "", {}), outcome=outcome)
    assert list(journal.outcomes()) == [(2, outcome), (3, outcome), (5, outcome)]


def test_rows_of_a_call_that_never_left_stay_planned(deliver, journal):
    planned = Planned(2, Status.PENDING, Action.UPDATE, "46", "", "ab12")
    RunRecords(journal).plan([((2, 5), planned)])
    delivery, _ = deliver(Parcel((2, 5), "", {}), outcome=Stopped())
    assert {outcome.status for _, outcome in journal.outcomes()} == {Status.PENDING}
    assert RunRecords(journal).find(2) == planned
    assert delivery.unwritten == {}


def test_all_rows_of_a_call_are_kept_when_the_journal_can_not_take_them(deliver, monkeypatch):
    def full(self, rows, outcome, *, zoho_time):
        raise ResultError("The journal can't be written.", code="ZB502")

    monkeypatch.setattr(Journal, "outcome", full)
    delivery, _ = deliver(Parcel((2, 5), "", {}))
    assert delivery.unwritten == {2: CREATED, 5: CREATED}
    assert delivery.stopped.code == "ZB502"


def test_a_call_counts_once_however_many_rows_it_has(deliver):
    limit = ALIKE[Status.UNKNOWN]
    parcels = [Parcel(tuple(range(start, start + 100)), "", {}) for start in range(2, 1002, 100)]
    assert len(parcels) == limit
    delivery, _ = deliver(*parcels[:-1], outcome=UNKNOWN)
    assert delivery.stopped is None
    delivery, _ = deliver(*parcels, outcome=UNKNOWN)
    assert delivery.stopped.code == "ZB416"
    assert delivery.stopped.message.startswith("10 calls one after the other")


def test_progress_counts_rows(deliver):
    seen = []

    def progress(steps, *, label, total=None, weigh=None):
        for step in steps:
            seen.append((step, total))
            yield step

    deliver(Parcel((2, 5), "", {}), Parcel((3,), "", {}), progress=progress)
    assert sorted(seen) == [(2, 3), (3, 3), (5, 3)]
