"""The API below ``/books/v3``: who may call, and which operation answers.

Source of paths, messages and statuses: recorded answers of Zoho's server. It
knows neither limits nor faults: those stand before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zbbulk.sandbox import bulk, operations
from zbbulk.sandbox.answers import Refusal, Reply, refused, success
from zbbulk.sandbox.calls import Call
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.routes import Route, find_route
from zbbulk.sandbox.tokens import AccessToken, Tokens

ORGANIZATION_HEADER = "x-com-zoho-books-organizationid"
_SCOPES = {"POST": "CREATE", "GET": "READ", "PUT": "UPDATE", "DELETE": "DELETE"}
_CUSTOM_FIELDS = "/settings/customfields"
_SETTINGS = ("/organizations", _CUSTOM_FIELDS)
_AUTH_SCHEMES = ("zoho-oauthtoken", "bearer")

_VERBS: dict[str, Callable[[Kit, Call, Route], Reply]] = {
    "create": operations.create,
    "read": operations.read,
    "list": operations.list_records,
    "update": operations.update,
    "delete": operations.delete,
    "act": operations.act_on,
    "upsert": bulk.upsert,
    "delete_many": bulk.delete_many,
    "read_many": bulk.read_many,
}
"""Verb of a route -> what answers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Answers calls."""

    kit: Kit
    tokens: Tokens

    def answer(self, call: Call) -> Reply:
        """Return the answer to a call, a refusal too; an absurd amount is refused with 4."""
        try:
            return self._answer(call)
        except Refusal as refusal:
            return refused(refusal)
        except ArithmeticError:
            return refused(Refusal("4", field="Amount"))

    def forget_token(self, call: Call) -> None:
        """Make the token that this call carries invalid."""
        self.tokens.revoke(_token_of(call))

    def _answer(self, call: Call) -> Reply:
        token = self._authorized(call)
        organization = self.kit.organization
        if call.path.startswith(_SETTINGS) and not token.allows("settings", "READ"):
            raise Refusal("57")
        if call.path == "/organizations":
            if call.method != "GET":
                raise Refusal("405")
            return success("success", organizations=organization.to_json())
        self._check_organization(call)
        if call.path == f"/organizations/{organization.organization_id}" and call.method == "GET":
            return success("success", organization=organization.to_json_in_full())
        if organization.is_trial_over:
            raise Refusal("103001")
        if call.path == _CUSTOM_FIELDS and call.method == "GET":
            entity = call.query.get("entity", "")
            return success("success", customfields={entity: organization.custom_field_list()})
        route = find_route(call.method, call.path)
        if not token.allows(route.deed.resource.scope, _SCOPES[call.method]):
            raise Refusal("57")
        return _VERBS[route.deed.verb](self.kit, call, route)

    def _authorized(self, call: Call) -> AccessToken:
        token = self.tokens.find(_token_of(call))
        if token is None:
            raise Refusal("57")
        return token

    def _check_organization(self, call: Call) -> None:
        organization = self.kit.organization
        header = call.headers.get(ORGANIZATION_HEADER, "")
        numbers = [number for number in (call.query.get("organization_id", ""), header) if number]
        if not numbers or not all(number.isascii() and number.isdigit() for number in numbers):
            raise Refusal("2", field="organization_id")
        for number in numbers:
            if not organization.owns(number):
                raise Refusal("6041", value=number)
        if organization.others and not header:
            raise Refusal("6024")


def _token_of(call: Call) -> str:
    scheme, _, token = call.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() not in _AUTH_SCHEMES or not token.strip():
        raise Refusal("14")
    return token.strip()


def unknown_url() -> Reply:
    """Return the answer to a path outside of everything."""
    return refused(Refusal("5"))
