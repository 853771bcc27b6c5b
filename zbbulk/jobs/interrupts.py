"""Let Ctrl-C stop a run cleanly, a second one at once, and none while the books are put in order.

``kill`` and a terminal that is closed count as Ctrl-C. All this is for our own program, whose
main thread is told of them. Where zbbulk is a library, signals are the affair of the program
that uses it: no handler is changed, and KeyboardInterrupt is passed on when the run is in order.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import FrameType

from zbbulk.errors import ExitCode, ZbbulkError

_STOPS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""Ctrl-C, ``kill``, and a closed terminal, which Windows does not tell."""


STOPPED_BY_USER = "ZB414"
"""The code of what a user stopped."""

_is_our_program = ContextVar("is_our_program", default=False)


@contextmanager
def as_our_program() -> Iterator[None]:
    """Within the block runs hear signals, and one that the user stops ends with its report."""
    before = _is_our_program.set(True)
    try:
        yield
    finally:
        _is_our_program.reset(before)


def pass_on(stopped: ZbbulkError | None, after: str) -> None:
    """Raise KeyboardInterrupt again, outside our own program, if that is what *stopped* a run.

    Args:
        stopped: Why the run ended early, None when it did not.
        after: What goes on with it; told as a note of the exception.
    """
    if stopped is None or stopped.code != STOPPED_BY_USER or _is_our_program.get():
        return
    raised = KeyboardInterrupt()
    raised.add_note(f"What was sent is written down, and {after} goes on.")
    raise raised


@contextmanager
def one_interrupt(after: str) -> Iterator[Callable[[], None]]:
    """Within the block the first Ctrl-C raises KeyboardInterrupt, a second ends our program.

    That is safe at any moment: the journal knows what has left. Yields a function after
    which Ctrl-C does nothing any more: what is left to do takes a moment only. Outside
    ``as_our_program``, in a notebook for instance, nothing is changed.

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

    is_main = _is_our_program.get() and threading.current_thread() is threading.main_thread()
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
