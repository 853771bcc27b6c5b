"""The parts of a sandbox put together: books, API, accounts server, gate, admin, log.

It does not know sockets or settings of the command line.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.accounts import Accounts
from zbbulk.sandbox.admin import Admin
from zbbulk.sandbox.answers import Reply
from zbbulk.sandbox.api import Api, unknown_url
from zbbulk.sandbox.beginnings import begin
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.calls import Call
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.clock import Clock
from zbbulk.sandbox.faults import Faults
from zbbulk.sandbox.gate import ACCOUNTS_ROOT, API_ROOT, Gate
from zbbulk.sandbox.keeping import add
from zbbulk.sandbox.limits import Limits
from zbbulk.sandbox.organization import Organization
from zbbulk.sandbox.request_log import RequestLog
from zbbulk.sandbox.store import Store, as_zb504
from zbbulk.sandbox.tokens import Tokens

_ADMIN_ROOT = "/sandbox"
_BEGUN = "begun"
_SAVE_EVERY_S = 0.5


@dataclass(kw_only=True)
class Parts:
    """A running sandbox without its socket.

    Attributes:
        store: Open; what is in it goes on.
        organization: Its edition and settings.
        clock: Of the whole sandbox.
        limits: Calls a minute, a day and at once.
        faults: Those in force.
        latency_ms: From and to, at speed 1.
        seed: Makes latency repeatable.
        has_examples: New books begin with the example books.
    """

    store: Store
    organization: Organization
    clock: Clock
    limits: Limits
    faults: Faults
    latency_ms: tuple[float, float]
    seed: int | None
    has_examples: bool
    books: Books = field(init=False)
    tokens: Tokens = field(init=False)
    log: RequestLog = field(init=False)

    def __post_init__(self) -> None:
        self.books = Books(self.store, self.organization)
        self.tokens = Tokens(self.store, self.clock)
        self.log = RequestLog(self.store)
        self._kit = Kit(books=self.books, organization=self.organization, clock=self.clock)
        self._saved_s = time.monotonic()
        if _BEGUN not in self.store.facts():
            with as_zb504(self.store.path):
                self._begin()

    def begin(self) -> None:
        """Make the books new: forget what is in them but what they begin with."""
        self.books.clear()
        self._begin()

    def _begin(self) -> None:
        begin(self._kit, has_examples=self.has_examples)
        self.store.save_facts({_BEGUN: "1"})

    def enter(self, kind: Resource, records: Iterable[JsonObject]) -> list[JsonObject]:
        """Put records into the books without a call; return them completed."""
        with self.books.lock:
            return [
                add(self._kit, kind, record, record_id=str(record.get(kind.id_field, "")))[0]
                for record in records
            ]

    def connect(self, about: JsonObject, *, host: str) -> None:
        """Make the parts that answer.

        Args:
            about: What ``GET /sandbox`` tells.
            host: Root of the API's host, for token answers.
        """
        self._gate = Gate(
            api=Api(kit=self._kit, tokens=self.tokens),
            accounts=Accounts(self.tokens, api_domain=host),
            clock=self.clock,
            limits=self.limits,
            faults=self.faults,
            log=self.log,
            latency_ms=self.latency_ms,
            seed=self.seed,
        )
        self._admin = Admin(
            about=about,
            books=self.books,
            begin=self.begin,
            clock=self.clock,
            faults=self.faults,
            log=self.log,
            tokens=self.tokens,
        )

    def answer(self, call: Call, moment: float, query: str) -> Reply:
        """Return the answer to a call on its whole path that arrived at *moment*."""
        if _is_below(call.path, API_ROOT):
            return self._gate.pass_api(_below(call, API_ROOT), moment=moment, query=query)
        if _is_below(call.path, ACCOUNTS_ROOT):
            return self._gate.pass_accounts(_below(call, ACCOUNTS_ROOT), moment=moment)
        if _is_below(call.path, _ADMIN_ROOT):
            return self._admin.answer(_below(call, _ADMIN_ROOT))
        return unknown_url()

    def tick(self) -> None:
        """Save now and then, if there is something new."""
        if time.monotonic() - self._saved_s >= _SAVE_EVERY_S and self.log.flush():
            self._save()

    def save_last(self) -> None:
        """Save once more at the end; a full disk has been told by every answer before."""
        with suppress(sqlite3.Error):
            self._save()

    def _save(self) -> None:
        self._saved_s = time.monotonic()
        self.log.flush()
        self.store.save_facts(
            {
                "clock": repr(self.clock.now()),
                "day": repr(self.limits.day),
                "day_used": str(self.limits.used),
            }
        )


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")


def _below(call: Call, root: str) -> Call:
    return replace(call, path=call.path[len(root) :])
