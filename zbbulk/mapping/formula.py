"""Formulas of a mapping: ``[Qty] * [Rate]`` becomes a function of one row's cells.

Parsed once with a grammar; what a function or a sign does with values is told in
``formula_values.py``. Knows no header, no file and no row number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException, localcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from zbbulk.mapping.cells import CellError, shown
from zbbulk.mapping.formula_values import (
    CONTEXT,
    FUNCTIONS,
    SIGNS,
    ColumnValue,
    FormulaValue,
    compared,
    is_true,
)
from zbbulk.mapping.words import did_you_mean

if TYPE_CHECKING:
    from lark import Lark

_GRAMMAR = r"""
?start: choice
?choice: choice OR both -> or | both
?both: both AND inverse -> and | inverse
?inverse: NOT inverse -> not | compared
?compared: joined | joined COMPARE joined -> compare
?joined: joined "&" sum -> join | sum
?sum: sum "+" product -> add | sum "-" product -> subtract | product
?product: product "*" signed -> multiply | product "/" signed -> divide | signed
?signed: "-" signed -> negate | atom
?atom: NUMBER -> number | STRING -> text | COLUMN -> column | "(" choice ")"
     | NAME "(" [choice ("," choice)*] ")" -> call
OR.2: /or\b/i
AND.2: /and\b/i
NOT.2: /not\b/i
COMPARE: "<=" | ">=" | "<>" | "=" | "<" | ">"
NUMBER: /[0-9]+(\.[0-9]+)?/
STRING: /'([^']|'')*'/
COLUMN: /\[([^\]]|\]\])+\]/
NAME: /[a-z_]+/i
%ignore /\s+/
"""

Row = Mapping[str, ColumnValue]
"""What the cells of one row say, by the names of the columns."""

Step = Callable[[Row], FormulaValue]


class FormulaFault(Exception):
    """The text is no formula.

    Attributes:
        message: What is wrong.
        fix: What to do, "" when the message tells.
    """

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula, parsed.

    Attributes:
        text: As written.
        columns: Names of the columns it reads, each once.
        days: Those of them that it can only read as days.
    """

    text: str
    columns: tuple[str, ...]
    days: frozenset[str]
    _run: Step

    def value(self, row: Row) -> FormulaValue:
        """Return what the formula gives for one row.

        Raises:
            CellError: ZB221, it can't be computed; the message tells the values.
        """
        with localcontext(CONTEXT):
            try:
                return self._run(row)
            except ZeroDivisionError:
                raise self._failed("divides by zero", row) from None
            except DecimalException:
                raise self._failed("gives a number that is too large", row) from None
            except CellError as error:
                reason = error.message.removesuffix(".")
                raise CellError("ZB221", self._words(reason, row), error.fix) from error

    def is_true(self, row: Row) -> bool:
        """Return whether the condition holds for one row. Raises CellError as ``value`` does."""
        value = self.value(row)
        try:
            return is_true(value)
        except CellError as error:
            raise CellError("ZB221", self._words(error.message, row), error.fix) from error

    def _failed(self, what: str, row: Row) -> CellError:
        return CellError("ZB221", self._words(what, row))

    def _words(self, what: str, row: Row) -> str:
        values = ", ".join(f"{name} {shown(row[name].cell)}" for name in self.columns)
        told = f" ({values})" if values else ""
        return f"The formula {self.text}: {what}{told}."


def parse_formula(text: str) -> Formula:
    """Return the formula in *text*.

    Raises:
        FormulaFault: it is none, or names a function that there is not.
    """
    from lark.exceptions import UnexpectedInput  # noqa: PLC0415 - heavy: only for formulas

    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _not_understood(text, error) from None
    columns: dict[str, None] = {}
    run = _step(tree, columns)
    return Formula(text, tuple(columns), frozenset(_days(tree)), run)


def _days(tree: Any) -> Iterator[str]:  # noqa: ANN401 - a tree of lark
    """Yield the columns that stand in ``date(...)`` or beside one where only a day fits."""
    for node in tree.iter_subtrees():
        parts = [part for part in node.children if hasattr(part, "data")]
        for part in parts if _takes_days(node, parts) else ():
            if part.data == "column":
                yield _name(part.children[0])


def _takes_days(node: Any, parts: Sequence[Any]) -> bool:  # noqa: ANN401 - trees of lark
    is_beside = node.data == "compare" or _calls(node, "min", "max")
    is_beside = is_beside or (node.data == "subtract" and _calls(parts[1], "date"))
    return _calls(node, "date") or (is_beside and any(_calls(part, "date") for part in parts))


def _calls(node: Any, *names: str) -> bool:  # noqa: ANN401 - a tree of lark
    return node.data == "call" and str(node.children[0]).lower() in names


def _name(token: str) -> str:
    return str(token)[1:-1].replace("]]", "]").strip()


@cache
def _parser() -> Lark:
    from lark import Lark  # noqa: PLC0415 - heavy: only for formulas

    return Lark(_GRAMMAR, parser="lalr", propagate_positions=True)


def _not_understood(text: str, error: Any) -> FormulaFault:  # noqa: ANN401 - lark's exceptions
    if re.fullmatch(r"[^\W\d][\w .-]*", text):
        return FormulaFault(f"{text!r} stands without brackets.", f"Write [{text}] for the column.")
    is_over = getattr(getattr(error, "token", None), "type", "") == "$END"
    at = error.column
    rest = text[at - 1 :].split() if not is_over and at > 0 else []
    if not rest:
        return FormulaFault("The formula breaks off.", "Finish it, or close the bracket.")
    message = f"The formula can't be read at position {at}, from {rest[0]!r} on."
    fix = "Columns stand in [brackets], texts in 'quotes'; the signs are + - * / & = <> < <= > >=."
    return FormulaFault(message, fix)


def _step(node: Any, columns: dict[str, None]) -> Step:  # noqa: ANN401 - a tree of lark
    """Return the function of one node; the columns it reads are added to *columns*."""
    word, parts = str(node.data), [part for part in node.children if part is not None]
    if word in _LEAVES:
        return _LEAVES[word](str(parts[0]), columns)
    if word == "call":
        return _call(parts[0], [_step(part, columns) for part in parts[1:]])
    steps = [_step(part, columns) for part in parts if hasattr(part, "data")]
    if word == "compare":
        sign, (left, right) = str(parts[1]), steps
        return lambda row: compared(left(row), sign, right(row))
    if word in _LOGIC:
        return _LOGIC[word](steps)
    work = SIGNS[word]
    return lambda row: work(*(step(row) for step in steps))


def _column(token: str, columns: dict[str, None]) -> Step:
    name = _name(token)
    columns[name] = None
    return lambda row: row[name]


def _number(token: str, _: dict[str, None]) -> Step:
    number = Decimal(token)
    return lambda _: number


def _text(token: str, _: dict[str, None]) -> Step:
    text = token[1:-1].replace("''", "'")
    return lambda _: text


_LEAVES: dict[str, Callable[[str, dict[str, None]], Step]] = {
    "column": _column,
    "number": _number,
    "text": _text,
}

_LOGIC: dict[str, Callable[[Sequence[Step]], Step]] = {
    "or": lambda steps: lambda row: is_true(steps[0](row)) or is_true(steps[1](row)),
    "and": lambda steps: lambda row: is_true(steps[0](row)) and is_true(steps[1](row)),
    "not": lambda steps: lambda row: not is_true(steps[0](row)),
}
"""They look at their second part only when it matters."""


def _call(token: Any, steps: Sequence[Step]) -> Step:  # noqa: ANN401 - a token of lark
    name, at = str(token).lower(), token.column
    if name == "if":
        _check_number(name, len(steps), (3, 3))
        condition, then, otherwise = steps
        return lambda row: then(row) if is_true(condition(row)) else otherwise(row)
    if name not in FUNCTIONS:
        known = ["if", *FUNCTIONS]
        fix = f"{did_you_mean(name, known)}Known: {', '.join(sorted(known))}."
        raise FormulaFault(f"There is no function {name!r} (position {at}).", fix)
    work, least, most = FUNCTIONS[name]
    _check_number(name, len(steps), (least, most))
    return lambda row: work(*(step(row) for step in steps))


def _check_number(name: str, given: int, allowed: tuple[int, int]) -> None:
    least, most = allowed
    if not least <= given <= most:
        up_to = "" if least == most else " or more" if most > len(FUNCTIONS) else f" to {most}"
        raise FormulaFault(f"`{name}` takes {least}{up_to} values, and {given} are given.")
