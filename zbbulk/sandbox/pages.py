"""One page of a list: which rows, in which order, and what a row shows.

A row of a list shows less than a record on its own: no lines, no addresses of
a contact, a masked account number. It does not know how rows are chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.filters import applied_filter
from zbbulk.sandbox.traits import traits

PER_PAGE = 200


_SHOWN_DIGITS = 4


def page_of(
    resource: Resource, records: Sequence[JsonObject], query: Mapping[str, str]
) -> tuple[list[JsonObject], JsonObject]:
    """Return the rows of the asked page and its page_context.

    Raises:
        Refusal: 2, ``page`` or ``per_page`` is not a number from 1.
    """
    facts = traits(resource.name)
    page = _whole(query, "page", default=1)
    per_page = _whole(query, "per_page", default=resource.page_size)
    per_page = min(per_page, max(PER_PAGE, resource.page_size))
    column, direction = facts.order
    asked = query.get("sort_column", "")
    if asked in facts.columns and asked != column:
        column, direction = asked, "A"
    direction = query.get("sort_order", direction)
    ranked = _sorted(resource, records, column=column, is_reversed=direction == "D")
    first = (page - 1) * per_page
    rows = [_row(resource, record) for record in ranked[first : first + per_page]]
    return rows, {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(ranked) > first + per_page,
        "report_name": facts.report or resource.title.split(" (")[0],
        "applied_filter": applied_filter(resource, query),
        "custom_fields": [],
        "sort_column": column,
        "sort_order": "D" if direction == "D" else "A",
    }


def _sorted(
    resource: Resource, records: Sequence[JsonObject], *, column: str, is_reversed: bool
) -> list[JsonObject]:
    def key(record: JsonObject) -> tuple[object, ...]:
        value = record.get(column, "")
        shown = value.casefold() if isinstance(value, str) else ""
        amount = value if isinstance(value, int | Decimal) else 0
        return amount, shown, record.get(resource.id_field, "")

    return sorted(records, key=key, reverse=is_reversed)


def _row(resource: Resource, record: JsonObject) -> JsonObject:
    facts = traits(resource.name)
    row = {name: value for name, value in record.items() if name not in facts.left_out}
    row |= {name: record[source] for name, source in facts.also.items()}
    if row.get(facts.masked):
        row[facts.masked] = f"xxxx{row[facts.masked][-_SHOWN_DIGITS:]}"
    return row


def _whole(query: Mapping[str, str], name: str, *, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise Refusal("2", field=name)
    return int(text)
