"""Let Ctrl-C stop a run once, and let nothing disturb it while it puts its books in order.

``kill`` and a terminal that is closed count as Ctrl-C. Only the main thread of a process
is told of them; elsewhere nothing is changed here.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_STOPS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""Ctrl-C, ``kill``, and a closed terminal, which Windows does not tell."""


@contextmanager
def one_interrupt() -> Iterator[Callable[[], None]]:
    """Within the block the first Ctrl-C raises KeyboardInterrupt and later ones do nothing.

    Yields a function that makes the first one do nothing too.
    """
    told: list[int] = []

    def stop_once(signal_number: int, _: FrameType | None) -> None:
        told.append(signal_number)
        if len(told) == 1:
            raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    heard = [stop for stop in _STOPS if is_main and _is_heard(stop)]
    before = {stop: signal.signal(stop, stop_once) for stop in heard}
    try:
        yield lambda: told.append(0)
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)


def _is_heard(stop: signal.Signals) -> bool:
    """A run that was started with ``nohup`` does not end with its terminal."""
    return stop == signal.SIGINT or signal.getsignal(stop) is not signal.SIG_IGN
