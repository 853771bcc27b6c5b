"""The sandbox's clock: it may run faster than ours, and be moved forward.

All times inside the sandbox are seconds of this clock. It never goes back
while the process runs. It does not know what is timed.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """Seconds since 1970 as the sandbox sees them.

    Attributes:
        speed: Sandbox seconds that pass in one real second.
        stopping: Set when the sandbox closes; ends every wait at once.
    """

    def __init__(self, *, speed: float, start: float) -> None:
        self.speed = speed
        self.stopping = threading.Event()
        self._start = start
        self._begun = time.monotonic()

    def now(self) -> float:
        """Return the sandbox time in seconds since 1970."""
        return self._start + (time.monotonic() - self._begun) * self.speed

    def skip(self, seconds: float) -> None:
        """Move the clock forward by *seconds* of its own."""
        self._start += max(seconds, 0.0)

    def wait(self, seconds: float) -> None:
        """Wait *seconds* of this clock, which is less real time when it runs fast."""
        if seconds > 0:
            self.stopping.wait(seconds / self.speed)


def midnight_after(moment: float, zone: ZoneInfo) -> float:
    """Return the first midnight in *zone* after *moment*, both in seconds since 1970."""
    local = datetime.fromtimestamp(moment, zone)
    tomorrow = local.date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).timestamp()


def stamp(moment: float, zone: ZoneInfo) -> str:
    """Return *moment* as Zoho writes it: ``2026-06-09T13:15:34-0400``, no colon in the offset."""
    return datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%dT%H:%M:%S%z")
