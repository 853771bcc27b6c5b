"""Wait on this machine for the browser that comes back from Zoho's sign-in.

Listens on 127.0.0.1 only, takes one answer with the right ``state``, and stops by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from zbbulk.errors import AuthError, UsageError

HOST = "127.0.0.1"
PATH = "/callback"
_DONE = b"<!doctype html><title>zbbulk</title><p>Signed in. You may close this window."
_FAILED = b"<!doctype html><title>zbbulk</title><p>Not signed in: see your terminal."


class Redirect:
    """What comes back from the browser.

    Attributes:
        url: The redirect URI; it must be one that is entered in Zoho's API console.
    """

    def __init__(self, server: _Server, state: str) -> None:
        self.url = f"http://{HOST}:{server.server_port}{PATH}"
        self._server, self._state = server, state

    def code(self, *, within_s: float) -> str:
        """Wait for the browser and return the grant code.

        Raises:
            AuthError: the user refused, nobody came in time, or what came was not asked for
                (ZB425).
        """
        self._server.timeout = within_s
        self._server.answers.clear()
        self._server.state = self._state
        self._server.handle_request()
        told = self._server.answers[0] if self._server.answers else {}
        if not told:
            raise AuthError(f"Nobody came back from the browser in {within_s:.0f} s.", code="ZB425")
        if told.get("state") != self._state:
            raise AuthError("The browser brought an answer that was not asked for.", code="ZB425")
        if told.get("error") or not told.get("code"):
            raise AuthError(f"Zoho's sign-in says: {told.get('error') or 'nothing'}.", code="ZB425")
        return told["code"]


class _Server(HTTPServer):
    def __init__(self, port: int) -> None:
        self.answers: list[dict[str, str]] = []
        self.state = ""
        super().__init__((HOST, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        told = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.answers.append(told)
        is_fine = bool(told.get("code")) and told.get("state") == self.server.state
        self.send_response(200 if is_fine else 400)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(_DONE if is_fine else _FAILED)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base's
        """Say nothing: the path holds the code."""


@contextmanager
def listening(port: int, *, state: str) -> Iterator[Redirect]:
    """Listen for the browser; *port* 0 takes a free one.

    Raises:
        UsageError: the port is taken (ZB504).
    """
    try:
        server = _Server(port)
    except OSError as error:
        message = f"Port {port} can't be listened on: {error.strerror}."
        raise UsageError(message, fix="Name another one with --port.", code="ZB504") from error
    try:
        yield Redirect(server, state)
    finally:
        server.server_close()
