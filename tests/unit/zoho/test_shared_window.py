"""The window that processes share: alone it is the window of one, together it is one window."""

import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.errors import ResultError
from zbbulk.zoho.limits import WINDOW_S, Window
from zbbulk.zoho.shared_window import POLL_S, SharedWindow, is_alive

STEPS = st.lists(st.tuples(st.floats(0, 40), st.booleans()), max_size=80)


def opened(path, *, per_minute=5, at_once=2):
    return SharedWindow(path, per_minute=per_minute, at_once=at_once)


@given(STEPS)
def test_alone_it_lets_through_what_the_window_of_one_process_does(tmp_path_factory, steps):
    shared = opened(tmp_path_factory.mktemp("state") / "limits.sqlite")
    alone = Window(per_minute=5, at_once=2)
    now = 1000.0
    for seconds, is_answer in steps:
        now += seconds
        if is_answer and alone.in_flight:
            alone.answer(now)
            shared.answer(now)
        else:
            assert (shared.take(now) <= 0) == (alone.take(now) <= 0)
        assert shared.in_flight == alone.in_flight


@pytest.fixture
def two(tmp_path):
    return [opened(tmp_path / "limits.sqlite") for _ in range(2)]


def test_two_count_what_both_send(two):
    first, second = two
    now = 1000.0
    for number in range(5):
        window = two[number % 2]
        assert window.take(now) == 0
        window.answer(now + number)
    assert first.take(now + 10) == pytest.approx(WINDOW_S - 10)
    assert second.take(now + 10) == pytest.approx(WINDOW_S - 10)
    assert second.take(now + WINDOW_S) == 0


def test_two_have_no_more_in_progress_than_one_may(two):
    first, second = two
    assert (first.take(1.0), second.take(1.0)) == (0, 0)
    assert (first.take(1.0), second.take(1.0)) == (POLL_S, POLL_S)
    second.answer(2.0)
    assert first.take(2.0) == 0


def test_what_holds_one_holds_the_other(two):
    first, second = two
    first.hold(1060.0)
    assert second.take(1000.0) == pytest.approx(60.0)
    assert second.take(1060.0) == 0


def test_what_a_dead_process_had_in_progress_counts_as_arrived(two, tmp_path):
    first, _ = two
    link = sqlite3.connect(tmp_path / "limits.sqlite")
    with link:
        link.executemany(
            "INSERT INTO slots (pid, taken) VALUES (?, 990)", [(2**22 + 1,), (2**22 + 1,)]
        )
    link.close()
    assert not is_alive(2**22 + 1)
    assert first.take(1000.0) == 0
    counted = [first.take(1000.0 + n) for n in range(3)]
    assert counted[0] == 0
    first.answer(1001.0)
    first.answer(1001.0)
    assert first.take(1003.0) == 0
    assert first.take(1003.0) == pytest.approx(1000 + WINDOW_S - 1003)


def test_times_of_before_a_restart_of_the_machine_count_no_more(tmp_path):
    path = tmp_path / "limits.sqlite"
    before = opened(path)
    for _ in range(2):
        before.take(90_000.0)
    before.hold(95_000.0)
    assert opened(path).take(10.0) == 0


def test_a_file_that_can_not_be_used_is_told(tmp_path):
    path = tmp_path / "limits.sqlite"
    path.write_text("no database, but something else")
    with pytest.raises(ResultError) as caught:
        opened(path)
    assert caught.value.code == "ZB418"
    assert "ZBBULK_STATE" in caught.value.fix


OPENER = """
import sys
from pathlib import Path
from zbbulk.zoho.shared_window import SharedWindow
sys.stdin.readline()
for number in range(20):
    window = SharedWindow(Path(f"{sys.argv[1]}-{number}.sqlite"), per_minute=100, at_once=100)
    assert window.take(1000.0) == 0
    window.answer(1000.0)
"""


def test_many_processes_may_open_it_at_the_same_moment(tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, tmp_path / "limits"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(5)
    ]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60)[1] for process in processes]
    assert told == [""] * 5
    link = sqlite3.connect(tmp_path / "limits-19.sqlite")
    assert link.execute("SELECT count(*) FROM slots").fetchone() == (5,)
    link.close()
