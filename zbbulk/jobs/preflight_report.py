"""What was found out about an organization before an import: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from zbbulk.errors import Problem, ZohoError
from zbbulk.model import JsonObject
from zbbulk.zoho.envelope import DayQuota
from zbbulk.zoho.organization import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What was found out.

    Attributes:
        organization: None when Zoho did not tell, or nobody asked.
        quota: The day's calls, as Zoho told them.
        numbering: Who numbers the documents: ``own``, ``zoho``, "" where there is no number.
        calls: Calls that were made for it.
        problems: What is wrong; those of a check that goes on are warnings.
        failure: Why Zoho could not be asked; nothing can be sent then.
    """

    organization: Organization | None = None
    quota: DayQuota = field(default_factory=DayQuota)
    numbering: str = ""
    calls: int = 0
    problems: tuple[Problem, ...] = ()
    failure: ZohoError | None = None

    def to_json(self) -> JsonObject:
        """Return it as JSON values; its problems are among the warnings of the check."""
        known = self.organization
        return {
            "organization": known.to_json() if known else None,
            "quota": {"limit": self.quota.limit, "remaining": self.quota.remaining},
            "numbering": self.numbering,
            "calls": self.calls,
        }
