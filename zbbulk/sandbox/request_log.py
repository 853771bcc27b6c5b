"""The log of requests: what arrived when, and what it was answered.

Kept in memory and, in batches, in the store. No token, no secret and no body
is ever in it. It does not know why a request was answered as it was.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from zbbulk.model import JsonObject
from zbbulk.sandbox.store import Store

_SECRETS = frozenset(
    {"code", "token", "client_id", "client_secret", "refresh_token", "access_token", "authtoken"}
)


@dataclass(slots=True, kw_only=True)
class LoggedRequest:
    """One request to the API or the token endpoint.

    Attributes:
        number: In the order of arrival, the first being 1.
        arrived_s: Sandbox seconds since 1970.
        answered_s: The same; None while it is in flight.
        method: HTTP method.
        path: Below the server, e.g. ``/books/v3/items``.
        query: Without secrets.
        in_flight: How many requests were in flight with it when it arrived.
        status: HTTP status; 0 when the connection was cut, None while it is in flight.
        code: Zoho's code as text, None when the answer had none.
    """

    number: int
    arrived_s: float
    method: str
    path: str
    query: str
    in_flight: int
    answered_s: float | None = None
    status: int | None = None
    code: str | None = None

    def to_json(self) -> JsonObject:
        """Return the fields by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def to_row(self) -> tuple[object, ...]:
        """Return the fields in the order of the store's table."""
        return (
            self.number,
            self.arrived_s,
            self.answered_s,
            self.method,
            self.path,
            self.query,
            self.status,
            self.code,
            self.in_flight,
        )


class RequestLog:
    """All requests since the sandbox was started, or since ``clear``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._requests: list[LoggedRequest] = []
        self._answered: list[LoggedRequest] = []
        self._last = store.last_request()

    def arrived(
        self, *, moment: float, method: str, path: str, query: str, in_flight: int
    ) -> LoggedRequest:
        """Note an arrival; the entry is completed by ``answered``."""
        query = _without_secrets(query)
        with self._lock:
            self._last += 1
            entry = LoggedRequest(
                number=self._last,
                arrived_s=moment,
                method=method,
                path=path,
                query=query,
                in_flight=in_flight,
            )
            self._requests.append(entry)
        return entry

    def answered(
        self, entry: LoggedRequest, *, moment: float, status: int, code: str | None
    ) -> None:
        """Note the answer."""
        with self._lock:
            entry.answered_s = moment
            entry.status = status
            entry.code = code
            self._answered.append(entry)

    def entries(self, *, since: int = 0) -> list[LoggedRequest]:
        """Return the requests in the order of arrival, those behind number *since*."""
        with self._lock:
            found = [entry for entry in self._requests if entry.number > since]
        return sorted(found, key=lambda entry: entry.arrived_s)

    def flush(self) -> bool:
        """Write what was answered to the store; tell whether there was anything."""
        with self._lock:
            batch, self._answered = self._answered, []
        if batch:
            self._store.save_requests([entry.to_row() for entry in batch])
        return bool(batch)

    def clear(self) -> None:
        """Forget all requests, here and in the store."""
        with self._lock:
            self._requests.clear()
            self._answered.clear()
        self._store.delete_requests()


def _without_secrets(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([pair for pair in pairs if pair[0].lower() not in _SECRETS])
