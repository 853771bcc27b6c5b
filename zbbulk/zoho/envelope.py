"""What an HTTP answer of Zoho Books says: code, message, record, id, day quota.

Zoho wraps everything in an envelope, ``{"code": 0, "message": "...", "item": {...}}``
(https://www.zoho.com/books/api/v3/response/). A server may also answer with HTML,
broken JSON or no code; nothing here raises for that. It does not know what follows
from an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from email.utils import parsedate_to_datetime

from zbbulk.model import JsonObject
from zbbulk.resources import Resource

_EXCERPT = 200
_AROUND = frozenset({"code", "message", "page_context"})
_LAST_DIGITS = re.compile(r"/([0-9]+)/?(?:\?.*)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayQuota:
    """The ``X-Rate-Limit-*`` headers; each is None when Zoho did not send it.

    Attributes:
        limit: Calls a day, for all apps of the organization.
        remaining: Calls left today.
        reset_s: Seconds until the day's calls are given anew.
    """

    limit: int | None = None
    remaining: int | None = None
    reset_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, taken apart.

    Attributes:
        status: HTTP status.
        code: Zoho's code as text, "0" for fine, "" when there is none.
        message: Zoho's words verbatim, "" when there are none.
        body: The JSON object, numbers as int and Decimal; None if it is no JSON object.
        quota: The day's calls.
        location: The ``Location`` header, "" when there is none.
        text: How a body that is no JSON object begins, in one line.
        zoho_time: When Zoho answered, by its own clock (the ``Date`` header), as ISO 8601
            in UTC; "" when it did not tell.
    """

    status: int
    code: str = ""
    message: str = ""
    body: JsonObject | None = None
    quota: DayQuota = DayQuota()
    location: str = ""
    text: str = ""
    zoho_time: str = ""

    def record(self, single_key: str) -> JsonObject:
        """Return the record under *single_key*, else the only object there is, else {}."""
        body = self.body or {}
        named = _one_object(body.get(single_key))
        if named is not None:
            return named
        found = [_one_object(value) for key, value in body.items() if key not in _AROUND]
        objects = [value for value in found if value is not None]
        return objects[0] if len(objects) == 1 else {}

    def id_of(self, resource: Resource) -> str:
        """Return the record's id as text: from the record, else from ``Location``, else ""."""
        told = _id_text(self.record(resource.single_key).get(resource.id_field))
        if told:
            return told
        found = _LAST_DIGITS.search(self.location)
        return found.group(1) if found else ""


def read_answer(status: int, *, headers: Mapping[str, str], content: bytes) -> Answer:
    """Take an answer apart; whatever the server sent, an Answer comes out."""
    named = {name.lower(): value for name, value in headers.items()}
    body = _json_object(content)
    told = body or {}
    message = told.get("message")
    return Answer(
        status=status,
        code=_code_text(told.get("code")),
        message=message if isinstance(message, str) else "",
        body=body,
        quota=_quota(named),
        location=named.get("location", ""),
        text="" if body is not None else _excerpt(content),
        zoho_time=_moment(named.get("date", "")),
    )


def _moment(text: str) -> str:
    """Return an HTTP date (RFC 9110) as ISO 8601, "" for none."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC).isoformat()
    except (TypeError, ValueError):
        return ""


def _json_object(content: bytes) -> JsonObject | None:
    import simplejson  # noqa: PLC0415 - only who sends needs it

    try:
        body = simplejson.loads(content.decode("utf-8-sig"), use_decimal=True)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _excerpt(content: bytes) -> str:
    return " ".join(content.decode("utf-8", "replace").split())[:_EXCERPT]


def _code_text(code: object) -> str:
    """Return the code as text; Zoho sends it as a number, once in a while as text."""
    if isinstance(code, int) and not isinstance(code, bool):
        return str(code)
    return code.strip() if isinstance(code, str) else ""


def _id_text(value: object) -> str:
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return str(value) if is_number else ""


def _one_object(value: object) -> JsonObject | None:
    """Return an object, also one that stands alone in a list, as Zoho sometimes wraps it."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else None


def _quota(headers: Mapping[str, str]) -> DayQuota:
    limit, remaining, reset = (
        _whole(headers.get(f"x-rate-limit-{name}", "")) for name in ("limit", "remaining", "reset")
    )
    return DayQuota(limit=limit, remaining=remaining, reset_s=reset)


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\s*[0-9]{1,12}\s*", text) else None
