"""Read the whole list of a resource, as few calls as there are pages.

The last page is the one that says so: its length tells nothing
(https://www.zoho.com/books/api/v3/introduction/#pagination). Changes nothing in Zoho.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zbbulk.errors import ZohoError
from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call, filled
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.repeated import Repeated, records_in

MOST_PAGES = 100_000
"""No organization has so many; a server that never says "no more" ends here."""

ALL_OF = {"chartofaccounts": {"filter_by": "AccountType.All"}}
"""Lists that leave out inactive records unless they are asked for."""


class Page(NamedTuple):
    """One page of a list.

    Attributes:
        number: From 1.
        records: Its rows.
        is_last: Zoho says that no page follows.
    """

    number: int
    records: list[JsonObject]
    is_last: bool


def whole_list(
    client: ZohoClient, resource: Resource, *, only: Mapping[str, str] | None = None
) -> Iterator[JsonObject]:
    """Yield every record of the list of *resource*, inactive ones too where Zoho gives them.

    *only* is a filter: Zoho ignores one that it does not know, so look at what comes.

    Raises:
        ZohoError: Zoho refused a page or did not answer it, or the run must stop.
    """
    for page in pages(client, resource, only=only):
        yield from page.records


def pages(
    client: ZohoClient,
    resource: Resource,
    *,
    only: Mapping[str, str] | None = None,
    first: int = 1,
    in_path: JsonObject | None = None,
) -> Iterator[Page]:
    """Yield the pages of the list of *resource* one after the other.

    Args:
        client: The connection to the organization.
        resource: What is listed.
        only: A filter: Zoho ignores one that it does not know, so look at what comes.
        first: The page to begin with.
        in_path: The fields that stand in the path of the list.

    Raises:
        ZohoError: Zoho refused a page or did not answer it, or the run must stop.
    """
    path = filled(resource.list_path, dict(in_path or {}))
    query = {
        "per_page": str(resource.page_size),
        **ALL_OF.get(resource.name, {}),
        **(only or {}),
    }
    for number in range(first, MOST_PAGES):
        call = Call(
            method="GET",
            path=path,
            query={**query, "page": str(number)},
            route=resource.list_path if path != resource.list_path else "",
        )
        answer = Repeated(client, call).answer()
        records = records_in(answer, resource, path=path)
        is_last = not _has_more(answer.body if answer else None)
        yield Page(number, records, is_last)
        if is_last:
            return
    raise ZohoError(f"The list {path} does not end.", code="ZB410")


def _has_more(body: Mapping[str, object] | None) -> bool:
    context = (body or {}).get("page_context")
    return isinstance(context, dict) and context.get("has_more_page") is True
