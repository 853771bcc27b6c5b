"""Turn text into what a scalar field takes: number, whole number, yes/no, date or text.

One function a kind, for text from a sheet in its declared styles; and for values
that stand in the mapping itself, which are written plainly whatever the sheet's style.
"""

from __future__ import annotations

from decimal import Decimal

from zbbulk.mapping.amounts import PLAIN, NumberStyle
from zbbulk.mapping.cells import CellError, shown
from zbbulk.mapping.dates import DateStyle, read_date
from zbbulk.mapping.rules import Kind
from zbbulk.mapping.shapes import shape_of
from zbbulk.model import JsonObject

YES = frozenset(("yes", "y", "true", "t", "1", "on", "x"))
NO = frozenset(("no", "n", "false", "f", "0", "off"))

_LARGEST_WHOLE = 10**15


def literal(text: str, schema: JsonObject, field: str) -> object:
    """Return *text* as the value that *field* of *schema* takes; an unknown field takes text.

    Raises:
        CellError: it is no such value.
    """
    shape = shape_of(schema, schema).field(field)
    return read_text(text, Kind.TEXT if shape is None else shape.kind)


def read_text(
    text: str, kind: Kind, *, numbers: NumberStyle = PLAIN, dates: DateStyle | None = None
) -> object:
    """Return the value that *text*, not blank and without outer spaces, means for *kind*.

    Args:
        text: The cell's text.
        kind: What the field takes.
        numbers: How numbers are written.
        dates: How dates are written; None reads ISO dates only.

    Raises:
        CellError: it means none; the message shows the text.
    """
    if kind is Kind.TEXT:
        return text
    if kind is Kind.DATE:
        return read_date(text, dates)
    if kind is Kind.BOOLEAN:
        return read_yes_no(text)
    if kind is Kind.INTEGER:
        return read_whole(text, numbers)
    if kind is Kind.NUMBER_OR_PERCENT and text.endswith("%"):
        return f"{numbers.read(text):f}%"
    return numbers.read(text)


def read_yes_no(text: str) -> bool:
    """Return True or False for yes/no words. Raises CellError for any other text."""
    word = text.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellError("ZB206", f"{shown(text)} is neither yes nor no.")


def read_whole(text: str, numbers: NumberStyle) -> int:
    """Return the whole number in *text*; ``30.00`` is 30. Raises CellError for others."""
    try:
        number = numbers.read(text)
    except CellError as error:
        if numbers.match(text) is None and not any(sign.isdigit() for sign in text):
            raise CellError("ZB207", f"{shown(text)} is not a whole number.") from error
        raise CellError("ZB207", f"{shown(text)} is not a whole number.", error.fix) from error
    return whole(number, text)


def whole(number: Decimal, text: str) -> int:
    """Return *number* as int. Raises CellError if it has decimals or is absurdly long."""
    if abs(number) >= _LARGEST_WHOLE or number != number.to_integral_value():
        raise CellError("ZB207", f"{shown(text)} is not a whole number.")
    return int(number)
