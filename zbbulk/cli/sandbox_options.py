"""Options that make a sandbox, shared by ``import --sandbox`` and ``sandbox serve``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from zbbulk.settings import RUNS

_Function = TypeVar("_Function", bound=Callable[..., Any])

STORE = RUNS / "sandbox.sqlite"
PLANS = ("free", "standard", "professional", "premium", "elite", "ultimate")


def store_option(function: _Function) -> _Function:
    """Add ``--store FILE``."""
    return click.option(
        "--store",
        type=click.Path(dir_okay=False, path_type=Path),
        default=STORE,
        show_default=True,
        help="File that keeps the sandbox's books from one run to the next.",
    )(function)


def sandbox_options(function: _Function) -> _Function:
    """Add what a sandbox can be like: its store, plan and faults."""
    plan = click.option(
        "--plan",
        type=click.Choice(PLANS),
        default="professional",
        show_default=True,
        help="Zoho plan of the sandbox: its calls a day and at once.",
    )
    fault = click.option(
        "--fault",
        "faults",
        multiple=True,
        metavar="FAULT",
        help="A fault on demand, e.g. cut-after:rate=0.05; may be given several times.",
    )
    per_day = click.option(
        "--per-day",
        type=click.IntRange(min=0),
        metavar="N",
        help="Calls a day of the sandbox, where not as its plan says; 0 for no limit.",
    )
    return store_option(plan(per_day(fault(function))))
