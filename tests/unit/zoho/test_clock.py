import threading
import time

import pytest

from zbbulk.zoho.clock import RealClock


def test_a_fast_clock_shows_its_own_seconds():
    clock = RealClock(speed=1000)
    before, real = clock.now(), time.monotonic()
    clock.sleep(20)
    assert clock.now() - before >= 20
    assert time.monotonic() - real < 5


def test_waiting_for_a_condition_ends_when_the_time_runs_out():
    condition = threading.Condition()
    with condition:
        assert RealClock(speed=1000).wait(condition, 10) is False


def test_waiting_for_a_condition_ends_when_it_is_notified():
    condition = threading.Condition()

    def wake():
        with condition:
            condition.notify()

    with condition:
        threading.Thread(target=wake).start()
        assert RealClock().wait(condition, None) is True


@pytest.mark.parametrize("speed", [0, -1])
def test_a_clock_that_stands_still_is_refused(speed):
    with pytest.raises(ValueError, match="a clock can't run"):
        RealClock(speed=speed)
