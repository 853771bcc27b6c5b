"""An access token that all processes of a user share: made once, kept in a file of mode 0600.

Zoho allows 10 new tokens in 10 minutes; ten processes that start together make one. A lock
beside the file is held while a token is made. Times are of the machine's own clock.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from zbbulk.errors import ResultError, ZohoError
from zbbulk.zoho.auth import EARLY_S, OAuthClient
from zbbulk.zoho.clock import Clock
from zbbulk.zoho.token_endpoint import granted

_LOCK_S = 60.0


class CachedToken:
    """Gives the access token of one refresh token; threads and processes share it."""

    def __init__(
        self,
        client: OAuthClient,
        path: Path,
        *,
        clock: Clock,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Read nothing yet.

        Args:
            client: What a new token is made from.
            path: The file that keeps it.
            clock: Measures waits.
            now: Seconds since 1970.
        """
        self._client, self._path = client, path
        self._clock, self._now = clock, now
        self._lock = Lock()
        self._token, self._good_until = "", 0.0
        self._failure: ZohoError | None = None

    def token(self) -> str:
        """Return a token, a new one shortly before the old one expires."""
        with self._lock:
            if not self._is_good():
                self._take_over(refused="")
            return self._token

    def renew(self, refused: str) -> bool:
        """Make a new token unless somebody has done so since *refused* was sent."""
        with self._lock:
            if self._token == refused:
                self._take_over(refused=refused)
            return True

    def _is_good(self) -> bool:
        return bool(self._token) and self._now() < self._good_until - EARLY_S

    def _take_over(self, *, refused: str) -> None:
        """Take the token that another process has made, else make one."""
        if self._failure is not None:
            raise self._failure  # asking again would only make a block longer
        with self._locked():
            self._token, self._good_until = self._kept()
            if self._is_good() and self._token != refused:
                return
            try:
                given = granted(self._client.accounts_url, self._client.form, clock=self._clock)
            except ZohoError as failure:
                self._failure = failure
                raise
            self._token, self._good_until = given.access_token, self._now() + given.life_s
            self._keep()

    def _kept(self) -> tuple[str, float]:
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(self._path.read_text(encoding="utf-8"))
            return str(told["access_token"]), float(told["good_until"])
        return "", 0.0

    def _keep(self) -> None:
        write_secret(
            self._path,
            json.dumps({"access_token": self._token, "good_until": self._good_until}),
        )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only who signs in pays

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(f"{self._path}.lock").acquire(timeout=_LOCK_S):
                yield
        except (OSError, Timeout) as error:
            raise unusable(self._path, error) from error


def unusable(path: Path, error: OSError) -> ResultError:
    """Return the error that tells why a file of secrets can't be used."""
    reason = error.strerror or "another process holds it"
    return ResultError(f"The file {str(path)!r} can't be used: {reason}.", code="ZB418")


def write_secret(path: Path, text: str) -> None:
    """Write *text* to a file that only its owner can read, whole or not at all.

    Raises:
        ResultError: it can't be written.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise unusable(path, error) from error
