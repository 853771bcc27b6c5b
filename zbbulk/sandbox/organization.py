"""The organization the sandbox plays: its edition, time zone, taxes and settings.

Editions differ in currency, time zone, and whether GST is there. It does not
know records or requests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from zbbulk.model import JsonObject
from zbbulk.sandbox.answers import Refusal


class Edition(NamedTuple):
    """What a country's edition sets; ``taxes`` are the taxes that are set up from the start."""

    country_code: str
    country_name: str
    time_zone: str
    currency_code: str
    currency_symbol: str
    taxes: tuple[tuple[str, str, str], ...] = ()


_GST_IN = tuple(
    (f"{kind}{rate}", rate, tax_type)
    for kind, tax_type in (("GST", "tax_group"), ("IGST", "tax"))
    for rate in ("5", "12", "18", "28")
)

EDITIONS = {
    "us": Edition("US", "U.S.A", "America/New_York", "USD", "$"),
    "eu": Edition("DE", "Germany", "Europe/Berlin", "EUR", "€", (("Standard Rate", "19", "tax"),)),
    "in": Edition("IN", "India", "Asia/Kolkata", "INR", "₹", _GST_IN),
    "au": Edition("AU", "Australia", "Australia/Sydney", "AUD", "$", (("GST", "10", "tax"),)),
    "jp": Edition("JP", "Japan", "Asia/Tokyo", "JPY", "¥", (("Standard Rate", "10", "tax"),)),
    "ca": Edition("CA", "Canada", "America/Toronto", "CAD", "$", (("GST", "5", "tax"),)),
    "cn": Edition("CN", "China", "Asia/Shanghai", "CNY", "¥", (("VAT", "13", "tax"),)),
    "sa": Edition("SA", "Saudi Arabia", "Asia/Riyadh", "SAR", "SAR", (("VAT", "15", "tax"),)),
    "uk": Edition("GB", "U.K.", "Europe/London", "GBP", "£", (("Standard Rate", "20", "tax"),)),
    "gcc": Edition("AE", "U.A.E.", "Asia/Dubai", "AED", "AED", (("Standard Rate", "5", "tax"),)),
    "mx": Edition("MX", "Mexico", "America/Mexico_City", "MXN", "$", (("IVA", "16", "tax"),)),
    "global": Edition("SG", "Singapore", "Asia/Singapore", "SGD", "$", (("GST", "9", "tax"),)),
    "ke": Edition("KE", "Kenya", "Africa/Nairobi", "KES", "KES", (("VAT", "16", "tax"),)),
    "za": Edition("ZA", "South Africa", "Africa/Johannesburg", "ZAR", "R", (("VAT", "15", "tax"),)),
}

_FIELDS_OF = {"jp": "global", "cn": "global", "sa": "gcc"}
"""Edition -> the one whose fields it has as well, by the schemas' codes."""

PRICE_PRECISION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The organization and what is switched on in it.

    Attributes:
        organization_id: Nine digits.
        plan: A key of ``limits.PLANS``.
        edition: A key of ``EDITIONS``.
        prefix: The first seven digits of the ids that are the same in every sandbox.
        others: How many more organizations the user belongs to.
        is_trial_over: Every call answers 103001.
        is_gst_enabled: Whether a tax_id is allowed; None: if there are taxes.
        read_only_locations: location_id that the user may not write to.
        unique_fields: Custom fields (API name or label) that allow no duplicates.
        custom_fields: The custom fields there are; others are dropped without a
            word. None: every one is taken.
        state: Of its address, "" when none was entered.
    """

    organization_id: str
    plan: str
    edition: str
    prefix: str = "4608150"
    others: int = 0
    is_trial_over: bool = False
    is_gst_enabled: bool | None = None
    read_only_locations: frozenset[str] = frozenset()
    unique_fields: frozenset[str] = frozenset()
    custom_fields: frozenset[str] | None = None
    state: str = ""
    zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", ZoneInfo(self.facts.time_zone))

    @property
    def facts(self) -> Edition:
        """The edition's facts."""
        return EDITIONS[self.edition]

    @property
    def editions(self) -> frozenset[str]:
        """The codes by which the schemas name the edition."""
        return frozenset({self.edition, _FIELDS_OF.get(self.edition, self.edition)})

    def fixed_id(self, number: int) -> str:
        """Return one of the ids that are there from the start, 19 digits."""
        return f"{self.prefix}{number:012d}"

    @property
    def currency_id(self) -> str:
        """Id of the base currency."""
        return self.fixed_id(97)

    def is_unique(self, field: str) -> bool:
        """Tell whether the custom field of this API name allows no duplicates."""
        return field in {api_name(name) for name in self.unique_fields}

    def check_location(self, location_id: object) -> None:
        """Refuse a location without write access. Raises Refusal 400040."""
        if location_id in self.read_only_locations:
            raise Refusal("400040")

    def to_json(self) -> list[JsonObject]:
        """Return the organizations of the user, as ``GET /organizations`` lists them."""
        mine = self._entry(self.organization_id, "Sandbox Trading", is_default=True)
        rest = [
            self._entry(str(int(self.organization_id) + number), f"Sandbox {number}")
            for number in range(1, self.others + 1)
        ]
        return [mine, *rest]

    def to_json_in_full(self) -> JsonObject:
        """Return the organization as ``GET /organizations/{id}`` tells it, with its address."""
        entry = self._entry(self.organization_id, "Sandbox Trading", is_default=True)
        return entry | {"address": {"state": self.state, "country": self.facts.country_name}}

    def _entry(self, number: str, name: str, *, is_default: bool = False) -> JsonObject:
        facts = self.facts
        return {
            "organization_id": number,
            "name": name,
            "contact_name": "Sandbox User",
            "email": "user@example.com",
            "is_default_org": is_default,
            "language_code": "en",
            "fiscal_year_start_month": "1",
            "time_zone": facts.time_zone,
            "date_format": "MM/dd/yyyy" if facts.country_code == "US" else "dd/MM/yyyy",
            "field_separator": ",",
            "currency_id": self.currency_id,
            "currency_code": facts.currency_code,
            "currency_symbol": facts.currency_symbol,
            "currency_format": "###,##0.00",
            "price_precision": PRICE_PRECISION,
            "plan_name": self.plan.capitalize(),
            "plan_period": "Month",
            "country_code": facts.country_code,
            "country_name": facts.country_name,
        }

    def custom_field_list(self) -> list[JsonObject]:
        """Return the custom fields there are. Raises Refusal 5 where every one is taken."""
        if self.custom_fields is None:
            raise Refusal("5")
        return [
            {
                "customfield_id": self.fixed_id(7000 + number),
                "label": name,
                "api_name": api_name(name),
                "data_type": "string",
                "is_active": True,
                "is_unique": self.is_unique(api_name(name)),
            }
            for number, name in enumerate(sorted(self.custom_fields | self.unique_fields))
        ]

    def owns(self, number: str) -> bool:
        """Tell whether the user belongs to the organization *number*."""
        return 0 <= int(number) - int(self.organization_id) <= self.others


def api_name(label: str) -> str:
    """Return the API name of a custom field: ``cf_`` and its label in small letters."""
    if label.startswith("cf_"):
        return label
    return "cf_" + re.sub(r"\W+", "_", label.strip().lower()).strip("_")
