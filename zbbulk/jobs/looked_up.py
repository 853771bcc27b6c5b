"""Where the ids of a run came from, and how deep a check went; values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zbbulk.model import JsonObject

LEVELS = ("parse", "schema", "document", "lookups", "sandbox")
"""How deep a check can go: L0 to L4, each with all before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """Where the ids of a run came from.

    Attributes:
        organization_id: Whose records, "" when none is known.
        calls: Resource -> calls that read its list now.
        kept: Resource -> when its list was read by an earlier run, and is used now.
        new: Resource -> records that are created because a row names them and they are missing.
        unchecked: Resources of which nothing, or the crosswalk alone, is known.
    """

    organization_id: str = ""
    calls: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, datetime] = field(default_factory=dict)
    new: Mapping[str, int] = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {
            "organization_id": self.organization_id,
            "calls": dict(self.calls),
            "kept": {name: at.isoformat(timespec="seconds") for name, at in self.kept.items()},
            "new": dict(self.new),
            "unchecked": list(self.unchecked),
        }
