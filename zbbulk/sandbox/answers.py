"""Every answer the sandbox can refuse with: code, HTTP status, Zoho's words.

The sandbox's own table; the client has another one, so that the two can
disagree. Codes without a known HTTP status answer 400 (see docs/sandbox.md).
It does not know when a code is due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import simplejson

from zbbulk.model import JsonObject


class Answer(NamedTuple):
    """How one code is answered.

    Attributes:
        status: HTTP status.
        message: Words in braces are filled in.
    """

    status: int
    message: str


ANSWERS: dict[str, Answer] = {
    "2": Answer(400, "Invalid value passed for {field}"),
    "4": Answer(400, "Invalid value passed for {field}"),
    "5": Answer(404, "Invalid URL Passed"),
    "14": Answer(401, "The authentication value is invalid."),
    "15": Answer(400, 'Please ensure that the "{field}" has less than {limit} characters.'),
    "43": Answer(429, "Your requests have been throttled. Please try again after some time."),
    "44": Answer(
        429,
        "For security reasons your organization has been blocked for some time as it has"
        " exceeded the maximum number of requests per minute.",
    ),
    "45": Answer(
        429,
        "The API call for this organization has exceeded the maximum call rate limit of {limit}.",
    ),
    "57": Answer(401, "You are not authorized to perform this operation"),
    "405": Answer(405, "Method Not Allowed"),
    "1000": Answer(500, "Internal Error"),
    "1001": Answer(400, 'Item "{value}" already exists.'),
    "1002": Answer(400, "{thing} does not exist."),
    "1004": Answer(400, 'The {thing} "{value}" already exists.'),
    "1038": Answer(400, "JSON is not well formed"),
    "1049": Answer(400, "The {thing} is already in {value} status."),
    "1070": Answer(
        429,
        "You have reached the maximum number of in process requests allowed."
        " Kindly try again after some time.",
    ),
    "3062": Answer(400, 'The {thing} "{value}" already exists. Please specify a different name.'),
    "6024": Answer(
        400,
        "This user belongs to several organizations."
        " Please specify the organization in the request header.",
    ),
    "6041": Answer(400, "This user is not associated with the CompanyID/CompanyName: {value}."),
    "11002": Answer(400, 'The account name "{value}" already exists.'),
    "13011": Answer(400, "A bill with this number has already been created for this vendor."),
    "36023": Answer(400, "The sales order is locked, as it has been invoiced."),
    "103001": Answer(400, "Your trial of Zoho Books is over. Please upgrade to a paid plan."),
    "108004": Answer(
        400, "The account to be matched is different from the account of the transaction."
    ),
    "110802": Answer(400, "Please specify a tax for the line item."),
    "110942": Answer(400, "The tax_id can't be used, as GST is not enabled in the organization."),
    "120303": Answer(400, 'The value "{value}" of the unique field "{field}" is already used.'),
    "400040": Answer(400, "You do not have write access to this location."),
}
"""Zoho's code as text -> how it is answered."""

OTHER_WORDS = {
    "body": "The parameter JSONString is mandatory",
    "balance": "The debits and the credits must be equal.",
    "lines": "A journal must have at least two lines.",
    "void": "The {thing} is locked, as it is void.",
    "applied": "The amount applied is more than what is left.",
    "other customer_id": "The invoice does not belong to the customer of the payment.",
    "other vendor_id": "The bill does not belong to the vendor of the payment.",
}
"""Why a code is given where its own words do not say it (see docs/sandbox.md)."""

_EXAMPLES: JsonObject = {"field": "Amount", "limit": "100", "thing": "Invoice", "value": "X"}
_EXAMPLES_OF: dict[str, JsonObject] = {"1049": {"thing": "bill", "value": "open"}}
"""What fills the braces when a fault asks for a code out of the blue."""

_STRING_CODES = frozenset({"43"})


class Refusal(Exception):
    """The request is refused.

    Args:
        code: Zoho's code as text.
        status: HTTP status, where it is not the code's usual one.
        why: A key of OTHER_WORDS, where the words are not the code's usual ones.
        words: What fills the braces.

    Attributes:
        message: As sent.
    """

    def __init__(
        self, code: str, *, status: int | None = None, why: str = "", **words: object
    ) -> None:
        template = ANSWERS[code]
        message = OTHER_WORDS[why] if why else template.message
        self.code = code
        self.status = status or template.status
        self.message = message.format_map(_EXAMPLES | _EXAMPLES_OF.get(code, {}) | words)
        super().__init__(f"{code} {self.message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One HTTP answer, ready to be sent.

    Attributes:
        code: Zoho's code, for the log; None when the body has none.
        status: HTTP status; 0 closes the connection without an answer.
        content_type: Of the body.
    """

    status: int
    body: bytes
    code: str | None = None
    content_type: str = "application/json;charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)


CUT = Reply(status=0, body=b"")
"""No answer: the connection is closed."""


def to_json(value: object) -> str:
    """Return *value* as JSON; a Decimal keeps its digits."""
    text: str = simplejson.dumps(value, use_decimal=True, separators=(",", ":"))
    return text


def from_json(text: str | bytes) -> object:
    """Return the value of a JSON text, its fractions as Decimal. Raises ValueError."""
    value: object = simplejson.loads(text, use_decimal=True)
    return value


def json_reply(body: JsonObject, *, status: int = 200) -> Reply:
    """Return *body* as an answer."""
    code = body.get("code")
    return Reply(
        status=status, body=to_json(body).encode(), code=None if code is None else str(code)
    )


def success(message: str, **parts: object) -> Reply:
    """Return an envelope with code 0 and the *parts* beside the message."""
    return json_reply({"code": 0, "message": message, **parts})


def refused(refusal: Refusal) -> Reply:
    """Return the envelope of a refusal; code 43 is a text, as old clients saw it."""
    code: int | str = refusal.code if refusal.code in _STRING_CODES else int(refusal.code)
    return json_reply({"code": code, "message": refusal.message}, status=refusal.status)


def html_page(status: int) -> Reply:
    """Return the page that a gateway shows instead of JSON."""
    page = f"<html><head><title>Zoho</title></head><body><h1>Error {status}</h1></body></html>"
    return Reply(status=status, body=page.encode(), content_type="text/html;charset=UTF-8")
