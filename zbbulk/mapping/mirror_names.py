"""What the columns of a mirror are called: Zoho's names of fields, as people read them."""

from __future__ import annotations

from collections.abc import Iterable

from zbbulk.mapping.mirror_fields import MirrorField, path_text
from zbbulk.model import Path

_CAPITALS = frozenset(
    (
        *("ach", "cfdi", "ean", "eu", "gst", "gstin", "hsn", "id", "isbn", "mpn", "po", "sac"),
        *("sat", "sku", "tcs", "tds", "trn", "uk", "upc", "url", "us", "vat"),
    )
)
READ_ONLY = " (read only)"
LINE = "Line"


def column_names(fields: Iterable[MirrorField]) -> dict[MirrorField, str]:
    """Return a header for each of *fields*, no two alike."""
    found: dict[MirrorField, str] = {}
    taken: set[str] = set()
    for each in fields:
        name = column_name(each.path, in_line=each.in_line)
        if name.casefold() in taken:
            name = f"{name} ({path_text(each.path)})"
        taken.add(name.casefold())
        found[each] = name
    return found


def read_only_name(each: MirrorField) -> str:
    """Return the header of a field that is shown and not taken back."""
    return column_name(each.path, in_line=each.in_line) + READ_ONLY


def column_name(path: Path, *, in_line: bool = False) -> str:
    """Return ``Billing address: City`` for the field ``billing_address.city``."""
    parts: list[str] = [LINE] if in_line else []
    for number, step in enumerate(path):
        if isinstance(step, int):
            parts[-1] += f" {step + 1}"
        elif number and str(path[number - 1]).endswith("custom_fields"):
            parts[-1] = "CF"
            parts.append(step)
        else:
            parts.append(_words(step))
    if in_line and parts[1] == "CF":
        parts[:2] = ["Line CF"]
    return ": ".join(" ".join(part.split()) for part in parts)


def _words(name: str) -> str:
    words = [word.upper() if word in _CAPITALS else word for word in name.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]
