"""Find the values of a Record that are no JSON at all, and what is left without them.

Only for a Record that the schema engine could not even read. Such values come from
constants in a mapping or from a caller, hardly ever from a cell.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zbbulk.model import Fault, Path, Record

_SCALARS = (bool, int, float, Decimal, type(None))
_DROPPED = object()


def readable_part(record: Record) -> tuple[Record, list[Fault]]:
    """Return *record* without the values that are no JSON, and a Fault for each of them."""
    faults: list[Fault] = []
    kept = _kept(record, path=(), faults=faults)
    return kept, faults


def _kept(value: Any, *, path: Path, faults: list[Fault]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return _kept_fields(value, path=path, faults=faults)
    if isinstance(value, list):
        entries = [_kept(each, path=(*path, n), faults=faults) for n, each in enumerate(value)]
        return [entry for entry in entries if entry is not _DROPPED]
    if isinstance(value, str):
        return value if _is_unicode(value) else _dropped_text(value, path=path, faults=faults)
    if isinstance(value, _SCALARS):
        return value
    faults.append(Fault("ZB305", f"a value of the kind {type(value).__name__} can't be sent", path))
    return _DROPPED


def _kept_fields(fields: Record, *, path: Path, faults: list[Fault]) -> Record:
    kept: Record = {}
    for name, value in fields.items():
        if not isinstance(name, str) or not _is_unicode(name):
            faults.append(Fault("ZB309", f"{name!r} can't be the name of a field", path))
            continue
        entry = _kept(value, path=(*path, name), faults=faults)
        if entry is not _DROPPED:
            kept[name] = entry
    return kept


def _dropped_text(text: str, *, path: Path, faults: list[Fault]) -> object:
    place = next(n for n, char in enumerate(text) if not _is_unicode(char))
    message = f"character {place + 1} of {text[:40]!r} is half a character and can't be sent"
    faults.append(Fault("ZB304", message, path, fix="Enter the text again."))
    return _DROPPED


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)
