"""The API below ``/books/v3``: who may call, which endpoint is meant, what it answers.

Source of paths, messages and statuses: recorded answers of Zoho's server. It
knows neither limits nor faults: those stand before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resources
from zbbulk.sandbox.answers import (
    Refusal,
    Reply,
    refused,
    success,
    to_json,
)
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.calls import Call, checked_body
from zbbulk.sandbox.filters import tests_of
from zbbulk.sandbox.organization import Organization
from zbbulk.sandbox.pages import page_of
from zbbulk.sandbox.shapes import Shaper
from zbbulk.sandbox.tokens import AccessToken, Tokens

ORGANIZATION_HEADER = "x-com-zoho-books-organizationid"
_VERBS = {"POST": "CREATE", "GET": "READ", "PUT": "UPDATE", "DELETE": "DELETE"}
_AUTH_SCHEMES = ("zoho-oauthtoken", "bearer")


class _Words(NamedTuple):
    """What a resource says when it is created, updated, deleted; and what it calls itself."""

    created: str
    updated: str
    deleted: str
    thing: str


_WORDS = {
    "items": _Words(
        "The item has been added.",
        "Item details have been saved.",
        "The item has been deleted.",
        "Item",
    ),
    "contacts": _Words(
        "The contact has been added.",
        "Contact information has been saved.",
        "The contact has been deleted.",
        "Contact",
    ),
    "estimates": _Words(
        "The quote has been created.",
        "Quote information has been updated.",
        "The quote has been deleted.",
        "Quote",
    ),
    "invoices": _Words(
        "The invoice has been created.",
        "Invoice information has been updated.",
        "The invoice has been deleted.",
        "Invoice",
    ),
    "bankaccounts": _Words(
        "The account has been created.",
        "The details of the account have been updated.",
        "The account has been deleted.",
        "Account",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Answers calls."""

    books: Books
    organization: Organization
    shaper: Shaper
    tokens: Tokens

    def answer(self, call: Call) -> Reply:
        """Return the answer to a call, a refusal too."""
        try:
            return self._answer(call)
        except Refusal as refusal:
            return refused(refusal)

    def forget_token(self, call: Call) -> None:
        """Make the token that this call carries invalid."""
        self.tokens.revoke(_token_of(call))

    def _answer(self, call: Call) -> Reply:
        token = self._authorized(call)
        if call.path == "/organizations":
            _allow(call, ("GET",))
            return success("success", organizations=self.organization.to_json())
        self._check_organization(call)
        if self.organization.is_trial_over:
            raise Refusal("103001")
        if call.path == "/settings/taxes":
            return self._taxes(call, token)
        resource, record_id = _target(call.path)
        _allow(call, ("GET", "PUT", "DELETE") if record_id else ("GET", "POST"))
        _check_scope(token, resource.scope, call)
        if record_id:
            return self._one(call, resource, record_id)
        return self._create(call, resource) if call.method == "POST" else self._list(call, resource)

    def _one(self, call: Call, resource: Resource, record_id: str) -> Reply:
        if call.method == "PUT":
            return self._update(call, resource, record_id)
        if call.method == "DELETE":
            return self._delete(resource, record_id)
        record = self._existing(resource, record_id)
        return success("success", **{resource.single_key: record})

    def _create(self, call: Call, resource: Resource) -> Reply:
        sent, known = checked_body(call, resource, is_update=False)
        with self.books.lock:
            self._adopt_customer(sent, known)
            record = self.shaper.create(resource, known)
            self.books.check_unique(resource, record)
            self._set_number(resource, record, known, call)
            text = self.books.keep(resource, record)
        location = f"/api/v3{resource.path}/{record[resource.id_field]}"
        message = _WORDS[resource.name].created
        return _single(resource, message, text, status=201, headers={"Location": location})

    def _update(self, call: Call, resource: Resource, record_id: str) -> Reply:
        self._existing(resource, record_id)
        sent, known = checked_body(call, resource, is_update=True)
        with self.books.lock:
            old = self._existing(resource, record_id)
            self._adopt_customer(sent, known)
            record = self.shaper.update(resource, old, known)
            if _numbers_itself_not(resource, call, known) and known.get(resource.number_field):
                record[resource.number_field] = known[resource.number_field]
            text = self.books.keep(resource, record)
        return _single(resource, _WORDS[resource.name].updated, text, status=200)

    def _delete(self, resource: Resource, record_id: str) -> Reply:
        if not self.books.delete(resource, record_id):
            raise Refusal("1002", status=404, thing=_WORDS[resource.name].thing)
        return success(_WORDS[resource.name].deleted)

    def _list(self, call: Call, resource: Resource) -> Reply:
        tests = tests_of(resource, call.query)
        near = self.books.candidates(resource, call.query)
        found = [record for record in near if all(test(record) for test in tests)]
        rows, context = page_of(resource, found, call.query)
        return success("success", **{resource.list_key: rows, "page_context": context})

    def _taxes(self, call: Call, token: AccessToken) -> Reply:
        _allow(call, ("GET",))
        _check_scope(token, "settings", call)
        taxes = [tax._asdict() for tax in self.organization.taxes.values()]
        return success("success", taxes=taxes)

    def _existing(self, resource: Resource, record_id: str) -> JsonObject:
        record = self.books.find(resource.name, record_id)
        if record is None:
            raise Refusal("1002", status=404, thing=_WORDS[resource.name].thing)
        return record

    def _authorized(self, call: Call) -> AccessToken:
        token = self.tokens.find(_token_of(call))
        if token is None:
            raise Refusal("57")
        return token

    def _check_organization(self, call: Call) -> None:
        header = call.headers.get(ORGANIZATION_HEADER, "")
        numbers = [number for number in (call.query.get("organization_id", ""), header) if number]
        if not numbers or not all(number.isascii() and number.isdigit() for number in numbers):
            raise Refusal("2", field="organization_id")
        for number in numbers:
            if not self.organization.owns(number):
                raise Refusal("6041", value=number)
        if self.organization.others and not header:
            raise Refusal("6024")

    def _adopt_customer(self, sent: JsonObject, known: JsonObject) -> None:
        """Create the contact when a stale customer_id comes with a name: Zoho's own trap."""
        name = sent.get("customer_name")
        customer_id = known.get("customer_id")
        if not name or not customer_id or self.books.find("contacts", customer_id):
            return
        contacts = resources()["contacts"]
        contact = self.shaper.create(contacts, {"contact_name": str(name)})
        self.books.keep(contacts, contact)
        known["customer_id"] = contact["contact_id"]

    def _set_number(
        self, resource: Resource, record: JsonObject, known: JsonObject, call: Call
    ) -> None:
        field = resource.number_field
        if not field:
            return
        if not _numbers_itself_not(resource, call, known):
            record[field] = self.books.next_number(resource)
            return
        if not known.get(field):
            raise Refusal("2", field=field)
        record[field] = known[field]


def _token_of(call: Call) -> str:
    scheme, _, token = call.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() not in _AUTH_SCHEMES or not token.strip():
        raise Refusal("14")
    return token.strip()


def _target(path: str) -> tuple[Resource, str]:
    """Return the resource and the id ("" for none) that a path names. Raises Refusal 5."""
    _, name, *rest = f"{path}/".split("/")
    for resource in resources().values():
        if resource.path == f"/{name}" and len(rest) <= 2:
            return resource, rest[0]
    raise Refusal("5")


def _allow(call: Call, methods: tuple[str, ...]) -> None:
    if call.method not in methods:
        raise Refusal("405")


def _check_scope(token: AccessToken, family: str, call: Call) -> None:
    if not token.allows(family, _VERBS[call.method]):
        raise Refusal("57")


def _numbers_itself_not(resource: Resource, call: Call, known: JsonObject) -> bool:
    flag = "ignore_auto_number_generation"
    if resource.number_flag == "query":
        return call.query.get(flag, "").lower() == "true"
    return known.get(flag) is True


def _single(
    resource: Resource,
    message: str,
    text: str,
    *,
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    body = f'{{"code":0,"message":{to_json(message)},"{resource.single_key}":{text}}}'
    return Reply(status=status, body=body.encode(), code="0", headers=headers or {})


def unknown_url() -> Reply:
    """Return the answer to a path outside of everything."""
    return refused(Refusal("5"))
