"""A progress bar on the terminal, and none where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

from zbbulk.jobs.progress import Progress, no_progress, one

_T = TypeVar("_T")


def terminal_progress(*, wanted: bool | None, silent: bool) -> Progress:
    """Return a bar on stderr; by default only when a person watches it."""
    if wanted is None:
        wanted = sys.stderr.isatty() and not silent
    return _bar if wanted else no_progress


def _bar(
    steps: Iterable[_T],
    *,
    label: str,
    total: int | None = None,
    weigh: Callable[[_T], int] = one,
) -> Iterable[_T]:
    from tqdm import tqdm  # noqa: PLC0415 - heavy, and only for a terminal

    tqdm.monitor_interval = 0  # no thread beside ours: a second process may be forked
    unit = " rows" if total is None else " records"
    with tqdm(desc=label, total=total, unit=unit, mininterval=0.2) as bar:
        for step in steps:
            yield step
            bar.update(weigh(step))
