"""The time that everything in ``zoho/`` is measured and waited in.

A clock may run faster than the real one, as the embedded sandbox's does, so that
a minute's limit is met in a second. It does not know what is waited for.
"""

from __future__ import annotations

import time
from threading import Condition
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits, in its own seconds."""

    def now(self) -> float:
        """Return seconds since some fixed moment; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait, come what may."""
        ...

    def wait(self, condition: Condition, seconds: float | None) -> bool:
        """Wait until *condition* is notified; its lock is held by the caller.

        Args:
            condition: What to wait on; its lock is given away meanwhile.
            seconds: At most so long, or None for no end.

        Returns:
            False when the time ran out.
        """
        ...


class RealClock:
    """The machine's clock, made *speed* times faster.

    Attributes:
        speed: 60 makes a minute last one real second.
    """

    def __init__(self, *, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"a clock can't run {speed} times as fast")
        self.speed = speed

    def now(self) -> float:
        """Return seconds of this clock since the machine started."""
        return time.monotonic() * self.speed

    def sleep(self, seconds: float) -> None:
        """Wait *seconds* of this clock."""
        time.sleep(max(0.0, seconds) / self.speed)

    def wait(self, condition: Condition, seconds: float | None) -> bool:
        """Wait for *condition*, at most *seconds* of this clock; False if they ran out."""
        return condition.wait(None if seconds is None else max(0.0, seconds) / self.speed)
