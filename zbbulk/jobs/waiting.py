"""Wait until Zoho gives new calls for the day, and go on."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition

from zbbulk.errors import QuotaSpent, ZbbulkError
from zbbulk.jobs.target import Target

Waits = Callable[[float], None]
"""Told for how many seconds of Zoho's clock is waited, before it is."""

_UNKNOWN_S = 3600.0
"""Where Zoho does not tell when the day ends, it is asked again so much later."""

_MORE_S = 5.0
"""Zoho's clock and ours may differ a little."""


def waited(target: Target, stopped: ZbbulkError | None, waits: Waits | None) -> bool:
    """Wait if that helps against what *stopped* a run; tell whether it did.

    Args:
        target: Whose clock counts.
        stopped: Why the run ended early, None when it did not.
        waits: Told before; None does not wait.

    Raises:
        KeyboardInterrupt: the user did not want to wait so long.
    """
    if waits is None or not isinstance(stopped, QuotaSpent):
        return False
    seconds = _UNKNOWN_S if stopped.reset_s is None else stopped.reset_s + _MORE_S
    waits(seconds)
    until = target.clock.now() + seconds
    nobody = Condition()
    with nobody:
        while (left := until - target.clock.now()) > 0:
            target.clock.wait(nobody, left)
    return True
