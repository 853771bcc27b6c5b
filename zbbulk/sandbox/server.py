"""The HTTP side: sockets, keep-alive, one write for each answer.

Listens on 127.0.0.1 only. It does not know what an answer means.
"""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import sqlite3
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from zbbulk.sandbox.answers import Reply, json_reply
from zbbulk.sandbox.calls import Call

HOST = "127.0.0.1"
_MOST_BYTES = 20_000_000
_STOP_S = 2.0
_POLL_S = 0.02

Answerer = Callable[[Call, float, str], Reply]
"""Call with its whole path, moment of arrival, query as text -> the answer."""


class Server(ThreadingHTTPServer):
    """Serves until ``stop``; open connections are closed then.

    Args:
        port: 0 takes a free one.
        answer: Answers one call.
        now: The clock whose time is the moment of arrival.
        tick: Called about fifty times a second.

    Raises:
        OSError: the port is taken.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = os.name != "nt"

    def __init__(
        self, port: int, *, answer: Answerer, now: Callable[[], float], tick: Callable[[], None]
    ) -> None:
        self.answer = answer
        self.now = now
        self._tick = tick
        self._changed = threading.Condition()
        self._open: set[socket.socket] = set()
        super().__init__((HOST, port), _Handler)
        self._thread = threading.Thread(
            target=self.serve_forever, args=(_POLL_S,), name="sandbox", daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Begin to serve in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, close every connection, wait for the last answers."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._changed:
            for connection in self._open:
                _hang_up(connection)
            self._changed.wait_for(lambda: not self._open, timeout=_STOP_S)

    def server_bind(self) -> None:
        """Bind without asking the name service who we are."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.port

    def service_actions(self) -> None:
        """Let the sandbox write its log now and then."""
        with contextlib.suppress(sqlite3.Error):
            self._tick()

    def opened(self, connection: socket.socket) -> None:
        """Note a connection."""
        with self._changed:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    """One connection: reads requests, writes answers."""

    protocol_version = "HTTP/1.1"
    server_version = "ZGS"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            self.close_connection = True
        finally:
            self.server.closed(self.connection)

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def parse_request(self) -> bool:
        self._arrived = self.server.now()
        return super().parse_request()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: the sandbox has a log of its own."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self._read_body()
        if body is None:
            self.close_connection = True
            self._write(
                json_reply({"code": 1038, "message": "JSON is not well formed"}, status=400)
            )
            return
        call = Call(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        try:
            reply = self.server.answer(call, self._arrived, parts.query)
        except sqlite3.Error:  # the disk is full, or the store was taken away
            reply = json_reply({"code": 1000, "message": "Internal Error"}, status=500)
        self._write(reply)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _serve  # noqa: N815 - the base class's names

    def _read_body(self) -> bytes | None:
        """Return the body; None when its length can't be told."""
        if "transfer-encoding" in self.headers:
            return None
        length = self.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > _MOST_BYTES:
            return None
        return self.rfile.read(int(length)) if int(length) else b""

    def _write(self, reply: Reply) -> None:
        if reply.status == 0:
            self.close_connection = True
            _hang_up(self.connection)
            return
        headers = {
            "Server": self.server_version,
            "Date": self.date_time_string(self.server.now()),
            "Content-Type": reply.content_type,
            "Content-Length": str(len(reply.body)),
            **reply.headers,
        }
        if self.close_connection:
            headers["Connection"] = "close"
        lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        self.wfile.write(head if self.command == "HEAD" else head + reply.body)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
