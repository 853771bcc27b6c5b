"""Read from Zoho Books the records whose rows in a mirror were changed, by the fewest calls.

A hundred at a time where Zoho offers that, else from the list where that shows all that is
compared, else one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from zbbulk.mapping.mirror_fields import LINES
from zbbulk.model import JsonObject, Outcome, Record
from zbbulk.resources import Resource
from zbbulk.zoho.bulk import read_many
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.one_record import read_record
from zbbulk.zoho.pages import whole_list


class Found(NamedTuple):
    """A record as Zoho has it now, or why it can't be had.

    Attributes:
        zb_id: Its id.
        record: The record, None when there is none.
        why: Zoho's words, "" when there is one.
    """

    zb_id: str
    record: JsonObject | None
    why: str = ""


def records_now(
    client: ZohoClient,
    resource: Resource,
    wanted: Mapping[str, Record],
    *,
    fields: Collection[str],
    n_listed: int,
) -> Iterator[Found]:
    """Yield each of the records that are *wanted*, once.

    Args:
        client: The connection to the organization.
        resource: What they are.
        wanted: By id what stands in the path of a call about each.
        fields: The fields that are compared.
        n_listed: About how many records the list has.

    Raises:
        ZohoError: Zoho can't be asked, or the run must stop.
    """
    left = dict(wanted)
    for record in _many(client, resource, left, fields=fields, n_listed=n_listed):
        zb_id = str(record.get(resource.id_field, ""))
        if left.pop(zb_id, None) is not None:
            yield Found(zb_id, record)
    is_readable = "read" in resource.can
    for zb_id, stub in left.items():
        if not is_readable or resource.many_at_once is not None:
            yield Found(zb_id, None, "no record has this id")
            continue
        there = read_record(client, resource, {**stub, resource.id_field: zb_id})
        if isinstance(there, Outcome):
            yield Found(zb_id, None, there.message)
        else:
            yield Found(zb_id, there)


def _many(
    client: ZohoClient,
    resource: Resource,
    wanted: Mapping[str, Record],
    *,
    fields: Collection[str],
    n_listed: int,
) -> Iterator[JsonObject]:
    """Yield records that were read many at a time; some of those wanted may be missing."""
    if resource.many_at_once is not None:
        yield from read_many(client, resource, list(wanted))
        return
    pages = -(-n_listed // resource.page_size)
    is_dearer = "read" in resource.can and len(wanted) <= pages
    is_dearer = is_dearer or any(name in resource.list_hides for name in fields)
    if is_dearer or LINES in fields or "{" in resource.list_path or "list" not in resource.can:
        return
    for record in whole_list(client, resource):
        if all(name in record for name in fields) or "read" not in resource.can:
            yield record
