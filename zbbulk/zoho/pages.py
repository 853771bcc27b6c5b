"""Read whole lists, page after page, 200 records a call. Knows no field of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.repeated import Repeated, records_of


def pages(
    client: ZohoClient, resource: Resource, query: Mapping[str, str]
) -> Iterator[list[JsonObject]]:
    """Yield the records of each page of the list of *resource*.

    A row of a list shows less than the record itself. Zoho ignores a filter that it does
    not know: compare what comes back.

    Args:
        client: The connection to the organization.
        resource: What kind of records; its list path has no field in it.
        query: Filters and order.

    Raises:
        ZohoError: Zoho refused a call or did not answer it, or the run must stop.
    """
    number, has_more = 1, True
    while has_more:
        page = {"page": str(number), "per_page": str(resource.page_size)}
        call = Call(method="GET", path=resource.list_path, query={**query, **page})
        answer = Repeated(client, call).answer()
        yield records_of(answer, resource, path=call.path)
        context = (answer.body or {}).get("page_context") if answer else None
        has_more = bool(isinstance(context, dict) and context.get("has_more_page"))
        number += 1
