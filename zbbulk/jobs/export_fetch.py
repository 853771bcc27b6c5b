"""Fetch the records of an export: the list page by page, then each record where that is needed.

Every answer is in the store before the next call: what is there is not asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from zbbulk.jobs.export_filters import Filters
from zbbulk.jobs.progress import Progress
from zbbulk.journal.fetched import Fetched
from zbbulk.model import JsonObject, Outcome
from zbbulk.resources import Resource
from zbbulk.zoho.bulk import read_many
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.one_record import read_record
from zbbulk.zoho.pace import Pace, Stopped
from zbbulk.zoho.pages import Page, pages

PAGES, LISTED, TWICE, PASSED = "pages", "listed", "twice", "passed_over"
"""Facts of the store: pages read, ``yes`` when the list is whole, ids that came twice, and
rows that are none of those asked for."""

Stub: TypeAlias = tuple[str, JsonObject]
"""The id and the row of a record that is to be read by itself."""


def can_read_whole(resource: Resource) -> bool:
    """Tell whether Zoho shows records of *resource* by themselves."""
    is_readable = "read" in resource.can and bool(resource.single_key)
    return is_readable or resource.many_at_once is not None


def whole_calls(resource: Resource, records: int) -> int:
    """Return how many calls it takes to read so many *records* by themselves."""
    most = resource.many_at_once.most if resource.many_at_once else 1
    return -(-records // most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """All that it takes to fetch the records of one export.

    Attributes:
        client: The connection to the organization.
        resource: What they are.
        store: Where they are kept.
        filters: Which are asked for.
        pace: The gate that all calls pass.
        workers: So many calls at once.
        progress: Shows how far it is.
    """

    client: ZohoClient
    resource: Resource
    store: Fetched
    filters: Filters
    pace: Pace
    workers: int
    progress: Progress

    def list(self) -> None:
        """Read the pages of the list that are not in the store yet.

        Raises:
            ZohoError: a page can't be read, or the run must stop.
            ResultError: the store can't be written.
        """
        facts = self.store.facts()
        if facts.get(LISTED) == "yes":
            return
        found = pages(
            self.client,
            self.resource,
            only=self.filters.sent,
            first=int(facts.get(PAGES, 0)) + 1,
            in_path=dict(self.filters.in_path),
        )
        told = self.progress(found, label="reading the list", weigh=_length)
        for page in told:
            self._keep_page(page)

    def _keep_page(self, page: Page) -> None:
        asked_for = [record for record in page.records if self.filters.takes(record)]
        facts = self.store.facts()
        passed = int(facts.get(PASSED, 0)) + len(page.records) - len(asked_for)
        rows = list(_named(self.resource, asked_for, page=page.number))
        ended = {LISTED: "yes"} if page.is_last else {}
        told = {PAGES: str(page.number), PASSED: str(passed), **ended}
        if twice := self.store.add_page(rows, **told):
            self.store.note(**{TWICE: str(int(facts.get(TWICE, 0)) + twice)})

    def whole(self) -> None:
        """Read by itself each record of the store that was not yet.

        Raises:
            ZohoError: the run must stop.
            ResultError: the store can't be written.
        """
        total = self.store.count_open()
        portions = _portions(self.store.open_ones(), self.resource)
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                done = _in_parallel(pool, self._read, portions, at_once=2 * self.workers)
                for _ in self.progress(done, label="reading records", total=total, weigh=int):
                    pass
            except BaseException:
                self.pace.stop()  # those that wait for their turn would go on
                raise

    def _read(self, stubs: Sequence[Stub]) -> int:
        """Read the records of *stubs* by one call, and return how many they are."""
        with suppress(Stopped):  # what stopped the others is told by them
            if self.resource.many_at_once is not None:
                self._read_many([zb_id for zb_id, _ in stubs])
            else:
                for stub in stubs:
                    self._read_one(*stub)
        return len(stubs)

    def _read_one(self, zb_id: str, listed: JsonObject) -> None:
        fields = {**listed, **self.filters.in_path, self.resource.id_field: zb_id}
        there = read_record(self.client, self.resource, fields)
        if isinstance(there, Outcome):
            self.store.keep_refusal(zb_id, there.message)
        else:
            self.store.keep(zb_id, there)

    def _read_many(self, ids: Sequence[str]) -> None:
        left = set(ids)
        for record in read_many(self.client, self.resource, ids):
            zb_id = str(record.get(self.resource.id_field, ""))
            self.store.keep(zb_id, record)
            left.discard(zb_id)
        for zb_id in sorted(left):
            self.store.keep_refusal(zb_id, "Zoho Books gave no record with this id.")


def _length(page: Page) -> int:
    return len(page.records)


def _named(
    resource: Resource, records: Iterable[JsonObject], *, page: int
) -> Iterator[tuple[str, JsonObject]]:
    """Yield each record with its id, or where it stood if it has none."""
    for number, record in enumerate(records):
        yield str(record.get(resource.id_field) or f"{page}.{number}"), record


def _portions(stubs: Iterator[Stub], resource: Resource) -> Iterator[list[Stub]]:
    most = resource.many_at_once.most if resource.many_at_once else 1
    while portion := list(islice(stubs, most)):
        yield portion


def _in_parallel(
    pool: ThreadPoolExecutor,
    read: Callable[[Sequence[Stub]], int],
    portions: Iterable[Sequence[Stub]],
    *,
    at_once: int,
) -> Iterator[int]:
    """Yield how many records each portion had, as they are read."""
    open_ones: set[Future[int]] = set()
    for portion in portions:
        open_ones.add(pool.submit(read, portion))
        if len(open_ones) >= at_once:
            done, open_ones = wait(open_ones, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)
    while open_ones:
        done, open_ones = wait(open_ones, return_when=FIRST_COMPLETED)
        yield from (each.result() for each in done)
