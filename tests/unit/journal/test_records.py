"""The records of a run in its journal: planned, sent, in doubt, and known by later runs."""

import pytest

from zbbulk.journal.journal import Journal
from zbbulk.journal.records import Planned, RunRecords, sent_by
from zbbulk.model import Action, Outcome, Status

CREATED = Outcome(status=Status.CREATED, zb_id="46")
FACTS = {"resource": "items", "organization_id": "10"}


@pytest.fixture
def journal(tmp_path):
    with Journal.create(tmp_path / "journal.sqlite", FACTS) as made:
        yield made


@pytest.fixture
def records(journal):
    return RunRecords(journal)


def planned(lead, *, action=Action.CREATE, zb_id="", mark="ab"):
    return Planned(lead, Status.PENDING, action, zb_id, f"K-{lead}", mark)


def test_a_plan_is_read_as_it_was_written(records):
    records.plan([((2, 5), planned(2)), ((3,), planned(3, action=Action.UPDATE, zb_id="7"))])
    assert list(records.with_status(Status.PENDING)) == [
        planned(2),
        planned(3, action=Action.UPDATE, zb_id="7"),
    ]
    assert records.rows_of(2) == (2, 5)
    assert records.lead_of(5) == 2
    assert records.find(5) is None


def test_a_record_that_was_sent_keeps_how_it_was_planned(journal, records):
    records.plan([((3,), planned(3, action=Action.UPDATE, zb_id="7"))])
    journal.sending([3], key="K-3", record_hash="ab")
    (doubt,) = records.with_status(Status.SENDING)
    assert (doubt.action, doubt.zb_id, doubt.record_hash) == (Action.UPDATE, "7", "ab")
    records.again([3])
    assert records.find(3) == planned(3, action=Action.UPDATE, zb_id="7")


def test_a_plan_that_is_dropped_leaves_what_was_sent(journal, records):
    records.plan([((2,), planned(2)), ((3,), planned(3))])
    journal.outcome([2], CREATED, zoho_time="2026-04-01T09:00:00+00:00")
    records.forget_plan()
    (left,) = records.with_status(*Status)
    assert (left.lead, left.zb_id, left.zoho_time) == (2, "46", "2026-04-01T09:00:00+00:00")
    records.forget_rows()
    assert list(records.with_status(*Status)) == []


def test_what_a_record_was_first_is_what_is_kept(records):
    assert not records.has_before(3)
    assert records.before(3) == ""
    records.keep_before(3, '{"rate": 1.50}')
    records.keep_before(3, '{"rate": 9}')
    assert records.has_before(3)
    assert records.before(3) == '{"rate": 1.50}'


def test_a_later_run_learns_what_was_created_each_record_once(journal, records):
    records.plan([((2, 5), planned(2)), ((3,), planned(3)), ((4,), planned(4))])
    journal.sending([2, 5], record_hash="h2")
    journal.outcome([2, 5], CREATED)
    journal.outcome([3], Outcome(status=Status.FAILED, code="1001"))
    journal.sending([4], record_hash="h4")
    assert list(sent_by(journal.path, "items", "10")) == [("h2", "46", False), ("h4", "", True)]
    assert list(sent_by(journal.path, "items", "11")) == []
    assert list(sent_by(journal.path, "contacts", "10")) == []


def test_what_is_no_journal_tells_nothing(tmp_path):
    (tmp_path / "x.sqlite").write_text("no database")
    assert list(sent_by(tmp_path / "x.sqlite", "items", "10")) == []
    assert list(sent_by(tmp_path / "absent.sqlite", "items", "10")) == []


def test_more_records_than_are_read_at_once_all_come(records):
    records.plan(((row,), planned(row)) for row in range(2, 12_003))
    leads = [each.lead for each in records.with_status(Status.PENDING)]
    assert leads == list(range(2, 12_003))
