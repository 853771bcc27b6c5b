"""Amounts: rounding, discounts and products, all in Decimal.

An absurd amount raises ArithmeticError, which the API answers with code 4. It
does not know documents.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.organization import PRICE_PRECISION

ZERO = Decimal(0)
HUNDRED = Decimal(100)
_CENT = Decimal(1).scaleb(-PRICE_PRECISION)


def cents(amount: Decimal) -> Decimal:
    """Return *amount* rounded half up to the cents of the currency."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def number(value: object, *, field: str = "Amount") -> Decimal:
    """Return a number that was sent, as one or as text; "" is 0. Raises Refusal 2."""
    try:
        found = Decimal(str(value).strip() or 0)
    except InvalidOperation as error:
        raise Refusal("2", field=field) from error
    if not found.is_finite():
        raise Refusal("2", field=field)
    return found


def discount_of(given: object, amount: Decimal) -> Decimal:
    """Return what a discount takes off: a number is an amount, ``12.5%`` a share of *amount*."""
    text = str(given).strip()
    told = number(text.removesuffix("%"), field="discount")
    return amount * told / HUNDRED if text.endswith("%") else told
