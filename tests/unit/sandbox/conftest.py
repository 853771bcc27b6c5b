"""A sandbox and a client that speaks to it over a real socket."""

from itertools import count

import pytest
import requests
import simplejson
import yaml

from zbbulk.assets import read_asset
from zbbulk.resources import resource, schema
from zbbulk.sandbox import Sandbox

_NUMBERS = count(1)
_BOOKS = yaml.safe_load(read_asset("samples", "books.yml"))
_VENDOR, _EXPENSE_ACCOUNT, _BANK = (
    "4600000000000200011",
    "4600000000000320004",
    "4600000000000330001",
)

_OWN = {
    "expenses": {"account_id": _EXPENSE_ACCOUNT, "amount": 10},
    "recurringexpenses": {"account_id": _EXPENSE_ACCOUNT, "amount": 10},
    "taxgroups": {"taxes": "4600000000000350001,4600000000000350002"},
    "basecurrencyadjustments": {"account_ids": _BANK},
    "custommodules": {"module_name": "cm_loans", "cf_amount": 7},
    "journals": {
        "line_items": [
            {"account_id": _EXPENSE_ACCOUNT, "debit_or_credit": "debit", "amount": 10},
            {"account_id": _BANK, "debit_or_credit": "credit", "amount": 10},
        ]
    },
    "fixedassettypes": {"depreciation_percentage": 20},
    "timeentries": {"log_time": "01:30"},
    "customerpayments": {"invoices": []},
    "customerdebitnotes": {"type": "debit_note"},
}
"""What a schema does not say of a body that is taken."""


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

    def minimal(self, name, /, **more):
        """Return a body that has what the schema requires, with ids of the example books."""
        return _object(schema(name)) | _OWN.get(name, {}) | more

    def send(self, method, name, body, verb="create", record_id=""):
        """Call the path of a resource; fields of its path and query are taken from the body."""
        facts = resource(name)
        paths = {"create": facts.path, "list": facts.list_path, "act": facts.record_path("update")}
        path = paths.get(verb) or facts.record_path(verb)
        query = {field: str(body[field]) for field in facts.query_fields if field in body}
        place = path.format_map({**body, "id": record_id})
        return self.call(method, place, body if method in {"POST", "PUT"} else None, query=query)

    def make(self, name, /, **more):
        """Create a record of any resource with what its schema requires, and return it."""
        status, answer, _ = self.send("POST", name, self.minimal(name, **more))
        assert status == 201, answer
        return answer[resource(name).single_key]

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


def _object(facts):
    names = list(facts.get("required", ()))
    names += facts.get("else", {}).get("required", ())
    names += facts.get("anyOf", [{}])[0].get("required", ())
    known = facts["properties"]
    return {name: _value(name, known[name]) for name in names}


def _value(name, facts):
    told = facts.get("type")
    kind = told[0] if isinstance(told, list) else told
    if "x-resource" in facts:
        return _id(name, facts["x-resource"])
    if kind == "array":
        return [_object(facts["items"]) if "properties" in facts["items"] else "x"]
    if facts.get("format") == "date":
        return f"2024-03-{next(_NUMBERS) % 28 + 1:02d}"
    usual = "1" if "pattern" in facts else f"{name} {next(_NUMBERS)}"
    return facts.get("enum", [1 if kind in {"number", "integer"} else usual])[0]


def _id(field, resources):
    if field == "vendor_id":
        return _VENDOR
    name = resources if isinstance(resources, str) else resources[0]
    return _BOOKS[name][0][resource(name).id_field]


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


@pytest.fixture(scope="module")
def stocked():
    """The same with the example books."""
    settings = {"per_minute": 0, "per_day": 0, "has_examples": True}
    with Sandbox(None, **settings) as sandbox, Client(sandbox) as client:
        yield client
