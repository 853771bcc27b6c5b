"""How many requests may leave now: the arithmetic of the limits, without threads.

Zoho counts the arrivals of any 60 seconds and the requests in progress
(https://www.zoho.com/books/api/v3/introduction/, "API Call Limit"). A slot of the
window is free again 60 seconds after its *answer* came: the arrival lies before the
answer, so no latency can break the limit. Time is always an argument.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import inf

WINDOW_S = 60.05
"""Zoho's minute, and a little more against rounding."""

_PATIENCE_S = 60.0
_MOST_PATIENCE_S = 960.0


class Limit:
    """A limit that gives way when Zoho complains and comes back slowly.

    Attributes:
        value: What holds now.
        top: What it comes back to.
    """

    def __init__(self, top: int, *, less: Callable[[int], int], step: int, quiet_s: float) -> None:
        """Start at *top*.

        Args:
            top: The most that is ever allowed.
            less: What is left of a value after a complaint.
            step: How much comes back at a time.
            quiet_s: So long after a complaint others are the same one: they were
                on their way already.
        """
        if top < 1:
            raise ValueError(f"a limit of {top} lets nothing through")
        self.top = self.value = top
        self._less = less
        self._step = step
        self._quiet_s = quiet_s
        self._patience_s = _PATIENCE_S
        self._lowered_at = self._changed_at = -inf
        self._was_raised = False

    def lower(self, now: float) -> None:
        """Give way; a complaint right after a raise only takes the raise back."""
        if now - self._lowered_at < self._quiet_s:
            return
        if self._was_raised:
            self._patience_s = min(2 * self._patience_s, _MOST_PATIENCE_S)
            self.value = max(1, self.value - self._step)
        else:
            self.value = max(1, self._less(self.value))
        self._was_raised = False
        self._lowered_at = self._changed_at = now

    def clean(self, now: float) -> None:
        """Come back one step if there was no complaint for long enough."""
        if self.value == self.top or now - self._changed_at < self._patience_s:
            return
        self.value = min(self.top, self.value + self._step)
        self._changed_at = now
        self._was_raised = self.value < self.top
        if not self._was_raised:
            self._patience_s = _PATIENCE_S

    def nothing_shown_before(self, until: float) -> None:
        """Count clean minutes from *until* on: while nobody sends, nobody complains."""
        self._changed_at = max(self._changed_at, until)


class Window:
    """The slots of the last minute and the requests in progress.

    Attributes:
        per_minute: 10 % fewer after a complaint, 5 % back after a clean minute.
        at_once: Halved after a complaint (Zoho's plans allow 10 or 5), one back
            after a clean minute.
        in_flight: Started and not answered.
        held_until: Nobody may start before.
    """

    def __init__(self, *, per_minute: int, at_once: int) -> None:
        self.per_minute = Limit(
            per_minute, less=lambda v: v * 9 // 10, step=max(1, per_minute // 20), quiet_s=60.0
        )
        self.at_once = Limit(at_once, less=lambda v: v // 2, step=1, quiet_s=3.0)
        self.in_flight = 0
        self.held_until = -inf
        self._answers: deque[float] = deque()

    def wait_s(self, now: float) -> float:
        """Return how long the next request must wait: 0 for not at all.

        ``inf`` means: until an answer comes.
        """
        while self._answers and self._answers[0] + WINDOW_S <= now:
            self._answers.popleft()
        if self.in_flight >= self.at_once.value:
            return inf
        return max(0.0, self.held_until - now, self._slot_at() - now)

    def _slot_at(self) -> float:
        """Return when the next slot is free, ``inf`` if only an answer can tell."""
        too_many = len(self._answers) + self.in_flight - self.per_minute.value
        if too_many < 0:
            return -inf
        if too_many >= len(self._answers):
            return inf
        return self._answers[too_many] + WINDOW_S

    def take(self, now: float) -> float:
        """Take a slot and return 0, or return how long the request must wait, as ``wait_s``."""
        wait_s = self.wait_s(now)
        if wait_s <= 0:
            self.start()
        return wait_s

    def start(self) -> None:
        """Take a slot."""
        self.in_flight += 1

    def answer(self, now: float) -> None:
        """Give the place in progress back, and the slot a minute later."""
        self.in_flight -= 1
        self._answers.append(now)
        self.per_minute.clean(now)
        self.at_once.clean(now)

    def hold(self, until: float) -> None:
        """Let nobody start before *until*."""
        self.held_until = max(self.held_until, until)
        for limit in (self.per_minute, self.at_once):
            limit.nothing_shown_before(until)
