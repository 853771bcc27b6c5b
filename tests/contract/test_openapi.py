"""What zbbulk sends and what the sandbox answers, held against Zoho's own OpenAPI files.

Skipped where the files are not. What differs stands in ``tools/schema_corrections.yml``,
each with its source; a difference that is not there fails, and an entry without one too.
"""

import json
import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
import requests
import yaml

from zbbulk.assets import asset_path, read_asset
from zbbulk.jobs.import_job import import_file
from zbbulk.jobs.prepare import find_mapping
from zbbulk.jobs.target import sandbox_target
from zbbulk.resources import resources
from zbbulk.sandbox import Sandbox
from zoho_schemas.contract import SIDES, accepts, differences, documented
from zoho_schemas.corrections import read_corrections
from zoho_schemas.openapi import read_openapi

ROOT = Path(__file__).resolve().parents[2]
OPENAPI = Path(os.environ.get("ZBBULK_OPENAPI", ROOT.parent / "shared" / "zoho-openapi"))
pytestmark = pytest.mark.skipif(not OPENAPI.is_dir(), reason="Zoho's OpenAPI files are not here")

SAMPLES = {
    case["mapping"]: case["file"]
    for case in reversed(yaml.safe_load(read_asset("samples", "expect.yml")))
    if case["mapping"] in resources()
}
ACCEPTED = read_corrections(ROOT / "tools" / "schema_corrections.yml").differences
WITH_ALL_OF_THE_REST = "estimates"
"""A resource in which every difference is found that is listed for all resources."""

FOLLOWED = 3
"""So many records of a sample are read and changed as well."""


class Traffic:
    """The bodies of one resource by side, as they went over the wire."""

    def __init__(self, resource, sandbox):
        self.bodies = defaultdict(list)
        self.created = []
        self._resource, self._sandbox = resource, sandbox
        self._headers = {"Authorization": f"Zoho-oauthtoken {sandbox.access_token()}"}

    def note(self, url, sent, answer):
        """Take a create: where to, what was sent and what came back."""
        self.bodies["sent"].append(sent)
        self.bodies["created"].append(answer)
        path = url.partition("?")[0].removeprefix(self._sandbox.api_root)
        spelled = zip(self._resource.path.split("/"), path.split("/"), strict=True)
        in_path = {name[1:-1]: step for name, step in spelled if name.startswith("{")}
        self.created.append((sent | in_path, answer))

    def follow(self, sent, answer):
        """Read and change the record of one create, and list its like."""
        resource = self._resource
        record = answer.get(resource.single_key, {})
        places = {**record, **sent, "id": record.get(resource.id_field, "")}
        if "read" in resource.can:
            self._call("read", "GET", resource.record_path().format_map(places))
        if "update" in resource.can:
            in_path = resource.path_fields
            texts = (name for name, held in sent.items() if isinstance(held, str))
            field = next(name for name in texts if name not in in_path)
            path = resource.record_path("update").format_map(places)
            self.bodies["changed"].append({field: sent[field]})
            self._call("updated", "PUT", path, {field: sent[field]})
        if "list" in resource.can:
            self._call("listed", "GET", resource.list_path.format_map(places))

    def _call(self, side, method, path, body=None):
        reply = requests.request(
            method,
            self._sandbox.api_root + path,
            params={"organization_id": self._sandbox.organization_id},
            headers=self._headers,
            json=body,
            timeout=10,
        )
        assert reply.ok, reply.text
        self.bodies[side].append(loaded(reply.text))


def loaded(text):
    return json.loads(text, parse_float=Decimal)


@pytest.fixture(scope="module")
def zoho():
    return read_openapi(OPENAPI)


@pytest.fixture
def traffic(request, tmp_path, monkeypatch):
    """Import the sample of a resource, and follow some of its records."""
    name = request.param
    send = requests.Session.send
    with Sandbox(None, speed=600, has_examples=True) as sandbox:
        noted = Traffic(resources()[name], sandbox)

        def overheard(self, prepared, **more):
            sent = prepared.body.getvalue() if prepared.method == "POST" else b""
            reply = send(self, prepared, **more)
            if prepared.method == "POST" and reply.status_code == 201:
                noted.note(prepared.url, loaded(sent), loaded(reply.text))
            return reply

        monkeypatch.setattr(requests.Session, "send", overheard)
        path = asset_path("samples", SAMPLES[name])
        import_file(path, find_mapping(name), target=sandbox_target(sandbox), runs=tmp_path)
        monkeypatch.setattr(requests.Session, "send", send)
        for sent, answer in noted.created[:FOLLOWED]:
            noted.follow(sent, answer)
        yield name, noted.bodies


@pytest.mark.parametrize("traffic", SAMPLES, indirect=True)
def test_bodies_are_as_zoho_documents_them_but_for_the_differences_that_are_listed(traffic, zoho):
    name, bodies = traffic
    assert bodies["sent"]
    found = set()
    for side, held in bodies.items():
        node = documented(zoho, resources()[name], side)
        assert node is not None or side not in SIDES, f"{name}: no file tells what is {side}"
        if node is not None:
            found |= differences(node, held, resource=name, side=side)
    assert [each for each in found if not any(accepts(entry, each) for entry in ACCEPTED)] == []
    listed = [entry for entry in ACCEPTED if name in entry.get("in", [WITH_ALL_OF_THE_REST])]
    unused = [entry for entry in listed if not any(accepts(entry, each) for each in found)]
    assert unused == []


def test_every_listed_difference_has_its_source():
    assert [entry for entry in ACCEPTED if not entry.get("source")] == []
    assert {side for entry in ACCEPTED for side in entry.get("sides", ())} <= set(SIDES)
