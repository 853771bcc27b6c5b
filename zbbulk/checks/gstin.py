"""What is wrong with a GSTIN: state, PAN, form and check digit. Pure; India only.

The number has 15 signs: two digits of the state, the PAN of ten, which registration of that
PAN in the state it is, a kind (``Z``; ``D`` and ``C`` for who deducts or collects tax at
source), and a check digit. Numbers of embassies and of taxable persons abroad, of another
form, are let pass by their state code.
"""

from __future__ import annotations

import re

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAN = re.compile(r"[A-Z]{5}[0-9]{4}[A-Z]")
_LAST_STATE = 38
_OTHER_STATES = frozenset({"97", "99"})
_ABROAD = frozenset({"99"})
_LENGTH = 15


def gstin_fault(text: str) -> str:
    """Return what is wrong with the GSTIN *text* in words, "" if nothing is."""
    number = text.strip().upper()
    if len(number) != _LENGTH:
        return f"it has {len(number)} signs, a GSTIN has {_LENGTH}"
    if not set(number) <= set(_SIGNS):
        return "it has signs that are neither letters nor digits"
    if not _is_state(number[:2]):
        return f"{number[:2]!r} is not the code of a state (01 to {_LAST_STATE}, 97)"
    is_of_other_form = number[:2] in _ABROAD or number[2:4].isdigit()  # an embassy: year first
    return "" if is_of_other_form else _registered_fault(number)


def _registered_fault(number: str) -> str:
    if not _PAN.fullmatch(number[2:12]):
        return f"{number[2:12]!r} is not a PAN (five letters, four digits, a letter)"
    expected = check_digit(number[:14])
    if number[14] != expected:
        return f"its check digit is {number[14]!r}, and {expected!r} would fit the rest"
    return ""


def check_digit(first: str) -> str:
    """Return the last sign of a GSTIN from its *first* 14, letters or digits."""
    total = 0
    for place, sign in enumerate(first):
        product = _SIGNS.index(sign) * (1 + place % 2)
        total += product // len(_SIGNS) + product % len(_SIGNS)
    return _SIGNS[-total % len(_SIGNS)]


def _is_state(code: str) -> bool:
    if not code.isdigit():
        return False
    return 1 <= int(code) <= _LAST_STATE or code in _OTHER_STATES
