import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from zbbulk.errors import ExitCode
from zbbulk.zoho.clock import RealClock
from zbbulk.zoho.pace import Pace, Stopped


class CountingClock(RealClock):
    waits = 0

    def wait(self, condition, seconds):
        self.waits += 1
        return super().wait(condition, seconds)


def worked(pace, clock, *, turns, threads, latency_s):
    """Let *threads* take *turns* in all; return when each began and the most at once."""
    lock, begun, at_once = threading.Lock(), [], [0, 0]

    def one(_):
        with pace.turn():
            with lock:
                begun.append(clock.now())
                at_once[0] += 1
                at_once[1] = max(at_once)
            clock.sleep(latency_s)
            with lock:
                at_once[0] -= 1

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(turns)))
    return sorted(begun), at_once[1]


def test_ten_threads_never_pass_the_limits_and_lose_little():
    clock = CountingClock(speed=600)
    begun, most = worked(Pace(clock=clock), clock, turns=600, threads=16, latency_s=0.3)
    assert most <= 10
    assert all(b - a > 60 for a, b in zip(begun, begun[100:], strict=False))
    assert begun[-1] - begun[99] < 5 * 60 * 3, "a clock this fast shows only gross losses"
    assert clock.waits < 4 * 600, "an answer wakes one thread, and nobody looks again and again"


def test_the_first_thread_in_the_queue_goes_first(clock):
    order, pace = [], Pace(clock=RealClock(), at_once=1)

    def one(name):
        with pace.turn():
            order.append(name)

    threads = []
    with pace.turn():
        for name in range(5):
            threads.append(threading.Thread(target=one, args=(name,)))
            threads[-1].start()
            until(lambda name=name: len(pace._queue) == name + 1)
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 2, 3, 4]


def until(is_so):
    for _ in range(2000):
        if is_so():
            return
        time.sleep(0.001)
    pytest.fail("it never became so")


def test_a_free_turn_costs_no_wait(clock, pace):
    for _ in range(100):
        with pace.turn():
            pass
    assert clock.waits == []
    with pace.turn():
        assert len(clock.waits) == 1
    assert clock.waits[0] == pytest.approx(60.05)


def test_a_hold_is_for_everybody(clock, pace):
    pace.hold(60)
    assert pace.held_s == 60
    with pace.turn():
        assert clock.now() == pytest.approx(1060)
    assert pace.held_s == 0


def test_slowing_down_and_fewer_at_once(pace):
    pace.slow_down()
    pace.fewer_at_once()
    assert (pace.per_minute, pace.at_once) == (90, 5)


def test_a_turn_that_fails_is_given_back(pace):
    with pytest.raises(ZeroDivisionError), pace.turn():
        raise ZeroDivisionError
    assert pace._window.in_flight == 0


def test_stop_wakes_whoever_waits_for_a_turn_or_rests():
    pace, raised = Pace(clock=RealClock(), at_once=1), []

    def wait(how):
        try:
            how()
        except Stopped as stopped:
            raised.append(stopped)

    def turn():
        with pace.turn():
            pytest.fail("nobody may start after the stop")

    with pace.turn():
        threads = [threading.Thread(target=wait, args=(turn,)) for _ in range(3)]
        threads += [threading.Thread(target=wait, args=(lambda: pace.pause(999),))]
        for thread in threads:
            thread.start()
        until(lambda: len(pace._queue) == 3 and len(pace._resting) == 1)
        pace.stop()
        for thread in threads:
            thread.join(5)
    assert [(one.code, one.exit_code) for one in raised] == [("ZB414", ExitCode.STOPPED)] * 4


def test_after_a_stop_nobody_starts(pace):
    pace.stop()
    with pytest.raises(Stopped), pace.turn():
        pass
    with pytest.raises(Stopped):
        pace.pause(1)


def test_a_pause_lasts_as_long_as_asked(clock, pace):
    pace.pause(3)
    assert clock.now() == pytest.approx(1003)
