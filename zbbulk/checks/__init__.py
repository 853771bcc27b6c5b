"""Is this Record acceptable to Zoho Books? JSON Schema, explained in plain words.

Pure: no file but the shipped schemas, no network, no clock. Knows Records and
their Fields; which Column a Field came from is the mapping's knowledge.
"""

from zbbulk.checks.checker import Checker, checker_for
from zbbulk.checks.settled import without_types

__all__ = ["Checker", "checker_for", "without_types"]
