"""Load the ``source:`` block: how the file is opened and how its cells are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from zbbulk.mapping.amounts import number_style
from zbbulk.mapping.dates import date_style
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import Source
from zbbulk.mapping.words import DELIMITERS, MAIN, SOURCE_WORDS, did_you_mean
from zbbulk.mapping.yaml_nodes import Block, Node, Text, texts
from zbbulk.model import ReadOptions

_T = TypeVar("_T")

_STYLES = {
    "dates": "Use e.g. dd/mm/yyyy, mm/dd/yyyy, dd-mmm-yy or yyyymmdd.",
    "numbers": 'Show a whole number with decimals, in quotes: "1,234.56", "1.234,56", '
    '"1 234,56", "1,23,456.78" or "1234.56".',
}


def load_sources(node: Node | None, faults: MappingFaults) -> tuple[Source, dict[str, Source]]:
    """Return what the ``source:`` block *node* declares, of the sheet and of others by name.

    Where it names several sheets, what stands beside them holds for all of them. Faults go
    to *faults*.
    """
    if node is None:
        return Source(), {}
    if not isinstance(node, Block):
        faults.add("ZB212", node, "`source:` is a map, e.g. `source: {dates: dd/mm/yyyy}`.")
        return Source(), {}
    named = {
        key.text: value
        for key, value in node.pairs
        if isinstance(value, Block) and key.text not in SOURCE_WORDS
    }
    own = replace(node, pairs=tuple(pair for pair in node.pairs if pair[0].text not in named))
    faults.unknown_words(own, SOURCE_WORDS, where="`source:`")
    shared = _SourceLoader(own, faults, Source()).load()
    if not named:
        return shared, {}
    names = [key for key, _ in node.pairs if key.text in named]
    _refuse_names(names, own, faults)
    for block in named.values():
        faults.unknown_words(block, SOURCE_WORDS, where="a sheet of `source:`")
    loaded = {name: _SourceLoader(each, faults, shared).load() for name, each in named.items()}
    return loaded.pop(MAIN, shared), loaded


def _refuse_names(names: list[Text], shared: Block, faults: MappingFaults) -> None:
    """Note what is wrong with how several sheets are named."""
    if MAIN not in {key.text for key in names}:
        message = f"None of the sheets is called `{MAIN}`."
        near = did_you_mean(MAIN, [key.text for key in names])
        fix = f"{near}`{MAIN}` is the one whose rows become records: the file you check or import."
        faults.add("ZB225", names[0], message, fix)
    for key, _ in shared.pairs:
        if key.text in ("file", "sheet"):
            message = f"`{key.text}:` tells one sheet from another, so it can't hold for all."
            faults.add("ZB225", key, message, f"Write it into `{MAIN}:` or another sheet.")


class _SourceLoader:
    def __init__(self, block: Block, faults: MappingFaults, base: Source) -> None:
        self._block = block
        self._faults = faults
        self._base = base

    def load(self) -> Source:
        base, options = self._base, self._base.read_options
        return Source(
            file=self._text("file"),
            read_options=ReadOptions(
                encoding=self._text("encoding") or options.encoding,
                delimiter=self._delimiter() or options.delimiter,
                sheet=self._text("sheet"),
                header_row=self._header_row(),
            ),
            dates=self._style("dates", lambda text: date_style(text).example) or base.dates,
            numbers=self._style("numbers", number_style) or base.numbers,
            empty_words=self._empty_words(),
            line=self._block.line,
            at=self._block.at,
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
        text = self._text("header_row") or str(self._base.read_options.header_row)
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
            return self._base.empty_words
        words = texts(node)
        if not words:
            message = "`empty_words:` is a list of words, e.g. `[NA, nil]`."
            self._faults.add("ZB212", node, message)
        return frozenset(word.text.strip().casefold() for word in words)

    def _add(self, code: str, word: str, message: str, fix: str) -> None:
        self._faults.add(code, self._block.get(word) or self._block, message, fix)
