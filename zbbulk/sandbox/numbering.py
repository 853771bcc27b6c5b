"""Document numbers: the own one or the next one.

``ignore_auto_number_generation`` decides, in the query or in the body; without
it Zoho numbers by itself. It does not know documents.
"""

from __future__ import annotations

from collections.abc import Mapping

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.traits import traits

_FLAG = "ignore_auto_number_generation"


def set_number(
    books: Books,
    resource: Resource,
    record: JsonObject,
    *,
    sent: JsonObject,
    query: Mapping[str, str],
) -> None:
    """Give a new record its number. Raises Refusal 2 for an own number that is missing."""
    form = traits(resource.name).number
    if form is None:
        return
    own = sent.get(form.field)
    if form.field != resource.number_field:
        record[form.field] = own or books.next_number(resource, form)
    elif not is_own_number(resource, sent, query):
        record[form.field] = books.next_number(resource, form)
    elif own:
        record[form.field] = own
    else:
        raise Refusal("2", field=form.field)


def change_number(
    resource: Resource, record: JsonObject, *, sent: JsonObject, query: Mapping[str, str]
) -> None:
    """Give a changed record the number that was sent, if own numbers are asked for."""
    own = sent.get(resource.number_field)
    if own and is_own_number(resource, sent, query):
        record[resource.number_field] = own


def is_own_number(resource: Resource, sent: JsonObject, query: Mapping[str, str]) -> bool:
    """Tell whether the request switches auto-numbering off."""
    if resource.number_flag == "query":
        return query.get(_FLAG, "").lower() == "true"
    return sent.get(_FLAG) is True
