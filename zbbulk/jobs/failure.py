"""Why rows failed, one entry for all rows that failed alike."""

from __future__ import annotations

from typing import NamedTuple


class Failure(NamedTuple):
    """What Zoho refused, or what is unknown, for one reason.

    Attributes:
        code: Zoho's code, or ours.
        rows: How many rows have it.
        first_row: The first of them.
        message: Zoho's own words about the first row.
        fix: What to do.
    """

    code: str
    rows: int
    first_row: int
    message: str
    fix: str
