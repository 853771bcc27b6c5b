"""The gate that every HTTP request passes: who may go now, and who waits.

Threads queue; only the first of them waits for a time, the others for their
turn, so that an answer wakes exactly one. The arithmetic is in ``limits``. It
does not know what is sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from threading import Condition, Lock

from zbbulk.errors import ZohoError
from zbbulk.zoho.clock import Clock
from zbbulk.zoho.limits import Window


class Stopped(ZohoError):
    """The user stopped the run while this thread waited; it has sent nothing."""

    code = "ZB414"

    def __init__(self) -> None:
        super().__init__("Stopped while waiting for a turn; nothing was sent.")


class Pace:
    """Keeps all threads of one organization below Zoho's limits, and other processes too.

    Attributes:
        clock: What a minute is.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        per_minute: int = 100,
        at_once: int = 10,
        window: Window | None = None,
    ) -> None:
        """Let nobody through yet.

        Args:
            clock: What a minute is.
            per_minute: Requests in 60 seconds.
            at_once: Requests in progress.
            window: What counts them, where other processes are counted too.
        """
        self.clock = clock
        self._window = window or Window(per_minute=per_minute, at_once=at_once)
        self._lock = Lock()
        self._queue: deque[Condition] = deque()
        self._resting: set[Condition] = set()
        self._stopped = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it for one HTTP try, until its answer came.

        Raises:
            Stopped: ``stop`` was called before the turn came.
        """
        self._take()
        try:
            yield
        finally:
            self._give_back()

    def _take(self) -> None:
        with self._lock:
            mine = Condition(self._lock)
            self._queue.append(mine)
            try:
                self._wait_for_turn(mine)
            finally:
                self._queue.remove(mine)
                self._wake_first()

    def _wait_for_turn(self, mine: Condition) -> None:
        while not self._stopped:
            is_first = self._queue[0] is mine
            wait_s = self._window.take(self.clock.now()) if is_first else inf
            if wait_s <= 0:
                return
            self.clock.wait(mine, None if wait_s == inf else wait_s)
        raise Stopped

    def _give_back(self) -> None:
        with self._lock:
            self._window.answer(self.clock.now())
            self._wake_first()

    def _wake_first(self) -> None:
        if self._queue:
            self._queue[0].notify()

    def hold(self, seconds: float) -> None:
        """Let nobody start for *seconds*; requests on their way are not touched."""
        with self._lock:
            self._window.hold(self.clock.now() + seconds)

    def slow_down(self) -> None:
        """Send fewer a minute (code 44); comes back after clean minutes."""
        with self._lock:
            self._window.per_minute.lower(self.clock.now())

    def fewer_at_once(self) -> None:
        """Send fewer at once (code 1070); comes back after clean minutes."""
        with self._lock:
            self._window.at_once.lower(self.clock.now())

    def pause(self, seconds: float) -> None:
        """Let this thread alone wait. Raises Stopped when ``stop`` is called meanwhile."""
        with self._lock:
            mine = Condition(self._lock)
            self._resting.add(mine)
            try:
                self._rest(mine, until=self.clock.now() + seconds)
            finally:
                self._resting.discard(mine)

    def _rest(self, mine: Condition, *, until: float) -> None:
        while not self._stopped:
            left = until - self.clock.now()
            if left <= 0:
                return
            self.clock.wait(mine, left)
        raise Stopped

    def stop(self) -> None:
        """Wake everybody who waits with ``Stopped``; who has a turn may finish it."""
        with self._lock:
            self._stopped = True
            for waiting in (*self._queue, *self._resting):
                waiting.notify()

    @property
    def is_stopped(self) -> bool:
        """Tell whether nobody gets a turn any more."""
        return self._stopped

    @property
    def per_minute(self) -> int:
        """Return how many requests a minute are allowed now."""
        return self._window.per_minute.value

    @property
    def at_once(self) -> int:
        """Return how many requests at once are allowed now."""
        return self._window.at_once.value

    @property
    def held_s(self) -> float:
        """Return for how many seconds nobody may start, 0 when not held."""
        with self._lock:
            return max(0.0, self._window.held_until - self.clock.now())
