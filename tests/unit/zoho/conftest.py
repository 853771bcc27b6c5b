"""A scripted HTTP server and a clock that only moves when it is waited for."""

import json
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from zbbulk.model import Action
from zbbulk.resources import resource
from zbbulk.zoho.auth import GivenToken
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pace import Pace
from zbbulk.zoho.sender import Sender

TOKEN = "1000.aaaabbbbccccdddd.eeeeffff00001111"


class FakeClock:
    def __init__(self):
        self.time = 1000.0
        self.waits = []
        self.on_wait = None

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.waits.append(round(seconds, 3))
        self.time += seconds

    def wait(self, condition, seconds):
        assert seconds is not None, "nobody would ever wake this thread"
        self.sleep(seconds + 1e-9)
        if self.on_wait:
            condition.release()
            try:
                self.on_wait()
            finally:
                condition.acquire()
        return False


@dataclass
class Canned:
    status: int = 201
    body: object = None
    headers: dict = field(default_factory=dict)
    cut: str = ""  # "at once", "before" the answer, or in its "middle"
    content_type: str = "application/json"

    def content(self):
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Seen:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes


def refusal(code, message, status=400, **more):
    return Canned(status=status, body={"code": code, "message": message}, **more)


def success(zb_id="460000000000000001", key="item", id_field="item_id"):
    body = {"code": 0, "message": "The item has been added.", key: {id_field: zb_id}}
    return Canned(status=201, body=body)


class ScriptedServer:
    """Gives the canned answers in order; the last one for ever."""

    def __init__(self):
        self.script = []
        self.seen = []
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.answer(self, body)

            do_POST = do_PUT = do_GET = do_DELETE = answer  # noqa: N815 - http.server's names

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.http.server_port}/books/v3"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def answer(self, handler, body):
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._lock:
            self.seen.append(Seen(handler.command, parts.path, query, headers, body))
            canned = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if canned.cut == "before":
            self._cut(handler)
            return
        content = canned.content()
        handler.send_response(canned.status)
        handler.send_header("Content-Type", canned.content_type)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in canned.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2] if canned.cut else content)
        if canned.cut:
            handler.wfile.flush()
            handler.close_connection = True

    def _cut(self, handler):
        linger = struct.pack("ii", 1, 0)  # reset instead of a polite end
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.close_connection = True
        with suppress(OSError):
            handler.connection.shutdown(socket.SHUT_WR)

    def close(self):
        if not self.thread.is_alive():
            return
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server():
    scripted = ScriptedServer()
    yield scripted
    scripted.close()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def pace(clock):
    return Pace(clock=clock)


@pytest.fixture
def events():
    return []


@pytest.fixture
def make_client(server, clock, pace, events):
    clients = []

    def make(token=None, api_root=None):
        client = ZohoClient(
            api_root=api_root or server.root,
            organization_id="10234695",
            token=token or GivenToken(TOKEN),
            pace=pace,
            clock=clock,
            on_request=events.append,
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def make_sender(make_client):
    def make(name="items", action=Action.CREATE, **client):
        return Sender(
            make_client(**client), resource=resource(name), action=action, chance=lambda: 0.5
        )

    return make


@pytest.fixture
def send(server, make_sender):
    """Send one record to a server that answers with *script*."""

    def run(*script, record=None, name="items", action=Action.CREATE, leaving=None, **client):
        server.script = list(script)
        record = record or {"item_id": "77", "name": "Bolt", "rate": Decimal("19.990")}
        if action is Action.CREATE:
            record.pop("item_id", None)
        return make_sender(name, action, **client).send(record, leaving=leaving)

    return run


@pytest.fixture
def canned():
    return Canned


@pytest.fixture
def said():
    """An answer of Zoho with a code and a message."""
    return refusal


@pytest.fixture
def created():
    """The answer to a create that worked."""
    return success


@pytest.fixture
def token_text():
    return TOKEN
