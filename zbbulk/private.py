"""Files and folders that only their owner may read: they hold somebody's books.

Where the system knows no such rights, they are as usual. What is there already is left as
its owner made it.
"""

from __future__ import annotations

import os
from pathlib import Path

FILE, FOLDER = 0o600, 0o700


def opened(path: str | os.PathLike[str], flags: int) -> int:
    """Open *path*, new ones for the owner alone; an ``opener`` for ``open``."""
    return os.open(path, flags, FILE)


def make_file(path: Path) -> None:
    """Make an empty file *path* unless it is there, before a library makes it. Raises OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, FILE))


def make_folder(path: Path) -> None:
    """Make the folder *path* and those above it unless they are there. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=FOLDER, exist_ok=True)
