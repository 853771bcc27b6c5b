"""The access token of one refresh token, in a file that all processes share.

``token-<digest>.json`` in the config folder, readable by its owner only; whoever wants
a new token holds a lock meanwhile, so that ten processes ask once. It may be deleted at
any time. It does not know how a token is asked for.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import AbstractContextManager
from dataclasses import fields
from pathlib import Path

from zbbulk.errors import UsageError
from zbbulk.jobs.secret_files import locked, read_secret, write_secret
from zbbulk.model import JsonObject
from zbbulk.settings import OAuthClient
from zbbulk.zoho.auth import IssuedToken


class TokenFile:
    """Keeps one access token; its clock is the time of day, which all processes share.

    Attributes:
        path: The file; another sign-in has another one, also of the same profile.
    """

    def __init__(self, folder: Path, client: OAuthClient) -> None:
        """Take the file of *client*'s refresh token below *folder*; nothing is read yet."""
        text = f"{client.accounts_url} {client.client_id} {client.refresh_token}"
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        self.path = folder / f"token-{digest}.json"

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def alone(self) -> AbstractContextManager[None]:
        """Keep all other processes out. Raises ResultError."""
        return locked(self.path)

    def read(self) -> IssuedToken:
        """Return what is kept; what can't be understood counts as nothing."""
        try:
            return _issued(read_secret(self.path))
        except (UsageError, TypeError, ValueError):
            return IssuedToken()

    def keep(self, issued: IssuedToken) -> None:
        """Keep *issued*. Raises ResultError."""
        write_secret(self.path, {each.name: getattr(issued, each.name) for each in fields(issued)})

    def forget(self) -> None:
        """Delete the file, if there is one. Raises ResultError."""
        with locked(self.path):
            self.path.unlink(missing_ok=True)


def _issued(kept: JsonObject) -> IssuedToken:
    return IssuedToken(
        token=str(kept.get("token", "")),
        good_until=float(kept.get("good_until", 0)),
        api_domain=str(kept.get("api_domain", "")),
        made=tuple(float(moment) for moment in kept.get("made", ())),
        blocked_until=float(kept.get("blocked_until", 0)),
    )
