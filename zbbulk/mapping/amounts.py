"""Read numbers as people write them, in one style declared for the whole file.

A style is declared by an example such as ``1,23,456.78``. The digits become a
Decimal exactly as written. Signs, currencies and percent are understood in every
style; what groups and what the decimal sign is, is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from zbbulk.mapping.cells import CellError, shown

_SPACES = " \u00a0\u2009\u202f"
_APOSTROPHES = "'\u2019"
_SIGNS = "$€£¥₹₽₩₪₫₦₱฿₴₺₼₾₸₡₲₵₭₮₿﷼"
_CODES = (  # ISO 4217, so that the unit of `12 PCS` is not taken for a currency
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
    "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS "
    "UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL"
)
_NOT_CODES = {"KGS"}  # Kyrgyz som, but in every price list kilograms
_CURRENCY = (
    rf"(?:[A-Z]{{0,3}}[{_SIGNS}]|Rs\.?|{'|'.join(sorted(set(_CODES.split()) - _NOT_CODES))})"
)
_SEPARATORS = f",.{_SPACES}{_APOSTROPHES}"
_MINUS = "\u2212-"
_EXAMPLES = ("1234.56", "1,234.56", "1.234,56", "1 234,56", "1 234.56", "1'234.56", "1,23,456.78")


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers are written in one file.

    Attributes:
        example: As declared.
        group: The signs that may stand between groups of digits, "" for none.
        decimal: The decimal sign, a point or a comma.
        indian: Groups of two digits before the last three.
    """

    example: str
    group: str = ""
    decimal: str = "."
    indian: bool = False
    _bare: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _dressed: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        digits = _digits(self.group, self.decimal, indian=self.indian)
        object.__setattr__(self, "_bare", re.compile(f"-?{digits}"))
        object.__setattr__(self, "_dressed", _dressed(digits))

    def match(self, text: str) -> re.Match[str] | None:
        """Return the parts of *text* when it is a number of this style."""
        found = self._dressed.fullmatch(text)
        if found is None or sum(map(bool, found.group(*_MINUS_SIGNS))) > 1:
            return None
        return found if not all(found.group(*_CURRENCIES)) else None

    def read(self, text: str) -> Decimal:
        """Return the number in *text*; ``18%`` is 18, ``(5)`` and ``5-`` are -5.

        Raises:
            CellError: it is not a number of this style.
        """
        if self._bare.fullmatch(text):
            return self._decimal(text)
        found = self.match(text)
        if found is None:
            raise self.refusal(text)
        sign = next(filter(None, found.group(*_MINUS_SIGNS)), "+")
        return self._decimal(found["digits"] if sign == "+" else f"-{found['digits']}")

    def _decimal(self, text: str) -> Decimal:
        for sign in self.group:
            text = text.replace(sign, "")
        return Decimal(text.replace(",", ".") if self.decimal == "," else text)

    def refusal(self, text: str) -> CellError:
        """Return why *text* is refused, naming the styles that would read it."""
        fitting = _fitting(text) if any(sign in _SEPARATORS for sign in text) else []
        message = f"{shown(text)} is not a number like {self.example}."
        if not fitting:
            return CellError("ZB204", message, f"Write digits as in {self.example}.")
        names = " or ".join(f'`numbers: "{example}"`' for example in fitting)
        fix = f"If the whole file is written so, declare {names} in the mapping's `source:` block."
        return CellError("ZB204", message, fix)


def number_style(example: str) -> NumberStyle:
    """Return the style that *example* shows.

    Raises:
        ValueError: the example does not show it, or could show two.
    """
    text = example.strip()
    found = _EXAMPLE.fullmatch(text)
    if found is None or not found["decimals"]:
        return _without_decimals(text)
    if not found["group"]:
        return _ungrouped(text, found)
    group = next((signs for signs in (_SPACES, _APOSTROPHES) if found["group"] in signs), "")
    style = NumberStyle(
        example=text,
        group=group or found["group"],
        decimal=found["decimal"],
        indian="," in found["group"] and bool(re.match(r"[0-9]{1,2},[0-9]{2},", text)),
    )
    if style.group == style.decimal or style.match(text) is None:
        raise ValueError(f"{text!r} does not show how numbers are written")
    return style


_EXAMPLE = re.compile(
    rf"[0-9]+(?:(?P<group>[,.{_SPACES}{_APOSTROPHES}])[0-9]+)?"
    rf"(?:(?P=group)[0-9]+)*(?P<decimal>[.,])(?P<decimals>[0-9]+)"
)


def _without_decimals(text: str) -> NumberStyle:
    if re.fullmatch(r"[0-9]+", text):
        return NumberStyle(example=text)
    raise ValueError(f"{text!r} does not show how numbers are written")


def _ungrouped(text: str, found: re.Match[str]) -> NumberStyle:
    if len(found["decimals"]) == 3:
        raise ValueError(f"{text!r} could show thousands or decimals")
    return NumberStyle(example=text, decimal=found["decimal"])


def _fitting(text: str) -> list[str]:
    return [style.example for style in known_styles() if style.match(text)]


@cache
def known_styles() -> tuple[NumberStyle, ...]:
    """Return the usual styles, to name the one that would read a refused cell."""
    return tuple(map(number_style, _EXAMPLES))


_MINUS_SIGNS = ("open", "sign1", "sign2", "sign3", "sign4")
_CURRENCIES = ("money1", "money2")


def _digits(group: str, decimal: str, *, indian: bool) -> str:
    whole = "[0-9]+"
    if indian:
        whole = f"(?:[0-9]{{1,2}}(?:[{group}][0-9]{{2}})*[{group}][0-9]{{3}}|[0-9]+)"
    elif group:
        whole = f"(?:[0-9]{{1,3}}(?P<sep>[{group}])[0-9]{{3}}(?:(?P=sep)[0-9]{{3}})*|[0-9]+)"
    point = re.escape(decimal)
    return f"(?P<digits>{whole}(?:{point}[0-9]*)?|{point}[0-9]+)"


@cache
def _dressed(digits: str) -> re.Pattern[str]:
    """Return the pattern of *digits* with any sign and currency around them."""
    gap = r"\s{0,2}"
    front = rf"(?P<sign1>[+{_MINUS}])?{gap}(?:(?P<money1>{_CURRENCY}){gap})?(?P<sign2>[{_MINUS}])?"
    tail = rf"(?P<sign3>[{_MINUS}])?{gap}(?P<money2>{_CURRENCY}|%)?{gap}(?P<sign4>[{_MINUS}])?"
    return re.compile(rf"(?P<open>\()?{gap}{front}{gap}{digits}{gap}{tail}{gap}(?(open)\))")


PLAIN = NumberStyle(example="1234.56")
"""Digits and one point: the style of a file that declares none, and of mappings."""
