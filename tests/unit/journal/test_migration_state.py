import sqlite3

import pytest

from zbbulk.errors import ResultError
from zbbulk.journal.crosswalk import Crosswalk
from zbbulk.journal.migration_state import NAME, MigrationState, StepState


def test_how_steps_stand_is_known_when_it_is_opened_again(tmp_path):
    with MigrationState.open(tmp_path, {"file": "m.yml"}) as state:
        state.note("customers", StepState("begun", "run-1", "abc"))
        state.note("orders", StepState("begun", "run-2", "def"))
        state.note("customers", StepState("done", "run-1", "abc"))
    with MigrationState.open(tmp_path, {"file": "another.yml"}) as state:
        assert state.facts() == {"file": "m.yml"}
        assert state.steps() == {
            "customers": StepState("done", "run-1", "abc"),
            "orders": StepState("begun", "run-2", "def"),
        }
        state.note_facts({"finished": "today"})
        assert state.facts() == {"file": "m.yml", "finished": "today"}


def test_every_change_is_on_disk_before_the_call_returns(tmp_path):
    with MigrationState.open(tmp_path) as state:
        state.note("customers", StepState("begun", "run-1", "abc"))
        other = sqlite3.connect(tmp_path / NAME)
        assert other.execute("SELECT * FROM steps").fetchall() == [
            ("customers", "begun", "run-1", "abc")
        ]
        other.close()


def test_a_file_that_is_something_else_is_refused(tmp_path):
    Crosswalk.open(tmp_path / NAME).close()
    with pytest.raises(ResultError) as caught:
        MigrationState.open(tmp_path)
    assert caught.value.code == "ZB502"
    (tmp_path / NAME).write_bytes(b"not a database, but long enough to be looked at" * 30)
    with pytest.raises(ResultError) as caught:
        MigrationState.open(tmp_path)
    assert caught.value.code == "ZB502"
