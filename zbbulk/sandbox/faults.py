"""Faults on demand: which request is to fail, and how.

A fault is written ``KIND[:ARGUMENT][:KEY=VALUE]...``, for instance
``cut-after:rate=0.05``, ``500-before:count=3``, ``401:at=20``,
``answer:1049:method=POST:path=/invoices``. It does not know how a fault is carried out.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from zbbulk.errors import UsageError
from zbbulk.sandbox.answers import ANSWERS

KINDS = (
    "500-before",
    "500-after",
    "cut-before",
    "cut-after",
    "html-before",
    "html-after",
    "html",
    "slow",
    "401",
    "answer",
)
"""``before`` and ``after``: the record is not, or is, stored. ``html`` is ``html-after``."""

_KEYS = ("rate", "count", "at", "method", "path")
_ALIASES = {"html": "html-after"}
_METHODS = ("GET", "POST", "PUT", "DELETE")
_HTML_STATUS = "502"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault and the requests it is for.

    Attributes:
        kind: One of KINDS, without aliases.
        argument: Milliseconds of ``slow``, code of ``answer``, status of ``html``.
        rate: Share of the matching requests, 0 to 1.
        count: The first so many matching requests; None means no end.
        at: Only this one of the matching requests, the first being 1.
        method: Only this HTTP method, "" for every one.
        path: Only this path and what lies below it, without ``/books/v3``.
        text: As it was written.
    """

    kind: str
    text: str
    argument: str = ""
    rate: float = 1.0
    count: int | None = None
    at: int | None = None
    method: str = ""
    path: str = ""

    def concerns(self, method: str, path: str) -> bool:
        """Tell whether a request is one of those the fault is for.

        The token endpoint is only meant when the path names it.
        """
        if self.method and self.method != method:
            return False
        if not self.path:
            return not path.startswith("/oauth/")
        return path == self.path or path.startswith(f"{self.path.rstrip('/')}/")


class Deed(NamedTuple):
    """What is to be done to one request: the kind of fault and its argument."""

    kind: str
    argument: str


@dataclass(slots=True)
class _Armed:
    fault: Fault
    seen: int = 0
    struck: int = 0


@dataclass(slots=True)
class Faults:
    """The faults in force; says for each request which one strikes."""

    seed: int | None = None
    _armed: list[_Armed] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - a repeatable test, no secret

    def add(self, text: str) -> Fault:
        """Arm one more fault. Raises UsageError for a text that is not one."""
        fault = parse_fault(text)
        with self._lock:
            self._armed.append(_Armed(fault))
        return fault

    def texts(self) -> list[str]:
        """Return the faults in force as they were written."""
        with self._lock:
            return [armed.fault.text for armed in self._armed]

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def strike(self, method: str, path: str) -> Deed | None:
        """Return what is to be done to this request; the first fault that strikes wins."""
        if not self._armed:
            return None
        with self._lock:
            for armed in self._armed:
                if armed.fault.concerns(method, path) and self._is_due(armed):
                    return Deed(armed.fault.kind, armed.fault.argument)
        return None

    def _is_due(self, armed: _Armed) -> bool:
        fault = armed.fault
        armed.seen += 1
        if fault.at is not None and armed.seen != fault.at:
            return False
        if fault.count is not None and armed.struck >= fault.count:
            return False
        if fault.rate < 1 and self._random.random() >= fault.rate:
            return False
        armed.struck += 1
        return True


def parse_fault(text: str) -> Fault:
    """Return the fault that *text* means. Raises UsageError, naming what can be written."""
    kind, *rest = re.split("[:,]", text.strip())
    if kind not in KINDS:
        raise UsageError(f"Unknown fault {kind!r}.", fix=f"Use one of: {', '.join(KINDS)}.")
    keys = dict(part.split("=", 1) for part in rest if "=" in part)
    plain = [part for part in rest if "=" not in part]
    unknown = sorted(set(keys) - set(_KEYS))
    if unknown or len(plain) > 1:
        wrong = unknown[0] if unknown else plain[1]
        raise UsageError(f"{wrong!r} in the fault {text!r} is not understood.", fix=_how(kind))
    return Fault(
        kind=_ALIASES.get(kind, kind),
        text=text,
        argument=_argument(kind, plain, text),
        method=_method(keys.get("method", ""), text),
        path=keys.get("path", ""),
        rate=_number(keys, "rate", text, most=1.0) if "rate" in keys else 1.0,
        count=int(_number(keys, "count", text)) if "count" in keys else None,
        at=int(_number(keys, "at", text)) if "at" in keys else None,
    )


def parse_faults(texts: Iterable[str], *, seed: int | None) -> Faults:
    """Return all of *texts* in force."""
    faults = Faults(seed)
    for text in texts:
        faults.add(text)
    return faults


def _how(kind: str) -> str:
    return f"Write {kind}[:ARGUMENT][:KEY=VALUE]..., with a key of: {', '.join(_KEYS)}."


def _argument(kind: str, plain: list[str], text: str) -> str:
    argument = plain[0] if plain else ""
    if kind.startswith("html"):
        argument = argument or _HTML_STATUS
    takes = kind in {"slow", "answer"} or kind.startswith("html")
    is_fine = argument.isascii() and argument.isdigit() if takes else not argument
    if not is_fine or (kind == "answer" and argument not in ANSWERS):
        known = f" Codes: {', '.join(ANSWERS)}." if kind == "answer" else ""
        raise UsageError(
            f"The fault {text!r} has a wrong argument.",
            fix=f"Write slow:MILLISECONDS, answer:CODE or html:STATUS.{known}",
        )
    return argument


def _method(name: str, text: str) -> str:
    if name and name.upper() not in _METHODS:
        raise UsageError(
            f"{name!r} in the fault {text!r} is no method.", fix=f"Use: {', '.join(_METHODS)}."
        )
    return name.upper()


def _number(keys: dict[str, str], key: str, text: str, most: float | None = None) -> float:
    pattern = r"[0-9]+(\.[0-9]+)?" if most else r"[1-9][0-9]*"
    value = keys[key]
    if not re.fullmatch(pattern, value) or (most is not None and float(value) > most):
        wanted = f"a number from 0 to {most:g}" if most else "a whole number from 1"
        raise UsageError(f"{key}={value} in the fault {text!r} is not {wanted}.", fix=_how("KIND"))
    return float(value)
