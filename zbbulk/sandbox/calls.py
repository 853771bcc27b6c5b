"""One HTTP request, and the record in its body.

The body may be JSON, or a form with ``JSONString`` as older clients send it. It
does not know what is done with the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema
from zbbulk.sandbox.answers import Refusal, from_json
from zbbulk.sandbox.validate import Editions, check_body, prune


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One HTTP request.

    Attributes:
        method: HTTP method.
        path: Below the root it belongs to, e.g. ``/items``.
        query: Names and values; the last one of a name counts.
        headers: Names in small letters.
        body: As received.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


class Body(NamedTuple):
    """A body that was checked.

    Attributes:
        sent: As sent.
        known: Without the fields that Zoho drops.
    """

    sent: JsonObject
    known: JsonObject


def checked_body(
    sent: JsonObject, resource: Resource, *, editions: Editions, is_update: bool
) -> Body:
    """Return what was sent once it is known to be right. Raises Refusal 2, 4 or 15."""
    facts = schema(resource.name)
    check_body(sent, facts, editions=editions, is_update=is_update)
    known = prune(sent, facts, editions=editions)
    return Body(sent, known if isinstance(known, dict) else {})


def check_empty_body(call: Call) -> None:
    """Refuse a status call without a JSON object in its body. Raises Refusal 2 or 1038."""
    if not call.body.strip():
        raise Refusal("2", why="body")
    body_of(call)


def body_of(call: Call) -> JsonObject:
    """Return the JSON object in the body. Raises Refusal 1038."""
    text = call.body
    if call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = dict(parse_qsl(text.decode("utf-8", "replace")))
        text = form.get("JSONString", "").encode()
    try:
        body = from_json(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("1038") from error
    if not isinstance(body, dict):
        raise Refusal("1038")
    return body
