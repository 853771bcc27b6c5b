"""How a job tells how far it is, without knowing who watches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from zbbulk.model import Block

_T = TypeVar("_T")


def rows_in(block: Block) -> int:
    """Return how many rows a step that is a block counts."""
    return len(block.cells)


def one(_: object) -> int:
    """Return what a step counts that is one thing."""
    return 1


class Progress(Protocol):
    """Wraps an iterable and shows how much of it was taken."""

    def __call__(
        self,
        steps: Iterable[_T],
        *,
        label: str,
        total: int | None = None,
        weigh: Callable[[_T], int] = one,
    ) -> Iterable[_T]:
        """Yield *steps* unchanged.

        Args:
            steps: What is taken one by one.
            label: What is being done.
            total: How much there is, None when nobody knows.
            weigh: How much one step counts.
        """
        ...


def no_progress(
    steps: Iterable[_T],
    *,
    label: str,  # noqa: ARG001 - the Protocol's shape
    total: int | None = None,  # noqa: ARG001
    weigh: Callable[[_T], int] = one,  # noqa: ARG001
) -> Iterable[_T]:
    """Show nothing."""
    return steps
