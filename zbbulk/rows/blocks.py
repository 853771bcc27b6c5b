"""Rows in blocks: few enough to stay in the processor's cache, enough to save work for each.

Knows no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from zbbulk.model import Block, Row

BLOCK_ROWS = 48
"""Rows of one block; with more of them, or fewer, a check was measured to be slower."""

_LINE_END = re.compile("\r\n|\r|\n")


def in_blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """Yield *rows*, whose numbers follow each other, in blocks; the last one is shorter."""
    source = iter(rows)
    while some := list(islice(source, BLOCK_ROWS)):
        yield Block(some[0].number, [row.cells for row in some], [row.raw for row in some])


def row_texts(rows: Sequence[Sequence[str]], lines: list[str]) -> list[str]:
    """Return the text of each CSV row, put together from *lines*.

    Args:
        rows: The cells of each row, as ``csv.reader`` gives them.
        lines: The lines that these rows were read from, with their ends: one a row
            and one more for each line end inside a quoted cell, which the cell keeps.
    """
    if len(lines) == len(rows):
        return lines
    texts, start = [], 0
    for cells in rows:
        text = "\0".join(cells)
        has_more = "\n" in text or "\r" in text
        end = start + 1 + (len(_LINE_END.findall(text)) if has_more else 0)
        texts.append("".join(lines[start:end]))
        start = end
    return texts
