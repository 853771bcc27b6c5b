"""The sandbox's own endpoints below ``/sandbox``: for other processes, and for looking in.

No token is asked for, as only programs on this machine reach it; a web page is
kept out by its Origin and Host headers. Nothing here is part of Zoho Books.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from zbbulk.errors import UsageError
from zbbulk.model import JsonObject
from zbbulk.resources import resource as resource_named
from zbbulk.sandbox.answers import Reply, from_json, json_reply
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.calls import Call
from zbbulk.sandbox.clock import Clock
from zbbulk.sandbox.faults import Faults
from zbbulk.sandbox.request_log import RequestLog
from zbbulk.sandbox.tokens import CODE_LIFE_S, FULL_ACCESS, Grant, Tokens

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """Answers the endpoints below ``/sandbox``.

    Attributes:
        about: What ``GET /sandbox`` tells: addresses, organization, plan.
        begin: Makes the books new.
    """

    about: JsonObject
    books: Books
    begin: Callable[[], None]
    clock: Clock
    faults: Faults
    log: RequestLog
    tokens: Tokens

    def answer(self, call: Call) -> Reply:
        """Return the answer to a call, an error too."""
        if not _is_local(call):
            return json_reply({"error": "only programs on this machine may ask"}, status=403)
        work = _ROUTES.get((call.method, call.path.strip("/")))
        if work is None:
            return json_reply({"error": f"no {call.method} {call.path} here"}, status=404)
        try:
            return json_reply(work(self, **_asked(call)))
        except (UsageError, ValueError, TypeError) as error:
            return json_reply({"error": str(error)}, status=400)

    def show(self) -> JsonObject:
        """Tell about the sandbox."""
        return self.about | {"now_s": self.clock.now(), "speed": self.clock.speed}

    def credentials(self) -> JsonObject:
        """Hand out what a client needs."""
        return {
            "client_id": self.tokens.client_id,
            "client_secret": self.tokens.client_secret,
            "refresh_token": self.tokens.refresh_token,
            "access_token": self.tokens.own_token(),
        }

    def add_code(self, *, scopes: str = FULL_ACCESS, life_s: float = CODE_LIFE_S) -> JsonObject:
        """Generate a grant code, as the API console does."""
        return {"code": self.tokens.grant_code(Grant(scopes=scopes, life_s=float(life_s)))}

    def self_client(self) -> JsonObject:
        """Make the file that the API console offers below a new code: ``self_client.json``."""
        return {
            "client_id": self.tokens.client_id,
            "client_secret": self.tokens.client_secret,
            "code": self.tokens.grant_code(Grant()),
            "scope": [FULL_ACCESS],
            "grant_type": "authorization_code",
        }

    def requests(self, *, since: int = 0) -> JsonObject:
        """Show the log, from the request behind number *since* on."""
        return {"requests": [entry.to_json() for entry in self.log.entries(since=int(since))]}

    def clear_requests(self) -> JsonObject:
        """Empty the log."""
        self.log.clear()
        return {"requests": []}

    def list_faults(self) -> JsonObject:
        """Show the faults in force."""
        return {"faults": self.faults.texts()}

    def add_fault(self, *, fault: str) -> JsonObject:
        """Arm one more fault."""
        self.faults.add(fault)
        return self.list_faults()

    def clear_faults(self) -> JsonObject:
        """Disarm all faults."""
        self.faults.clear()
        return self.list_faults()

    def skip(self, *, skip_s: float) -> JsonObject:
        """Move the clock forward."""
        self.clock.skip(float(skip_s))
        return {"now_s": self.clock.now()}

    def records(self, *, resource: str) -> JsonObject:
        """Show all records of a resource, whole."""
        return {"records": self.books.all(resource_named(resource).name)}

    def clear_records(self) -> JsonObject:
        """Forget all records but those of new books."""
        self.begin()
        return {"records": []}


_Work = Callable[..., JsonObject]

_ROUTES: dict[tuple[str, str], _Work] = {
    ("GET", ""): Admin.show,
    ("GET", "credentials"): Admin.credentials,
    ("POST", "codes"): Admin.add_code,
    ("POST", "self_client"): Admin.self_client,
    ("GET", "requests"): Admin.requests,
    ("DELETE", "requests"): Admin.clear_requests,
    ("GET", "faults"): Admin.list_faults,
    ("POST", "faults"): Admin.add_fault,
    ("DELETE", "faults"): Admin.clear_faults,
    ("POST", "clock"): Admin.skip,
    ("GET", "records"): Admin.records,
    ("DELETE", "records"): Admin.clear_records,
}


def _asked(call: Call) -> JsonObject:
    body = from_json(call.body) if call.body.strip() else {}
    if not isinstance(body, dict):
        raise TypeError("the body is not a JSON object")
    return {**call.query, **body}


def _is_local(call: Call) -> bool:
    host = urlsplit(f"//{call.headers.get('host', '')}").hostname
    return host in _LOOPBACK and "origin" not in call.headers
