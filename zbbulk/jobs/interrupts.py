"""Let Ctrl-C stop a run cleanly, a second one at once, and none while the books are put in order.

``kill`` and a terminal that is closed count as Ctrl-C. Only the main thread of a process
is told of them; elsewhere nothing is changed here.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from zbbulk.errors import ExitCode

_STOPS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""Ctrl-C, ``kill``, and a closed terminal, which Windows does not tell."""


_IS_COMMAND: list[bool] = []
"""Not empty where the process is a command of ours: elsewhere Ctrl-C is Python's own affair."""


def take_over() -> None:
    """Let runs of this process hear Ctrl-C as a command does: a second one ends the process."""
    _IS_COMMAND.append(True)


@contextmanager
def one_interrupt(after: str) -> Iterator[Callable[[], None]]:
    """Within the block the first Ctrl-C raises KeyboardInterrupt, a second ends the process.

    That is safe at any moment: the journal knows what has left. Where nobody has called
    ``take_over``, in a notebook for instance, nothing is changed. Yields a function after
    which Ctrl-C does nothing any more: what is left to do takes a moment only.

    Args:
        after: What the user may type after an end at once, e.g. ``zbbulk resume last``.
    """
    told: list[int] = []
    is_closing: list[bool] = []

    def stop_once(signal_number: int, _: FrameType | None) -> None:
        told.append(signal_number)
        if is_closing:
            return
        if len(told) == 1:
            raise KeyboardInterrupt
        _end(f"\nEnded at once; requests on their way are in doubt. Next: {after}\n")

    is_main = bool(_IS_COMMAND) and threading.current_thread() is threading.main_thread()
    heard = [stop for stop in _STOPS if is_main and _is_heard(stop)]
    before = {stop: signal.signal(stop, stop_once) for stop in heard}
    try:
        yield lambda: is_closing.append(True)
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)


def _end(words: str) -> None:
    """End the process now, whatever its threads wait for."""
    with suppress(OSError):
        os.write(2, words.encode())
    os._exit(int(ExitCode.STOPPED))


def _is_heard(stop: signal.Signals) -> bool:
    """A run that was started with ``nohup`` does not end with its terminal."""
    return stop == signal.SIGINT or signal.getsignal(stop) is not signal.SIG_IGN
