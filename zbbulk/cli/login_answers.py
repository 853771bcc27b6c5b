"""What a sign-in must be told, and where from: a file, the environment, or the user.

Secrets are typed without being shown, and are never options. It does not know what is
done with them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO

import click

from zbbulk.cli.reporters import say
from zbbulk.errors import UsageError
from zbbulk.settings import CLIENT_VARIABLE, SECRET_VARIABLE, console_url, said

CODE_VARIABLE = "ZBBULK_GRANT_CODE"
_MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class LoginAnswers:
    """What is known without asking."""

    _told: Mapping[str, str] = field(repr=False)
    _environment: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, file: IO[bytes] | None, environment: Mapping[str, str]) -> LoginAnswers:
        """Read the console's file, if there is one. Raises UsageError (ZB423)."""
        return cls({} if file is None else _client_in(file), environment)

    @property
    def scopes(self) -> str:
        """Return the scopes that the file names, between commas."""
        return self._told.get("scope", "")

    def client_id(self, hint: str) -> str:
        """Return the client id; *hint* is shown before it is asked for. Raises UsageError."""
        known = self._known("client_id", CLIENT_VARIABLE)
        if known:
            return known
        _refuse_silence("client id", f"--client-id, {CLIENT_VARIABLE}")
        say(hint, err=True)
        return _asked("Client ID", hidden=False)

    def client_secret(self) -> str:
        """Return the client secret. Raises UsageError when nobody can be asked."""
        return self._secret("client_secret", SECRET_VARIABLE, "Client secret")

    def code(self) -> str:
        """Return the grant code. Raises UsageError when nobody can be asked."""
        return self._secret("code", CODE_VARIABLE, "Code")

    def _secret(self, name: str, variable: str, prompt: str) -> str:
        known = self._known(name, variable)
        if known:
            return known
        _refuse_silence(prompt.lower(), variable)
        return _asked(f"{prompt} (not shown)", hidden=True)

    def _known(self, name: str, variable: str) -> str:
        return self._told.get(name, "").strip() or said(self._environment, variable)


def console_hint(accounts_url: str, scopes: str, *, browser: bool) -> str:
    """Return what to do in the API console."""
    console = console_url(accounts_url)
    if browser:
        return f"Client id and secret of your Server-based Application are shown at {console}"
    wanted = scopes or "ZohoBooks.fullaccess.all"
    return (
        f"At {console} open your Self Client (or make one), then Generate Code\n"
        f"with the scope {wanted}\nId and secret are under Client Secret there."
    )


def _client_in(file: IO[bytes]) -> dict[str, str]:
    """Return what a self_client.json says. Raises UsageError."""
    try:
        told = json.loads(file.read(_MOST_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError):
        told = None
    if not isinstance(told, dict) or not {"client_id", "client_secret"} <= set(told):
        raise UsageError(
            f"{file.name} is not a file of the API console: it holds no client.",
            fix="Take the self_client.json that the console offers below the code.",
            code="ZB423",
        )
    scope = told.get("scope")
    scopes = ",".join(map(str, scope)) if isinstance(scope, list) else str(scope or "")
    return {**{name: str(value) for name, value in told.items()}, "scope": scopes}


def _refuse_silence(what: str, where: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            f"The {what} is not given, and nobody is there to be asked.",
            fix=f"Give it by --client-file or {where}.",
        )


def _asked(what: str, *, hidden: bool) -> str:
    answer: str = click.prompt(what, hide_input=hidden, err=True)
    return answer.strip()
