"""What Zoho tells of the organizations of a user: who they are, and the state they are in."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from zbbulk.editions import edition_of_country
from zbbulk.errors import ZohoError
from zbbulk.model import JsonObject
from zbbulk.zoho.call import Call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.envelope import Answer
from zbbulk.zoho.repeated import TRIES, Repeated
from zbbulk.zoho.rules import hint_for

PATH = "/organizations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """One organization as the list of them tells it; "" for what Zoho did not say.

    Attributes:
        organization_id: As text.
        name: For people.
        country_code: Two letters.
        currency_code: Its own currency.
        time_zone: E.g. ``Asia/Kolkata``; the day's calls begin anew at midnight there.
        plan: As Zoho calls it, e.g. ``Professional``.
        is_default: The one that opens first in Zoho Books.
    """

    organization_id: str
    name: str
    country_code: str
    currency_code: str
    time_zone: str
    plan: str
    is_default: bool

    @property
    def edition(self) -> str:
        """Return the code of its country edition, "" when Zoho did not tell the country."""
        return edition_of_country(self.country_code) if self.country_code else ""

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return asdict(self) | {"edition": self.edition}


def organizations(client: ZohoClient) -> list[Organization]:
    """Return the organizations of the user, in Zoho's order. One call.

    Raises:
        ZohoError: no answer, or the run must stop.
    """
    answer = _answered(client, Call(method="GET", path=PATH))
    found = (answer.body or {}).get("organizations")
    if not isinstance(found, list):
        raise ZohoError(
            f"Zoho Books refused {PATH}: {answer.message}",
            fix=hint_for(answer.code, answer.message),
            zoho_code=answer.code,
            zoho_message=answer.message,
        )
    return [_organization(told) for told in found if isinstance(told, dict)]


def _organization(told: JsonObject) -> Organization:
    def text(*names: str) -> str:
        return next((str(told[name]).strip() for name in names if told.get(name)), "")

    return Organization(
        organization_id=text("organization_id"),
        name=text("name"),
        country_code=text("country_code").upper(),
        currency_code=text("currency_code").upper(),
        time_zone=text("time_zone"),
        plan=text("plan_name"),
        is_default=told.get("is_default_org") is True,
    )


def state_of(client: ZohoClient, organization_id: str) -> str:
    """Return the state in the address of the organization, "" when Zoho does not tell it.

    Raises:
        ZohoError: no answer, or the run must stop.
    """
    call = Call(method="GET", path=f"{PATH}/{organization_id}", route=f"{PATH}/{{id}}")
    told = _answered(client, call).record("organization")
    address = told.get("address")
    places = [address, told] if isinstance(address, dict) else [told]
    found = (place.get(name) for place in places for name in ("state_code", "state"))
    return next((text for text in found if isinstance(text, str) and text.strip()), "")


def _answered(client: ZohoClient, call: Call) -> Answer:
    answer = Repeated(client, call).answer()
    if answer is None:
        raise ZohoError(f"Zoho Books gave no answer to {PATH} in {TRIES} tries.", code="ZB410")
    return answer
