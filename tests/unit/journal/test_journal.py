import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zbbulk.errors import ExitCode, ResultError
from zbbulk.journal.journal import Journal
from zbbulk.journal.records import Planned, RunRecords
from zbbulk.model import Action, Outcome, Status

CREATED = Outcome(status=Status.CREATED, zb_id="46", message="The item has been added.")
FAILED = Outcome(status=Status.FAILED, code="1001", message='Item "a" exists', fix="Rename it.")
REJECTED = Outcome(status=Status.REJECTED, code="ZB204", message="'x' is not a number")


def in_doubt(journal):
    return list(RunRecords(journal).with_status(Status.SENDING))


def moment():
    return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path):
    with Journal.create(path, {"file": "items.csv", "resource": "items"}, now=moment) as made:
        yield made


def test_the_facts_of_the_run_are_kept(journal, path):
    journal.finish("done")
    with Journal.open(path) as again:
        assert again.facts() == {
            "schema_version": "3",
            "file": "items.csv",
            "resource": "items",
            "finished": "2026-01-02T03:04:05.000+00:00",
            "reason": "done",
        }


def test_a_row_goes_from_sending_to_its_outcome(journal):
    journal.sending([7], key="Bolt", record_hash="ab12")
    assert list(journal.outcomes()) == [(7, Outcome(status=Status.SENDING))]
    assert in_doubt(journal) == [Planned(7, Status.SENDING, Action.CREATE, "", "Bolt", "ab12")]
    journal.outcome([7], CREATED)
    assert list(journal.outcomes()) == [(7, CREATED)]
    assert in_doubt(journal) == []


def test_a_row_that_is_sent_again_forgets_its_old_outcome(journal):
    journal.outcome([7], FAILED)
    journal.sending([7], key="Bolt")
    assert list(journal.outcomes()) == [(7, Outcome(status=Status.SENDING))]


def test_rows_of_one_request_are_written_together_or_not_at_all(journal):
    journal.sending([7, 9], key="J-1", record_hash="ab12")
    assert [RunRecords(journal).rows_of(doubt.lead) for doubt in in_doubt(journal)] == [(7, 9)]
    with pytest.raises(ResultError):
        journal.outcome([7, None, "x"], CREATED)
    assert [RunRecords(journal).rows_of(doubt.lead) for doubt in in_doubt(journal)] == [(7, 9)]
    journal.outcome([7, 9], CREATED)
    assert list(journal.outcomes()) == [(7, CREATED), (9, CREATED)]


def test_every_attempt_is_kept_with_its_time(journal, path):
    journal.sending([7])
    journal.outcome([7], FAILED)
    at = "2026-01-02T03:04:05.000+00:00"
    with sqlite3.connect(path) as link:
        kept = link.execute("SELECT row, at, what FROM attempts ORDER BY id").fetchall()
    link.close()
    assert kept == [(7, at, "sending"), (7, at, "failed 1001")]


def test_rows_that_are_not_sent_are_noted_in_bulk_and_all_or_none(journal):
    journal.note_many((row, REJECTED) for row in range(2, 5000))
    assert journal.count() == {Status.REJECTED: 4998}

    def broken():
        yield 5001, REJECTED
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        journal.note_many(broken())
    assert journal.count() == {Status.REJECTED: 4998}
    journal.outcome([5002], CREATED)
    assert journal.count() == {Status.REJECTED: 4998, Status.CREATED: 1}


def test_outcomes_come_in_row_order_while_others_write(journal):
    journal.note_many((row, REJECTED) for row in range(3000, 1, -1))
    rows = []
    for row, _ in journal.outcomes():
        rows.append(row)
        if row == 10:
            journal.outcome([2500], CREATED)
    assert rows == list(range(2, 3001))


outcomes = st.builds(
    Outcome,
    status=st.sampled_from(Status),
    zb_id=st.text("0123456789", max_size=19),
    code=st.sampled_from(["", "1001", "ZB301 ZB302"]),
    message=st.text(st.characters(exclude_categories=["Cs"])),
    fix=st.text(max_size=5),
)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 20), outcomes)))
def test_the_last_word_on_each_row_comes_back_as_it_was(tmp_path_factory, told):
    path = tmp_path_factory.mktemp("law") / "journal.sqlite"
    with Journal.create(path, {}) as journal:
        for row, outcome in told[::2]:
            journal.outcome([row], outcome)
        journal.note_many(told[1::2])
        expected = dict(told[::2]) | dict(told[1::2])
        assert list(journal.outcomes()) == sorted(expected.items(), key=lambda pair: pair[0])


def test_ten_threads_may_write(journal):
    def work(first):
        for row in range(first, 200, 10):
            journal.sending([row])
            journal.outcome([row], CREATED)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.count() == {Status.CREATED: 200}


def test_it_is_as_durable_as_sqlite_can_be(journal):
    assert journal.read("PRAGMA journal_mode") == [("wal",)]
    assert journal.read("PRAGMA synchronous") == [(2,)]


# --- what can go wrong is a ResultError ZB502 that names the file


def refused(call, *, words):
    with pytest.raises(ResultError, match=words) as caught:
        call()
    assert (caught.value.code, caught.value.exit_code) == ("ZB502", ExitCode.NOTHING_SENT)
    assert "journal.sqlite" in caught.value.message


def test_a_journal_is_never_overwritten(journal, path):
    refused(lambda: Journal.create(path, {}), words="exists")


def test_a_folder_that_is_not_there_is_told(tmp_path):
    refused(lambda: Journal.create(tmp_path / "no" / "journal.sqlite", {}), words="No such file")


def test_a_journal_that_is_not_there_is_told(path):
    refused(lambda: Journal.open(path), words="There is no journal")
    assert not path.exists()


def test_another_file_is_not_a_journal(path):
    path.write_text("name,rate\n" * 100)
    refused(lambda: Journal.open(path), words="not a database")


def test_another_programs_database_is_not_a_journal(path):
    link = sqlite3.connect(path)
    link.execute("CREATE TABLE x (y)")
    link.close()
    refused(lambda: Journal.open(path), words="not a journal of zbbulk")


def test_a_journal_of_another_version_is_left_alone(journal, path):
    journal._link.execute("PRAGMA user_version=9")
    refused(lambda: Journal.open(path), words="version 9; this zbbulk reads version 3")


def test_a_full_disk_is_told_and_nothing_half_is_kept(journal):
    journal.outcome([1], CREATED)
    pages = journal.read("PRAGMA page_count")[0][0]
    journal.read(f"PRAGMA max_page_count={pages}")
    long = Outcome(status=Status.FAILED, message="x" * 100_000)
    refused(lambda: journal.outcome([2], long), words="full")
    assert list(journal.outcomes()) == [(1, CREATED)]
    journal.read("PRAGMA max_page_count=100000")
    journal.outcome([2], FAILED)
    assert list(journal.outcomes()) == [(1, CREATED), (2, FAILED)]


def test_a_journal_that_another_program_holds_is_told(path):
    with Journal.create(path, {}, wait_s=0.01) as journal:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused(lambda: journal.sending([1]), words="locked")
        other.execute("ROLLBACK")
        other.close()
        journal.sending([1])


def test_a_closed_journal_is_told(journal):
    journal.close()
    refused(lambda: journal.sending([1]), words="closed")


# --- and after a crash every acknowledged row is there

CHILD = """
import sys
from pathlib import Path
from zbbulk.journal.journal import Journal
from zbbulk.model import Action, Outcome, Status
journal = Journal.create(Path(sys.argv[1]), {"file": "x"})
for row in range(1, 100000):
    journal.sending([row], key=f"key {row}")
    print(row, "sending", flush=True)
    journal.outcome([row], Outcome(status=Status.CREATED, zb_id=str(row)))
    print(row, "created", flush=True)
"""


@pytest.mark.parametrize("seed", range(8))
def test_a_killed_run_has_lost_nothing_that_was_acknowledged(path, seed):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True
    )
    wanted = Random(seed).randint(1, 300)
    told = [next(child.stdout).split() for _ in range(wanted)]
    os.kill(child.pid, signal.SIGKILL)
    told += [line.split() for line in child.stdout if line.endswith("\n")]
    child.stdout.close()
    child.wait()
    acknowledged = {int(row): what for row, what in told}
    with Journal.open(path) as journal:
        kept = {row: outcome.status.value for row, outcome in journal.outcomes()}
        doubts = in_doubt(journal)
    last = max(acknowledged)
    for row, what in acknowledged.items():
        assert kept[row] == what or (row == last and kept[row] == "created")
    assert set(kept) - set(acknowledged) <= {last + 1}
    assert len(doubts) <= 1
    assert all(doubt.match_key == f"key {doubt.lead}" for doubt in doubts)
