"""Load the ``source:`` block: how the file is opened and how its cells are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from zbbulk.mapping.amounts import PLAIN, number_style
from zbbulk.mapping.dates import date_style
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import Source
from zbbulk.mapping.words import DELIMITERS, SOURCE_WORDS
from zbbulk.mapping.yaml_nodes import Block, Node, Text, texts
from zbbulk.model import ReadOptions

_T = TypeVar("_T")

_STYLES = {
    "dates": "Use e.g. dd/mm/yyyy, mm/dd/yyyy, dd-mmm-yy or yyyymmdd.",
    "numbers": 'Show a whole number with decimals, in quotes: "1,234.56", "1.234,56", '
    '"1 234,56", "1,23,456.78" or "1234.56".',
}


def load_source(node: Node | None, faults: MappingFaults) -> Source:
    """Return what the ``source:`` block *node* declares; faults go to *faults*."""
    if node is None:
        return Source()
    if not isinstance(node, Block):
        faults.add("ZB212", node, "`source:` is a map, e.g. `source: {dates: dd/mm/yyyy}`.")
        return Source()
    faults.unknown_words(node, SOURCE_WORDS, where="`source:`")
    return _SourceLoader(node, faults).load()


class _SourceLoader:
    def __init__(self, block: Block, faults: MappingFaults) -> None:
        self._block = block
        self._faults = faults

    def load(self) -> Source:
        options = ReadOptions(
            encoding=self._text("encoding"),
            delimiter=self._delimiter(),
            sheet=self._text("sheet"),
            header_row=self._header_row(),
        )
        return Source(
            file=self._text("file"),
            read_options=options,
            dates=self._style("dates", lambda text: date_style(text).example),
            numbers=self._style("numbers", number_style) or PLAIN,
            empty_words=self._empty_words(),
            line=self._block.line,
        )

    def _text(self, word: str) -> str | None:
        node = self._block.get(word)
        if node is None:
            return None
        if not isinstance(node, Text) or not node.text:
            self._faults.add("ZB212", node, f"`{word}:` takes one text.")
            return None
        return node.text

    def _delimiter(self) -> str | None:
        text = self._text("delimiter")
        sign = None if text is None else DELIMITERS.get(text.lower(), text)
        if sign is not None and len(sign) != 1:
            known = ", ".join(DELIMITERS)
            fix = f'Write one sign in quotes, e.g. ";", or one of: {known}.'
            self._add("ZB212", "delimiter", f"{text!r} is not one sign.", fix)
            return None
        return sign

    def _header_row(self) -> int:
        text = self._text("header_row") or "1"
        if text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0:
            return int(text)
        message = f"`header_row: {text}` is not a row number."
        self._add("ZB212", "header_row", message, "Count the rows from 1, e.g. `header_row: 3`.")
        return 1

    def _style(self, word: str, read: Callable[[str], _T]) -> _T | None:
        text = self._text(word)
        if text is None:
            return None
        try:
            return read(text)
        except ValueError as error:
            self._add("ZB216", word, f"`{word}:` {error}.", _STYLES[word])
            return None

    def _empty_words(self) -> frozenset[str]:
        node = self._block.get("empty_words")
        if node is None:
            return frozenset()
        words = texts(node)
        if not words:
            message = "`empty_words:` is a list of words, e.g. `[NA, nil]`."
            self._faults.add("ZB212", node, message)
        return frozenset(word.text.strip().casefold() for word in words)

    def _add(self, code: str, word: str, message: str, fix: str) -> None:
        self._faults.add(code, self._block.get(word) or self._block, message, fix)
