"""What Zoho tells of the organization itself: the state it is in."""

from __future__ import annotations

from zbbulk.errors import ZohoError
from zbbulk.model import JsonObject
from zbbulk.zoho.call import Call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.repeated import TRIES, Repeated
from zbbulk.zoho.rules import hint_for

PATH = "/organizations"


def organizations(client: ZohoClient) -> list[JsonObject]:
    """Return the organizations of the user as Zoho lists them.

    Raises:
        ZohoError: no answer, or the run must stop.
    """
    answer = Repeated(client, Call(method="GET", path=PATH)).answer()
    if answer is None:
        raise ZohoError(f"Zoho Books gave no answer to {PATH} in {TRIES} tries.", code="ZB410")
    found = (answer.body or {}).get("organizations")
    if not isinstance(found, list):
        raise ZohoError(
            f"Zoho Books refused {PATH}: {answer.message}",
            fix=hint_for(answer.code, answer.message),
            zoho_code=answer.code,
            zoho_message=answer.message,
        )
    return found


def state_of(client: ZohoClient, organization_id: str) -> str:
    """Return the state in the address of the organization, "" when Zoho does not tell it.

    Raises:
        ZohoError: no answer, or the run must stop.
    """
    call = Call(method="GET", path=f"{PATH}/{organization_id}", route=f"{PATH}/{{id}}")
    answer = Repeated(client, call).answer()
    if answer is None:
        raise ZohoError(f"Zoho Books gave no answer to {PATH} in {TRIES} tries.", code="ZB410")
    told = answer.record("organization")
    address = told.get("address")
    places = [address, told] if isinstance(address, dict) else [told]
    found = (place.get(name) for place in places for name in ("state_code", "state"))
    return next((text for text in found if isinstance(text, str) and text.strip()), "")
