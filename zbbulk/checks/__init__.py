"""Is this Record acceptable to Zoho Books? JSON Schema, explained in plain words.

Pure: no file but the shipped schemas, no network, no clock. Knows Records and
their Fields; which Column a Field came from is the mapping's knowledge.
"""

from zbbulk.checks.checker import UNREADABLE, Checker, checker_for
from zbbulk.checks.doubts import CONTROL, Doubts, doubts_of, unseen
from zbbulk.checks.settled import unsettled, without_rules_for

__all__ = [
    "CONTROL",
    "UNREADABLE",
    "Checker",
    "Doubts",
    "checker_for",
    "doubts_of",
    "unseen",
    "unsettled",
    "without_rules_for",
]
