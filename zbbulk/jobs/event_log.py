"""The log of a run: one JSON object a line, for those who look into it afterwards.

Holds event names and figures; never a token, never a cell's value. To watch a
request must not change what becomes of it: a full disk is told before the next one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Self

from zbbulk.errors import ResultError
from zbbulk.private import opened

Facts = Mapping[str, str | int | float | bool | None]


class EventLog:
    """Appends events to a file; safe to use from several threads.

    Attributes:
        left: How many requests left this machine.
    """

    def __init__(self, path: Path) -> None:
        """Open the log *path*. Raises ResultError if that can't be done."""
        self.left = 0
        self._path = path
        self._lock = Lock()
        self._failure: OSError | None = None
        try:
            self._file = open(path, "a", encoding="utf-8", opener=opened)  # noqa: SIM115
        except OSError as error:
            raise self._failed(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._file.close()
        except OSError as failure:
            self._failure = self._failure or failure

    def request(self, facts: Facts) -> None:
        """Append what is known of one request. Never raises: see ``check``."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "event": "zoho.request", **facts}
        with self._lock:
            self.left += facts.get("failure") != "NotSent"
            try:
                self._file.write(json.dumps(line) + "\n")
                self._file.flush()
            except (OSError, ValueError) as error:
                self._failure = self._failure or OSError(str(error))

    def check(self) -> None:
        """Raise ResultError if an event could not be written; call it before a request."""
        if self._failure is not None:
            raise self._failed(self._failure) from self._failure

    def _failed(self, error: OSError) -> ResultError:
        reason = error.strerror or str(error)
        return ResultError(f"The log {str(self._path)!r} can't be written: {reason}.")
