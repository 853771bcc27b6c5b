"""Measure how much of Zoho's allowance an import uses, in the sandbox's own log of requests.

The sandbox counts arrivals as Zoho Books does (100 in any 60 s, 10 at once) and answers
after 50 to 500 ms of its clock. 1,000 rows on a clock that runs 60 times faster; with
``--real-clock`` also 500 rows in real time, which takes about five minutes.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import mean
from typing import NamedTuple, Protocol

from cases import WORK, CaseFailedError, say
from generate import HEADER, rows_of

MAPPING = Path(__file__).with_name("sending.yml")
LATENCY_MS = (50, 500)
PER_MINUTE = 100
SEED = 11


class Arrival(Protocol):
    """What is read of an entry of the sandbox's log; seconds are those of its clock."""

    arrived_s: float
    in_flight: int
    path: str
    status: int | None


class Pace(NamedTuple):
    """How the requests to the API arrived.

    Attributes:
        sustained: Per cent of the allowed rate, once the first hundred has been sent.
        refused: Answers with HTTP 429.
        at_once: Most requests in flight at any moment.
        requests: All of them.
    """

    sustained: float
    refused: int
    at_once: int
    requests: int


def pace_of(log: Sequence[Arrival]) -> Pace:
    """Return how the API requests in *log* arrived; those for a token have no limit.

    Between a request and the hundredth behind it at least 60 s must lie. The mean of
    that time over all such pairs tells the rate, wherever in a minute the log ends.

    Raises:
        CaseFailedError: there are no more than 100 requests to the API.
    """
    calls = [entry for entry in log if entry.path.startswith("/books/")]
    moments = sorted(entry.arrived_s for entry in calls)
    if len(moments) <= PER_MINUTE:
        raise CaseFailedError(f"only {len(moments)} requests arrived: that tells no rate")
    hundreds = [
        later - earlier for earlier, later in zip(moments, moments[PER_MINUTE:], strict=False)
    ]
    return Pace(
        sustained=100 * 60 / mean(hundreds),
        refused=sum(entry.status == 429 for entry in calls),
        at_once=max(entry.in_flight for entry in calls),
        requests=len(calls),
    )


def good_rows(path: Path, rows: int) -> None:
    """Write *rows* rows that every check and the sandbox accept."""
    good = (cells for cells, kind in rows_of(2 * rows, SEED) if not kind)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(islice(good, rows))


def send(rows: int, *, speed: float) -> Pace:
    """Import *rows* rows into a new sandbox whose clock runs *speed* times faster.

    Raises:
        CaseFailedError: not every row was created.
    """
    from zbbulk.jobs.import_job import import_file  # noqa: PLC0415 - heavy
    from zbbulk.jobs.target import sandbox_target  # noqa: PLC0415 - heavy
    from zbbulk.model import Status  # noqa: PLC0415 - heavy
    from zbbulk.sandbox import Sandbox  # noqa: PLC0415 - heavy

    WORK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        source, runs = Path(folder) / "items.csv", Path(folder) / "runs"
        good_rows(source, rows)
        with Sandbox(None, speed=speed, latency_ms=LATENCY_MS) as sandbox:
            report = import_file(source, MAPPING, target=sandbox_target(sandbox), runs=runs)
            log = sandbox.requests()
    if report.counts != {Status.CREATED: rows}:
        raise CaseFailedError(f"of {rows} rows became {dict(report.counts)}")
    return pace_of(log)


def print_pace(name: str, pace: Pace) -> None:
    """Print the figures of one import."""
    print(f"{name}_sustained {pace.sustained:.2f} %")
    print(f"{name}_refused_429 {pace.refused} requests")
    print(f"{name}_at_once_peak {pace.at_once} requests")
    print(f"{name}_requests {pace.requests} requests", flush=True)


def main() -> int:
    """Send and print; return 1 if a row was not created."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real-clock", action="store_true", help="500 rows in real time too")
    asked = parser.parse_args()
    try:
        say("sending 1,000 rows, clock 60 times faster: about 10 s")
        print_pace("send_1000_rows_fast_clock", send(1000, speed=60))
        if asked.real_clock:
            say("sending 500 rows on the real clock: about 4 minutes")
            print_pace("send_500_rows_real_clock", send(500, speed=1))
    except CaseFailedError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
