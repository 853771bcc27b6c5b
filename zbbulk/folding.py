"""How two texts are compared that people wrote twice: case, spaces and accents' spelling apart.

One rule for names and numbers wherever they are looked up; what is sent is never changed.
"""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return *text* as it is compared: ``" Acme  Ltd"`` and ``"ACME LTD"`` give the same."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
