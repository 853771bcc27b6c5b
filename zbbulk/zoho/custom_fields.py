"""The custom fields that an organization has for one kind of record.

``GET /settings/customfields?entity=item`` answers ``{"customfields": {"item": [...]}}``. It
is in none of Zoho's pages; clients use it (met in production, e.g. with ``entity=item``), so
whoever asks must be ready for no answer. Whether a field allows no duplicates was in no
answer that was seen; where ``is_unique`` is told, it is believed.
"""

from __future__ import annotations

from dataclasses import dataclass

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.repeated import Repeated

_PATH = "/settings/customfields"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomFieldFacts:
    """One custom field.

    Attributes:
        label: As people see it.
        api_name: ``cf_...``.
        data_type: As Zoho calls it, e.g. ``string``, ``date``, ``dropdown``; "" if not told.
        is_active: It takes values.
        is_unique: No two records may have the same value; None when not told.
    """

    label: str
    api_name: str
    data_type: str
    is_active: bool
    is_unique: bool | None


def custom_fields_of(client: ZohoClient, resource: Resource) -> list[CustomFieldFacts] | None:
    """Return the custom fields of *resource*, None when Zoho does not tell them. One call.

    Raises:
        ZohoError: the run must stop.
    """
    entity = resource.single_key
    call = Call(method="GET", path=_PATH, query={"entity": entity})
    answer = Repeated(client, call).answer()
    told = (answer.body or {}).get("customfields") if answer else None
    found = told.get(entity) if isinstance(told, dict) else told
    if not isinstance(found, list):
        return None
    return [_facts(each) for each in found if isinstance(each, dict)]


def _facts(told: JsonObject) -> CustomFieldFacts:
    is_unique = told.get("is_unique")
    return CustomFieldFacts(
        label=str(told.get("label", "")),
        api_name=str(told.get("api_name", "")),
        data_type=str(told.get("data_type", "")),
        is_active=told.get("is_active") is not False,
        is_unique=is_unique if isinstance(is_unique, bool) else None,
    )
