"""Find the mappings, schemas and samples that travel with zbbulk.

They lie beside the package in a checkout and inside it (``_data``) once
installed; only this module knows which. It does not know what is in them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def asset_root() -> Path:
    """Return the folder that holds ``mappings``, ``schemas`` and ``samples``."""
    shipped = _PACKAGE / "_data"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def asset_path(folder: str, name: str) -> Path:
    """Return the path of the shipped file *name* in *folder*, there or not."""
    return asset_root() / folder / name


def is_shipped(path: Path, folder: str) -> bool:
    """Tell whether *path* is a shipped file of *folder*, and none of the user's own."""
    return path.resolve().is_relative_to(asset_root() / folder)


def asset_names(folder: str, suffix: str) -> list[str]:
    """Return the shipped files of *folder* that end in *suffix*, without it, sorted."""
    root = asset_root() / folder
    found = (path.relative_to(root).as_posix() for path in root.rglob(f"*{suffix}"))
    return sorted(name.removesuffix(suffix) for name in found)


def read_asset(folder: str, name: str) -> str:
    """Return the text of a shipped file. Raises FileNotFoundError if it is not shipped."""
    return asset_path(folder, name).read_text(encoding="utf-8")
