"""The clock: speed, waiting, midnight, time stamps."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from zbbulk.sandbox.clock import Clock, midnight_after, stamp

NEW_YORK = ZoneInfo("America/New_York")


def test_time_passes_faster_by_the_speed():
    clock = Clock(speed=1000, start=5.0)
    first, real = clock.now(), time.monotonic()
    clock.wait(20)
    passed = time.monotonic() - real
    assert first >= 5
    assert clock.now() - first >= 20
    assert 0.019 <= passed < 0.5


def test_a_wait_ends_at_once_when_the_sandbox_stops():
    clock = Clock(speed=1, start=0)
    clock.stopping.set()
    begun = time.monotonic()
    clock.wait(60)
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        ((2026, 6, 9, 20, 22), 7 + 38 / 60),  # recorded: reset at 04:00 UTC
        ((2026, 3, 8, 6, 0), 22),  # the clocks go forward: this day has 23 hours
        ((2026, 11, 1, 4, 0), 25),  # they go back
    ],
)
def test_midnight_is_that_of_the_time_zone(moment, hours):
    seconds = datetime(*moment, tzinfo=UTC).timestamp()
    assert midnight_after(seconds, NEW_YORK) - seconds == pytest.approx(hours * 3600)


def test_a_stamp_has_no_colon_in_its_offset():
    seconds = datetime(2026, 6, 9, 17, 15, 34, tzinfo=UTC).timestamp()
    assert stamp(seconds, NEW_YORK) == "2026-06-09T13:15:34-0400"
    assert stamp(seconds, ZoneInfo("Asia/Kolkata")) == "2026-06-09T22:45:34+0530"
