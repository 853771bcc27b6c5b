"""The sandbox as one thing: puts its parts together, starts and stops them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from zbbulk.errors import UsageError
from zbbulk.model import JsonObject
from zbbulk.resources import resource
from zbbulk.sandbox.clock import Clock
from zbbulk.sandbox.faults import Faults, parse_faults
from zbbulk.sandbox.gate import API_ROOT
from zbbulk.sandbox.limits import PER_MINUTE, PLANS, Allowance, Limits
from zbbulk.sandbox.organization import EDITIONS, Organization
from zbbulk.sandbox.parts import Parts
from zbbulk.sandbox.request_log import LoggedRequest
from zbbulk.sandbox.server import HOST, Server
from zbbulk.sandbox.store import Store
from zbbulk.sandbox.tokens import CODE_LIFE_S, FULL_ACCESS, LIFE_S, Grant


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
        has_examples: New books begin with those that the samples refer to.
        state: Of an Indian organization, "" when none was entered.
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
    state: str = "Tamil Nadu"
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
        return self._parts.tokens.client_id

    @property
    def client_secret(self) -> str:
        """Of the self client."""
        return self._parts.tokens.client_secret

    @property
    def refresh_token(self) -> str:
        """A refresh token with full access."""
        return self._parts.tokens.refresh_token

    def access_token(self, *, life_s: float = LIFE_S, scopes: str | None = None) -> str:
        """Return a valid access token; *life_s* in sandbox seconds, full access by default."""
        return self._parts.tokens.own_token(life_s=life_s, scopes=scopes)

    def grant_code(self, *, scopes: str = FULL_ACCESS, life_s: float = CODE_LIFE_S) -> str:
        """Return a grant code as the API console generates it."""
        return self._parts.tokens.grant_code(Grant(scopes=scopes, life_s=life_s))

    def requests(self) -> list[LoggedRequest]:
        """Return the requests so far, in the order of arrival."""
        return self._parts.log.entries()

    def clear_requests(self) -> None:
        """Empty the log."""
        self._parts.log.clear()

    def records(self, resource_name: str) -> list[JsonObject]:
        """Return every record of a resource, whole. Raises UsageError for an unknown one."""
        return self._parts.books.all(resource(resource_name).name)

    def enter(self, resource_name: str, records: Iterable[JsonObject]) -> list[JsonObject]:
        """Put records into the books as a client would create them, but without a call.

        Args:
            resource_name: What they are.
            records: What is sent to create each; one that has its id keeps it.

        Returns:
            The records as Zoho has completed them.

        Raises:
            UsageError: there is no such resource.
            Refusal: a record can't be made.
        """
        return self._parts.enter(resource(resource_name), records)

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
        """Forget all records but those of new books, and the log."""
        self._parts.begin()
        self._parts.log.clear()

    def _open(self, stack: ExitStack) -> None:
        store = Store(self.store)
        stack.callback(store.close)
        kept = store.facts()
        self.clock = Clock(speed=self.speed, start=_first_moment(self.start, kept))
        self.organization = self._organization(store, kept)
        self._parts = Parts(
            store=store,
            organization=self.organization,
            clock=self.clock,
            limits=self._limits(kept),
            faults=self._faults,
            latency_ms=self.latency_ms,
            seed=self.seed,
            has_examples=self.has_examples,
        )
        stack.callback(self._parts.save_last)
        self._server = self._bound_server()
        self._parts.connect(self._about(), host=self.accounts_url)
        self._server.start()
        stack.callback(self._server.stop)
        stack.callback(self.clock.stopping.set)

    def _organization(self, store: Store, kept: dict[str, str]) -> Organization:
        number = kept.get("organization_id") or str(600_000_000 + secrets.randbelow(300_000_000))
        store.save_facts({"organization_id": number})
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
            state=self.state if self.edition == "in" else "",
        )

    def _limits(self, kept: dict[str, str]) -> Limits:
        allowance = Allowance.of(
            self.plan, per_minute=self.per_minute, per_day=self.per_day, at_once=self.at_once
        )
        limits = Limits(allowance, zone=self.organization.zone)
        limits.day = float(kept.get("day", 0))
        limits.used = int(kept.get("day_used", 0))
        return limits

    def _bound_server(self) -> Server:
        parts = self._parts
        try:
            return Server(self.port, answer=parts.answer, now=self.clock.now, tick=parts.tick)
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"The sandbox can't listen on port {self.port}: {error}.", code="ZB504"
            ) from error

    def _about(self) -> JsonObject:
        return {
            "api_root": self.api_root,
            "accounts_url": self.accounts_url,
            "organization_id": self.organization_id,
            "plan": self.plan,
            "edition": self.edition,
        }


def _first_moment(start: datetime | None, kept: dict[str, str]) -> float:
    if start is not None:
        return start.timestamp()
    return max(time.time(), float(kept.get("clock", 0)))


def _check_choice(name: str, given: str, known: Iterable[str]) -> None:
    if given not in known:
        raise UsageError(
            f"The sandbox has no {name} {given!r}.", fix=f"Use one of: {', '.join(known)}."
        )
