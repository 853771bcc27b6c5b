"""Read the whole list of a resource, as few calls as there are pages.

The last page is the one that says so: its length tells nothing
(https://www.zoho.com/books/api/v3/introduction/#pagination). Changes nothing in Zoho.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zbbulk.errors import ZohoError
from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.repeated import Repeated, records_in

MOST_PAGES = 100_000
"""No organization has so many; a server that never says "no more" ends here."""

ALL_OF = {"chartofaccounts": {"filter_by": "AccountType.All"}}
"""Lists that leave out inactive records unless they are asked for."""


def whole_list(
    client: ZohoClient, resource: Resource, *, only: Mapping[str, str] | None = None
) -> Iterator[JsonObject]:
    """Yield every record of the list of *resource*, inactive ones too where Zoho gives them.

    *only* is a filter: Zoho ignores one that it does not know, so look at what comes.

    Raises:
        ZohoError: Zoho refused a page or did not answer it, or the run must stop.
    """
    query = {
        "per_page": str(resource.page_size),
        **ALL_OF.get(resource.name, {}),
        **(only or {}),
    }
    for page in range(1, MOST_PAGES):
        call = Call(method="GET", path=resource.list_path, query={**query, "page": str(page)})
        answer = Repeated(client, call).answer()
        yield from records_in(answer, resource, path=resource.list_path)
        if not _has_more(answer.body if answer else None):
            return
    raise ZohoError(f"The list {resource.list_path} does not end.", code="ZB410")


def _has_more(body: Mapping[str, object] | None) -> bool:
    context = (body or {}).get("page_context")
    return isinstance(context, dict) and context.get("has_more_page") is True
