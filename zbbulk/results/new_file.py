"""Write a file so that it is there whole or not at all, and say why if it can't be.

Knows nothing of what is in the file.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from zbbulk.errors import Location, ResultError
from zbbulk.private import opened


@contextmanager
def new_file(
    target: Path, *, opener: Callable[[str, int], int] | None = opened
) -> Iterator[BinaryIO]:
    """Open a new file that gets the name *target* once it is whole and on the disk.

    Only its owner may read it, unless *opener* makes it otherwise; None makes it as usual.

    Until then it is called ``<target>.part`` and lies in the same folder. An error
    inside the block leaves neither; a file that *target* named before stays.

    Raises:
        ResultError: the disk is full, or the folder may not be written to.
    """
    half = target.with_name(f"{target.name}.part")
    try:
        with open(half, "wb", opener=opener) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
        _keep_name(target.parent)
    except BaseException as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise unwritable(target, error) from error
        raise


@contextmanager
def new_text_file(target: Path, *, encoding: str) -> Iterator[TextIO]:
    """Open a new text file as ``new_file`` does; line ends are written as they are given.

    Raises:
        ResultError: the disk is full, the folder may not be written to, or a text has a sign
            that *encoding* has none for (ZB533).
    """
    with new_file(target) as file:
        text = io.TextIOWrapper(file, encoding, newline="")
        try:
            yield text
            text.detach()  # which writes what is left
        except BaseException as error:
            with suppress(OSError, ValueError):
                text.detach()
            if isinstance(error, UnicodeEncodeError):
                sign = f"U+{ord(error.object[error.start]):04X}"
                message = f"{str(target)!r} can't be written: the sign {sign} is no text."
                raise ResultError(message, code="ZB533") from error
            raise


def _keep_name(folder: Path) -> None:
    """Make the new name outlast a power cut, where the system lets a folder be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unwritable(path: Path, error: OSError) -> ResultError:
    """Return the error that stops the run because *path* can't be written."""
    reason = error.strerror or str(error) or type(error).__name__
    return ResultError(
        f"The result file {str(path)!r} can't be written: {reason}.", at=Location(file=str(path))
    )
