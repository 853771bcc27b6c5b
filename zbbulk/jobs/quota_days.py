"""How long the calls of a plan take: minutes at Zoho's pace, days on the day's quota.

Pure arithmetic; what Zoho's limits are is told by the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

MOST_DAYS = 3660


class Day(NamedTuple):
    """The calls of one day."""

    day: date
    calls: int


def minutes_of(calls: int, *, per_minute: int) -> int:
    """Return how many whole minutes *calls* take at least; the first burst is free."""
    return max(0, calls - 1) // per_minute


def days_of(calls: int, *, today: date, left: int, limit: int, reserve: int) -> Iterator[Day]:
    """Yield the days that *calls* take, the last one first to end.

    Args:
        calls: How many there are.
        today: In the organization's time zone.
        left: Calls that are left today.
        limit: Calls of a whole day.
        reserve: Calls of each day that are left to other apps.

    Ends early, after ten years, when the reserve leaves nothing.
    """
    room = max(0, left - reserve)
    for number in range(MOST_DAYS):
        if calls <= 0:
            return
        taken = min(calls, room)
        if taken:
            yield Day(today + timedelta(days=number), taken)
        calls -= taken
        room = max(0, limit - reserve)
