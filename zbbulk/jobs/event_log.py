"""The log of a run: one JSON object a line, for those who look into it afterwards.

Holds event names and figures; never a token, never a cell's value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from zbbulk.errors import ResultError

Facts = Mapping[str, str | int | float | bool | None]


class EventLog:
    """Appends events to a file; safe to use from several threads.

    Attributes:
        written: How many events so far.
    """

    def __init__(self, path: Path) -> None:
        self.written = 0
        self._lock = Lock()
        self._path = path
        try:
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise self._failed(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, event: str, facts: Facts) -> None:
        """Append one event. Raises ResultError if the disk is full."""
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
        try:
            with self._lock:
                self._file.write(json.dumps(line | dict(facts)) + "\n")
                self._file.flush()
                self.written += 1
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> ResultError:
        return ResultError(f"The log {str(self._path)!r} can't be written: {error.strerror}.")
