from decimal import Decimal

import pytest

from zbbulk.mapping.cells import CellError
from zbbulk.mapping.literals import read_text
from zbbulk.mapping.rules import Kind


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        *((Kind.BOOLEAN, word, True) for word in ("yes", "Y", "TRUE", "t", "1", "on", "X")),
        *((Kind.BOOLEAN, word, False) for word in ("no", "N", "False", "F", "0", "OFF")),
        (Kind.INTEGER, "30", 30),
        (Kind.INTEGER, "30.00", 30),
        (Kind.INTEGER, "-5", -5),
        (Kind.INTEGER, "007", 7),
        (Kind.NUMBER, "18%", Decimal(18)),
        (Kind.NUMBER_OR_PERCENT, "5%", "5%"),
        (Kind.NUMBER_OR_PERCENT, "5.50 %", "5.50%"),
        (Kind.NUMBER_OR_PERCENT, "5.50", Decimal("5.50")),
        (Kind.DATE, "2024-03-31", "2024-03-31"),
        (Kind.TEXT, "no", "no"),
    ],
)
def test_text_means_this_for_the_kind(kind, text, value):
    read = read_text(text, kind)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Kind.BOOLEAN, "maybe", "ZB206"),
        (Kind.BOOLEAN, "2", "ZB206"),
        (Kind.INTEGER, "30.5", "ZB207"),
        (Kind.INTEGER, "thirty", "ZB207"),
        (Kind.INTEGER, "1e3", "ZB207"),
        (Kind.INTEGER, "9" * 20, "ZB207"),
        (Kind.INTEGER, "9" * 5000, "ZB207"),
        (Kind.NUMBER, "1,5", "ZB204"),
        (Kind.NUMBER_OR_PERCENT, "five%", "ZB204"),
        (Kind.DATE, "31/03/2024", "ZB205"),
    ],
)
def test_other_text_is_refused_with_its_code(kind, text, code):
    with pytest.raises(CellError) as caught:
        read_text(text, kind)
    assert caught.value.code == code
    assert text[:20] in caught.value.message
