"""The user's file as a file: is it there, may it be read, did it change meanwhile.

Knows nothing of what is in it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO

from zbbulk.errors import Location, SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of the user, and what it was like when it was opened first.

    Attributes:
        path: Where it is read from.
        name: The path as the user typed it.
        size: Bytes.
        changed_ns: Time of the last change, nanoseconds since 1970.
    """

    path: Path
    name: str
    size: int
    changed_ns: int

    @classmethod
    def found(cls, path: Path, *, name: str = "") -> SourceFile:
        """Return the file at *path*, called *name* in every message, *path* if that is "".

        Raises:
            SourceError: there is none (ZB101), or it may not be read (ZB113).
        """
        with _opened(path) as file:
            state = os.fstat(file.fileno())
        return cls(
            path=path, name=name or str(path), size=state.st_size, changed_ns=state.st_mtime_ns
        )

    @property
    def suffix(self) -> str:
        """Return the end of the name in small letters, with its dot."""
        return self.path.suffix.lower()

    def open(self) -> BinaryIO:
        """Return the file opened for reading bytes.

        Raises:
            SourceError: it is gone, may not be read, or is another one than before.
        """
        file = _opened(self.path)
        try:
            self.check_unchanged(file)
        except SourceError:
            file.close()
            raise
        return file

    def check_unchanged(self, file: BinaryIO) -> None:
        """Raise SourceError (ZB118) if *file* is no longer as it was found."""
        state = os.fstat(file.fileno())
        if (state.st_size, state.st_mtime_ns) != (self.size, self.changed_ns):
            raise SourceError(
                f"{self.name} changed while it was read: it had {self.size:,} bytes,"
                f" now it has {state.st_size:,}.",
                at=Location(file=self.name),
                code="ZB118",
            )


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise _not_there(path) from None
    except OSError as error:
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where the name is too long
            raise _folder(path) from None
        reason = error.strerror or str(error)
        raise SourceError(f"{path} can't be opened: {reason}.", at=_at(path)) from error


def _at(path: Path) -> Location:
    return Location(file=str(path))


def _folder(path: Path) -> SourceError:
    return SourceError(
        f"{path} is a folder.", fix="Name one file in it; each file is a job.", at=_at(path)
    )


def _not_there(path: Path) -> SourceError:
    folder = path.parent
    if not folder.is_dir():
        return SourceError(
            f"There is no folder {str(folder)!r}.",
            fix=f"Check the spelling; {path.name!r} is looked for from {str(Path.cwd())!r}.",
            at=_at(path),
            code="ZB101",
        )
    there = [entry.name for entry in folder.iterdir() if entry.is_file()]
    near = get_close_matches(path.name, there, n=1)
    hint = f"Did you mean {str(folder / near[0])!r}? " if near else ""
    return SourceError(
        f"There is no file {str(path)!r}.",
        fix=f"{hint}Check the spelling and the folder; put quotes around a path with spaces.",
        at=_at(path),
        code="ZB101",
    )
