"""One HTTP exchange over one kept-alive session, and how it can fail.

A failure is either ``NotSent`` (the body never began to leave: safe to repeat) or
``AnswerLost`` (anything later: nothing tells what became of it). Proxies and
``REQUESTS_CA_BUNDLE`` of the environment are honoured, except for this machine's own
addresses; ``.netrc`` and cookies never are. Redirects are not followed: the token
would go with them. It does not know Zoho. Timeouts are real seconds.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from http.cookiejar import DefaultCookiePolicy
from threading import Lock
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from zbbulk.model import JsonObject
from zbbulk.settings import is_loopback

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

CONNECT_S = 10.0
READ_S = 60.0
_IDLE_S = 20.0
"""A connection that idled for longer may be dead without saying so: open a new one."""
_POOL = 16


class NotSent(Exception):
    """The body never left this machine; the words say why. Safe to repeat."""


class AnswerLost(Exception):
    """The request left, and no whole answer came; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer as it came.

    Attributes:
        status: HTTP status.
        headers: Names in any case.
        content: The body.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes


def json_bytes(value: JsonObject, *, indent: int | None = None) -> bytes:
    """Return *value* as JSON in UTF-8, each Decimal digit for digit and without exponent.

    With *indent* it is laid out for people.

    Raises:
        ValueError: a Decimal or float is not finite.
    """
    import simplejson  # noqa: PLC0415 - only who sends needs it

    text: str = simplejson.dumps(
        value,
        use_decimal=False,
        default=_digits,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
    )
    return text.encode("utf-8")


def _digits(value: object) -> object:
    from simplejson import RawJSON  # noqa: PLC0415 - as above

    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is not JSON")
    if not value.is_finite():
        raise ValueError(f"{value} is not a JSON number")
    return RawJSON(format(value, "f"))


class _Body(io.BytesIO):
    """A body that knows whether it began to leave."""

    left = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.left = True
        return super().read(size)

    def __iter__(self) -> Iterator[bytes]:
        self.left = True
        return super().__iter__()


class Wire:
    """A session for one host; threads may share it. Close it, or use it in a ``with`` block."""

    def __init__(self, root: str, *, connect_s: float = CONNECT_S, read_s: float = READ_S) -> None:
        """Make no connection yet.

        Args:
            root: The beginning of every URL, to tell this machine from the world.
            connect_s: Real seconds to wait for a connection.
            read_s: Real seconds to wait for the next piece of an answer.
        """
        self._is_local = is_loopback(urlsplit(root).hostname or "")
        self._timeout = (connect_s, read_s)
        self._lock = Lock()
        self._session: Session | None = None
        self._busy = 0
        self._idle_since = time.monotonic()

    def exchange(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        authorization: str = "",
        body: bytes | None = None,
    ) -> Reply:
        """Send one request and return the answer, whatever its status.

        Raises:
            NotSent: see the class.
            AnswerLost: see the class.
        """
        sending = None if body is None else _Body(body)
        session = self._enter()
        try:
            found = self._tried(session, method, url, sending, dict(headers), authorization)
        finally:
            self._leave()
        if isinstance(found, Exception):
            raise found  # outside of the except block: the cause would carry the token
        return found

    def _tried(
        self,
        session: Session,
        method: str,
        url: str,
        body: _Body | None,
        headers: dict[str, str],
        authorization: str,
    ) -> Reply | NotSent | AnswerLost:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - heavy

        def sign(request: PreparedRequest) -> PreparedRequest:
            if authorization:
                request.headers["Authorization"] = authorization
            return request

        try:
            response = session.request(
                method,
                url,
                data=body,
                headers=headers,
                auth=sign,  # also keeps .netrc from setting another one
                timeout=self._timeout,
                allow_redirects=False,
            )
            return _reply(response)
        except (OSError, HTTPError) as error:
            reason = reason_of(error)
            had_left = body.left if body is not None else not _never_connected(error)
        return AnswerLost(reason) if had_left else NotSent(reason)

    def _enter(self) -> Session:
        with self._lock:
            if self._session is None:
                self._session = _new_session(trust_env=not self._is_local)
            elif not self._busy and time.monotonic() - self._idle_since > _IDLE_S:
                self._session.close()
            self._busy += 1
            return self._session

    def _leave(self) -> None:
        with self._lock:
            self._busy -= 1
            self._idle_since = time.monotonic()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            if self._session is not None:
                self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _new_session(*, trust_env: bool) -> Session:
    import requests  # noqa: PLC0415 - heavy
    from requests.adapters import HTTPAdapter  # noqa: PLC0415 - heavy

    session = requests.Session()
    session.trust_env = trust_env
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_connections=2, pool_maxsize=_POOL, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _reply(response: Response) -> Reply:
    return Reply(
        status=response.status_code, headers=response.headers, content=response.content or b""
    )


def _chain(error: BaseException) -> Iterable[BaseException]:
    """Yield *error* and what it wraps, outermost first."""
    waiting: list[Any] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]


def _never_connected(error: BaseException) -> bool:
    from urllib3 import exceptions as known  # noqa: PLC0415 - heavy

    kinds = (known.NewConnectionError, known.ConnectTimeoutError, known.ProxyError)
    return any(isinstance(one, kinds) for one in _chain(error))


def reason_of(error: BaseException) -> str:
    """Return in a few plain words why *error* happened; no URL and no header is in them."""
    chain = list(_chain(error))
    names = {type(one).__name__ for one in chain}
    for name, words in _WORDS.items():
        if name in names:
            return words
    told = [one.strerror for one in chain if isinstance(one, OSError) and one.errno]
    return next((str(words) for words in told if words), "the connection broke")


_WORDS = {
    "SSLCertVerificationError": "the server's certificate can't be verified",
    "NameResolutionError": "the name of the server is not known",
    "gaierror": "the name of the server is not known",
    "ProxyError": "the proxy refused or can't be reached",
    "ConnectTimeoutError": "the server did not answer the call in time",
    "ReadTimeoutError": "no answer came in time",
    "TimeoutError": "no answer came in time",
    "IncompleteRead": "the answer broke off in the middle",
    "RemoteDisconnected": "the server closed the connection without an answer",
    "ConnectionRefusedError": "the server refused the connection",
    "ConnectionResetError": "the connection was cut",
    "BrokenPipeError": "the connection was cut",
}
