"""Let Ctrl-C stop a run once, and let nothing disturb it while it puts its books in order.

Only the main thread of a process is told of Ctrl-C; elsewhere nothing is changed here.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def one_interrupt() -> Iterator[Callable[[], None]]:
    """Within the block the first Ctrl-C raises KeyboardInterrupt and later ones do nothing.

    Yields a function that makes the first one do nothing too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield _nothing
        return
    before = signal.signal(signal.SIGINT, _raise_once)
    try:
        yield _ignore
    finally:
        signal.signal(signal.SIGINT, before)


def _raise_once(_: int, __: FrameType | None) -> None:
    _ignore()
    raise KeyboardInterrupt


def _ignore() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _nothing() -> None:
    return
