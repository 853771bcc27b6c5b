"""How many calls an organization may make: a minute, a day, at once.

Source: https://www.zoho.com/books/api/v3/introduction/ (100 a minute; the day by
plan; 10 at once, 5 on the free plan). Zoho documents neither how long the block
of code 44 lasts nor what counts: here every arrival counts, also a refused one,
and the block ends when the sliding window has room again.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.clock import midnight_after

WINDOW_S = 60.0
PER_MINUTE = 100


class Plan(NamedTuple):
    """What a plan allows."""

    per_day: int
    at_once: int


PLANS = {
    "free": Plan(1000, 5),
    "standard": Plan(2000, 10),
    "professional": Plan(5000, 10),
    "premium": Plan(10000, 10),
    "elite": Plan(10000, 10),
    "ultimate": Plan(10000, 10),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The limits in force; 0 means that there is none."""

    per_minute: int
    per_day: int
    at_once: int

    @classmethod
    def of(
        cls, plan_name: str, *, per_minute: int, per_day: int | None, at_once: int | None
    ) -> Allowance:
        """Return the limits of a plan; a number that is given wins over the plan's."""
        plan = PLANS[plan_name]
        return cls(
            per_minute=per_minute,
            per_day=plan.per_day if per_day is None else per_day,
            at_once=plan.at_once if at_once is None else at_once,
        )


class Limits:
    """Counts calls and says which one is too many.

    Attributes:
        day: The midnight that ends the day being counted, in sandbox seconds.
        used: Calls of that day.
    """

    def __init__(self, allowance: Allowance, *, zone: ZoneInfo) -> None:
        self._allowance = allowance
        self._zone = zone
        self._lock = threading.Lock()
        self._window: deque[float] = deque()
        self._in_flight = 0
        self.day = 0.0
        self.used = 0

    def arrive(self, moment: float) -> tuple[int, Refusal | None]:
        """Count one arrival; return how many are in flight with it, and why it is refused.

        ``leave`` must follow, whatever the outcome.
        """
        with self._lock:
            self._in_flight += 1
            self._start_day(moment)
            return self._in_flight, self._verdict(moment)

    def leave(self) -> None:
        """Count one answer; called before it is written, so that no client is ahead of us."""
        with self._lock:
            self._in_flight -= 1

    def _start_day(self, moment: float) -> None:
        if moment >= self.day:
            self.day = midnight_after(moment, self._zone)
            self.used = 0

    def _verdict(self, moment: float) -> Refusal | None:
        allowed = self._allowance
        window = self._window
        while window and window[0] <= moment - WINDOW_S:
            window.popleft()
        window.append(moment)
        if allowed.per_day and self.used >= allowed.per_day:
            return Refusal("45", limit=allowed.per_day)
        self.used += 1
        if allowed.per_minute and len(window) > allowed.per_minute:
            return Refusal("44")
        if allowed.at_once and self._in_flight > allowed.at_once:
            return Refusal("1070")
        return None

    def headers(self, moment: float) -> dict[str, str]:
        """Return the ``X-Rate-Limit`` headers; none when there is no day limit."""
        per_day = self._allowance.per_day
        if not per_day:
            return {}
        with self._lock:
            self._start_day(moment)
            return {
                "X-Rate-Limit-Limit": str(per_day),
                "X-Rate-Limit-Remaining": str(per_day - self.used),
                "X-Rate-Limit-Reset": str(math.ceil(self.day - moment)),
            }
