"""How a job tells how far it is, without knowing who watches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Progress(Protocol):
    """Wraps an iterable and shows how much of it was taken."""

    def __call__(
        self, steps: Iterable[_T], *, label: str, total: int | None = None
    ) -> Iterable[_T]:
        """Yield *steps* unchanged; *total* is None when nobody knows how many there are."""
        ...


def no_progress(steps: Iterable[_T], *, label: str, total: int | None = None) -> Iterable[_T]:  # noqa: ARG001 - the Protocol's shape
    """Show nothing."""
    return steps
