"""Zoho's OpenAPI files: which operation serves a resource, and what its bodies look like.

Reads a folder of ``.yml`` files, or Zoho's zip of them. Knows OpenAPI and the table of
resources; does not know what our schemas say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import yaml

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resources

OWN_FILES = {"customerdebitnotes": "customer-debit-notes.yml"}
"""Resources that share their path with another: the file that tells about them."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A schema in one of the files, its ``$ref`` followed."""

    facts: JsonObject
    document: JsonObject

    def at(self, facts: JsonObject) -> Node:
        """Return a schema that stands below this one."""
        return _followed(facts, self.document)

    @property
    def fields(self) -> dict[str, Node]:
        """The properties of an object by name, in Zoho's order."""
        return {name: self.at(facts) for name, facts in self.facts.get("properties", {}).items()}

    @property
    def entry(self) -> Node:
        """One entry of an array."""
        return self.at(self.facts.get("items", {}))


@dataclass(frozen=True)
class OpenApi:
    """All files, by name."""

    documents: dict[str, JsonObject]

    def request(self, resource: Resource, verb: str) -> Node | None:
        """Return the body of a ``create`` or ``update``; None where there is no such call."""
        found = self._operation(resource, verb)
        if found is None:
            return None
        operation, document = found
        return _body(operation.get("requestBody", {}), document)

    def response(self, resource: Resource, verb: str) -> Node | None:
        """Return the answer to ``create read list update``; None where there is no such call."""
        found = self._operation(resource, verb)
        if found is None:
            return None
        operation, document = found
        answers = operation["responses"]
        good = [code for code in ("201", "200") if code in answers]
        return _body(answers[good[0]], document) if good else None

    def _operation(self, resource: Resource, verb: str) -> tuple[JsonObject, JsonObject] | None:
        method, path = _call(resource, verb)
        for document in self._documents_of(resource):
            for spelled, operations in document["paths"].items():
                if _shape(spelled) == _shape(path) and method in operations:
                    return operations[method], document
        return None

    def _documents_of(self, resource: Resource) -> Iterator[JsonObject]:
        own = OWN_FILES.get(resource.name)
        for name, document in self.documents.items():
            if name == own or (own is None and name not in OWN_FILES.values()):
                yield document

    @cached_property
    def missing(self) -> list[str]:
        """Names of resources that no file tells how to create."""
        return [name for name, each in resources().items() if self.request(each, "create") is None]


def read_openapi(path: Path) -> OpenApi:
    """Read the files in the folder or zip *path*, sorted by name."""
    texts = _zipped(path) if is_zipfile(path) else _in_folder(path)
    loaded = {name: yaml.load(text, Loader=_LOADER) for name, text in sorted(texts)}  # noqa: S506
    return OpenApi({name: document for name, document in loaded.items() if "paths" in document})


def _in_folder(path: Path) -> Iterator[tuple[str, str]]:
    for file in path.glob("*.yml"):
        yield file.name, file.read_text("utf-8")


def _zipped(path: Path) -> Iterator[tuple[str, str]]:
    with ZipFile(path) as packed:
        for name in packed.namelist():
            if name.endswith(".yml"):
                yield Path(name).name, packed.read(name).decode("utf-8")


def _call(resource: Resource, verb: str) -> tuple[str, str]:
    if verb == "create":
        return "post", resource.path
    if verb == "list":
        return "get", resource.list_path
    return {"update": "put", "read": "get", "delete": "delete"}[verb], resource.record_path(verb)


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _body(holder: JsonObject, document: JsonObject) -> Node | None:
    content = _followed(holder, document).facts.get("content", {})
    facts = content.get("application/json", {}).get("schema")
    return None if facts is None else _followed(facts, document)


def _followed(facts: JsonObject, document: JsonObject) -> Node:
    while "$ref" in facts:
        target: Any = document
        for step in facts["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        facts = target
    return Node(facts, document)
