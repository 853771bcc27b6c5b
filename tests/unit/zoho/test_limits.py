import heapq
import random
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.zoho.limits import Limit, Window


def simulate(window, latencies, complaints=frozenset(), workers=10):
    """Run *workers* that always have something to send; return (arrivals, most in flight)."""
    now, arrivals, most, events, waiting = 0.0, [], 0, [], len(latencies)
    idle, sent = workers, 0
    while sent < waiting or events:
        wait_s = window.wait_s(now) if idle and sent < waiting else inf
        if wait_s <= 0:
            there, back = latencies[sent]
            window.start()
            most = max(most, window.in_flight)
            arrivals.append(now + there)
            heapq.heappush(events, (now + there + back, sent))
            idle, sent = idle - 1, sent + 1
            continue
        if events and events[0][0] <= now + wait_s:
            now, number = heapq.heappop(events)
            window.answer(now)
            idle += 1
            complain(window, complaints, number, now)
        else:
            now += wait_s + 1e-9
    return sorted(arrivals), most


def complain(window, complaints, number, now):
    if number in complaints:
        window.per_minute.lower(now)
        window.at_once.lower(now)
        window.hold(now + 60)


seconds = st.one_of(st.floats(0, 0.5), st.floats(0, 5), st.floats(0, 90))


@given(
    latencies=st.lists(st.tuples(seconds, seconds), min_size=1, max_size=60),
    complaints=st.sets(st.integers(0, 59), max_size=3),
)
def test_no_minute_ever_holds_more_arrivals_than_allowed(latencies, complaints):
    arrivals, most = simulate(Window(per_minute=7, at_once=3), latencies, complaints, workers=5)
    assert len(arrivals) == len(latencies)
    assert most <= 3
    for early, late in zip(arrivals, arrivals[7:], strict=False):
        assert late - early > 60


@pytest.mark.parametrize("seed", range(5))
def test_zohos_own_limits_hold_and_98_percent_of_them_is_used(seed):
    chance = random.Random(seed)
    latencies = [(chance.uniform(0.02, 0.2), chance.uniform(0.03, 0.3)) for _ in range(1000)]
    arrivals, most = simulate(Window(per_minute=100, at_once=10), latencies)
    assert most <= 10
    assert all(b - a > 60 for a, b in zip(arrivals, arrivals[100:], strict=False))
    took_s = arrivals[-1] - arrivals[99]
    assert 900 / (took_s / 60) >= 98


def test_a_slot_is_free_a_minute_after_its_answer_and_not_after_its_start():
    window = Window(per_minute=1, at_once=10)
    window.start()
    assert window.wait_s(500.0) == inf
    window.answer(500.0)
    assert 60 < window.wait_s(500.0) < 60.1
    assert window.wait_s(560.1) == 0


def test_a_hold_stops_a_free_slot():
    window = Window(per_minute=5, at_once=5)
    window.hold(160.0)
    window.hold(150.0)
    assert window.wait_s(100.0) == 60
    assert window.wait_s(160.0) == 0


def test_a_minute_in_which_nobody_may_send_is_not_a_clean_one():
    window = Window(per_minute=100, at_once=10)
    window.per_minute.lower(0.0)
    window.hold(60.0)
    for at, value in [(61.0, 90), (119.0, 90), (120.0, 95)]:
        window.start()
        window.answer(at)
        assert window.per_minute.value == value


def test_a_lowered_limit_waits_for_as_many_slots_more():
    window = Window(per_minute=10, at_once=20)
    for _ in range(10):
        window.start()
    for second in range(10):
        window.answer(float(second))
    window.per_minute.lower(10.0)
    assert window.per_minute.value == 9
    assert window.wait_s(10.0) == pytest.approx(51.05)


class TestLimit:
    def limit(self):
        return Limit(10, less=lambda v: v // 2, step=1, quiet_s=3.0)

    def test_complaints_that_were_on_their_way_count_once(self):
        limit = self.limit()
        for at in (100.0, 100.1, 102.9):
            limit.lower(at)
        assert limit.value == 5
        limit.lower(103.0)
        assert limit.value == 2

    def test_it_never_gives_way_below_one(self):
        limit = self.limit()
        for at in range(0, 1000, 10):
            limit.lower(float(at))
        assert limit.value == 1

    def test_it_comes_back_one_step_a_clean_minute(self):
        limit = self.limit()
        limit.lower(0.0)
        limit.clean(59.0)
        assert limit.value == 5
        limit.clean(60.0)
        limit.clean(61.0)
        assert limit.value == 6
        limit.clean(120.0)
        assert limit.value == 7

    def test_a_raise_that_was_refused_is_taken_back_and_tried_later_and_later(self):
        limit = self.limit()
        limit.lower(0.0)
        limit.clean(60.0)
        limit.lower(61.0)
        assert limit.value == 5
        limit.clean(121.0)
        assert limit.value == 5
        limit.clean(181.0)
        assert limit.value == 6

    def test_a_limit_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="a limit of 0 lets nothing through"):
            Limit(0, less=lambda v: v, step=1, quiet_s=1)

    def test_it_stops_at_the_top(self):
        limit = self.limit()
        limit.lower(0.0)
        for minute in range(1, 30):
            limit.clean(minute * 60.0)
        assert limit.value == 10
