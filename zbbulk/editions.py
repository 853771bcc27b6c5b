"""The country editions of Zoho Books and their codes: the one list of them.

An edition decides which fields there are and which are required. Which ones, is told by
the schema of each resource; this module knows only the codes.
"""

from __future__ import annotations

from difflib import get_close_matches

from zbbulk.errors import UsageError

EDITIONS: dict[str, str] = {
    "us": "United States",
    "in": "India",
    "uk": "United Kingdom",
    "ca": "Canada",
    "au": "Australia",
    "gcc": "Gulf states with Saudi Arabia",
    "mx": "Mexico",
    "ke": "Kenya",
    "za": "South Africa",
    "eu": "European Union",
    "global": "all other countries",
}
"""Code -> country, for people."""


_OF_COUNTRY = {
    "US": "us",
    "IN": "in",
    "GB": "uk",
    "CA": "ca",
    "AU": "au",
    "MX": "mx",
    "KE": "ke",
    "ZA": "za",
    **dict.fromkeys(("AE", "BH", "KW", "OM", "QA", "SA"), "gcc"),
    **dict.fromkeys(
        (
            *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
            *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
        ),
        "eu",
    ),
}
"""Country (ISO 3166) -> its edition; all other countries have the global one."""


def edition_of_country(country_code: str) -> str:
    """Return the code of the edition that organizations of a country have."""
    return _OF_COUNTRY.get(country_code.upper(), "global")


def known_edition(code: str) -> str:
    """Return *code*. Raises UsageError with all editions and the nearest for an unknown one."""
    if code in EDITIONS:
        return code
    words = {name.casefold(): known for known, name in EDITIONS.items()} | {
        known: known for known in EDITIONS
    }
    near = get_close_matches(code.casefold(), words, n=1)
    hint = f"Did you mean {words[near[0]]!r}? " if near else ""
    known = ", ".join(map(edition_name, EDITIONS))
    raise UsageError(f"Unknown edition {code!r}.", fix=f"{hint}Known: {known}.", code="ZB007")


def edition_name(code: str) -> str:
    """Return a known *code* as people read it, e.g. ``India (in)``."""
    return f"{EDITIONS[code]} ({code})"
