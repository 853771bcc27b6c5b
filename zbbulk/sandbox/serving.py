"""The sandbox as a program of its own: it runs until Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Callable

from zbbulk.sandbox.embedded import Sandbox


def serve(sandbox: Sandbox, *, announce: Callable[[Sandbox], None]) -> None:
    """Run a sandbox until Ctrl-C.

    Args:
        sandbox: Not yet started.
        announce: Called once it runs, to tell its address.

    Raises:
        UsageError: ZB504, its file is broken or in use, or the port is taken.
    """
    with sandbox:
        announce(sandbox)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return
