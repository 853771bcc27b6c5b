"""Post one JSON document to a webhook, signed, a few times if need be, and never raise.

The signature is the scheme that Stripe documents (https://docs.stripe.com/webhooks/signature):
an HMAC-SHA256 over the time and the body, with the time beside it, so that a receiver can refuse
what is old. The answer's body is not read, and a redirect is not followed: the document is for
one address.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from requests import PreparedRequest

SIGNATURE, EVENT = "X-Zbbulk-Signature", "X-Zbbulk-Event"
"""The headers of a notice."""

PAUSES_S = (0.0, 2.0, 10.0)
"""Before each try."""

_TIMEOUT_S = 5.0
"""To connect, and again to be answered."""

_AGAIN = frozenset({408, 425, 429})
"""Besides all of 500: HTTP statuses after which it is tried once more."""


class Notice(NamedTuple):
    """How posting went.

    Attributes:
        host: Where to; an address may hold a secret, so that is all that is told of it.
        tries: How often.
        why: Why it did not arrive, "" when it did.
    """

    host: str
    tries: int
    why: str = ""


def signature(body: bytes, *, secret: str, at: int) -> str:
    """Return the header that proves who sent *body*.

    Args:
        body: As it is posted, byte for byte.
        secret: Known to sender and receiver alone.
        at: Seconds since 1970.
    """
    text = f"{at}.".encode() + body
    mark = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return f"t={at},v1={mark}"


def posted(
    url: str,
    document: Mapping[str, object],
    *,
    secret: str,
    event: str,
    now: Callable[[], float],
    wait: Callable[[float], None],
) -> Notice:
    """Post *document* to *url*; never raises.

    Args:
        url: Https, or this machine.
        document: What is told.
        secret: Signs it; "" does not sign.
        event: Tells one notice from another: a repeated one has the same.
        now: Seconds since 1970.
        wait: Waits so many seconds.
    """
    body = json.dumps(document, ensure_ascii=False).encode()
    host, why = _host(url), ""
    for number, pause_s in enumerate(PAUSES_S, start=1):
        if pause_s:
            wait(pause_s)
        headers = {"Content-Type": "application/json", EVENT: event}
        if secret:
            headers[SIGNATURE] = signature(body, secret=secret, at=int(now()))
        status, why = _try(url, body, headers)
        if not why:
            return Notice(host, number)
        if status is not None and status < 500 and status not in _AGAIN:
            return Notice(host, number, why)
    return Notice(host, len(PAUSES_S), why)


def _try(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int | None, str]:
    """Return the HTTP status, None for no answer, and why it did not arrive, "" when it did."""
    import requests  # noqa: PLC0415 - heavy: only who notifies pays

    try:
        with requests.post(
            url,
            data=body,
            headers=headers,
            timeout=_TIMEOUT_S,
            allow_redirects=False,
            stream=True,
            auth=_nobody,
        ) as answer:
            status = answer.status_code
    except (requests.RequestException, OSError, ValueError) as error:
        return None, f"no answer ({type(error).__name__})"
    if 200 <= status < 300:
        return status, ""
    where = ", a redirect, which is not followed" if 300 <= status < 400 else ""
    return status, f"it answered HTTP {status}{where}"


def _nobody(request: PreparedRequest) -> PreparedRequest:
    """Sign in nowhere: no password that lies about on this machine goes to a webhook."""
    return request


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
