"""Files that only their owner may read, written whole or not at all, one process at a time.

They hold a JSON object each. Does not know what is in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from zbbulk.errors import ResultError, UsageError
from zbbulk.model import JsonObject
from zbbulk.private import make_folder

_WAIT_S = 180.0
"""Longer than any request to the sign-in takes, its repetitions too."""


def read_secret(path: Path) -> JsonObject:
    """Return the JSON object in *path*, {} when there is no such file.

    Raises:
        UsageError: it can't be read, or is not ours (ZB423).
    """
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise unreadable(path, error.strerror or "it can't be read") from None
    except ValueError:
        raise unreadable(path, "it is not JSON") from None
    if not isinstance(found, dict):
        raise unreadable(path, "it is not what zbbulk wrote")
    return found


def write_secret(path: Path, values: JsonObject) -> None:
    """Write *values* to *path*, for its owner alone. Raises ResultError (ZB423)."""
    text = json.dumps(values, indent=2, ensure_ascii=False)
    try:
        make_folder(path.parent)
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise _unusable(path, error.strerror or "it can't be written") from None


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes from what *path* stands for. Raises ResultError (ZB423)."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only who signs in pays

    try:
        make_folder(path.parent)
        lock = FileLock(f"{path}.lock", timeout=_WAIT_S, mode=0o600)
        lock.acquire()
    except Timeout:
        raise _unusable(path, "another process has held it for minutes") from None
    except OSError as error:
        raise _unusable(path, error.strerror or "it can't be locked") from None
    try:
        yield
    finally:
        lock.release()


def change_secret(path: Path, change: Callable[[JsonObject], JsonObject]) -> None:
    """Replace the values in *path* by what *change* makes of them, while nobody else does.

    Raises:
        UsageError, ResultError: it can't be read, or written.
    """
    with locked(path):
        write_secret(path, change(read_secret(path)))


def unreadable(path: Path, reason: str) -> UsageError:
    """Return the error of a file that is not what it should be."""
    return UsageError(f"The file {str(path)!r} can't be read: {reason}.", code="ZB423")


def _unusable(path: Path, reason: str) -> ResultError:
    fix = "Free some space, or set ZBBULK_CONFIG to a folder of yours that can be written."
    return ResultError(f"The file {str(path)!r} can't be used: {reason}.", fix, code="ZB423")
