"""Ask Zoho's sign-in for tokens, and take one back.

Its errors come with HTTP 200; it blocks who asks more than 10 times in 10 minutes
(https://www.zoho.com/accounts/protocol/oauth/). No secret is in any message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from zbbulk.errors import AuthError, Unavailable
from zbbulk.zoho.clock import Clock
from zbbulk.zoho.envelope import Answer, read_answer
from zbbulk.zoho.wire import AnswerLost, NotSent, Wire

TOKEN_PATH = "/oauth/v2/token"  # noqa: S105 - a path
_TOKEN = re.compile(r"[\x21-\x7e]+")
_LIFE_S = 3600
_TRIES = 3
_SHORTEST_SECRET = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What the sign-in gave.

    Attributes:
        access_token: Secret.
        life_s: How long it is good.
        refresh_token: Secret; "" when none came with it.
        api_root: Host of the API that the account's data centre has, "" when it is not told.
        scopes: What the token may do, as Zoho told it; "" when it did not.
    """

    access_token: str = field(repr=False)
    life_s: float
    refresh_token: str = field(default="", repr=False)
    api_domain: str = ""
    scopes: str = ""


def granted(accounts_url: str, form: Mapping[str, str], *, clock: Clock) -> Granted:
    """Ask for a token by *form* and return what came.

    Args:
        accounts_url: The sign-in of the data centre.
        form: ``grant_type`` and what belongs to it; its values are secrets.
        clock: Measures the waits between tries that surely did not arrive.

    Raises:
        AuthError: it gives none (ZB412), or is blocked for a while (ZB413).
        Unavailable: it can't be reached, or gives neither token nor reason.
    """
    return _granted(accounts_url, form, code="ZB412", clock=clock)


def exchanged(accounts_url: str, form: Mapping[str, str], *, clock: Clock) -> Granted:
    """Exchange a grant code, which works once, for tokens; as ``granted``.

    Raises:
        AuthError: the code is not taken (ZB426), the client not known (ZB412), or ZB413.
        Unavailable: as ``granted``; the code may be used up all the same.
    """
    form = {"grant_type": "authorization_code", **form}
    return _granted(accounts_url, form, code="ZB426", clock=clock)


def _granted(accounts_url: str, form: Mapping[str, str], *, code: str, clock: Clock) -> Granted:
    answer = _asked(f"{accounts_url.rstrip('/')}{TOKEN_PATH}", form, clock=clock)
    token = _token_in(answer, code=code)
    body = answer.body or {}
    life_s = body.get("expires_in", _LIFE_S)
    return Granted(
        access_token=token,
        life_s=life_s if isinstance(life_s, int) and life_s > 0 else _LIFE_S,
        refresh_token=str(body.get("refresh_token") or ""),
        api_domain=str(body.get("api_domain") or ""),
        scopes=",".join(re.split(r"[,\s]+", str(body.get("scope") or "").strip())),
    )


def revoked(accounts_url: str, refresh_token: str, *, clock: Clock) -> bool:
    """Take a refresh token back; False when the sign-in does not know it (any more).

    Raises:
        Unavailable: it can't be reached.
    """
    url = f"{accounts_url.rstrip('/')}{TOKEN_PATH}/revoke"
    answer = _asked(url, {"token": refresh_token}, clock=clock)
    return (answer.body or {}).get("status") == "success"


def _asked(url: str, form: Mapping[str, str], *, clock: Clock) -> Answer:
    body = urlencode(form).encode("ascii")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reason = ""
    with Wire(url) as wire:
        for tries in range(_TRIES):
            if tries:
                clock.sleep(2.0 ** (tries - 1))
            try:
                reply = wire.exchange("POST", url, headers=headers, body=body)
            except NotSent as failure:
                reason = str(failure)
            except AnswerLost as failure:
                reason = str(failure)
                break
            else:
                sent = (value for name, value in form.items() if name != "grant_type")
                content = hidden(reply.content, *sent)
                return read_answer(reply.status, headers=reply.headers, content=content)
    raise Unavailable(f"Zoho's sign-in ({url}) gave no answer: {reason}.")


def _token_in(answer: Answer, *, code: str) -> str:
    """Return the token in the sign-in's answer; an error also comes with HTTP 200."""
    body = answer.body or {}
    error = body.get("error")
    if error or body.get("status") == "failure":
        raise _refused(str(error or ""), str(body.get("error_description") or ""), code=code)
    token = body.get("access_token")
    if not isinstance(token, str) or not token:
        raise Unavailable(
            f"Zoho's sign-in gave neither a token nor a reason (HTTP {answer.status}).",
            fix="Try again in a few minutes.",
        )
    return checked_token(token)


def _refused(error: str, described: str, *, code: str) -> AuthError:
    words = ": ".join(part for part in (error, described) if part)
    code = _CODES.get(error.lower(), code)
    return AuthError(
        f"Zoho's sign-in gave no token: {words or 'no reason given'}.",
        fix=_FIXES.get((code, error.lower()), ""),
        code=code,
        zoho_code=error,
        zoho_message=described,
    )


_CODES = {"invalid_client": "ZB412", "invalid_client_secret": "ZB412", "access denied": "ZB413"}
"""Errors that are never about the code; as clients met them, Zoho's pages list only some."""

_FIXES = {
    ("ZB412", "invalid_client"): (
        "The client ID is not known in this data centre: copy it from the API console there, or "
        "name the data centre of your account with --region."
    ),
    ("ZB412", "invalid_client_secret"): (
        "Copy the client secret anew from the API console, whole, and type `zbbulk auth login`."
    ),
    ("ZB412", "invalid_code"): (
        "The sign-in was revoked, or pushed out by newer ones (Zoho keeps 20): type "
        "`zbbulk auth login` again."
    ),
    ("ZB426", "invalid_redirect_uri"): (
        "Enter the address http://127.0.0.1:PORT/callback, letter for letter, at the client in "
        "the API console; --port says which port."
    ),
}
"""By our code and Zoho's word in small letters."""


def checked_token(token: str) -> str:
    """Return *token* if it can stand in a header. Raises AuthError."""
    if _TOKEN.fullmatch(token):
        return token
    raise AuthError(
        "The access token is empty, or holds a blank or a character that no token has.",
        fix="Copy the token anew, whole and without quotes or line breaks.",
    )


def hidden(content: bytes, *secrets: str) -> bytes:
    """Return *content* with each of *secrets* blotted out, should a server repeat one."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            content = content.replace(secret.encode(), b"***")
    return content
