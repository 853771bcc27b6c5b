"""Wait on 127.0.0.1 for the browser that comes back from Zoho's page with a code.

One answer is taken, and only one that carries the ``state`` of this sign-in; then, or
after a time-out, the listening ends. It does not know what the code is good for.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NoReturn, Self
from urllib.parse import parse_qsl, urlsplit

from zbbulk.errors import AuthError, UsageError

HOST = "127.0.0.1"
_PATH = "/callback"
_READ_S = 5.0
_POLL_S = 0.2

_PAGE = """<!doctype html><meta charset="utf-8"><title>zbbulk</title>
<body style="font-family: sans-serif; margin: 4em"><h1>{title}</h1><p>{words}</p></body>"""


@dataclass(frozen=True, slots=True)
class Return:
    """What the browser brought.

    Attributes:
        code: Secret; a grant code.
        accounts_url: The sign-in of the user's data centre, "" when Zoho did not say.
    """

    code: str = field(repr=False)
    accounts_url: str


class RedirectListener:
    """Listens from the start; use it in a ``with`` block.

    Attributes:
        state: What the page must send back.
        uri: Where the page must send the browser to.
    """

    def __init__(self, port: int, *, now: Callable[[], float] = time.monotonic) -> None:
        """Listen on *port*, 0 for a free one. Raises UsageError when it is taken."""
        self.state = secrets.token_urlsafe(24)
        self._now = now
        try:
            self._server = _Server((HOST, port), _Handler)
        except OSError as error:
            raise UsageError(
                f"Port {port} of this machine can't be listened on: {error.strerror}.",
                fix="Name another one with --port, and enter its address in the API console too.",
                code="ZB425",
            ) from None
        self.uri = f"http://{HOST}:{self._server.server_address[1]}{_PATH}"

    def wait(self, *, seconds: float) -> Return:
        """Return what the browser brings within *seconds*. Raises AuthError (ZB425)."""
        self._server.state = self.state
        until = self._now() + seconds
        while self._server.brought is None:
            left = until - self._now()
            if left <= 0:
                _failed(f"nobody came back within {seconds:.0f} seconds")
            self._server.timeout = min(left, _POLL_S)
            self._server.handle_request()
        return _read(self._server.brought, self.state)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()


class _Server(HTTPServer):
    """Keeps what the one request brought."""

    allow_reuse_address = True
    state = ""
    brought: dict[str, str] | None = None

    def handle_error(self, *_: object) -> None:
        """Say nothing: a browser that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    """Answers the browser with a page that says what to do next."""

    timeout = _READ_S
    server: _Server

    def do_GET(self) -> None:
        """Take the answer; anything else, such as an icon, is not there."""
        parts = urlsplit(self.path)
        if parts.path != _PATH:
            self.send_error(404)
            return
        brought = dict(parse_qsl(parts.query))
        self.server.brought = brought
        if _is_ours(brought, self.server.state) and brought.get("code"):
            self._show(200, "Thank you", "Go back to the terminal; this page can be closed.")
        else:
            self._show(400, "That did not work", "The terminal tells why.")

    def _show(self, status: int, title: str, words: str) -> None:
        page = _PAGE.format(title=title, words=words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing: the address holds the code."""


def _is_ours(brought: dict[str, str], state: str) -> bool:
    return hmac.compare_digest(brought.get("state", "").encode(), state.encode())


def _read(brought: dict[str, str], state: str) -> Return:
    if not _is_ours(brought, state):
        _failed("what came back does not belong to this sign-in (another `state`)")
    if brought.get("error"):
        _failed(f"Zoho says: {brought['error']}")
    if not brought.get("code"):
        _failed("no code came back")
    return Return(brought["code"], brought.get("accounts-server", "").rstrip("/"))


def _failed(reason: str) -> NoReturn:
    raise AuthError(f"The browser brought no sign-in: {reason}.", code="ZB425")
