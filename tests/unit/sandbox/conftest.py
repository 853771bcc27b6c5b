"""A sandbox and a client that speaks to it over a real socket."""

from itertools import count

import pytest
import requests
import simplejson

from zbbulk.sandbox import Sandbox

_NUMBERS = count(1)


class Client:
    """Calls one sandbox; answers are (status, body, headers)."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.session = requests.Session()
        self.query = {"organization_id": sandbox.organization_id}
        self.headers = {"Authorization": f"Zoho-oauthtoken {sandbox.access_token()}"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.close()

    def call(self, method, path, body=None, *, query=None, headers=None, text=None):
        if body is not None:
            text = simplejson.dumps(body, use_decimal=True)
        answer = self.session.request(
            method,
            self.sandbox.api_root + path,
            params=self.query | (query or {}),
            headers=self.headers | (headers or {}),
            data=text,
            timeout=10,
        )
        try:
            read = simplejson.loads(answer.content, use_decimal=True)
        except ValueError:
            read = answer.text
        return answer.status_code, read, answer.headers

    def create(self, resource, body, **kwargs):
        status, answer, _ = self.call("POST", f"/{resource}", body, **kwargs)
        assert status == 201, answer
        return next(part for part in answer.values() if isinstance(part, dict))

    def contact(self, name=None, **fields):
        name = name or f"Customer {next(_NUMBERS)}"
        return self.create("contacts", {"contact_name": name, **fields})["contact_id"]

    def item(self, name=None, **fields):
        name = name or f"Item {next(_NUMBERS)}"
        return self.create("items", {"name": name, "rate": 10, **fields})["item_id"]

    def names(self, resource, field, **query):
        status, answer, _ = self.call("GET", f"/{resource}", query=query)
        assert status == 200, answer
        return [row[field] for row in answer[resource]]


@pytest.fixture
def opened():
    """Return a function that starts a sandbox and gives its client; all end with the test."""
    running = []

    def start(store=None, **settings):
        sandbox = Sandbox(store, **settings).__enter__()
        client = Client(sandbox)
        running.append((sandbox, client))
        return client

    yield start
    for sandbox, client in reversed(running):
        client.session.close()
        sandbox.__exit__(None, None, None)


@pytest.fixture(scope="module")
def client():
    """One sandbox without limits for all tests of a module; names must be their own."""
    with Sandbox(None, per_minute=0, per_day=0) as sandbox, Client(sandbox) as client:
        yield client
