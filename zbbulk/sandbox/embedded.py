"""The sandbox as one thing: puts its parts together, starts and stops them."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from zbbulk.errors import UsageError
from zbbulk.model import JsonObject
from zbbulk.resources import resource
from zbbulk.sandbox.accounts import Accounts
from zbbulk.sandbox.admin import Admin
from zbbulk.sandbox.answers import Reply
from zbbulk.sandbox.api import Api, unknown_url
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.calls import Call
from zbbulk.sandbox.clock import Clock
from zbbulk.sandbox.examples import add_examples
from zbbulk.sandbox.faults import Faults, parse_faults
from zbbulk.sandbox.gate import ACCOUNTS_ROOT, API_ROOT, Gate
from zbbulk.sandbox.limits import PER_MINUTE, PLANS, Allowance, Limits
from zbbulk.sandbox.organization import EDITIONS, Organization
from zbbulk.sandbox.request_log import LoggedRequest, RequestLog
from zbbulk.sandbox.server import HOST, Server
from zbbulk.sandbox.shapes import Shaper
from zbbulk.sandbox.store import Store
from zbbulk.sandbox.tokens import CODE_LIFE_S, FULL_ACCESS, LIFE_S, Tokens

_ADMIN_ROOT = "/sandbox"
_SAVE_EVERY_S = 0.5


@dataclass
class Sandbox:
    """A Zoho Books of its own on 127.0.0.1, running inside a ``with`` block.

    Args:
        store: The file that keeps it; None keeps it in memory.
        plan: ``free``, ``standard``, ``professional``, ``premium``, ``elite``, ``ultimate``.
        edition: A key of ``organization.EDITIONS``.
        speed: Sandbox seconds in a real second; latency shrinks with it.
        latency_ms: From and to, at speed 1.
        faults: As in ``faults.parse_fault``.
        seed: Makes latency and faults repeatable.
        port: 0 takes a free one.
        start: Sandbox time at the start; None goes on where the store stopped, or is now.
        per_minute: Calls in 60 seconds; 0 for no limit.
        per_day: Calls a day; None as the plan says, 0 for no limit.
        at_once: Calls in flight; None as the plan says, 0 for no limit.
        organizations: How many the user belongs to; from 2 on Zoho wants the header.
        is_trial_over: Every call answers 103001.
        is_gst_enabled: None: as the edition says.
        read_only_locations: location_id that may not be written to.
        unique_fields: Custom fields that allow no duplicates.
        custom_fields: The custom fields there are; None takes every one.
        has_examples: New books begin with the customers of the samples.
    """

    store: Path | None = None
    _: KW_ONLY
    plan: str = "professional"
    edition: str = "us"
    speed: float = 1.0
    latency_ms: tuple[float, float] = (0.0, 0.0)
    faults: Iterable[str] = ()
    seed: int | None = None
    port: int = 0
    start: datetime | None = None
    per_minute: int = PER_MINUTE
    per_day: int | None = None
    at_once: int | None = None
    organizations: int = 1
    is_trial_over: bool = False
    is_gst_enabled: bool | None = None
    read_only_locations: Iterable[str] = ()
    unique_fields: Iterable[str] = ()
    custom_fields: Iterable[str] | None = None
    has_examples: bool = False
    organization: Organization = field(init=False)
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        _check_choice("plan", self.plan, PLANS)
        _check_choice("edition", self.edition, EDITIONS)
        least, most = self.latency_ms
        if self.speed <= 0 or not 0 <= least <= most:
            raise UsageError(
                "The sandbox's speed must be above 0, its latency go from low to high."
            )
        self._faults: Faults = parse_faults(self.faults, seed=self.seed)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._open(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def api_root(self) -> str:
        """Root of the API, without a slash at the end."""
        return f"http://{HOST}:{self._server.port}{API_ROOT}"

    @property
    def accounts_url(self) -> str:
        """Root of the accounts server; ``/oauth/v2/token`` is below it."""
        return f"http://{HOST}:{self._server.port}"

    @property
    def organization_id(self) -> str:
        """The organization's number."""
        return self.organization.organization_id

    @property
    def client_id(self) -> str:
        """Of the self client."""
        return self._tokens.client_id

    @property
    def client_secret(self) -> str:
        """Of the self client."""
        return self._tokens.client_secret

    @property
    def refresh_token(self) -> str:
        """A refresh token with full access."""
        return self._tokens.refresh_token

    def access_token(self, *, life_s: float = LIFE_S, scopes: str | None = None) -> str:
        """Return a valid access token; *life_s* in sandbox seconds, full access by default."""
        return self._tokens.own_token(life_s=life_s, scopes=scopes)

    def grant_code(self, *, scopes: str = FULL_ACCESS, life_s: float = CODE_LIFE_S) -> str:
        """Return a grant code as the API console generates it."""
        return self._tokens.grant_code(scopes=scopes, life_s=life_s)

    def requests(self) -> list[LoggedRequest]:
        """Return the requests so far, in the order of arrival."""
        return self._log.entries()

    def clear_requests(self) -> None:
        """Empty the log."""
        self._log.clear()

    def records(self, resource_name: str) -> list[JsonObject]:
        """Return every record of a resource, whole. Raises UsageError for an unknown one."""
        return self._books.all(resource(resource_name).name)

    def add_fault(self, text: str) -> None:
        """Arm one more fault, see ``faults.parse_fault``. Raises UsageError."""
        self._faults.add(text)

    def clear_faults(self) -> None:
        """Disarm all faults."""
        self._faults.clear()

    def skip(self, seconds: float) -> None:
        """Move the clock forward."""
        self.clock.skip(seconds)

    def clear(self) -> None:
        """Forget all records and the log."""
        self._books.clear()
        self._log.clear()

    def _open(self, stack: ExitStack) -> None:
        store = Store(self.store)
        stack.callback(store.close)
        self._store = store
        kept = store.facts()
        self.clock = Clock(speed=self.speed, start=_first_moment(self.start, kept))
        self.organization = self._organization(kept)
        self._books = Books(store, self.organization)
        self._tokens = Tokens(store, self.clock)
        self._log = RequestLog(store)
        allowance = Allowance.of(
            self.plan, per_minute=self.per_minute, per_day=self.per_day, at_once=self.at_once
        )
        self._limits = Limits(allowance, zone=self.organization.zone)
        self._limits.day = float(kept.get("day", 0))
        self._limits.used = int(kept.get("day_used", 0))
        self._saved_s = time.monotonic()
        stack.callback(self._save_last)
        self._server = self._bound_server()
        self._gate = self._make_gate()
        self._admin = self._make_admin()
        self._server.start()
        stack.callback(self._server.stop)
        stack.callback(self.clock.stopping.set)

    def _organization(self, kept: dict[str, str]) -> Organization:
        number = kept.get("organization_id") or str(600_000_000 + secrets.randbelow(300_000_000))
        self._store.save_facts({"organization_id": number})
        fields = self.custom_fields
        return Organization(
            organization_id=number,
            plan=self.plan,
            edition=self.edition,
            others=self.organizations - 1,
            is_trial_over=self.is_trial_over,
            is_gst_enabled=self.is_gst_enabled,
            read_only_locations=frozenset(self.read_only_locations),
            unique_fields=frozenset(self.unique_fields),
            custom_fields=None if fields is None else frozenset(fields),
        )

    def _bound_server(self) -> Server:
        try:
            return Server(self.port, answer=self._answer, now=self.clock.now, tick=self._tick)
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"The sandbox can't listen on port {self.port}: {error}.", code="ZB504"
            ) from error

    def _make_gate(self) -> Gate:
        shaper = Shaper(books=self._books, organization=self.organization, clock=self.clock)
        if self.has_examples:
            add_examples(self._books, shaper)
        api = Api(
            books=self._books, organization=self.organization, shaper=shaper, tokens=self._tokens
        )
        return Gate(
            api=api,
            accounts=Accounts(self._tokens, api_domain=f"http://{HOST}:{self._server.port}"),
            clock=self.clock,
            limits=self._limits,
            faults=self._faults,
            log=self._log,
            latency_ms=self.latency_ms,
            seed=self.seed,
        )

    def _make_admin(self) -> Admin:
        about: JsonObject = {
            "api_root": self.api_root,
            "accounts_url": self.accounts_url,
            "organization_id": self.organization_id,
            "plan": self.plan,
            "edition": self.edition,
        }
        return Admin(
            about=about,
            books=self._books,
            clock=self.clock,
            faults=self._faults,
            log=self._log,
            tokens=self._tokens,
        )

    def _answer(self, call: Call, moment: float, query: str) -> Reply:
        if _is_below(call.path, API_ROOT):
            return self._gate.pass_api(_below(call, API_ROOT), moment=moment, query=query)
        if _is_below(call.path, ACCOUNTS_ROOT):
            return self._gate.pass_accounts(_below(call, ACCOUNTS_ROOT), moment=moment)
        if _is_below(call.path, _ADMIN_ROOT):
            return self._admin.answer(_below(call, _ADMIN_ROOT))
        return unknown_url()

    def _tick(self) -> None:
        if time.monotonic() - self._saved_s >= _SAVE_EVERY_S and self._log.flush():
            self._save()

    def _save_last(self) -> None:
        """Save once more at the end; a full disk has been told by every answer before."""
        with suppress(sqlite3.Error):
            self._save()

    def _save(self) -> None:
        self._saved_s = time.monotonic()
        self._log.flush()
        self._store.save_facts(
            {
                "clock": repr(self.clock.now()),
                "day": repr(self._limits.day),
                "day_used": str(self._limits.used),
            }
        )


def _first_moment(start: datetime | None, kept: dict[str, str]) -> float:
    if start is not None:
        return start.timestamp()
    return max(time.time(), float(kept.get("clock", 0)))


def _check_choice(name: str, given: str, known: Iterable[str]) -> None:
    if given not in known:
        raise UsageError(
            f"The sandbox has no {name} {given!r}.", fix=f"Use one of: {', '.join(known)}."
        )


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")


def _below(call: Call, root: str) -> Call:
    return replace(call, path=call.path[len(root) :])
