"""What every request passes: arrival, log, limits, latency, faults, and the answer.

Puts the parts together for one request. It does not know sockets.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from zbbulk.sandbox.accounts import Accounts
from zbbulk.sandbox.answers import CUT, Refusal, Reply, html_page, refused
from zbbulk.sandbox.api import Api
from zbbulk.sandbox.calls import Call
from zbbulk.sandbox.clock import Clock
from zbbulk.sandbox.faults import Deed, Faults
from zbbulk.sandbox.limits import Limits
from zbbulk.sandbox.request_log import RequestLog

API_ROOT = "/books/v3"
ACCOUNTS_ROOT = "/oauth/v2"


@dataclass(slots=True, kw_only=True)
class Gate:
    """The way of a request through the sandbox.

    Attributes:
        latency_ms: From and to; how long an answer takes at speed 1.
    """

    api: Api
    accounts: Accounts
    clock: Clock
    limits: Limits
    faults: Faults
    log: RequestLog
    latency_ms: tuple[float, float]
    seed: int | None = None
    _random: random.Random = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - made-up latency, no secret

    def pass_api(self, call: Call, *, moment: float, query: str) -> Reply:
        """Return the answer to a call of the API that arrived at *moment*."""
        in_flight, refusal = self.limits.arrive(moment)
        reply = CUT
        try:
            entry = self.log.arrived(
                moment=moment,
                method=call.method,
                path=API_ROOT + call.path,
                query=query,
                in_flight=in_flight,
            )
            reply = refused(refusal) if refusal else self._slowly(call)
        finally:
            self.limits.leave()
        now = self.clock.now()
        self.log.answered(entry, moment=now, status=reply.status, code=reply.code)
        return replace(reply, headers={**reply.headers, **self.limits.headers(now)})

    def pass_accounts(self, call: Call, *, moment: float) -> Reply:
        """Return the answer to a call of the accounts server; it has no limits but its own."""
        path = ACCOUNTS_ROOT + call.path
        entry = self.log.arrived(
            moment=moment, method=call.method, path=path, query="", in_flight=0
        )
        deed = self.faults.strike(call.method, path)
        reply = self._struck(deed, call, lambda: self.accounts.answer(call))
        self.log.answered(entry, moment=self.clock.now(), status=reply.status, code=reply.code)
        return reply

    def _slowly(self, call: Call) -> Reply:
        least, most = self.latency_ms
        if most > 0:
            with self._lock:
                drawn = self._random.uniform(least, most)
            self.clock.wait(drawn / 1000)
        deed = self.faults.strike(call.method, call.path)
        return self._struck(deed, call, lambda: self.api.answer(call))

    def _struck(self, deed: Deed | None, call: Call, work: Callable[[], Reply]) -> Reply:
        if deed is None:
            return work()
        if deed.kind == "401":
            return self._without_token(call, work)
        if deed.kind == "answer":
            return refused(Refusal(deed.argument))
        if deed.kind == "slow":
            reply = work()
            self.clock.wait(float(deed.argument) / 1000)
            return reply
        name, _, when = deed.kind.partition("-")
        if when == "after":
            work()
        return _BROKEN[name](deed)

    def _without_token(self, call: Call, work: Callable[[], Reply]) -> Reply:
        try:
            self.api.forget_token(call)
        except Refusal as refusal:
            return refused(refusal)
        return work()


_BROKEN: dict[str, Callable[[Deed], Reply]] = {
    "500": lambda _: refused(Refusal("1000")),
    "cut": lambda _: CUT,
    "html": lambda deed: html_page(int(deed.argument)),
}
"""What stands in for the answer."""
